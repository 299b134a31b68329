"""Counting for missions: a batch of events against all missions at once; each event counts for a mission once.

What an event takes back is no longer counted, and what a goal gave that is so no longer reached goes back, unless it
was used.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import customers, events
from huoke.know.events import EventSchema, Taken
from huoke.know.language import Behaviour, Comparison, Happened, Op, bind_behaviours, fulfils
from huoke.reward import grants, ledger
from huoke.reward.plays import store, store_deed
from huoke.reward.plays.deed import Deed
from huoke.reward.plays.doing import COUNTED, chances_of
from huoke.reward.plays.entering import own_of
from huoke.reward.plays.missions import day_for
from huoke.reward.plays.model import Play, PlayState, day_of
from huoke.reward.plays.store_deed import Counted
from huoke.reward.plays.ways import DeedKind, Measure, Mission, item_of


class Listening(msgspec.Struct, frozen=True, kw_only=True):
    """A mission that listens: its play, its place there, and its conditions bound to the bank's events."""

    play: Play
    place: int
    mission: Mission
    where: tuple[Comparison, ...]


async def listening(tx: Tx) -> list[Listening]:
    """Every mission of a play that is live or paused; bound anew, for schemas change."""
    found = [
        play
        for state in (PlayState.LIVE, PlayState.PAUSED)
        for play in await store.with_codes(tx, state)
        if play.draft.kind in COUNTED
    ]
    schemas = {one.name: one for one in await events.schemas(tx)} if found else {}
    return [
        Listening(play=play, place=place, mission=mission, where=_bound(mission, schemas))
        for play in found
        for place, mission in enumerate(play.draft.ways.missions)
    ]


def names_of(missions: Iterable[Listening]) -> set[str]:
    """Every event that missions listen to."""
    names = {one.mission.event for one in missions}
    return names | {one.mission.undone_by.event for one in missions if one.mission.undone_by is not None}


def _bound(mission: Mission, schemas: Mapping[str, EventSchema]) -> tuple[Comparison, ...]:
    leaf = Behaviour(name=mission.event, op=Op.AT_LEAST, value=1, where=mission.where)
    [bound] = bind_behaviours(leaf, schemas, pointer="/ways/missions").values()
    return bound.where


async def count(tx: Tx, missions: Sequence[Listening], taken: Sequence[Taken]) -> int:
    """Count events in the order they arrived, late ones on the day they happened; returns how many rows were written.

    Events outside a play's window do not count. Events of joined customers count for whom they were joined to.
    """
    heard = [one for one in taken if one.name in names_of(missions)]
    if not heard:
        return 0
    ends = await customers.survivors(tx, sorted({one.seq for one in heard}))
    meant = [ends.get(one.seq, one.seq) for one in heard]
    active, persons = await customers.persons(tx, CustomerSet.of(tx.tenant, set(meant), tx.now))
    who = dict(zip(active.array().tolist(), persons.tolist(), strict=True))
    pairs = [(one, seq) for one, seq in zip(heard, meant, strict=True) if seq in who]
    await store.lock(tx, {one.play.id for one in missions})
    acts = [act for one in missions for act in _acts(one, pairs)]
    if acts:
        for play_id in {act.play_id for act in acts}:
            seqs = {act.seq for act in acts if act.play_id == play_id}
            await store.put_players(tx, play_id, {seq: who[seq] for seq in sorted(seqs)})
        await store_deed.insert_acts(tx, acts)
    await _take_back(tx, missions, pairs, who)
    return len(acts)


def _acts(one: Listening, pairs: Sequence[tuple[Taken, int]]) -> list[Counted]:
    mission, play = one.mission, one.play
    assert play.opens_at is not None, "a published play has a window"
    assert play.closes_at is not None, "a published play has a window"
    opens_on = day_of(play.opens_at)
    return [
        Counted(
            play_id=play.id,
            item=one.place,
            event_id=event.id,
            seq=seq,
            day=day_for(mission, day_of(event.at), opens_on),
            count=_count(mission, event),
            key=event.properties.get(mission.undone_by.key) if mission.undone_by else None,
            at=event.at,
        )
        for event, seq in pairs
        if event.name == mission.event and play.opens_at <= event.at < play.closes_at and _fits(one, event)
    ]


def _count(mission: Mission, event: Taken) -> int:
    if mission.measure is Measure.AMOUNT:
        return max(event.amount_fen, 0)
    told = event.properties.get(mission.property, "")
    return (int(told) if told.isdecimal() else 0) if mission.measure is Measure.MOST else 1


def _fits(one: Listening, event: Taken) -> bool:
    happened = Happened(event.name, event.at, event.amount_fen, event.entry_code, event.properties)
    return all(fulfils(happened, comparison) for comparison in one.where)


async def _take_back(
    tx: Tx, missions: Sequence[Listening], pairs: Sequence[tuple[Taken, int]], who: Mapping[int, int]
) -> None:
    backs = [
        (one.play.id, one.place, seq, key)
        for one in missions
        if (undone := one.mission.undone_by) is not None
        for event, seq in pairs
        if event.name == undone.event and (key := event.properties.get(undone.key))
    ]
    if not backs:
        return
    plays = {one.play.id: one.play for one in missions}
    gone = await store_deed.take_back(tx, backs)
    for play_id in sorted({play_id for play_id, *_ in gone}):
        places = {(place, who[seq], day) for at, place, seq, day in gone if at == play_id}
        await _return_goals(tx, plays[play_id], places, {who[seq]: seq for at, _, seq, _ in gone if at == play_id})


async def _return_goals(tx: Tx, play: Play, places: set[tuple[int, int, date]], persons: dict[int, int]) -> None:
    """Take back what goals gave that are reached no more; what was used stays, and the deed with it."""
    own = await own_of(tx, play, persons)
    lost: list[Deed] = []
    for place, person, day in sorted(places):
        mine = own[person]
        done = mine.counts.get((place, day), 0)
        for step, goal in enumerate(play.draft.ways.missions[place].goals):
            deed = mine.did(DeedKind.GOAL, item_of(place, step), day)
            if deed is not None and done < goal.target:
                lost.append(deed)
    granted = [deed.grant_id for deed in lost if deed.grant_id is not None]
    answers = await grants.revoke(tx, granted, "任务撤回") if granted else []
    kept = {grant_id for grant_id, answer in zip(granted, answers, strict=True) if isinstance(answer, Refusal)}
    back = [deed for deed in lost if deed.grant_id is None or deed.grant_id not in kept]
    await ledger.claw_back(tx, [_claw(play, deed) for deed in back if deed.chances])
    for deed in back:
        await store_deed.undo(tx, play.id, deed.seq, deed.kind, deed.item, deed.day)


def _claw(play: Play, deed: Deed) -> ledger.ClawBack:
    return ledger.ClawBack(
        of_source=chances_of(play.id, deed),
        of_line=0,
        points=deed.chances,
        source_kind="play_undone",
        source_id=new_id(),
        line=0,
        debt=False,
    )


async def waiting(tx: Tx, limit: int) -> dict[datetime, list[UUID]]:
    """Batches of events that wait to be counted, by the instant they stand under, oldest first."""
    found: dict[datetime, list[UUID]] = {}
    for row in await store_deed.arrivals(tx, limit):
        found.setdefault(row["at"], []).append(row["id"])
    return found
