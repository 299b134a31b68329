"""The SQL of metrics: one pass over the events of a window, one row a customer."""

from datetime import datetime
from typing import TYPE_CHECKING

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.know.metrics.model import Aggregate, Metric, Source

if TYPE_CHECKING:
    import pyarrow as pa

_TABLES = {Source.EVENT: "event", Source.REDEMPTION: "grant_step"}
_VALUES = {
    Aggregate.ANY: "toFloat64(1)",
    Aggregate.COUNT: "toFloat64(count())",
    Aggregate.DAYS: "toFloat64(uniqExact(toDate(at, 'Asia/Shanghai')))",
}
_AMOUNT = "amount_fen"


async def has_table(clickhouse: ClickHouse, tenant: TenantId, source: Source) -> bool:
    """Whether anything of this source was ever shipped."""
    found = await clickhouse.query(
        tenant,
        "SELECT count() AS n FROM system.tables WHERE database = currentDatabase() AND name = {name:String}",
        {"name": _TABLES[source]},
    )
    return bool(found.column("n").to_pylist()[0])


async def by_customer(
    clickhouse: ClickHouse, tenant: TenantId, metric: Metric, seqs: tuple[int, int], begin: datetime, end: datetime
) -> "pa.Table":
    """Columns seq and value of everybody between two seqs, both included, whose value is not 0."""
    conditions = ["at >= fromUnixTimestamp64Milli({begin:Int64})", "at < fromUnixTimestamp64Milli({end:Int64})"]
    conditions.append("seq BETWEEN {low:UInt32} AND {high:UInt32}")
    conditions.append("name IN {names:Array(String)}" if metric.source is Source.EVENT else "state = 'used'")
    if metric.without_property is not None:
        conditions.append("NOT has({without:Array(String)}, properties[{without_property:String}])")
    return await clickhouse.query(
        tenant,
        f"SELECT seq, {_value(metric)} AS value FROM {_TABLES[metric.source]}"
        f" WHERE {' AND '.join(conditions)} GROUP BY seq ORDER BY seq",
        {
            "begin": _milliseconds(begin),
            "end": _milliseconds(end),
            "low": seqs[0],
            "high": seqs[1],
            "names": list(metric.events),
            "property": metric.property or "",
            "without_property": metric.without_property or "",
            "without": list(metric.without),
        },
    )


async def first_at(clickhouse: ClickHouse, tenant: TenantId, metric: Metric) -> datetime | None:
    """When the first event of a metric happened; None before there is any."""
    which = "name IN {names:Array(String)}" if metric.source is Source.EVENT else "state = 'used'"
    found = await clickhouse.query(
        tenant,
        f"SELECT minOrNull(toDateTime64(at, 3, 'UTC')) AS first FROM {_TABLES[metric.source]} WHERE {which}",
        {"names": list(metric.events)},
    )
    first: datetime | None = found.column("first").to_pylist()[0]
    return first


def _value(metric: Metric) -> str:
    if metric.aggregate is not Aggregate.SUM:
        return _VALUES[metric.aggregate]
    if metric.property == _AMOUNT:
        return "toFloat64(sum(amount_fen))"
    return "sum(toFloat64OrZero(properties[{property:String}]))"


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1_000)
