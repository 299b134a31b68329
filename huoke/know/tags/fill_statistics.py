"""Filling statistics: tags over the same events are worked out by one scan, of those touched or of all."""

import time
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from pyroaring import BitMap

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.sets import decode_group, encode_group
from huoke.know import language
from huoke.know.language import KNOWN, Vocabulary
from huoke.know.tags import fill_days, sql_asked, sql_days, sql_sets, sql_statistic
from huoke.know.tags.fill_days import Days
from huoke.know.tags.filling import Filling, Groups, Target, joined, newcomers, united
from huoke.know.tags.sql_days import Kept
from huoke.know.tags.sql_sets import NOTHING, Sets, Standing
from huoke.know.tags.sql_statistic import GROUPS, SEEN, SETTINGS, Key, Measured, Position, Reach, Touched
from huoke.know.tags.words import behaviour

TAGS_AT_ONCE = 24
"""Each is a column of as many rows as there are customers."""
ALONE_MIN = 10
"""So many statistics of one window are worth a scan of their own where only those touched are looked at."""
TAGS_TOGETHER = 120
"""Of so many what is known of those touched is in memory at a time."""
GROUPS_AT_ONCE = 2
"""A whole bank larger than that is scanned a group at a time: what a scan holds in memory has an end."""


Found = dict[Key, Groups]
"""What scans gave, key by key."""


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """One refresh of a bank: when it is, and who there is."""

    at: datetime
    today: date
    everyone: Groups
    erased: Groups
    events: bool
    """Whether any event was ever shipped."""
    own: frozenset[str] = frozenset()
    """Properties of events that lie in columns of their own."""


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Statistics that are filled at once: by one scan, for those `touched` since they were read last (None: everybody).

    Or from what happened by `days`.
    """

    targets: tuple[Target, ...]
    touched: Groups | None
    now: Position
    days: Days | None = None

    @property
    def event(self) -> str:
        """The event that all of them look at."""
        statistic = self.targets[0].one.statistic
        assert statistic is not None, "only statistics are filled here"
        return statistic.event


async def batches(
    clickhouse: ClickHouse,
    tenant: TenantId,
    targets: Sequence[Target],
    moment: Moment,
    words: Vocabulary,
    *,
    whole: bool,
) -> AsyncIterator[list[Batch]]:
    """How a set of statistics is cut into pieces of work, each of batches that are filled at once.

    Those that go on from day to day come first, each as soon as its days lie there.
    """
    known: dict[Position | None, tuple[Position, bool]] = {}
    groups: dict[tuple[str, bool, Position | None, Position], list[Target]] = {}
    for target in targets:
        before = None if whole else _position(target)
        if before not in known:
            known[before] = (
                await sql_statistic.position(clickhouse, tenant, before, moment.today)
                if moment.events
                else (Position(0, 0, 0, moment.today), False)
            )
        now, onward = known[before]
        statistic = target.one.statistic
        assert statistic is not None, "only statistics are filled here"
        since = before if onward and not statistic.ranked and not _ahead(before, moment) else None
        groups.setdefault((statistic.event, statistic.window_days is None, since, now), []).append(target)
    found = []
    kept = {} if whole or not moment.events else await sql_days.standing(clickhouse, tenant)
    for (event, _, since, now), group in groups.items():
        if since is not None and event in kept:
            served = await _served(clickhouse, tenant, kept, group, moment, words, since, now)
            if served is not None:
                yield [served]
                numbers = {one.number for one in served.targets}
                group = [one for one in group if one.number not in numbers]  # noqa: PLW2901 - what is left
        if not group:
            continue
        group.sort(key=_window)  # tags of like windows read the same events
        touched: Touched | None = None
        if since is not None:  # asked before the scans, which may see later events of more customers
            edges = set[int]().union(*(_edges(target) for target in group))
            touched = await sql_statistic.touched(clickhouse, tenant, event, edges, since, moment.today)
        found += [
            Batch(targets=part, touched=None if touched is None else _of(part, touched), now=now)
            for part in _cut(group, apart=touched is not None)
        ]
    for piece in _together(found):
        yield piece


async def _served(
    clickhouse: ClickHouse,
    tenant: TenantId,
    kept: dict[str, Kept],
    group: Sequence[Target],
    moment: Moment,
    words: Vocabulary,
    since: Position,
    now: Position,
) -> Batch | None:
    """Those of some statistics of one event that go on from day to day; after a filling that was cut off none does."""
    statistic = group[0].one.statistic
    assert statistic is not None, "only statistics are filled here"
    event = statistic.event
    days = await fill_days.reach(clickhouse, tenant, kept[event], now, moment.own)
    fitting = [one for one in group if fill_days.serves(days, measured_of(one, words), since, now)]
    if days is None or not fitting:
        return None
    kept[event] = days
    lying = await sql_sets.lying(clickhouse, tenant, [one.number for one in fitting])
    sound = tuple(one for one in fitting if lying[one.number].version <= one.row["data_version"])
    return Batch(targets=sound, touched={}, now=now, days=Days(kept=days, since=since, lying=lying)) if sound else None


def _cut(group: Sequence[Target], *, apart: bool) -> list[tuple[Target, ...]]:
    """Statistics in order of their windows, as many at once as fit; `apart` every window by itself, if not too few.

    The fewer windows, the fewer days leave one, and the fewer customers have to be looked at.
    """
    found: list[list[Target]] = []
    for target in group:
        last = found[-1] if found else []
        other = apart and len(last) >= ALONE_MIN and _window(last[-1])[0] != _window(target)[0]
        if not last or len(last) >= TAGS_AT_ONCE or other:
            found.append([])
        found[-1].append(target)
    return [tuple(part) for part in found]


def _ahead(before: Position | None, moment: Moment) -> bool:
    """Whether the last reading was on a later day: after a clock went back nothing is passed over."""
    return before is not None and before.day > moment.today


def _edges(target: Target) -> set[int]:
    assert target.one.statistic is not None, "only statistics are filled here"
    return sql_statistic.edges_of(target.one.statistic, target.one.values)


def _of(targets: Sequence[Target], touched: Touched) -> Groups:
    """Who was touched as far as some tags are concerned."""
    ways = {0}.union(*(_edges(target) for target in targets)) & touched.keys()
    groups = {group for way in ways for group in touched[way]}
    return {group: BitMap.union(*(touched[way].get(group, BitMap()) for way in ways)) for group in groups}


def _window(target: Target) -> tuple[int, int]:
    assert target.one.statistic is not None, "only statistics are filled here"
    return target.one.statistic.window_days or 0, target.number


def _together(found: Sequence[Batch]) -> list[list[Batch]]:
    """Batches of scans as they are filled: for everybody each by itself, of those touched some, for they are small."""
    rounds: list[list[Batch]] = []
    for batch in sorted(found, key=lambda one: one.touched is None):
        last = rounds[-1] if rounds else []
        tags = sum(len(one.targets) for one in last) + len(batch.targets)
        if not last or batch.touched is None or tags > TAGS_TOGETHER:
            rounds.append([])
        rounds[-1].append(batch)
    return rounds


async def fill(
    clickhouse: ClickHouse, tenant: TenantId, batches: Sequence[Batch], moment: Moment, words: Vocabulary
) -> list[Filling]:
    """Work out batches that are filled at once; the refusals of compiling."""
    first = batches[0]
    if first.days is not None:
        pairs = [(target, measured_of(target, words)) for target in first.targets]
        return await fill_days.fill(
            clickhouse, tenant, first.days, pairs, first.now, moment.everyone, moment.erased, moment.at
        )
    began = time.perf_counter()
    measured = [
        [await _measured(clickhouse, tenant, target, moment, words) for target in batch.targets] for batch in batches
    ]
    fill_those = _everybody if batches[0].touched is None else _again
    found, standing = await fill_those(clickhouse, tenant, batches, measured, moment)
    always = [one.number for ones in measured for one in ones if one.never_unknown and batches[0].touched is not None]
    known = await sql_sets.standing(clickhouse, tenant, always, code=KNOWN)
    cost_ms = int((time.perf_counter() - began) * 1000) // sum(len(batch.targets) for batch in batches)
    return [
        _filling(
            target, one, given, standing.get(target.number, NOTHING), known.get(target.number, {}), batch, moment,
            cost_ms,
        )
        for batch, ones, given in zip(batches, measured, found, strict=True)
        for target, one in zip(batch.targets, ones, strict=True)
    ]  # fmt: skip


async def _everybody(
    clickhouse: ClickHouse,
    tenant: TenantId,
    batches: Sequence[Batch],
    measured: Sequence[Sequence[Measured]],
    moment: Moment,
) -> tuple[list[Found], dict[int, Standing]]:
    """What scans for everybody give, batch by batch, and all that stands."""
    lying = [target.number for batch in batches for target in batch.targets if target.row["data_version"]]
    standing = await sql_sets.standing(clickhouse, tenant, lying)
    found: list[Found] = [{} for _ in batches]
    for ones, given in zip(measured, found, strict=True):
        for reach in _reaches(moment):
            await _scan(clickhouse, tenant, ones, moment, reach, given)
    return found, {number: Standing.of(sets) for number, sets in standing.items()}


async def _again(
    clickhouse: ClickHouse,
    tenant: TenantId,
    batches: Sequence[Batch],
    measured: Sequence[Sequence[Measured]],
    moment: Moment,
) -> tuple[list[Found], dict[int, Standing]]:
    """What scans for those touched give, batch by batch, and what stands of them and of who was erased."""
    sets = {
        (group, part): encode_group(members)
        for part, batch in enumerate(batches)
        for group, members in united(batch.touched or {}, moment.erased).items()
    }
    found: list[Found] = [{} for _ in batches]
    async with sql_asked.laid(clickhouse, tenant, sets) as asked:
        for part, (ones, given) in enumerate(zip(measured, found, strict=True)):
            await _scan(clickhouse, tenant, ones, moment, Reach(among=(asked, part)), given)
        parts = {one.number: part for part, ones in enumerate(measured) for one in ones}
        return found, await sql_sets.standing_among(clickhouse, tenant, parts, asked)


def properties(target: Target) -> set[str]:
    """The properties of events that a statistic looks at, but for those that every event has."""
    statistic = target.one.statistic
    assert statistic is not None, "only statistics look at properties"
    named = {one.property for one in statistic.where} | ({statistic.property} if statistic.property else set())
    return named - {one.name for one in language.OF_EVERY_EVENT}


def measured_of(target: Target, words: Vocabulary) -> Measured:
    """A statistic bound to its event."""
    statistic = target.one.statistic
    assert statistic is not None, "only statistics are filled here"
    compiled = language.compile_expression(behaviour(statistic), words, basis="tags")
    return Measured(number=target.number, statistic=statistic, values=target.one.values, bound=compiled.behaviours[""])


def _filling(
    target: Target,
    one: Measured,
    found: Found,
    standing: Standing,
    known: Sets,
    batch: Batch,
    moment: Moment,
    cost_ms: int,
) -> Filling:
    seen = found[0, SEEN]
    scope = batch.touched
    places = [
        ((group, target.codes[value.name]), members)
        for value in one.values
        for group, members in found[one.number, value.name].items()
    ]
    if one.never_unknown:
        there = moment.everyone if scope is None else united(scope, newcomers(moment.everyone, known))
        scope = None if scope is None else there
        whole = united(there, seen)
        places += [((group, KNOWN), members) for group, members in whole.items()]
        if one.zero is not None:
            idle = {group: members - seen.get(group, BitMap()) for group, members in whole.items()}
            places += [((group, target.codes[one.zero.name]), members) for group, members in idle.items()]
    else:
        places += [((group, KNOWN), members) for group, members in found[one.number, sql_statistic.KNOWN].items()]
    return Filling(
        target=target,
        fresh=joined(places),
        scope=scope,
        standing=standing,
        position=_kept(batch.now),
        data_at=moment.at,
        cost_ms=cost_ms,
    )


async def _measured(
    clickhouse: ClickHouse, tenant: TenantId, target: Target, moment: Moment, words: Vocabulary
) -> Measured:
    one = measured_of(target, words)
    if one.statistic.ranked and moment.events:
        return await sql_statistic.edges_by_rank(clickhouse, tenant, one, moment.today, moment.own)
    return one


async def _scan(
    clickhouse: ClickHouse,
    tenant: TenantId,
    measured: Sequence[Measured],
    moment: Moment,
    reach: Reach,
    found: Found,
) -> None:
    asked = sql_statistic.scan(measured, moment.today, reach, moment.own)
    for key in asked.keys:
        found.setdefault(key, {})
    if not moment.events:
        return
    for place, payload in await clickhouse.get_bitmaps(tenant, asked.sql, asked.params, settings=SETTINGS):
        members = decode_group(payload)
        if members:
            found[asked.keys[place // GROUPS]][place % GROUPS] = members


def _reaches(moment: Moment) -> list[Reach]:
    last = max(moment.everyone, default=0)
    if last < GROUPS_AT_ONCE:
        return [Reach()]
    # The last part has no end: customers the store has not heard of yet may have done something already.
    ends = [(group + 1) << 20 for group in range(last)] + [1 << 32]
    return [Reach(low=group << 20, high=end) for group, end in enumerate(ends)]


def _position(target: Target) -> Position | None:
    """How far a tag was read, where what lies there is of the same definition."""
    kept: Any = target.row["position"]
    if not kept or "xid" not in kept or target.row["data_of"] != target.row["version"] or not target.row["data_at"]:
        return None
    return msgspec.convert(kept, Position)


def _kept(position: Position) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(position)
    return fields
