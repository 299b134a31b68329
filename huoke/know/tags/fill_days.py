"""Filling counts and sums from what happened by day: a day adds what came and takes what left.

Measures are added up as of the last filling and as of now, of those alone whom a day touched; whose value is the same
is neither read nor written.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.sets import encode_group
from huoke.know.language import AMOUNT, KNOWN
from huoke.know.tags import loops, sql_asked, sql_days, sql_sets
from huoke.know.tags.filling import Filling, Groups, Target, joined, newcomers, united
from huoke.know.tags.model import Taken
from huoke.know.tags.sql_days import Condition, Kept, Place, Plan, Sheets, number_of
from huoke.know.tags.sql_sets import Lying, Sets, Standing
from huoke.know.tags.sql_statistic import Measured, Position

CUSTOMERS_MIN = 100_000
"""A smaller bank is worked out as fast from its events."""
TAGS_MIN = 4
"""So many statistics of one event are worth the sheets."""
CONDITIONS_MAX = 63
"""The bits of an event."""
ROUNDS_MAX = 500
"""After so many they are laid down anew: an hour's sheets are small, and many."""
ASKED_AT_ONCE = 120

_NOBODY = BitMap()
_Table = tuple[NDArray[Any], ...]
Crossed = tuple[NDArray[np.uint32], NDArray[np.uint16], NDArray[np.uint16]]
"""Customers whose value is another than it was, ascending, its place now and then: from 1 on, 0 is none."""


class Days(msgspec.Struct, frozen=True, kw_only=True):
    """What statistics go on from: sheets, the position they were filled at, and where their sets lie."""

    kept: Kept
    since: Position
    lying: Mapping[int, Lying]


def suits(one: Measured) -> bool:
    """Whether days add up to a statistic: it counts, or sums what every event has, in a window."""
    said = one.statistic
    summed = said.take is Taken.SUM and said.property == AMOUNT
    return (said.take is Taken.COUNT or summed) and said.window_days is not None and not said.ranked


def serves(kept: Kept | None, one: Measured, since: Position, now: Position) -> bool:
    """Whether sheets that were read as far as `now` tell how a statistic changed since it was filled."""
    if kept is None or not suits(one) or not {Place.of(since), Place.of(now)} <= kept.rounds.keys():
        return False
    return msgspec.structs.replace(kept.plan, days=0).covers(_plan([one], days=0)) and kept.first <= _begin(
        one, since.day
    )


def plan(ones: Sequence[Measured]) -> Plan | None:
    """What has to be kept of an event for all its statistics; None where that is not worth it."""
    fitting = [one for one in ones if suits(one)]
    if len(fitting) < TAGS_MIN:
        return None
    found = _plan(fitting, days=1 + max(one.statistic.window_days or 0 for one in fitting))
    return found if len(found.conditions) <= CONDITIONS_MAX else None


def _plan(ones: Sequence[Measured], *, days: int) -> Plan:
    return Plan(
        event=ones[0].statistic.event,
        conditions=tuple(sorted({each for one in ones for each in _conditions(one)}, key=repr)),
        amounts=any(one.statistic.take is Taken.SUM for one in ones),
        days=days,
    )


def _conditions(one: Measured) -> list[Condition]:
    pairs = zip(one.statistic.where, one.bound.where, strict=True)
    return [Condition(where, bound.attribute.type) for where, bound in pairs]


def _begin(one: Measured, day: date) -> date:
    """The first day of a statistic's window on a day."""
    return day - timedelta(days=(one.statistic.window_days or 1) - 1)


async def keep(
    clickhouse: ClickHouse, tenant: TenantId, wanted: Plan, positions: Iterable[Position], own: frozenset[str]
) -> None:
    """Have sheets lie there as far as some positions: more of them where they fit the plan, else all of them anew."""
    kept = (await sql_days.standing(clickhouse, tenant)).get(wanted.event)
    if kept is not None and not kept.plan.covers(wanted):
        kept = None
    for upto in sorted(positions, key=lambda one: (one.xid, one.ordinal)):
        kept = await reach(clickhouse, tenant, kept, upto, own)
        if kept is None:
            kept = await sql_days.build(clickhouse, tenant, wanted, upto, own)


async def reach(
    clickhouse: ClickHouse, tenant: TenantId, kept: Kept | None, upto: Position, own: frozenset[str]
) -> Kept | None:
    """The sheets as far as a position; None where no more of them make them right."""
    if kept is None or Place.of(upto) in kept.rounds:
        return kept
    if (kept.last.xid, kept.last.ordinal) > (upto.xid, upto.ordinal) or len(kept.rounds) >= ROUNDS_MAX:
        return None
    return await sql_days.extend(clickhouse, tenant, kept, upto, own)


