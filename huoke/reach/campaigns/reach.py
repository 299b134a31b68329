"""Whom a campaign reaches: audience less no consent (P1, M1), less suppressed (S2), less control (E1)."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
import numpy as np
from numpy.typing import NDArray

from huoke.decide import experiments
from huoke.kernel.engines import ClickHouse
from huoke.kernel.sets import CustomerSet, from_rows
from huoke.kernel.tx import Tx
from huoke.know import consent, customers, exclusions, language, segments
from huoke.reach.campaigns import store, store_release
from huoke.reach.campaigns.model import Draft, Waterfall

NOBODY = Waterfall(audience=0, no_consent=0, suppressed=0, control=0, reachable=0, persons=0)


_events: dict[str, ClickHouse] = {}


def read_events_from(clickhouse: ClickHouse) -> None:
    """Say where conditions on events are read from; for `app/`."""
    _events["clickhouse"] = clickhouse


class Reach(msgspec.Struct, frozen=True):
    """The waterfall, its two ends as sets, and the natural person of each one reached, in the order of the set."""

    waterfall: Waterfall
    reachable: CustomerSet
    control: CustomerSet
    persons: NDArray[np.int64]


def salt_of(campaign_id: UUID) -> str:
    """What the control group of a campaign is hashed with: a group of its own for every campaign."""
    return f"campaign:{campaign_id}"


async def barred(tx: Tx, audience_id: UUID | None) -> CustomerSet:
    """Whom no campaign is for now: suppressed (S2), always left out by the bank, or of this audience by a tag that they
    deleted since it was frozen (P4).
    """
    nobody = await consent.suppressed(tx) | await exclusions.excluded(tx)
    return nobody if audience_id is None else nobody | await segments.hid_since(tx, audience_id)


async def hid_since(tx: Tx, campaign_id: UUID) -> CustomerSet:
    """Who deleted a tag that a campaign chose them by, since its audience was frozen (rule P4)."""
    campaign = await store.get(tx, campaign_id)
    if campaign is None or campaign.audience_id is None:
        return CustomerSet.empty(tx.tenant, tx.now)
    return await segments.hid_since(tx, campaign.audience_id)


async def reach(
    tx: Tx, campaign_id: UUID, draft: Draft, audience: CustomerSet | None, audience_id: UUID | None = None
) -> Reach:
    """Take the audience down to those a campaign would reach now; None is a public offer, which singles out nobody.

    `audience_id` is where it was frozen. Who is always left out counts as suppressed.
    """
    if audience is None:
        empty = CustomerSet.empty(tx.tenant, tx.now)
        return Reach(NOBODY, empty, empty, np.empty(0, np.int64))
    allowed = audience & await consent.selectable(tx, consent.MARKETING)
    free = allowed - await barred(tx, audience_id)
    active, persons = await customers.persons(tx, free)
    control = experiments.split(
        active, persons, salt=salt_of(campaign_id), percent=draft.control_percent, published=draft.published
    )
    reachable = active - control
    kept = np.ones(len(active), bool)
    kept[np.searchsorted(active.array(), control.array())] = False
    waterfall = Waterfall(
        audience=len(audience),
        no_consent=len(audience) - len(allowed),
        suppressed=len(allowed) - len(active),
        control=len(control),
        reachable=len(reachable),
        persons=_distinct(persons[kept]),
    )
    return Reach(waterfall, reachable, control, persons[kept])


def _distinct(persons: NDArray[np.int64]) -> int:
    """How many natural persons there are; they come nearly sorted, which a stable sort makes use of."""
    ordered = np.sort(persons, kind="stable")
    return int(np.count_nonzero(np.diff(ordered))) + 1 if len(ordered) else 0


async def eligible(tx: Tx, campaign_id: UUID, seqs: Sequence[int]) -> list[bool]:
    """For each customer whether a pull campaign is meant for them now.

    A published offer refuses nobody but who is suppressed (rules E1, S2); a targeted one is for those it reaches in a
    release that is open. A condition is asked of the bank's own records; `segments.DataBehind` where it looks at events
    and they cannot be read.
    """
    campaign = await store.get(tx, campaign_id)
    if campaign is None or campaign.offer_id is None:
        return [False] * len(seqs)
    suppressed = await (consent.suppressed(tx) if campaign.draft.published else barred(tx, None))
    meant = await _meant(tx, campaign, seqs)
    asked = [seq for seq in seqs if seq in meant and seq not in suppressed]
    condition_id = campaign.draft.condition_segment_id
    fulfilled = set(asked) if condition_id is None else await _fulfilling(tx, condition_id, asked)
    return [seq in fulfilled for seq in seqs]


async def _meant(tx: Tx, campaign: store.Stored, seqs: Sequence[int]) -> CustomerSet:
    if campaign.draft.published:
        return CustomerSet.of(tx.tenant, seqs)
    joined = await customers.joined_to(tx, seqs)
    numbers = {*seqs, *(number for others in joined.values() for number in others)}
    chunks = sorted({number >> 16 for number in numbers})
    released = from_rows(tx.tenant, await store_release.open_reach(tx, campaign.id, chunks))
    return await as_now(tx, campaign.id, released) if joined else released


async def as_now(tx: Tx, campaign_id: UUID, reached: CustomerSet) -> CustomerSet:
    """Some of those a campaign reaches, joined ones as who they are now, without who is control under another number.

    Whoever was drawn into both groups as two is held back like control: the campaign does nothing more for them.
    """
    now = await customers.current(tx, reached)
    if not await customers.joined_to(tx, now.array().tolist()):
        return now
    return now - await customers.current(tx, await experiments.control_members(tx, campaign_id))


async def _fulfilling(tx: Tx, condition_id: UUID, seqs: Sequence[int]) -> set[int]:
    """Who fulfils the condition now, by the bank's own records."""
    condition = await segments.get(tx, condition_id)
    scope = segments.Scope(purpose=condition.purpose, serves=condition.serves, basis=condition.basis)
    verdicts = await segments.fulfil(tx, _events.get("clickhouse"), language.parse(condition.expression), scope, seqs)
    return {seq for seq, fulfils in zip(seqs, verdicts, strict=True) if fulfils}
