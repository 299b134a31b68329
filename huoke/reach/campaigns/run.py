"""Running a campaign: chunk by chunk through its open releases, each chunk one transaction that moves the cursor.

A chunk that is cut off anywhere leaves neither grants nor a moved cursor, so whoever goes on grants it whole; a chunk
that committed moved the cursor, so nobody grants it twice. Two runs of one campaign take turns at its row.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from huoke.kernel.ids import TenantId
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import SYSTEM, Actor, Database, Tx
from huoke.know import consent, customers
from huoke.reach.campaigns import store, store_release
from huoke.reach.campaigns.draft import locked
from huoke.reach.campaigns.events import ChunkReached, RunFinished
from huoke.reach.campaigns.model import CHUNK_ROWS_MAX, CampaignMode, CampaignState, Progress
from huoke.reach.campaigns.offered import given_to
from huoke.reach.campaigns.plan import MessageChannel
from huoke.reach.campaigns.reach import as_now, barred
from huoke.reach.campaigns.rollout import opened, runs, watch
from huoke.reach.campaigns.store import Stored
from huoke.reach.campaigns.store_release import Cursor
from huoke.reward import grants

_EVER = datetime.min.replace(tzinfo=UTC)
Report = Callable[[int, int], Awaitable[bool]]
"""Told (done, total) after each chunk; says whether to go on."""


async def run(
    database: Database,
    tenant: TenantId,
    campaign_id: UUID,
    report: Report,
    *,
    actor: Actor = SYSTEM,
    rows_max: int = CHUNK_ROWS_MAX,
) -> Progress | None:
    """Grant to everybody the open releases reach, from where it stands; ends early when it is paused, stopped or ended.

    Returns the progress reached, None for a campaign that is not approved.
    """
    while True:
        async with database.begin(tenant, actor) as tx:
            more = await run_chunk(tx, campaign_id, rows_max=rows_max)
            progress = (await store.progress(tx, [campaign_id])).get(campaign_id)
        if progress is None:
            return None
        go_on = await report(progress.done, progress.total)
        if not more or not go_on:
            return progress


async def run_chunk(tx: Tx, campaign_id: UUID, *, rows_max: int = CHUNK_ROWS_MAX) -> bool:
    """Grant to the next at most `rows_max` customers of the open releases; says whether there is more to do.

    Who withdrew consent, was suppressed or left the bank since approval is withheld. A pull campaign grants nothing
    here: its customers are invited.
    """
    campaign = await locked(tx, campaign_id)
    if campaign.state is not CampaignState.RUNNING or not runs(campaign.draft):
        return False
    cursor = await store_release.cursor(tx, campaign_id)
    if cursor.finished_at is not None:
        return False
    open_count = await opened(tx, campaign_id)
    place, seqs = await _next_seqs(tx, campaign_id, cursor, open_count, rows_max)
    finished = cursor.done + len(seqs) == cursor.total
    if not len(seqs) and not finished:
        return False
    facts = await _facts(tx, campaign, seqs)
    counts, reached = await _serve(tx, campaign, facts)
    await store_release.advance(
        tx,
        campaign_id,
        place=place,
        next_seq=int(seqs[-1]) + 1 if len(seqs) else cursor.next_seq,
        counts={"done": len(seqs), "withheld": len(seqs) - len(facts.seqs), **counts},
        finished=finished,
    )
    _tell(tx, campaign, place, reached)
    if finished:
        progress = (await store.progress(tx, [campaign_id]))[campaign_id]
        tx.emit(RunFinished(campaign_id=campaign_id, granted=progress.granted))
    else:
        await watch(tx, campaign)
    return not finished


async def _serve(tx: Tx, campaign: Stored, facts: grants.Facts) -> tuple[dict[str, int], BitMap]:
    """Grant to a chunk, or count it as invited; what became of it, and who has something new to be told of."""
    if campaign.draft.mode is CampaignMode.PULL:
        return {"invited": len(facts.seqs)}, BitMap(facts.seqs)
    assert campaign.offer_id is not None, "a running campaign has an offer"
    if not len(facts.seqs):
        return {}, BitMap()
    if campaign.draft.bundle_id is not None:
        pushed, new = await grants.grant_bundle(tx, await given_to(tx, campaign, facts.seqs), facts)
        return {name: getattr(pushed, name) for name in grants.Pushed.__struct_fields__}, new
    pushed = await grants.grant_members(tx, campaign.offer_id, facts)
    counts = {name: getattr(pushed, name) for name in grants.Pushed.__struct_fields__}
    if pushed.granted == len(facts.seqs):
        return counts, BitMap(facts.seqs)
    return counts, BitMap(await grants.holders(tx, campaign.offer_id, facts.seqs, since=tx.now))


def _tell(tx: Tx, campaign: Stored, place: int, reached: BitMap) -> None:
    if not reached:
        return
    message = campaign.draft.message
    tx.emit(
        ChunkReached(
            campaign_id=campaign.id,
            place=place,
            channel=(message.channel if message else MessageChannel.NONE).value,
            count=len(reached),
        ),
        members=reached.serialize(),
    )


async def _served(tx: Tx, campaign: Stored, wanted: BitMap) -> BitMap:
    """Those who have what a campaign grants under a number that was joined to theirs: nobody gets it twice."""
    joined = await customers.joined_to(tx, list(wanted))
    if not joined:
        return BitMap()
    others = sorted(number for numbers in joined.values() for number in numbers)
    held = set[int]()
    for offer in await grants.find_offers(tx, "campaign", campaign.id):
        held.update(await grants.holders(tx, offer.id, others, since=_EVER))
    return BitMap([seq for seq, numbers in joined.items() if not held.isdisjoint(numbers)])


async def _next_seqs(
    tx: Tx, campaign_id: UUID, cursor: Cursor, open_count: int, limit: int
) -> tuple[int, NDArray[np.uint32]]:
    """The next customers, ascending within one release, and which one it is; releases run in order."""
    place, next_seq = cursor.place, cursor.next_seq
    while place < open_count:
        seqs = await _of_release(tx, campaign_id, place, next_seq, limit)
        if len(seqs) or place + 1 >= open_count:
            return place, seqs
        place, next_seq = place + 1, 0
    return cursor.place, np.empty(0, np.uint32)


async def _of_release(tx: Tx, campaign_id: UUID, place: int, next_seq: int, limit: int) -> NDArray[np.uint32]:
    taken: list[NDArray[np.uint32]] = []
    first, room = next_seq >> 16, limit
    while room:
        rows = await store_release.reach_chunks(tx, campaign_id, place=place, first=first, limit=1)
        if not rows:
            break
        seqs = np.array(BitMap.deserialize(rows[0]).to_array(), dtype=np.uint32)
        first = (int(seqs[-1]) >> 16) + 1
        part = seqs[np.searchsorted(seqs, next_seq) :][:room]
        taken.append(part)
        room -= len(part)
    return np.concatenate(taken) if taken else np.empty(0, np.uint32)


async def _facts(tx: Tx, campaign: Stored, seqs: NDArray[np.uint32]) -> grants.Facts:
    """Unit and person of those who may still be granted something; who is joined to another stands as the other."""
    await customers.hold_persons(tx)
    wanted = (await as_now(tx, campaign.id, CustomerSet.of(tx.tenant, seqs))).bitmap
    wanted -= await _served(tx, campaign, wanted)
    free = (await consent.selectable(tx, consent.MARKETING)).bitmap - (await barred(tx, campaign.audience_id)).bitmap
    facts = await customers.facts(tx, list(wanted & free))
    return grants.Facts(seqs=facts.seqs.tolist(), unit_ids=facts.unit_ids.tolist(), persons=facts.persons.tolist())