async def fill(
    clickhouse: ClickHouse,
    tenant: TenantId,
    days: Days,
    pairs: Sequence[tuple[Target, Measured]],
    now: Position,
    everyone: Groups,
    erased: Groups,
    at: datetime,
) -> list[Filling]:
    """Fill statistics of one event from where they were filled to `now`."""
    began = time.perf_counter()
    ones, since = [one for _, one in pairs], days.since
    parts: list[list[Crossed]] = [[] for _ in ones]
    oldest = min(_begin(one, since.day) for one in ones)
    async for sheets in sql_days.read(clickhouse, tenant, days.kept, Place.of(since), Place.of(now), oldest):
        for place, crossed in (await asyncio.to_thread(_cross, sheets, days.kept, ones, since, now, everyone)).items():
            parts[place].append(crossed)
    known = await sql_sets.standing(clickhouse, tenant, [one.number for one in ones], code=KNOWN)
    worked: list[tuple[Sets, Groups]] = []
    standing: dict[int, Standing] = {}
    left: dict[int, Groups] = {}
    for (target, one), found in zip(pairs, parts, strict=True):
        mine = known[target.number]
        fresh, scope = await asyncio.to_thread(_fresh, target, one, found, newcomers(everyone, mine))
        worked.append((fresh, scope))
        if any(gone & mine.get((group, KNOWN), _NOBODY) for group, gone in erased.items()):
            left[target.number] = united(scope, erased)  # they are in its sets yet: which, is read
        else:
            standing[target.number] = _stood(target, one, found, scope, mine, days.lying[target.number])
    standing |= await _standing(clickhouse, tenant, left)
    cost_ms = int((time.perf_counter() - began) * 1000) // len(pairs)
    return [
        Filling(
            target=target, fresh=fresh, scope=scope, standing=standing[target.number],
            position=msgspec.to_builtins(now), data_at=at, cost_ms=cost_ms,
        )
        for (target, _), (fresh, scope) in zip(pairs, worked, strict=True)
    ]  # fmt: skip


def make_ready() -> None:
    """Have the loops compiled, or loaded, before anybody waits for them."""
    nothing = Plan(event="", conditions=(), amounts=False, days=0)
    kept = Kept(plan=nothing, id=0, first=date.min, rounds={}, sheets=0, rows=0)
    then = Position(0, 0, 0, date(2000, 1, 1))
    _cross(sql_days.no_sheets(), kept, [], then, then, {})


def _cross(
    sheets: Sheets, kept: Kept, ones: Sequence[Measured], since: Position, now: Position, everyone: Groups
) -> dict[int, Crossed]:
    """Who crossed into another value, by the place of the statistic."""
    order, conditions, measures, bands = _tables(kept, ones, since.day, now.day)
    told = loops.compiled(loops.cross)(
        (sheets.groups, sheets.days, sheets.since, sheets.begins, sheets.ends),
        (sheets.seqs, sheets.held, sheets.amounts), _unheard(sheets, everyone), conditions, measures, bands,
        (number_of(since.day), number_of(now.day)),
    )  # fmt: skip
    by_tag = told[np.argsort(told[:, 0].astype(np.uint16), kind="stable")]
    edges = np.searchsorted(by_tag[:, 0], np.arange(len(ones) + 1))
    found = {}
    for tag, place in enumerate(order):
        mine = by_tag[edges[tag] : edges[tag + 1]]
        found[place] = (mine[:, 1].astype(np.uint32), mine[:, 2].astype(np.uint16), mine[:, 3].astype(np.uint16))
    return found


def _unheard(sheets: Sheets, everyone: Groups) -> NDArray[np.int64]:
    """Customers something came of before the store heard of them, ascending."""
    found = BitMap()
    for sheet in np.flatnonzero(sheets.since):
        seqs = sheets.seqs[sheets.begins[sheet] : sheets.ends[sheet]]
        found |= BitMap(np.ascontiguousarray(seqs).data) - everyone.get(int(sheets.groups[sheet]), BitMap())
    return np.array(found, np.int64)


