"""The funnel of a campaign: message, visit, claim, redemption; by entry point and by benefit."""

from typing import Any
from uuid import UUID

from huoke.kernel.engines import ClickHouse
from huoke.kernel.tx import Tx
from huoke.know import entry_points
from huoke.know.entry_points import EntryPoint
from huoke.measure import figures
from huoke.measure.reports import store
from huoke.measure.reports.model import BenefitFigures, Way, Ways


async def ways(tx: Tx, clickhouse: ClickHouse, campaign_id: UUID) -> Ways:
    """How customers came and how far they went; counted in customers. Raises `figures.CampaignUnknown`."""
    campaign = await store.campaign(tx, campaign_id)
    if campaign is None:
        raise figures.CampaignUnknown(f"There is no campaign {campaign_id}.")
    tables = await store.tables(clickhouse, tx.tenant)
    totals: dict[str, Any] = {"granted": 0, "claimed": 0, "redeemed": 0}
    rows: list[dict[str, Any]] = []
    visits = store.EVENT in tables
    if store.STEPS in tables:
        totals = await store.totals(clickhouse, tx.tenant, campaign_id)
        rows = await store.by_entry(clickhouse, tx.tenant, campaign_id, visits=visits)
    message: dict[str, Any] = {}
    if store.DELIVERY in tables:
        message = await store.delivered(clickhouse, tx.tenant, campaign_id)
    sent = bool(message.get("reached"))
    points = await entry_points.of_target(tx, "campaign", campaign_id)
    return Ways(
        data_at=await figures.data_until(tx, clickhouse),
        reached=int(message["reached"]) if sent else int(totals["granted"]) or int(campaign["total"] or 0),
        delivered=int(message["delivered"]) if sent else None,
        visited=await store.visitors(clickhouse, tx.tenant, campaign_id) if visits else 0,
        claimed=int(totals["claimed"]),
        redeemed=int(totals["redeemed"]),
        entry_points=_ways(points, rows),
        benefits=await _benefits(tx, clickhouse, campaign_id, counted=store.STEPS in tables),
    )


def _ways(points: list[EntryPoint], rows: list[dict[str, Any]]) -> list[Way]:
    counted = {row["entry_code"]: row for row in rows}
    named = {point.code: point for point in points}
    codes = [*named, *(code for code in counted if code not in named)]
    listed = [_way(code, named.get(code), counted.get(code, {})) for code in codes]
    return sorted(listed, key=lambda way: (-way.claimed, -way.visited, way.entry_code))


def _way(code: str, point: EntryPoint | None, row: dict[str, Any]) -> Way:
    return Way(
        entry_code=code,
        name=point.name if point else "",
        kind=point.kind.value if point else "",
        visited=int(row.get("visited", 0)),
        claimed=int(row.get("claimed", 0)),
        redeemed=int(row.get("redeemed", 0)),
    )


async def _benefits(tx: Tx, clickhouse: ClickHouse, campaign_id: UUID, *, counted: bool) -> list[BenefitFigures]:
    rows = await store.by_offer(clickhouse, tx.tenant, campaign_id) if counted else []
    of_offer = {UUID(row["offer_id"]): row for row in rows}
    return [
        BenefitFigures(
            offer_id=sku["offer_id"],
            name=sku["name"],
            name_en=sku["name_en"],
            stock=sku["stock"],
            stock_reserved=sku["stock_reserved"],
            stock_used=sku["stock_used"],
            **{
                name: int(of_offer.get(sku["offer_id"], {}).get(name, 0))
                for name in ("granted", "claimed", "redeemed", "redeemed_fen")
            },
        )
        for sku in await store.skus(tx, campaign_id)
    ]
