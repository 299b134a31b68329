"""Everything a report says, gathered once."""

from datetime import datetime
from uuid import UUID

import msgspec

from huoke.govern import tenants
from huoke.govern.people import staff
from huoke.kernel.engines import ClickHouse
from huoke.kernel.tx import Tx
from huoke.measure import figures
from huoke.measure.reports import store
from huoke.measure.reports.effect import effect
from huoke.measure.reports.model import CampaignEffect, Ways
from huoke.measure.reports.ways import ways
from huoke.reach.campaigns import Draft


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a paper says."""

    bank: str
    unit: str
    owner: str
    goal: str
    opens_at: datetime | None
    closes_at: datetime | None
    made_at: datetime
    waterfall: dict[str, int]
    told: CampaignEffect
    ways: Ways
    board: figures.Board


async def content(tx: Tx, clickhouse: ClickHouse, campaign_id: UUID) -> Content:
    """Gather a report. Raises `figures.CampaignUnknown`."""
    row = await store.campaign(tx, campaign_id)
    if row is None:
        raise figures.CampaignUnknown(f"There is no campaign {campaign_id}.")
    draft = msgspec.convert(row["draft"], Draft, strict=False)
    names: dict[str, str] = await staff.names(tx, [row["created_by"]])
    waterfall = {
        name: int(row[column] or 0)
        for name, column in (
            ("audience", "audience"),
            ("no_consent", "no_consent"),
            ("suppressed", "suppressed"),
            ("control", "control"),
            ("reachable", "total"),
        )
    }
    return Content(
        bank=(await tenants.get(tx)).name,
        unit=await store.unit_name(tx, row["unit_id"]),
        owner=names.get(row["created_by"], ""),
        goal=draft.goal,
        opens_at=row["opens_at"],
        closes_at=row["closes_at"],
        made_at=tx.now,
        waterfall=waterfall,
        told=await effect(tx, clickhouse, campaign_id),
        ways=await ways(tx, clickhouse, campaign_id),
        board=await figures.board(tx, clickhouse, campaign_id),
    )