def _tables(kept: Kept, ones: Sequence[Measured], then: date, today: date) -> tuple[list[int], _Table, _Table, _Table]:
    """The order of statistics, and what `loops.cross` wants to know of them: conditions, measures, bands."""
    bits = {condition: 1 << place for place, condition in enumerate(kept.plan.conditions)}
    keys = [
        (
            sum({bits[each] for each in _conditions(one)}),
            -(one.statistic.window_days or 0),
            one.statistic.take is Taken.SUM,
        )
        for one in ones
    ]
    order = sorted(range(len(ones)), key=keys.__getitem__)
    measures = sorted(set(keys))
    needs = sorted({need for need, _, _ in measures})
    windows = np.array([-window for _, window, _ in measures], np.int64)
    begins = np.searchsorted([need for need, _, _ in measures], [*needs, 1 << CONDITIONS_MAX])
    of_tags = [sum(key < measure for key in keys) for measure in measures]
    values = [ones[place].values for place in order]
    lows = [-np.inf if value.low is None else value.low for each in values for value in each]
    highs = [np.inf if value.high is None else value.high for each in values for value in each]
    return (
        order,
        (np.array(needs, np.uint64), begins.astype(np.int64)),
        (
            number_of(then) + 1 - windows,
            number_of(today) + 1 - windows,
            np.array([need for need, _, _ in measures], np.uint64),
            np.array([summed for _, _, summed in measures], np.uint8),
            np.array([*of_tags, len(ones)], np.int64),
        ),
        (np.cumsum([0, *map(len, values)]), np.array(lows, np.float64), np.array(highs, np.float64)),
    )


def _fresh(target: Target, one: Measured, found: Sequence[Crossed], came: Groups) -> tuple[Sets, Groups]:
    """The new sets of those whose value is another and of newcomers, and who they are."""
    places: list[tuple[sql_sets.Place, BitMap]] = []
    scope = dict(came)
    for seqs, values, _ in found:
        for number, value in enumerate(one.values, start=1):
            places += [((group, target.codes[value.name]), members)
                       for group, members in _by_group(seqs[values == number])]  # fmt: skip
        scope = united(scope, dict(_by_group(seqs)))
    if one.zero is not None:
        crossed = BitMap.union(BitMap(), *(members for _, members in places))
        places += [((group, target.codes[one.zero.name]), members - crossed) for group, members in came.items()]
    places += [((group, KNOWN), members) for group, members in scope.items()]
    return joined(places), scope


def _by_group(seqs: NDArray[np.uint32]) -> list[tuple[int, BitMap]]:
    """Ascending customers by group."""
    if not len(seqs):
        return []
    groups = range(int(seqs[0]) >> 20, (int(seqs[-1]) >> 20) + 1)
    edges = np.searchsorted(seqs, [group << 20 for group in [*groups, groups[-1] + 1]])
    return [
        (group, BitMap(np.ascontiguousarray(seqs[start:end]).data))
        for group, start, end in zip(groups, edges[:-1], edges[1:], strict=True)
        if end > start
    ]


def _stood(
    target: Target, one: Measured, found: Sequence[Crossed], scope: Groups, known: Sets, lying: Lying
) -> Standing:
    """What stands of those in scope, as their values then say; of the others how many they are in all."""
    places = [((group, KNOWN), members & known.get((group, KNOWN), _NOBODY)) for group, members in scope.items()]
    for seqs, _, then in found:
        for number, value in enumerate(one.values, start=1):
            places += [((group, target.codes[value.name]), members & known.get((group, KNOWN), _NOBODY))
                       for group, members in _by_group(seqs[then == number])]  # fmt: skip
    sizes = {place: len(known.get(place, _NOBODY)) for place in sorted(lying.places)}
    names = {code: value for value, code in target.codes.items()}
    counted = set[int]()
    for place in sizes:  # the catalogue has one number for all groups together
        code = place[1]
        if code != KNOWN:
            sizes[place] = 0 if code in counted else (target.row["counts"] or {}).get(names.get(code, ""), 0)
            counted.add(code)
    return Standing(sets=joined(places), sizes=sizes)


async def _standing(clickhouse: ClickHouse, tenant: TenantId, wanted: Mapping[int, Groups]) -> dict[int, Standing]:
    """What stands of some customers in the sets of tags."""
    found: dict[int, Standing] = {}
    for start in range(0, len(wanted), ASKED_AT_ONCE):
        numbers = sorted(wanted)[start : start + ASKED_AT_ONCE]
        parts = {number: part for part, number in enumerate(numbers)}
        sets = {
            (group, part): encode_group(members)
            for number, part in parts.items()
            for group, members in wanted[number].items()
        }
        async with sql_asked.laid(clickhouse, tenant, sets) as asked:
            found |= await sql_sets.standing_among(clickhouse, tenant, parts, asked)
    return found
