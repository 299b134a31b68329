"""What happened by day: the events that statistics look at, with their conditions as bits.

Derived from the events and kept beside them: a sheet holds those of one day, one group of customers and one round of
reading. A round counts once the note of it was written behind its sheets, and only while as many lie there as it says.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import date, timedelta
from secrets import randbits
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.know import events
from huoke.know.customers import Attribute, AttributeType
from huoke.know.events import EVENT
from huoke.know.language import AMOUNT, Comparison, Parameters, Where, compared, property_condition
from huoke.know.tags.sql_statistic import LIVE, Position, arrived, midnight

TABLE, NOTES = "tag_day", "tag_day_round"
GROUP_BITS = 20
"""A group of customers are those of one `seq >> 20`."""
NARROW = 16
"""So many conditions fit into two bytes."""
DAYS_TOGETHER = 32
"""The days of a part: what no window reaches any more is put away part by part."""
SPARE_DAYS = 32
"""So much longer than needed days are kept: who was filled some days ago can go on."""
GRANULARITY = 16
"""Sheets are large: no more of them are read at a time."""
ROWS_AT_ONCE = 12_000_000
"""Of more events only those of one group of customers at a time are in memory: those of two events may be there."""
_EPOCH = date(1970, 1, 1)
_BUILD = {"max_partitions_per_insert_block": 0}
_PLAIN = {"output_format_arrow_compression_method": "none", "preferred_block_size_bytes": 0}
_Parts = dict[tuple[int, int], int]
"""(id, days together) → how many sheets lie there"""


class Condition(msgspec.Struct, frozen=True):
    """A condition on an event's property, with the type it is bound to."""

    where: Where
    type: AttributeType

    def bound(self) -> Comparison:
        """The comparison."""
        name = self.where.property
        attribute = Attribute(name=name, label=name, label_en=name, type=self.type, source="events")
        return compared(attribute, self.where.op, self.where.value, pointer="")


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of an event: its conditions by bit, whether amounts, and of how many days back."""

    event: str
    conditions: tuple[Condition, ...]
    amounts: bool
    days: int

    def covers(self, other: "Plan") -> bool:
        """Whether it is all that another plan is."""
        conditions = set(other.conditions) <= set(self.conditions)
        return conditions and self.amounts >= other.amounts and self.days >= other.days


class Place(msgspec.Struct, frozen=True):
    """How far events were read, whatever the day."""

    xid: int
    ordinal: int
    events: int

    @classmethod
    def of(cls, position: Position) -> "Place":
        """The place of a position."""
        return cls(position.xid, position.ordinal, position.rows)


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """The sheets of a plan: `first` is the day from which on all lie there, `rounds` are the places they were read to.

    `rows` is of how many events they are, at least as long as none is put away.
    """

    plan: Plan
    id: int
    first: date
    rounds: Mapping[Place, int]
    sheets: int
    rows: int

    @property
    def last(self) -> Place:
        """How far events were read."""
        return max(self.rounds, key=lambda place: self.rounds[place])


class Sheets(msgspec.Struct, frozen=True):
    """Sheets by group of customers: group, day since 1970, whether it came since, where its events begin and end.

    Of each event the customer, its conditions as bits and, where they are kept, the amount.
    """

    groups: NDArray[np.int64]
    days: NDArray[np.int64]
    since: NDArray[np.uint8]
    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    seqs: NDArray[np.uint32]
    held: NDArray[np.uint16] | NDArray[np.uint64]
    amounts: NDArray[np.int64]


def number_of(day: date) -> int:
    """A day as rows hold it."""
    return (day - _EPOCH).days


async def prepare(clickhouse: ClickHouse, tenant: TenantId) -> None:
    """Make the tables where they are missing."""
    await clickhouse.command(
        tenant,
        f"CREATE TABLE IF NOT EXISTS {TABLE} (id UInt32, `group` UInt16, day UInt16, round UInt32,"
        " seqs Array(UInt32) CODEC(Delta(4), LZ4), held Array(UInt64) CODEC(T64, LZ4), amounts Array(Int64)"
        f" CODEC(T64, LZ4)) ENGINE = MergeTree PARTITION BY (id, intDiv(day, {DAYS_TOGETHER}))"
        f" ORDER BY (id, `group`, day, round) SETTINGS index_granularity = {GRANULARITY}",
    )
    await clickhouse.command(
        tenant,
        f"CREATE TABLE IF NOT EXISTS {NOTES} (event String, id UInt32, round UInt32, plan String, first UInt16,"
        " xid UInt64, ordinal Int64, events UInt64, sheets UInt64, rows UInt64) ENGINE = MergeTree"
        " ORDER BY (event, id, round) SETTINGS fsync_after_insert = 1, fsync_part_directory = 1",
    )


async def standing(clickhouse: ClickHouse, tenant: TenantId) -> dict[str, Kept]:
    """What is kept of each event where nothing is in doubt: as many sheets lie there as were noted."""
    parts = await _parts(clickhouse, tenant)
    noted = await clickhouse.query(tenant, f"SELECT * FROM {NOTES} ORDER BY event, id, round")
    found: dict[str, Kept] = {}
    for row in noted.to_pylist():
        before = found.get(row["event"])
        place = Place(row["xid"], row["ordinal"], row["events"])
        found[row["event"]] = Kept(
            plan=msgspec.json.decode(row["plan"], type=Plan), id=row["id"], first=_day(row["first"]),
            sheets=row["sheets"], rows=row["rows"],
            rounds={**(before.rounds if before and before.id == row["id"] else {}), place: row["round"]},
        )  # fmt: skip
    return {event: kept for event, kept in found.items() if _sheets_of(kept.id, parts) == kept.sheets}


async def build(clickhouse: ClickHouse, tenant: TenantId, plan: Plan, upto: Position, own: frozenset[str]) -> Kept:
    """Lay down every event of one name, as far as a position; what was kept of it before is put away."""
    await forget(clickhouse, tenant, plan.event)
    first = upto.day - timedelta(days=plan.days - 1)
    kept = Kept(plan=plan, id=randbits(32), first=first, rounds={}, sheets=0, rows=0)
    there = f"(xid >= {LIVE} OR (xid, ordinal) <= ({upto.xid}, {upto.ordinal}))"
    begins = [first + timedelta(days=days) for days in range(0, plan.days, DAYS_TOGETHER)]
    for begin, until in zip(begins, [*begins[1:], None], strict=True):  # what is sorted at once has an end
        await _insert(clickhouse, tenant, kept, 0, (begin, until), there, own)
    sheets = _sheets_of(kept.id, await _parts(clickhouse, tenant))
    counted = await clickhouse.query(tenant, f"SELECT sum(length(seqs)) AS n FROM {TABLE} WHERE id = {kept.id}")
    kept = msgspec.structs.replace(kept, sheets=sheets, rows=counted.to_pylist()[0]["n"])
    return await _note(clickhouse, tenant, kept, Place.of(upto), 0)


async def extend(
    clickhouse: ClickHouse, tenant: TenantId, kept: Kept, upto: Position, own: frozenset[str]
) -> Kept | None:
    """Lay down what arrived since the last round, and put old days away; None if events changed in another way too."""
    last, number = kept.last, max(kept.rounds.values()) + 1
    there = arrived(Position(last.xid, last.ordinal, last.events, upto.day))
    there += f" AND (xid, ordinal) <= ({upto.xid}, {upto.ordinal})"
    parameters = Parameters()
    mine = f"name = {parameters.add(kept.plan.event, 'String')} AND at >= {parameters.instant(midnight(kept.first))}"
    counted = await clickhouse.query(
        tenant,
        f"SELECT count() AS n, countIf({mine}) AS mine, uniqExactIf(({events.DAY}, bitShiftRight(seq, {GROUP_BITS})),"
        f" {mine}) AS sheets FROM {EVENT.name} WHERE {there}",
        parameters.values,
    )
    came = counted.to_pylist()[0]
    if last.events + came["n"] != upto.rows:
        return None
    await _insert(clickhouse, tenant, kept, number, (kept.first, None), there, own)
    sheets, first = kept.sheets + came["sheets"], number_of(kept.first)
    oldest = number_of(upto.day) - kept.plan.days - SPARE_DAYS
    for part, gone in (await _parts(clickhouse, tenant)).items():
        after = (part[1] + 1) * DAYS_TOGETHER
        if part[0] == kept.id and after <= oldest:
            await _drop(clickhouse, tenant, part)
            sheets, first = sheets - gone, max(first, after)
    kept = msgspec.structs.replace(kept, first=_day(first), sheets=sheets, rows=kept.rows + came["mine"])
    return await _note(clickhouse, tenant, kept, Place.of(upto), number)


async def forget(clickhouse: ClickHouse, tenant: TenantId, event: str | None = None) -> None:
    """Put away what is kept of an event, or of all, and sheets that no note speaks of."""
    if event is None:
        await clickhouse.command(tenant, f"TRUNCATE TABLE {NOTES}")
    else:
        await clickhouse.command(
            tenant, f"DELETE FROM {NOTES} WHERE event = {{event:String}}", {"event": event},
            settings={"lightweight_deletes_sync": 1},
        )  # fmt: skip
    noted = await clickhouse.query(tenant, f"SELECT DISTINCT id FROM {NOTES}")
    spoken = set(noted.column("id").to_pylist())
    for part in await _parts(clickhouse, tenant):
        if part[0] not in spoken:
            await _drop(clickhouse, tenant, part)


async def read(
    clickhouse: ClickHouse, tenant: TenantId, kept: Kept, since: Place, upto: Place, oldest: date
) -> AsyncIterator[Sheets]:
    """Sheets from a day on, those of a group in one piece; what came after `since` is marked."""
    reaches = [""]
    if kept.rows > ROWS_AT_ONCE:
        found = await clickhouse.query(tenant, f"SELECT max(`group`) AS last FROM {TABLE} WHERE id = {kept.id}")
        reaches = [f" AND `group` = {group}" for group in range(found.to_pylist()[0]["last"] + 1)]
    held = "CAST(held, 'Array(UInt16)')" if len(kept.plan.conditions) <= NARROW else "held"
    amounts = ", amounts" if kept.plan.amounts else ""
    for reach in reaches:
        table = await clickhouse.query(
            tenant,
            f"SELECT toInt64(`group`) AS part, toInt64(day) AS number, toUInt8(round > {kept.rounds[since]}) AS since,"
            f" toInt64(length(seqs)) AS size, seqs, {held} AS bits{amounts} FROM {TABLE} WHERE id = {kept.id}"
            f" AND day >= {number_of(oldest)} AND round <= {kept.rounds[upto]}{reach}",
            settings=_PLAIN,
        )
        if table.num_rows:
            yield await asyncio.to_thread(_sheets, table)


def _sheets(table: Any) -> Sheets:
    """The sheets of an answer by group: only what is said of them is put in order."""
    parts, days, came, sizes = (table.column(name).to_numpy() for name in ("part", "number", "since", "size"))
    order, ends = np.argsort(parts, kind="stable"), np.cumsum(sizes)
    amounts = _flat(table, "amounts") if "amounts" in table.column_names else _fixed(np.empty(0, np.int64))
    return Sheets(
        parts[order], days[order], came[order], (ends - sizes)[order], ends[order], _flat(table, "seqs"),
        _flat(table, "bits"), amounts,
    )  # fmt: skip


def no_sheets() -> Sheets:
    """None, in the kinds of arrays in which all others come."""
    number, bit = np.empty(0, np.int64), np.empty(0, np.uint8)
    seqs, held = _fixed(np.empty(0, np.uint32)), _fixed(np.empty(0, np.uint16))
    return Sheets(number, number, bit, number, number, seqs, held, _fixed(np.empty(0, np.int64)))


def _flat(table: Any, name: str) -> NDArray[Any]:
    """The members of all lists of a column."""
    chunks = [chunk.flatten().to_numpy() for chunk in table.column(name).chunks]
    return chunks[0] if len(chunks) == 1 else _fixed(np.concatenate(chunks))


def _fixed(found: NDArray[Any]) -> NDArray[Any]:
    """As Arrow hands arrays over: machine code is made for each kind of array apart."""
    found.flags.writeable = False
    return found


async def _insert(
    clickhouse: ClickHouse,
    tenant: TenantId,
    kept: Kept,
    number: int,
    days: tuple[date, date | None],
    there: str,
    own: frozenset[str],
) -> None:
    """Lay down the events of some days that fulfil a condition as a round."""
    parameters = Parameters()
    bits = [
        f"bitShiftLeft(toUInt64(ifNull({property_condition(one.bound(), parameters, own)}, 0)), {place})"
        for place, one in enumerate(kept.plan.conditions)
    ]
    begin, until = days
    ends = "" if until is None else f" AND at < {parameters.instant(midnight(until))}"
    amounts = f"groupArray({AMOUNT})" if kept.plan.amounts else "[]"
    await clickhouse.command(
        tenant,
        f"INSERT INTO {TABLE} (id, `group`, day, round, seqs, held, amounts) SELECT {kept.id}, part, day, {number},"
        f" groupArray(seq), groupArray(bits), {amounts} FROM (SELECT bitShiftRight(seq, {GROUP_BITS}) AS part,"
        f" toUInt16({events.DAY}) AS day, seq, {' + '.join(bits) or 'toUInt64(0)'} AS bits, {AMOUNT} FROM {EVENT.name}"
        f" WHERE name = {parameters.add(kept.plan.event, 'String')}"
        f" AND at >= {parameters.instant(midnight(begin))}{ends} AND {there} ORDER BY seq) GROUP BY part, day",
        parameters.values,
        settings=_BUILD,
    )


async def _note(clickhouse: ClickHouse, tenant: TenantId, kept: Kept, place: Place, number: int) -> Kept:
    """Note a round, and how many sheets there must be from now on."""
    await clickhouse.command(
        tenant,
        f"INSERT INTO {NOTES} SELECT {{event:String}}, {kept.id}, {number}, {{plan:String}}, {number_of(kept.first)},"
        f" {place.xid}, {place.ordinal}, {place.events}, {kept.sheets}, {kept.rows}",
        {"event": kept.plan.event, "plan": msgspec.json.encode(kept.plan).decode()},
    )
    return msgspec.structs.replace(kept, rounds={**kept.rounds, place: number})


async def _parts(clickhouse: ClickHouse, tenant: TenantId) -> _Parts:
    found = await clickhouse.query(
        tenant,
        "SELECT partition, sum(rows) AS n FROM system.parts WHERE database = currentDatabase()"
        f" AND table = '{TABLE}' AND active GROUP BY partition",
    )
    parts = {}
    for row in found.to_pylist():
        kept, _, days = row["partition"].strip("()").partition(",")
        parts[int(kept), int(days)] = int(row["n"])
    return parts


def _sheets_of(number: int, parts: _Parts) -> int:
    return sum(sheets for (kept, _), sheets in parts.items() if kept == number)


async def _drop(clickhouse: ClickHouse, tenant: TenantId, part: tuple[int, int]) -> None:
    await clickhouse.command(tenant, f"ALTER TABLE {TABLE} DROP PARTITION ({part[0]}, {part[1]})")


def _day(number: int) -> date:
    return _EPOCH + timedelta(days=number)
