"""The SQL of what comes in: figures out of ClickHouse, the latest messages out of the log."""

from datetime import datetime
from typing import Any
from uuid import UUID

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Tx
from huoke.know.events.streams import EVENT

_SAID = "id, name, kind, at, amount_fen, entry_code, properties, source_id, recorded_at"
_WANTED = (
    "recorded_at >= $1 AND ($2::uuid IS NULL OR source_id = $2) AND ($3 = '' OR name = $3)"
    " AND ($4::timestamptz IS NULL OR (recorded_at, id) < ($4, $5::uuid)) ORDER BY recorded_at DESC, id DESC LIMIT $6"
)


async def is_there(clickhouse: ClickHouse, tenant: TenantId) -> bool:
    """Whether the bank has a table of events yet."""
    found = await clickhouse.query(
        tenant, f"SELECT 1 FROM system.tables WHERE database = currentDatabase() AND name = '{EVENT.name}'"
    )
    return len(found) > 0


async def counts(
    clickhouse: ClickHouse, tenant: TenantId, month_ago: datetime, day_ago: datetime
) -> list[dict[str, Any]]:
    """By source and name: events that happened since `month_ago`, how many came since `day_ago`, and when the last."""
    found = await clickhouse.query(
        tenant,
        "SELECT toString(source_id) AS source, toString(name) AS name, count() AS month,"
        " countIf(recorded_at >= {day:DateTime64(3, 'UTC')}) AS day, max(recorded_at) AS last_at"
        f" FROM {EVENT.name} WHERE at >= {{month:DateTime64(3, 'UTC')}} GROUP BY source, name",
        {"month": month_ago, "day": day_ago},
    )
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


async def hours(clickhouse: ClickHouse, tenant: TenantId, since: datetime) -> list[dict[str, Any]]:
    """By source: how many came in each hour since `since`, and happened in the two days before it at most."""
    found = await clickhouse.query(
        tenant,
        "SELECT toString(source_id) AS source, toStartOfHour(recorded_at, 'UTC') AS hour, count() AS events"
        f" FROM {EVENT.name} WHERE at >= {{since:DateTime64(3, 'UTC')}} - INTERVAL 2 DAY"
        " AND recorded_at >= {since:DateTime64(3, 'UTC')} GROUP BY source, hour ORDER BY source, hour",
        {"since": since},
    )
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


async def latest(
    tx: Tx, *, since: datetime, source_id: UUID | None, name: str, before: tuple[datetime, UUID] | None, limit: int
) -> list[dict[str, Any]]:
    """Messages taken since `since`, latest first, with those that wait for their customer (seq is null)."""
    rows = await tx.fetch(
        f"(SELECT {_SAID}, seq FROM events.event WHERE {_WANTED})"
        f" UNION ALL (SELECT {_SAID}, NULL FROM events.waiting WHERE load_id IS NULL AND {_WANTED})"
        " ORDER BY recorded_at DESC, id DESC LIMIT $6",
        since,
        source_id,
        name,
        before[0] if before else None,
        before[1] if before else None,
        limit,
    )
    return [dict(row) for row in rows]


async def aside(tx: Tx) -> dict[UUID, int]:
    """How many messages of each source lie in quarantine."""
    rows = await tx.fetch("SELECT source_id, count(*) AS n FROM events.quarantine GROUP BY source_id")
    return {row["source_id"]: row["n"] for row in rows}
