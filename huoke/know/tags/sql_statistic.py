"""ClickHouse SQL of statistics: one scan of events gives the sets of every tag that looks at their name."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec
from pyroaring import BitMap

from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.sets import decode_group
from huoke.know import events
from huoke.know.customers import DECIMAL_SCALE, AttributeType
from huoke.know.events import EVENT
from huoke.know.language import Bound, Comparison, Parameters, property_condition, property_value
from huoke.know.tags import sql_asked
from huoke.know.tags.filling import Groups, united
from huoke.know.tags.model import AGES, NEVER_UNKNOWN, OF_NUMBERS, Statistic, TagValue, Taken

LIVE = 1 << 63
"""Rows of the log have a smaller transaction id than rows of loads."""
_EPOCH = date(1970, 1, 1)
KNOWN = "known"
SEEN = "seen"


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """A statistic with its values as they are told apart; `bound` is the behaviour that looks at the same events."""

    number: int
    statistic: Statistic
    values: tuple[TagValue, ...]
    bound: Bound

    @property
    def never_unknown(self) -> bool:
        """Whether nothing having happened is a number too."""
        return self.statistic.take in NEVER_UNKNOWN

    @property
    def zero(self) -> TagValue | None:
        """The value of who did nothing, where that is known."""
        return next((value for value in self.values if _holds(value, 0.0)), None) if self.never_unknown else None


class Position(msgspec.Struct, frozen=True):
    """How far a statistic has read: the last live row, how many rows there were, the bank's day."""

    xid: int
    ordinal: int
    rows: int
    day: date


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a scan looks at: those laid down under an id as one part, customers of some seqs, or everybody."""

    among: tuple[UUID, int] | None = None
    low: int | None = None
    high: int | None = None
    seq: int | None = None


Touched = dict[int, Groups]
"""Why somebody is looked at again → group → who: 0 is what arrived, another number the edge that a day has crossed."""
Key = tuple[int, str]
"""(tag's number, value's name), or KNOWN or SEEN in place of a value"""


class Scan(msgspec.Struct, frozen=True):
    """A query that gives sets by group; the row of `key` is that of `keys[key // groups]` in group `key % groups`."""

    sql: str
    keys: list[Key]
    params: dict[str, Any]


GROUPS = 1 << 16
SETTINGS = {
    "compile_expressions": 0,
    "compile_aggregate_expressions": 0,
    "optimize_move_to_prewhere": 0,
    "use_index_for_in_with_subqueries": 0,
}
"""A scan has hundreds of short expressions: compiling them takes longer than working them out; reading what they look
at only where a customer was touched makes blocks of a few rows; and those touched are on every page of the index."""


async def position(
    clickhouse: ClickHouse, tenant: TenantId, before: Position | None, today: date
) -> tuple[Position, bool]:
    """How far events have come now, and whether all that is new since `before` lies beyond it.

    Rows that a load brought, or that were taken back, lie anywhere: then everything is worked out anew.
    """
    since = before or Position(0, 0, 0, today)
    found = await clickhouse.query(
        tenant,
        f"SELECT (SELECT count() FROM {EVENT.name}) AS rows, count() AS live, max((xid, ordinal)) AS place"
        f" FROM {EVENT.name} WHERE {arrived(since)}",
    )
    row = found.to_pylist()[0]
    xid, ordinal = row["place"].values() if row["live"] else (since.xid, since.ordinal)
    now = Position(int(xid), int(ordinal), int(row["rows"]), today)
    return now, before is not None and now.rows == before.rows + row["live"]


def edges_of(one: Statistic, values: Sequence[TagValue]) -> set[int]:
    """After how many days an event of a customer may change the tag by itself."""
    edges = {one.window_days} if one.window_days is not None else set()
    if one.take in AGES:
        edges |= {-int(-edge // 1) for value in values for edge in (value.low, value.high) if edge is not None}
    return {edge for edge in edges if edge is not None and edge > 0}


async def touched(
    clickhouse: ClickHouse, tenant: TenantId, event: str, edges: Collection[int], since: Position, today: date
) -> Touched:
    """The customers of whom something may have changed since a position.

    Under 0 those with events that arrived or whose day has come; under an edge those with events of the days that left
    a window of so many days, or by which an age has crossed it.
    """
    ways = {days: _days(since.day - timedelta(days=days - 1), today - timedelta(days=days)) for days in edges}
    ways[0] = _days(since.day + timedelta(days=1), today)
    by_day = await _by_day(clickhouse, tenant, event, set[date]().union(*ways.values()))
    found: Touched = {way: _united([by_day.get(day, {}) for day in days]) for way, days in ways.items()}
    found[0] = united(found[0], await _arrived_of(clickhouse, tenant, event, since))
    return found


async def _by_day(clickhouse: ClickHouse, tenant: TenantId, event: str, days: Collection[date]) -> dict[date, Groups]:
    """The customers with events of one name on each of some days: ClickHouse keeps them by day (`events.spread`)."""
    if not days:
        return {}
    parameters = Parameters()
    name, listed = parameters.add(event, "String"), parameters.add(sorted(map(str, days)), "Array(Date)")
    rows = await clickhouse.get_bitmaps(
        tenant,
        f"SELECT toUInt64(day) * {GROUPS} + part AS key, bitmap FROM (SELECT {events.DAY} AS day,"
        f" bitShiftRight(seq, 20) AS part, groupBitmapState(seq) AS bitmap FROM {EVENT.name}"
        f" WHERE name = {name} AND {events.DAY} IN {listed}"
        " GROUP BY day, part)",
        parameters.values,
        settings=SETTINGS,
    )
    found: dict[date, Groups] = {}
    for key, payload in rows:
        found.setdefault(_EPOCH + timedelta(days=key // GROUPS), {})[key % GROUPS] = decode_group(payload)
    return found


async def _arrived_of(clickhouse: ClickHouse, tenant: TenantId, event: str, since: Position) -> Groups:
    """The customers with events of one name that came since a position."""
    parameters = Parameters()
    rows = await clickhouse.get_bitmaps(
        tenant,
        f"SELECT bitShiftRight(seq, 20) AS key, groupBitmapState(seq) AS bitmap FROM {EVENT.name}"
        f" WHERE name = {parameters.add(event, 'String')} AND {arrived(since)} GROUP BY key",
        parameters.values,
        settings=SETTINGS,
    )
    return {key: decode_group(payload) for key, payload in rows}


def _united(sets: Sequence[Groups]) -> Groups:
    groups = {group for one in sets for group in one}
    return {group: BitMap.union(*(one[group] for one in sets if group in one)) for group in groups}


def _days(first: date, last: date) -> list[date]:
    """The days from one to another, both included; none where the first is the later one."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def scan(group: Sequence[Measured], today: date, reach: Reach, own: Collection[str] = ()) -> Scan:
    """The sets of statistics over the same events: who was seen at all, and each value's members.

    Properties in `own` are read from their own columns.
    """
    parameters = Parameters()
    inner, columns = _measures(group, today, reach, parameters, own)
    keys: list[Key] = [(0, SEEN)]
    states, chosen = ["groupBitmapState(seq)"], []
    for place, one in enumerate(group):
        column = columns[place]
        chosen.append(f"{_chosen(one, column, parameters)} AS v{place}")
        if not one.never_unknown:
            keys.append((one.number, KNOWN))
            states.append(f"groupBitmapStateIf(seq, isNotNull({column}))")
        for number, value in enumerate(one.values, start=1):
            keys.append((one.number, value.name))
            states.append(f"groupBitmapStateIf(seq, v{place} = {number})")
    sql = (
        f"SELECT (number - 1) * {GROUPS} + part AS key, bitmap FROM (SELECT bitShiftRight(seq, 20) AS part,"
        f" [{', '.join(states)}] AS found FROM (SELECT *, {', '.join(chosen)} FROM ({inner})) GROUP BY part)"
        " ARRAY JOIN found AS bitmap, arrayEnumerate(found) AS number"
    )
    return Scan(sql, keys, parameters.values)


