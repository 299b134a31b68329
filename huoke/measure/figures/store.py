"""What figures ask of PostgreSQL and ClickHouse; nothing is written."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from asyncpg import Record
from numpy.typing import NDArray

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Tx
from huoke.measure.figures.streams import STEPS

_COUNTS = (
    "countIf(previous = '') AS granted,"
    " countIf(state IN ('issued', 'fulfilling', 'fulfilled', 'used') AND previous IN ('', 'reserved')) AS claimed,"
    " toInt64(countIf(state = 'used')) - countIf(previous = 'used') AS redeemed,"
    " sumIf(amount_fen, state = 'used') - sumIf(amount_fen, previous = 'used') AS redeemed_fen,"
    " countIf(state = 'expired') AS expired"
)
"""An undone redemption goes from used back to fulfilled: it takes its count and its money off again."""

_BUDGETS = (
    " FROM (SELECT id AS campaign_id, budget_id FROM campaigns.campaign WHERE id = ANY($1)"
    " UNION ALL SELECT campaign_id, budget_id FROM campaigns.share WHERE campaign_id = ANY($1)) o"
)


async def campaign(tx: Tx, campaign_id: UUID) -> Record | None:
    """A campaign with the waterfall it was approved with."""
    return await tx.fetch_row(
        "SELECT c.id, c.unit_id, c.name, c.state, c.opens_at, c.closes_at, c.offer_id,"
        " coalesce(r.audience, 0) AS audience,"
        " coalesce(r.control, 0) AS control, coalesce(r.total, 0) AS reachable"
        " FROM campaigns.campaign c LEFT JOIN campaigns.run r ON r.campaign_id = c.id WHERE c.id = $1",
        campaign_id,
    )


async def live_campaigns(tx: Tx, units: Iterable[int] | None, limit: int) -> list[Record]:
    """Approved, running and paused campaigns of units, with their benefit, latest change first."""
    return await tx.fetch(
        "SELECT c.id, c.unit_id, c.name, c.state, c.opens_at, c.closes_at,"
        " coalesce((SELECT string_agg(o.title, ' / ' ORDER BY o.line) FROM grants.offer o"
        " WHERE o.source_kind = 'campaign' AND o.source_id = c.id), '') AS sku"
        " FROM campaigns.campaign c"
        " WHERE c.state IN ('approved', 'running', 'paused') AND ($1::int[] IS NULL OR c.unit_id = ANY($1))"
        " ORDER BY c.state = 'running' DESC, c.changed_at DESC LIMIT $2",
        None if units is None else list(units),
        limit,
    )


async def recent_campaigns(tx: Tx, units: Iterable[int] | None, limit: int) -> list[Record]:
    """Campaigns of units, latest change first."""
    return await tx.fetch(
        "SELECT id, unit_id, name, state, changed_at FROM campaigns.campaign"
        " WHERE ($1::int[] IS NULL OR unit_id = ANY($1)) ORDER BY changed_at DESC, id DESC LIMIT $2",
        None if units is None else list(units),
        limit,
    )


async def drafts_of(tx: Tx, staff_id: str) -> Record | None:
    """How many drafts somebody has, and how many of them came back from approval."""
    return await tx.fetch_row(
        "SELECT count(*) FILTER (WHERE change_id IS NULL) AS drafts,"
        " count(*) FILTER (WHERE change_id IS NOT NULL) AS returned"
        " FROM campaigns.campaign WHERE state = 'draft' AND created_by = $1",
        staff_id,
    )


async def statements_to_confirm(tx: Tx, staff_id: str) -> int:
    """How many draft statements somebody else made."""
    count: int = await tx.fetch_value(
        "SELECT count(*) FROM statements.statement WHERE state = 'draft' AND created_by <> $1", staff_id
    )
    return count


async def supply_alarms(tx: Tx) -> int:
    """How many alarms of supply stand."""
    count: int = await tx.fetch_value("SELECT count(*) FROM supply.alarm WHERE cleared_at IS NULL")
    return count


async def differences_to_work(tx: Tx, staff_id: str) -> int:
    """How many differences with suppliers are open, or wait for a second person who is not this one."""
    count: int = await tx.fetch_value(
        "SELECT count(*) FROM reconciliation.difference"
        " WHERE state = 'open' OR (state = 'proposed' AND proposed_by <> $1)",
        staff_id,
    )
    return count


async def running_count(tx: Tx, units: Iterable[int] | None) -> int:
    """How many campaigns of units run."""
    count: int = await tx.fetch_value(
        "SELECT count(*) FROM campaigns.campaign WHERE state = 'running' AND ($1::int[] IS NULL OR unit_id = ANY($1))",
        None if units is None else list(units),
    )
    return count


async def money(tx: Tx, campaign_ids: Sequence[UUID]) -> list[Record]:
    """What campaigns' budgets hold, branch shares included."""
    return await tx.fetch(
        "SELECT o.campaign_id, sum(b.limit_fen)::bigint AS limit_fen, sum(b.reserved_fen)::bigint AS reserved_fen,"
        " sum(b.committed_fen)::bigint AS committed_fen, sum(b.available_fen)::bigint AS available_fen"
        + _BUDGETS
        + " JOIN ledger.budget b ON b.id = o.budget_id GROUP BY o.campaign_id",
        campaign_ids,
    )


