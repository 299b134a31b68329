"""The ClickHouse SQL of relations: who does more than take rewards, and who is paid by whom."""

from datetime import date, timedelta

import pyarrow as pa

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.know import events
from huoke.know.relations.model import Joined

IDLE = ("app.login", "page.viewed", "screen.viewed", "benefit.viewed", "campaign.viewed", "message.opened",
        "customer.identified", "customer.grouped", "customer.aliased")  # fmt: skip
"""Looking around is what taking a reward needs."""
WINDOW_DAYS = 90
_ZONE = "Asia/Shanghai"
_NOW = "transform(seq, {from:Array(UInt32)}, {to:Array(UInt32)}, seq)"
"""Under whichever number it happened: whom the number leads to now."""


async def lively(clickhouse: ClickHouse, tenant: TenantId, joined: Joined, today: date) -> pa.Table:
    """person, days: on how many days of the last 90 somebody did more than look around; nobody with none."""
    if not await _is_there(clickhouse, tenant):
        return pa.table({"person": pa.array([], pa.uint32()), "days": pa.array([], pa.int32())})
    numbers, kept = joined.columns if joined.ends else ([0], [0])
    return await clickhouse.query(
        tenant,
        f"SELECT {_NOW} AS person, toInt32(uniqExact(toDate(at, '{_ZONE}'))) AS days FROM {events.EVENT.name}"
        " WHERE name NOT IN {idle:Array(String)} AND at >= toDateTime({since:Date}, 'Asia/Shanghai') GROUP BY person",
        {"idle": list(IDLE), "since": today - timedelta(days=WINDOW_DAYS), "from": numbers, "to": kept},
    )


async def salaries(clickhouse: ClickHouse, tenant: TenantId, since: date) -> pa.Table:
    """seq, employer, first (days since 1970), times: salaries received since a day, by employer's name."""
    if not await _is_there(clickhouse, tenant):
        return pa.table({name: pa.array([], pa.int32()) for name in ("seq", "employer", "first", "times")})
    return await clickhouse.query(
        tenant,
        f"SELECT seq, properties['employer'] AS employer, toInt32(min(toDate(at, '{_ZONE}'))) AS first,"
        f" toInt32(count()) AS times FROM {events.EVENT.name} WHERE name = 'salary.received'"
        " AND properties['employer'] != '' AND at >= toDateTime({since:Date}, 'Asia/Shanghai')"
        " GROUP BY seq, employer ORDER BY seq, employer",
        {"since": since},
    )


async def _is_there(clickhouse: ClickHouse, tenant: TenantId) -> bool:
    """Whether the bank has taken any event."""
    found = await clickhouse.query(
        tenant, f"SELECT 1 FROM system.tables WHERE database = currentDatabase() AND name = '{events.EVENT.name}'"
    )
    return len(found) > 0