def measures_sql(
    group: Sequence[Measured], today: date, reach: Reach, own: Collection[str] = ()
) -> tuple[str, list[str], dict[str, Any]]:
    """A query of the measures themselves, one row for each customer, and the column of each statistic."""
    parameters = Parameters()
    inner, columns = _measures(group, today, reach, parameters, own)
    return inner, columns, parameters.values


async def measure_of(clickhouse: ClickHouse, tenant: TenantId, one: Measured, today: date, seq: int) -> Any:
    """The measure of one customer: a number or a text, None where there is nothing to measure."""
    sql, (column,), params = measures_sql([one], today, Reach(seq=seq))
    rows = (await clickhouse.query(tenant, f"SELECT {column} AS m FROM ({sql})", params)).to_pylist()
    return rows[0]["m"] if rows else None


async def edges_by_rank(
    clickhouse: ClickHouse, tenant: TenantId, one: Measured, today: date, own: Collection[str] = ()
) -> Measured:
    """A ranked statistic with the shares of its bands as the measures that lie there now."""
    shares = sorted({edge for value in one.values for edge in (value.low, value.high) if edge is not None})
    inner, (column,), params = measures_sql([one], today, Reach(), own)
    levels = ", ".join(str(min(max(share / 100, 0.0), 1.0)) for share in shares)
    found = await clickhouse.query(
        tenant,
        f"SELECT quantilesExactHigh({levels})(assumeNotNull({column})) AS q, count() AS n FROM ({inner})"
        f" WHERE isNotNull({column})",
        params,
    )
    row = found.to_pylist()[0]
    at = dict(zip(shares, row["q"], strict=True)) if row["n"] else dict.fromkeys(shares, 0.0)

    def moved(value: TagValue) -> TagValue:
        low = None if value.low is None or value.low <= 0 else float(at[value.low])
        high = None if value.high is None or value.high >= 100 else float(at[value.high])
        return msgspec.structs.replace(value, low=low, high=high)

    return msgspec.structs.replace(one, values=tuple(moved(value) for value in one.values))


def _measures(
    group: Sequence[Measured], today: date, reach: Reach, parameters: Parameters, own: Collection[str]
) -> tuple[str, list[str]]:
    """One row for each customer with an event in the window; measures that are the same share a column."""
    event, until = group[0].statistic.event, midnight(today + timedelta(days=1))
    windows = {one.statistic.window_days for one in group}
    widest = None if None in windows else max(window for window in windows if window is not None)
    conditions = [f"name = {parameters.add(event, 'String')}", f"at < {parameters.instant(until)}"]
    if widest is not None:
        conditions.append(f"at >= {parameters.instant(until - timedelta(days=widest))}")
    if reach.low is not None and reach.high is not None:
        conditions.append(f"seq >= {reach.low} AND seq < {reach.high}")
    if reach.seq is not None:
        conditions.append(f"seq = {parameters.add(reach.seq, 'UInt32')}")
    if reach.among is not None:
        asked, part = reach.among
        conditions.append(f"seq IN ({sql_asked.members_sql(parameters.add(str(asked), 'UUID'), part)})")
    holding = _Holding(until, widest, parameters, own)
    known: dict[str, str] = {}
    columns, selected = [], []
    for one in group:
        said = one.statistic
        same = repr((said.take, said.property, said.percent, said.window_days, said.where))
        if same not in known:
            known[same] = f"m{len(known)}"
            selected.append(f"{_measure(one, holding.of(one), today, parameters, own)} AS {known[same]}")
        columns.append(known[same])
    sql = f"SELECT seq, {', '.join(selected)} FROM {EVENT.name} WHERE {' AND '.join(conditions)} GROUP BY seq"
    return sql, columns


class _Holding:
    """Conditions on an event that it counts for a statistic: the same text for the same condition, so it is asked once.

    `widest` is the window, in days, that all events of the scan lie in.
    """

    def __init__(self, until: datetime, widest: int | None, parameters: Parameters, own: Collection[str]) -> None:
        self._until, self._widest, self._parameters, self._own = until, widest, parameters, own
        self._known: dict[str, str] = {}

    def of(self, one: Measured) -> str:
        """The condition of a statistic."""
        parts = [self._property(each) for each in one.bound.where]
        window = one.statistic.window_days
        if window is not None and window != self._widest:
            parts.append(self._since(window))
        return " AND ".join(parts) or "1"

    def _property(self, comparison: Comparison) -> str:
        key = repr(comparison)
        if key not in self._known:
            self._known[key] = f"ifNull({property_condition(comparison, self._parameters, self._own)}, 0)"
        return self._known[key]

    def _since(self, days: int) -> str:
        key = str(days)
        if key not in self._known:
            self._known[key] = f"at >= {self._parameters.instant(self._until - timedelta(days=days))}"
        return self._known[key]


def _measure(one: Measured, held: str, today: date, parameters: Parameters, own: Collection[str]) -> str:
    """A measure of the events held as Nullable(Float64), or the most frequent text as Nullable(String)."""
    take = one.statistic.take
    if take in OF_NUMBERS:
        return _of_numbers(one, held, own)
    if take is Taken.TOP:
        assert one.statistic.property is not None, "checked when it was saved"
        text = _text(one, own)
        counted = f"sumMapIf([{text}], [toUInt64(1)], {held})"
        place = f"arrayFirstIndex(n -> n = arrayMax(tupleElement({counted}, 2)), tupleElement({counted}, 2))"
        return f"nullIf(arrayElement(tupleElement({counted}, 1), {place}), '')"
    shown = parameters.add(today.isoformat(), "Date") if take in AGES else ""
    number = {
        Taken.COUNT: f"countIf({held})",
        Taken.DAYS: f"uniqExactIf(toDate(at, '{CHINA}'), {held})",
        Taken.LAST_DAYS_AGO: f"dateDiff('day', toDate(maxOrNullIf(at, {held}), '{CHINA}'), {shown})",
        Taken.FIRST_DAYS_AGO: f"dateDiff('day', toDate(minOrNullIf(at, {held}), '{CHINA}'), {shown})",
        Taken.INTERVAL: (
            f"if(countIf({held}) > 1, dateDiff('second', minIf(at, {held}), maxIf(at, {held})) / 86400."
            f" / (countIf({held}) - 1), NULL)"
        ),
    }[take]
    return f"CAST({number} AS Nullable(Float64))"


def _of_numbers(one: Measured, held: str, own: Collection[str]) -> str:
    attribute = one.bound.measured.attribute
    value = f"toFloat64({property_value(attribute, own)})"
    if attribute.type is AttributeType.DECIMAL:
        value += f" / {DECIMAL_SCALE}"
    function = {
        Taken.SUM: "sumOrNullIf",
        Taken.AVERAGE: "avgOrNullIf",
        Taken.MAX: "maxOrNullIf",
        Taken.MIN: "minOrNullIf",
        Taken.PERCENTILE: f"quantileExactOrNullIf({(one.statistic.percent or 0) / 100})",
    }[one.statistic.take]
    found = f"{function}({value}, {held})"
    return (
        f"CAST(ifNull({found}, 0) AS Nullable(Float64))" if one.never_unknown else f"CAST({found} AS Nullable(Float64))"
    )


def _text(one: Measured, own: Collection[str]) -> str:
    """The property whose texts are counted: the last condition asks whether it is known."""
    return f"ifNull({property_value(one.bound.where[-1].attribute, own)}, '')"


def _chosen(one: Measured, column: str, parameters: Parameters) -> str:
    """The place of the first value that holds, 0 where none does."""
    parts = []
    for number, value in enumerate(one.values, start=1):
        parts += [f"ifNull({_band(value, column, parameters)}, 0)", str(number)]
    return f"multiIf({', '.join(parts)}, 0)"


def _band(value: TagValue, column: str, parameters: Parameters) -> str:
    if value.equals is not None:
        return f"{column} = {parameters.add(value.equals, 'String')}"
    sides = [f"{column} {sign} {parameters.add(edge, 'Float64')}"
             for sign, edge in ((">=", value.low), ("<", value.high)) if edge is not None]  # fmt: skip
    return " AND ".join(sides) or f"isNotNull({column})"


def _holds(value: TagValue, measure: float) -> bool:
    return (value.low is None or measure >= value.low) and (value.high is None or measure < value.high)


def value_of(one: Measured, measure: Any) -> TagValue | None:
    """The value of a measure: the first that holds."""
    for value in one.values:
        if value.equals is not None and measure == value.equals:
            return value
        if value.equals is None and _holds(value, float(measure)):
            return value
    return None


def arrived(since: Position) -> str:
    """Rows of the log beyond a position; by the first comparison older parts are passed over (`events.spread`)."""
    return f"(xid >= {since.xid} AND xid < {LIVE} AND (xid, ordinal) > ({since.xid}, {since.ordinal}))"


def midnight(day: date) -> datetime:
    """The instant, in UTC, at which one of the bank's days begins."""
    return datetime.combine(day, time(), CHINA).astimezone(UTC)
