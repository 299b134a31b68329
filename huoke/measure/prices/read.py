"""The report: every thing that was sold or exchanged in a period, as a whole and by group of customers."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

import msgspec
import numpy as np
from numpy.typing import NDArray

from huoke.kernel.clock import CHINA
from huoke.kernel.tx import Tx
from huoke.know import grid, language, segments, tags
from huoke.measure.prices import store
from huoke.measure.prices.model import Asked, By, Group, Kind, Paid, PriceLine, Status, Why, reasons, status_of
from huoke.measure.prices.store import Named
from huoke.reward import tiers

ALL = Named("全部客户", "Everybody")
REST = {By.TIER: Named("未定等级", "No tier"), By.SEGMENT: Named("其他客户", "Others")}
UNKNOWN = Named("未知", "Unknown")
_FIRST = {status: place for place, status in enumerate(Status)}


async def spreads(
    tx: Tx, analytics: language.Analytics, asked: Asked, segment: segments.Segment | None = None
) -> list[PriceLine]:
    """Lines of each thing, that of everybody first: what no reason explains comes first, then the widest spread.

    `segment` is the one asked by, already seen by the caller. `PeriodUnfit`.
    """
    asked.check()
    kinds = list(Kind) if asked.kind is None else [asked.kind]
    since, until = _start(asked.since_on), _start(asked.until_on + timedelta(days=1))
    scheme = await tiers.scheme(tx)
    levels = scheme.tiers if scheme else ()
    keys = [one.key for one in levels]
    called = {one.key: Named(one.name, one.name_en) for one in levels}
    placed = None
    if asked.by is not By.TIER:
        groups = await _groups(tx, analytics, asked.by, segment)
        called = {one.key: Named(one.name, one.name_en) for one in groups}
        placed = _placed(await store.buyers(tx, kinds, since, until, keys), groups)
    found = await store.paid(tx, kinds, since, until, keys, placed)
    words = _Words(
        groups=called | {"": REST.get(asked.by, UNKNOWN)},
        things=await store.names(tx, {one.thing_id for one in found}),
        units=await store.unit_names(tx),
    )
    return _lines([one for one in found if asked.q.strip().casefold() in words.things[one.thing_id].text], words)


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)


async def _groups(tx: Tx, analytics: language.Analytics, by: By, segment: segments.Segment | None) -> list[Group]:
    """Sets of customers as they are now, whether or not they may be approached: everybody's price counts."""
    if segment is not None:
        scope = segments.Scope(purpose=segment.purpose, serves=segment.serves, basis=segment.basis, anybody=True)
        members = await segments.members_of(tx, analytics, language.parse(segment.expression), scope)
        return [Group("in", segment.name, segment.name, members)]
    axis = next((one for one in await grid.in_force(tx) if one.axis.value == by.value), None)
    if axis is None:
        return []
    stood = await tags.members_by_value(tx, analytics.clickhouse, axis.tag)
    return [Group(band.name, band.label, band.label_en, stood[band.name]) for band in axis.bands if band.name in stood]


def _placed(who: NDArray[np.uint32], groups: Sequence[Group]) -> tuple[list[int], list[str]]:
    """Of those who paid, the group of each who is in one; nobody is in two."""
    seqs: list[int] = []
    keys: list[str] = []
    for group in groups:
        mine = np.intersect1d(who, group.members.array(), assume_unique=True).tolist()
        seqs += mine
        keys += [group.key] * len(mine)
    return seqs, keys


class _Words(msgspec.Struct, frozen=True, kw_only=True):
    """How groups, things and units are called; groups in their order."""

    groups: Mapping[str, Named]
    things: Mapping[UUID, Named]
    units: Mapping[str, Named]

    def place(self, group: str | None) -> int:
        """Where a group stands among the others."""
        keys = list(self.groups)
        return keys.index(group) if group in keys else len(keys)


def _lines(found: Sequence[Paid], words: _Words) -> list[PriceLine]:
    things: dict[tuple[Kind, UUID, str], list[Paid]] = {}
    for one in found:
        things.setdefault((one.kind, one.thing_id, one.unit), []).append(one)
    told = [_thing(rows, words) for rows in things.values()]
    told.sort(key=lambda lines: (_FIRST[lines[0].status], -_width(lines[0]), *_called(lines[0])))
    return [line for lines in told for line in lines]


def _width(line: PriceLine) -> float:
    """The spread beside the median, so that points and money stand in one order."""
    return line.spread / line.median if line.median else line.spread


def _called(line: PriceLine) -> tuple[str, ...]:
    return line.kind, line.name, str(line.thing_id), line.unit


def _thing(rows: Sequence[Paid], words: _Words) -> list[PriceLine]:
    sources = [one for one in rows if one.source is not None]
    [whole] = [one for one in rows if one.source is None and one.group is None]
    groups = [one for one in rows if one.group is not None]
    why = reasons(sources)
    status = status_of(whole, why)
    everybody = msgspec.structs.replace(
        _line(whole, words, status),
        why=[one for one in Why if why.get(one)],
        notes=sorted({one.note for one in sources if one.note and one.why is not Why.NONE}),
        unexplained=why.get(Why.NONE, 0),
    )
    return [everybody, *(_line(one, words, status) for one in sorted(groups, key=lambda one: words.place(one.group)))]


def _line(one: Paid, words: _Words, status: Status) -> PriceLine:
    thing, unit = words.things[one.thing_id], words.units.get(one.unit, Named(one.unit, one.unit))
    group = ALL if one.group is None else words.groups.get(one.group, Named(one.group, one.group))
    return PriceLine(
        kind=one.kind, thing_id=one.thing_id, name=thing.name, name_en=thing.name_en, unit=one.unit,
        unit_name=unit.name, unit_name_en=unit.name_en, group="" if one.group is None else one.group or "-",
        group_name=group.name, group_name_en=group.name_en, count=one.count, low=one.low, median=one.median,
        high=one.high, spread=one.high - one.low, status=status, why=[], notes=[], unexplained=0,
    )  # fmt: skip