async def stock(tx: Tx, campaign_ids: Sequence[UUID]) -> list[Record]:
    """What campaigns' pools hold, branch shares included."""
    return await tx.fetch(
        "SELECT o.campaign_id, sum(p.total - p.allocated)::bigint AS total, sum(p.reserved)::bigint AS reserved,"
        " sum(p.used)::bigint AS used, sum(p.available)::bigint AS available"
        " FROM campaigns.pool o JOIN grants.pool p ON p.id = o.pool_id WHERE o.campaign_id = ANY($1)"
        " GROUP BY o.campaign_id",
        campaign_ids,
    )


async def shipped_place(clickhouse: ClickHouse, tenant: TenantId) -> tuple[int, int] | None:
    """The place of the bank's last step in ClickHouse, (0, -1) for none yet; None where its table is missing."""
    found = await clickhouse.query(
        tenant,
        "SELECT count() AS n FROM system.tables WHERE database = currentDatabase() AND name = {name:String}",
        {"name": STEPS.name},
    )
    if not found.to_pylist()[0]["n"]:
        return None
    place = await clickhouse.query(
        tenant,
        "SELECT tupleElement(p, 1) AS xid, tupleElement(p, 2) AS ordinal"
        f" FROM (SELECT max((xid, ordinal)) AS p FROM {STEPS.name})",
    )
    row = place.to_pylist()[0]
    return (int(row["xid"]), int(row["ordinal"])) if row["xid"] else (0, -1)


async def cost_by_customer(
    clickhouse: ClickHouse, tenant: TenantId, first: int, last: int, begin: datetime, end: datetime
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """What redemptions of customers with numbers in [first, last] cost within [begin, end): seq ascending, fen."""
    found = await clickhouse.query(
        tenant,
        "SELECT seq, sumIf(amount_fen, state = 'used') - sumIf(amount_fen, previous = 'used') AS fen"
        f" FROM {STEPS.name} WHERE at >= {{begin:DateTime64(6, 'UTC')}} AND at < {{end:DateTime64(6, 'UTC')}}"
        " AND seq BETWEEN {first:UInt32} AND {last:UInt32} GROUP BY seq ORDER BY seq",
        {"begin": begin, "end": end, "first": first, "last": last},
    )
    return found.column("seq").to_numpy(), found.column("fen").to_numpy()


async def oldest_unshipped(tx: Tx, xid: int, ordinal: int) -> datetime | None:
    """When the bank's first step after a place happened; None when there is none."""
    at: datetime | None = await tx.fetch_value(
        "SELECT at FROM grants.step WHERE (xid, ordinal) > ($1::xid8, $2) ORDER BY xid, ordinal LIMIT 1", xid, ordinal
    )
    return at


async def by_unit(clickhouse: ClickHouse, tenant: TenantId, campaign_id: UUID) -> list[dict[str, Any]]:
    """A campaign's grants counted by unit."""
    found = await clickhouse.query(
        tenant,
        f"SELECT unit_id, {_COUNTS} FROM {STEPS.name} WHERE source_id = {{campaign:UUID}} GROUP BY unit_id",
        {"campaign": str(campaign_id)},
    )
    return _rows(found)


async def by_hour(clickhouse: ClickHouse, tenant: TenantId, campaign_id: UUID, limit: int) -> list[dict[str, Any]]:
    """A campaign's grants by hour (Unix seconds), ascending: the last `limit` hours with anything in them."""
    found = await clickhouse.query(
        tenant,
        f"SELECT * FROM (SELECT toUnixTimestamp(toStartOfHour(at)) AS hour, {_COUNTS} FROM {STEPS.name}"
        " WHERE source_id = {campaign:UUID} GROUP BY hour ORDER BY hour DESC LIMIT {limit:UInt32}) ORDER BY hour",
        {"campaign": str(campaign_id), "limit": limit},
    )
    return _rows(found)


async def by_campaign(clickhouse: ClickHouse, tenant: TenantId, campaign_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Grants counted by campaign."""
    found = await clickhouse.query(
        tenant,
        f"SELECT toString(source_id) AS campaign_id, {_COUNTS} FROM {STEPS.name}"
        " WHERE source_id IN (SELECT arrayJoin({campaigns:Array(UUID)})) GROUP BY source_id",
        {"campaigns": [str(campaign_id) for campaign_id in campaign_ids]},
    )
    return _rows(found)


async def since(
    clickhouse: ClickHouse, tenant: TenantId, begin: datetime, units: Iterable[int] | None
) -> dict[str, Any]:
    """Grants of units counted from an instant on."""
    within = "" if units is None else " AND has({units:Array(UInt32)}, unit_id)"
    found = await clickhouse.query(
        tenant,
        f"SELECT {_COUNTS} FROM {STEPS.name} WHERE at >= fromUnixTimestamp64Micro({{begin:Int64}}){within}",
        {"begin": int(begin.timestamp() * 1_000_000), "units": [] if units is None else sorted(units)},
    )
    return _rows(found)[0]


def _rows(found: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows
