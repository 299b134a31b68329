"""What reports ask of PostgreSQL and ClickHouse; nothing is written."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
from asyncpg import Record
from numpy.typing import NDArray

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Tx

EVENT, STEPS, DELIVERY = "event", "grant_step", "delivery"
_AT_ONCE = 100_000
_CLAIMED = "state IN ('issued', 'fulfilling', 'fulfilled', 'used') AND previous IN ('', 'reserved')"
_VISITED = "name = 'campaign.viewed' AND properties['campaign'] = {campaign_text:String}"


class People(msgspec.Struct, frozen=True):
    """Natural person and unit of customers, in the order they were asked for."""

    persons: NDArray[np.int64]
    unit_ids: NDArray[np.int64]


async def campaign(tx: Tx, campaign_id: UUID) -> Record | None:
    """A campaign with its draft, the waterfall it was approved with and when its run ended."""
    return await tx.fetch_row(
        "SELECT c.id, c.unit_id, c.name, c.state, c.draft, c.offer_id, c.opens_at, c.closes_at, c.started_at,"
        " c.finished_at, c.created_by, r.audience, r.no_consent, r.suppressed, r.control, r.total, r.granted,"
        " r.withheld, r.finished_at AS run_finished_at, g.percent AS control_percent"
        " FROM campaigns.campaign c LEFT JOIN campaigns.run r ON r.campaign_id = c.id"
        " LEFT JOIN experiments.control_group g ON g.source_id = c.id WHERE c.id = $1",
        campaign_id,
    )


async def reach_of(tx: Tx, campaign_id: UUID) -> list[bytes]:
    """Whom an approved campaign reaches, as stored at approval, chunk by chunk."""
    rows = await tx.fetch("SELECT members FROM campaigns.reach_chunk WHERE campaign_id = $1", campaign_id)
    return [row["members"] for row in rows]


async def people(tx: Tx, seqs: NDArray[np.uint32]) -> People:
    """Person and unit of customers (ascending), closed ones included; who is gone is a person of their own."""
    persons, unit_ids = seqs.astype(np.int64), np.zeros(len(seqs), np.int64)
    for begin in range(0, len(seqs), _AT_ONCE):
        part = seqs[begin : begin + _AT_ONCE]
        row = await tx.fetch_row(
            "SELECT array_agg(c.seq ORDER BY c.seq) AS seqs,"
            " array_agg(coalesce(c.counts_as, c.person) ORDER BY c.seq) AS persons,"
            " array_agg(c.unit_id ORDER BY c.seq) AS unit_ids FROM unnest($1::int[]) AS s(seq)"
            " JOIN customers.customer c ON c.seq = s.seq",
            part.tolist(),
        )
        assert row is not None
        places = begin + np.searchsorted(part, np.array(row["seqs"] or [], np.uint32))
        persons[places] = row["persons"] or []
        unit_ids[places] = row["unit_ids"] or []
    return People(persons, unit_ids)


async def seqs_within(tx: Tx, seqs: Sequence[int], units: Iterable[int]) -> list[int]:
    """Which of some customers belong to units."""
    rows = await tx.fetch(
        "SELECT seq FROM customers.customer WHERE seq = ANY($1::int[]) AND unit_id = ANY($2::int[])", seqs, list(units)
    )
    return [row["seq"] for row in rows]


async def unit_name(tx: Tx, unit_id: int) -> str:
    """The name of a unit."""
    name: str | None = await tx.fetch_value("SELECT name FROM people.unit WHERE id = $1", unit_id)
    return name or ""


async def paper(tx: Tx, paper_id: UUID) -> Record | None:
    """The job that makes a report: its state, its file, what it was asked for."""
    return await tx.fetch_row(
        "SELECT state, file_id, error, payload FROM jobs.job WHERE name = 'reports.paper' AND unique_key = $1",
        str(paper_id),
    )


async def skus(tx: Tx, campaign_id: UUID) -> list[Record]:
    """The offers of a campaign with the name of their benefit and the stock of their pools."""
    return await tx.fetch(
        "SELECT o.id AS offer_id, o.title AS name, coalesce(max(v.name_en), '') AS name_en,"
        " coalesce(sum(p.total - p.allocated), 0)::bigint AS stock,"
        " coalesce(sum(p.reserved), 0)::bigint AS stock_reserved, coalesce(sum(p.used), 0)::bigint AS stock_used"
        " FROM grants.offer o LEFT JOIN catalogue.sku_version v ON v.sku_id = o.sku_id"
        " AND v.version = o.sku_version LEFT JOIN (SELECT DISTINCT offer_id, pool_id FROM grants.term) t"
        " ON t.offer_id = o.id LEFT JOIN grants.pool p ON p.id = t.pool_id"
        " WHERE o.source_id = $1 GROUP BY o.id, o.title, o.line ORDER BY o.line",
        campaign_id,
    )


async def tables(clickhouse: ClickHouse, tenant: TenantId) -> set[str]:
    """Which of the tables that reports read the bank has."""
    found = await clickhouse.query(
        tenant,
        "SELECT name FROM system.tables WHERE database = currentDatabase() AND has({names:Array(String)}, name)",
        {"names": [EVENT, STEPS, DELIVERY]},
    )
    return {row["name"] for row in found.to_pylist()}


async def totals(clickhouse: ClickHouse, tenant: TenantId, campaign_id: UUID) -> dict[str, Any]:
    """Customers of a campaign with a grant, a claim, a redemption that stands."""
    return await _row(
        clickhouse,
        tenant,
        "SELECT uniqExact(seq) AS granted, countIf(claims > 0) AS claimed, countIf(uses > 0) AS redeemed FROM"
        f" (SELECT seq, countIf({_CLAIMED}) AS claims, {_USES} AS uses FROM grant_step"
        " WHERE source_id = {campaign:UUID} GROUP BY seq)",
        campaign_id,
    )


async def visitors(clickhouse: ClickHouse, tenant: TenantId, campaign_id: UUID) -> int:
    """Customers who saw a campaign's page."""
    row = await _row(clickhouse, tenant, f"SELECT uniqExact(seq) AS visited FROM event WHERE {_VISITED}", campaign_id)
    return int(row["visited"])


async def delivered(clickhouse: ClickHouse, tenant: TenantId, campaign_id: UUID) -> dict[str, Any]:
    """Customers whom a campaign's message was sent to, and whom it arrived at."""
    return await _row(
        clickhouse,
        tenant,
        "SELECT uniqExactIf(seq, state IN ('sent', 'delivered')) AS reached,"
        " uniqExactIf(seq, state = 'delivered') AS delivered FROM delivery WHERE source_id = {campaign:UUID}",
        campaign_id,
    )


async def by_entry(
    clickhouse: ClickHouse, tenant: TenantId, campaign_id: UUID, *, visits: bool
) -> list[dict[str, Any]]:
    """Customers by entry point: who came, and, of those whose last visit before claiming was there, who went on.

    Without any visits everybody who claimed stands under the empty code.
    """
    source = _VISITS if visits else "SELECT 0 AS seq, '' AS entry_code, toDateTime64(0, 3, 'UTC') AS at WHERE 0"
    found = await clickhouse.query(
        tenant,
        f"WITH visits AS ({source}),"
        f" went AS (SELECT seq, minIf(at, {_CLAIMED}) AS claim_at, {_USES} AS uses FROM grant_step"
        f" WHERE source_id = {{campaign:UUID}} GROUP BY seq HAVING countIf({_CLAIMED}) > 0),"
        " came AS (SELECT w.seq AS seq, any(w.uses) AS uses,"
        " argMaxIf(v.entry_code, v.at, v.entry_code <> '' AND v.at <= w.claim_at) AS entry_code"
        " FROM went w LEFT JOIN visits v ON v.seq = w.seq GROUP BY w.seq)"
        " SELECT entry_code, sum(visited) AS visited, sum(claimed) AS claimed, sum(redeemed) AS redeemed FROM ("
        " SELECT entry_code, uniqExact(seq) AS visited, 0 AS claimed, 0 AS redeemed FROM visits GROUP BY entry_code"
        " UNION ALL SELECT entry_code, 0, count(), countIf(uses > 0) FROM came GROUP BY entry_code"
        ") GROUP BY entry_code ORDER BY claimed DESC, visited DESC, entry_code",
        {"campaign": str(campaign_id), "campaign_text": str(campaign_id)},
    )
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


