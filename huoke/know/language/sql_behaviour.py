"""ClickHouse SQL of behaviours: the sets of one leaf, the same as a condition on one customer, and what one did."""

from collections.abc import Collection
from datetime import UTC, date

from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import Seq, TenantId
from huoke.kernel.sets import Source
from huoke.know.customers import DECIMAL_SCALE, Attribute, AttributeType
from huoke.know.events import EVENT, PROPERTY_PREFIX, TIMELINE
from huoke.know.language.behaviour import AMOUNT, ENTRY, Bound, Happened, window
from huoke.know.language.expression import Measure
from huoke.know.language.keys import behaviour_key, known_key
from huoke.know.language.sql_values import TYPES, Parameters, compared_sql
from huoke.know.language.typed import DECIMAL_PLACES, Comparison

TABLE = EVENT.name


async def event_rows(clickhouse: ClickHouse, tenant: TenantId) -> int | None:
    """How many events of the bank are in ClickHouse: facts are only added, so it is their version. None before any."""
    found = await clickhouse.query(
        tenant,
        "SELECT total_rows AS rows FROM system.tables WHERE database = currentDatabase() AND name = {table:String}",
        {"table": TABLE},
    )
    rows = found.to_pylist()
    return int(rows[0]["rows"] or 0) if rows else None


def behaviour_source(bound: Bound, today: date, prefix: str) -> Source:
    """One scan that gives a behaviour's stored set, and the set of those whose measure is known."""
    parameters = Parameters()
    inner = measured(bound, today, parameters)
    holds = f"ifNull({compared_sql('m', bound.measured, _kind(bound), parameters)}, 0)"
    stored = f"NOT {holds}" if bound.holds_for_none else holds
    sql = (
        f"SELECT key, bitmap FROM (SELECT [groupBitmapStateIf(seq, {stored}), groupBitmapStateIf(seq, isNotNull(m))]"
        f" AS found FROM ({inner})) ARRAY JOIN found AS bitmap, arrayEnumerate(found) AS key"
    )
    return Source(sql, {1: prefix + behaviour_key(bound), 2: prefix + known_key(bound)}, parameters.values)


def customer_condition(bound: Bound, parameters: Parameters, today: date) -> str:
    """A behaviour as a condition on `seq` of a customer: true, false, or NULL where its measure is unknown."""
    inner = measured(bound, today, parameters)
    holds = compared_sql("m", bound.measured, _kind(bound), parameters)
    those = f"SELECT seq FROM ({inner}) WHERE ifNull({holds}, 0)"
    if bound.holds_for_none:
        return f"(seq NOT IN (SELECT seq FROM ({inner}) WHERE NOT ifNull({holds}, 0)))"
    if bound.never_unknown:
        return f"(seq IN ({those}))"
    known = f"SELECT seq FROM ({inner}) WHERE isNotNull(m)"
    return f"if(seq IN ({known}), seq IN ({those}), CAST(NULL AS Nullable(UInt8)))"


async def happened(clickhouse: ClickHouse, tenant: TenantId, seq: Seq, names: Collection[str]) -> list[Happened]:
    """The events of one customer under these names."""
    return (await happened_to(clickhouse, tenant, [seq], names)).get(int(seq), [])


async def happened_to(
    clickhouse: ClickHouse, tenant: TenantId, seqs: Collection[int], names: Collection[str]
) -> dict[int, list[Happened]]:
    """The events of each of some customers under these names; who has none is left out."""
    if not names or await event_rows(clickhouse, tenant) is None:
        return {}
    rows = await clickhouse.query(
        tenant,
        f"SELECT seq, name, at, amount_fen, entry_code, properties FROM {TIMELINE.name}"
        " WHERE seq IN {seqs:Array(UInt32)} AND name IN {names:Array(String)}",
        {"seqs": sorted({int(seq) for seq in seqs}), "names": sorted(names)},
    )
    found: dict[int, list[Happened]] = {}
    for row in rows.to_pylist():
        one = Happened(
            row["name"],
            row["at"].replace(tzinfo=row["at"].tzinfo or UTC),
            row["amount_fen"],
            row["entry_code"],
            dict(row["properties"]),
        )
        found.setdefault(row["seq"], []).append(one)
    return found


def measured(bound: Bound, today: date, parameters: Parameters) -> str:
    """SQL of the customers with at least one event that counts, and their measure `m`."""
    since, until = window(bound, today)
    conditions = [
        f"name = {parameters.add(bound.schema.name, 'String')}",
        f"at < {parameters.instant(until)}",
        *([f"at >= {parameters.instant(since)}"] if since else []),
        *(f"ifNull({property_condition(one, parameters)}, 0)" for one in bound.where),
    ]
    return (
        f"SELECT seq, {_measure(bound, today, parameters)} AS m FROM {TABLE}"
        f" WHERE {' AND '.join(conditions)} GROUP BY seq"
    )


def _measure(bound: Bound, today: date, parameters: Parameters) -> str:
    match bound.node.measure:
        case Measure.COUNT:
            return "count()"
        case Measure.DAYS:
            return f"uniqExact(toDate(at, '{CHINA}'))"
        case Measure.LAST_DAYS_AGO:
            return f"dateDiff('day', toDate(max(at), '{CHINA}'), {parameters.add(today.isoformat(), 'Date')})"
        case Measure.SUM:
            return f"ifNull(sum({_wide(_number(bound))}), 0)"
        case Measure.MAX:
            return f"max({_number(bound)})"


def _number(bound: Bound) -> str:
    attribute = bound.measured.attribute
    assert bound.node.property is not None, "a sum or a largest value is of a property"
    return property_value(attribute)


def _wide(value: str) -> str:
    """Sums of large amounts do not wrap."""
    return f"toInt128({value})"


def _kind(bound: Bound) -> str:
    return TYPES[bound.measured.attribute.type]


def property_condition(comparison: Comparison, parameters: Parameters, own: Collection[str] = ()) -> str:
    """A comparison of an event's property: true, false, or NULL where the event has none."""
    kind = TYPES[comparison.attribute.type]
    return compared_sql(property_value(comparison.attribute, own), comparison, kind, parameters)


def property_value(attribute: Attribute, own: Collection[str] = ()) -> str:
    """An event's property as its type holds it; NULL where the event has none. Names are registered, never typed.

    Those in `own` are read from their own columns (`events.spread`).
    """
    assert attribute.name.isidentifier(), "a property's name is a plain identifier"
    if attribute.name == AMOUNT:
        return AMOUNT
    if attribute.name == ENTRY:
        return f"nullIf({ENTRY}, '')"
    there = f"mapContains(properties, '{attribute.name}')"
    text = f"if({there}, properties['{attribute.name}'], NULL)"
    if attribute.name in own:
        text = f"{PROPERTY_PREFIX}{attribute.name}"
    return {
        AttributeType.TEXT: text,
        AttributeType.BOOLEAN: f"({text} = 'true')",
        AttributeType.INTEGER: f"toInt64OrNull({text})",
        AttributeType.DATE: f"toDate32OrNull({text})",
        AttributeType.DECIMAL: f"toInt128(toDecimal128OrNull({text}, {DECIMAL_PLACES}) * {DECIMAL_SCALE})",
    }[attribute.type]
