"""Reckoning: working a followed segment out, keeping who entered and left since the day began, and telling it."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec
from pyroaring import BitMap

from huoke.kernel import sets
from huoke.kernel.ids import TenantId, UnitId
from huoke.kernel.refusals import Refusal
from huoke.kernel.sets import CustomerSet, Plan, Want
from huoke.kernel.tx import Database, Tx
from huoke.know import customers, language, segments
from huoke.know.language import UNIT_ATTRIBUTE, Analytics, Comparison, Op, Question, day_of, evaluate_plan, leaf_key
from huoke.know.membership import store
from huoke.know.membership.model import Following, SegmentEntered, SegmentLeft

Progress = Callable[[int, int], Awaitable[bool]]
"""Told (done, total) after each segment; says whether to go on."""
_ALL = 0
"""The row of a day's figures that counts all units together."""


class Reckoning(msgspec.Struct, frozen=True):
    """What a segment came to: who is in, who was before and when the day began, and the day's figures by unit."""

    version: int
    day: date
    data_at: datetime
    now: CustomerSet
    before: CustomerSet
    morning: CustomerSet
    figures: dict[int, tuple[int, int, int]]


async def reckon(
    database: Database, analytics: Analytics, tenant: TenantId, segment_ids: Sequence[UUID], progress: Progress
) -> None:
    """Work out followed segments, each in a transaction of its own; what is done stays done.

    One that cannot be worked out (a tag too old, customers on their way to the analytic store, a rule that fits no
    longer) says why and keeps the members it had: a day is left out rather than guessed.
    """
    for place, segment_id in enumerate(segment_ids):
        if not await progress(place, len(segment_ids)):
            return
        try:
            await segments.wait_for_data(database, analytics, tenant)
            async with database.begin(tenant) as tx:
                await reckon_now(tx, analytics, segment_id)
        except Refusal as refusal:
            async with database.begin(tenant) as tx:
                await store.note_held(tx, segment_id, refusal.code, refusal.detail)
    await progress(len(segment_ids), len(segment_ids))


async def reckon_now(tx: Tx, analytics: Analytics, segment_id: UUID) -> None:
    """Work out one followed segment from what ClickHouse holds at this moment; the refusals of counting it.

    The same day worked out twice is one day: who came and went in it did neither. One that nobody follows any more is
    passed over.
    """
    row = await store.following(tx, segment_id, lock=True)
    if row is None:
        return
    found = await _work_out(tx, analytics, segment_id, msgspec.convert(dict(row), Following))
    await store.put_members(tx, segment_id, found.now)
    await store.put_day(tx, segment_id, found.day, found.now - found.morning, found.morning - found.now)
    await store.put_figures(tx, segment_id, found.day, found.version, found.figures)
    told = {"day": found.day, "version": found.version, "members": len(found.now), "data_at": found.data_at}
    await store.note(tx, segment_id, told)
    _tell(tx, segment_id, found)


async def _work_out(tx: Tx, analytics: Analytics, segment_id: UUID, following: Following) -> Reckoning:
    segment = await segments.get(tx, segment_id)
    below = await language.units_below(tx)
    units = None if segment.unit_id is None else frozenset(UnitId(one) for one in below[segment.unit_id])
    scope = segments.Scope(units=units, purpose=segment.purpose, serves=segment.serves, basis=segment.basis)
    question = await segments.ask(tx, analytics, language.parse(segment.expression), scope)
    day = day_of(tx.now)
    before = await customers.current(tx, await store.members(tx, segment_id, question.data_at))
    morning = before if following.day != day else await members_at_end(tx, segment_id, before, day - timedelta(days=1))
    first = following.since in (None, day)
    now, figures = await _evaluate(tx, analytics, question, None if first else morning, sorted(below))
    if first:  # nobody entered a segment by being looked at for the first time
        before, morning = before if following.since else now, now
    return Reckoning(segment.version, day, question.data_at, now, before, morning, figures)


async def members_at_end(tx: Tx, segment_id: UUID, members: CustomerSet, day: date) -> CustomerSet:
    """Who was in at the end of a day: the members of now, with what came after the day undone."""
    bitmap = BitMap(members.bitmap)
    for row in await store.deltas_after(tx, segment_id, day):
        bitmap = (bitmap - BitMap.deserialize(row["entered"])) | BitMap.deserialize(row["gone"])
    return await customers.current(tx, CustomerSet(members.tenant, bitmap, members.as_of))


async def _evaluate(
    tx: Tx, analytics: Analytics, question: Question, morning: CustomerSet | None, units: Sequence[int]
) -> tuple[CustomerSet, dict[int, tuple[int, int, int]]]:
    """Who is in, and of each unit how many are in, entered and left since the morning: one plan for all of them."""
    yes = question.planner.yes(question.compiled.expanded)
    parts: dict[str, Plan] = {"members": yes}
    if morning is not None:
        key = f"{question.version.prefix}morning/{hashlib.sha256(morning.bitmap.serialize()).hexdigest()}"
        stood = sets.Leaf(key=key)
        question = msgspec.structs.replace(question, at_hand=question.at_hand | {key: morning})
        parts |= {"entered": sets.Not(part=stood, within=yes), "gone": sets.Not(part=yes, within=stood)}
    inside = {unit: Comparison(UNIT_ATTRIBUTE, Op.IN, (unit,)) for unit in units}
    question = msgspec.structs.replace(question, beside={leaf_key(one): one for one in inside.values()})
    counted: list[Plan] = [sets.Any_(name=f"{_ALL}/{name}", parts=(part,)) for name, part in parts.items()]
    for unit, comparison in inside.items():
        leaf = sets.Leaf(key=question.version.prefix + leaf_key(comparison))
        counted += [sets.All(name=f"{unit}/{name}", parts=(part, leaf)) for name, part in parts.items()]
    counts = (await evaluate_plan(tx, analytics, question, sets.Any_(parts=tuple(counted)))).counts
    members = (await evaluate_plan(tx, analytics, question, yes, Want(members=True))).members
    assert members is not None, "members were wanted"
    figures = {}
    for unit in (_ALL, *units):
        here = (counts[f"{unit}/members"], counts.get(f"{unit}/entered", 0), counts.get(f"{unit}/gone", 0))
        if unit == _ALL or any(here):
            figures[unit] = here
    return CustomerSet(tx.tenant, members.bitmap, question.data_at), figures


def _tell(tx: Tx, segment_id: UUID, found: Reckoning) -> None:
    """One event for each chunk that somebody entered or left since the last reckoning."""
    entered = SegmentEntered(segment_id=segment_id, segment_version=found.version)
    for _, bitmap in (found.now - found.before).chunks():
        tx.emit(entered, members=bitmap.serialize())
    left = SegmentLeft(segment_id=segment_id, segment_version=found.version)
    for _, bitmap in (found.before - found.now).chunks():
        tx.emit(left, members=bitmap.serialize())