async def by_offer(clickhouse: ClickHouse, tenant: TenantId, campaign_id: UUID) -> list[dict[str, Any]]:
    """Grants of a campaign by offer."""
    found = await clickhouse.query(
        tenant,
        "SELECT toString(offer_id) AS offer_id, countIf(previous = '') AS granted,"
        f" countIf({_CLAIMED}) AS claimed, {_USES} AS redeemed,"
        " sumIf(amount_fen, state = 'used') - sumIf(amount_fen, previous = 'used') AS redeemed_fen"
        " FROM grant_step WHERE source_id = {campaign:UUID} GROUP BY offer_id",
        {"campaign": str(campaign_id)},
    )
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which customers of a number are asked for: at a stage, through an entry point, by units, offer, or hour."""

    stage: str
    entry_code: str | None = None
    units: tuple[int, ...] | None = None
    offer_id: UUID | None = None
    begin: datetime | None = None
    end: datetime | None = None


async def customers_at(
    clickhouse: ClickHouse, tenant: TenantId, campaign_id: UUID, wanted: Wanted, after: int, limit: int
) -> list[dict[str, Any]]:
    """Customers behind a number, ascending by seq from beyond `after`, with when it happened last (milliseconds)."""
    source = _VISITED if wanted.stage == "visited" else "source_id = {campaign:UUID}"
    table = EVENT if wanted.stage == "visited" else STEPS
    conditions = [source, "toInt64(seq) > {after:Int64}", *_narrowed(wanted)]
    having = {"claimed": f"countIf({_CLAIMED}) > 0", "redeemed": f"{_USES} > 0"}.get(wanted.stage, "1")
    found = await clickhouse.query(
        tenant,
        f"SELECT seq, toUnixTimestamp64Milli(toDateTime64(max(at), 3, 'UTC')) AS last FROM {table}"
        f" WHERE {' AND '.join(conditions)} GROUP BY seq HAVING {having} ORDER BY seq LIMIT {{limit:UInt32}}",
        {
            "campaign": str(campaign_id),
            "campaign_text": str(campaign_id),
            "after": after,
            "limit": limit,
            "entry_code": wanted.entry_code or "",
            "units": list(wanted.units or ()),
            "offer": str(wanted.offer_id or UUID(int=0)),
            "begin": _milliseconds(wanted.begin),
            "end": _milliseconds(wanted.end),
        },
    )
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


def _narrowed(wanted: Wanted) -> list[str]:
    conditions = []
    if wanted.units is not None and wanted.stage != "visited":
        conditions.append("has({units:Array(UInt32)}, unit_id)")
    if wanted.offer_id is not None and wanted.stage != "visited":
        conditions.append("offer_id = {offer:UUID}")
    if wanted.begin is not None:
        conditions.append("at >= fromUnixTimestamp64Milli({begin:Int64})")
    if wanted.end is not None:
        conditions.append("at < fromUnixTimestamp64Milli({end:Int64})")
    if wanted.entry_code is not None:
        conditions.append("entry_code = {entry_code:String}" if wanted.stage == "visited" else _CAME_BY)
    return conditions


async def _row(clickhouse: ClickHouse, tenant: TenantId, sql: str, campaign_id: UUID) -> dict[str, Any]:
    found = await clickhouse.query(tenant, sql, {"campaign": str(campaign_id), "campaign_text": str(campaign_id)})
    row: dict[str, Any] = found.to_pylist()[0]
    return row


def _milliseconds(at: datetime | None) -> int:
    return 0 if at is None else int(at.timestamp() * 1_000)


_USES = "toInt64(countIf(state = 'used')) - toInt64(countIf(previous = 'used'))"
_VISITS = f"SELECT seq, entry_code, at FROM event WHERE {_VISITED}"
_CAME_BY = (
    "seq IN (SELECT seq FROM (SELECT w.seq AS seq, argMaxIf(v.entry_code, v.at, v.entry_code <> '' AND"
    " v.at <= w.claim_at) AS code FROM (SELECT seq, minIf(at, " + _CLAIMED + ") AS claim_at FROM grant_step"
    " WHERE source_id = {campaign:UUID} GROUP BY seq) w LEFT JOIN (" + _VISITS + ") v ON v.seq = w.seq GROUP BY w.seq)"
    " WHERE code = {entry_code:String})"
)
"""Whose last visit before claiming was through an entry point. The page's grants that nobody claimed have no such."""
