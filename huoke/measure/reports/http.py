"""Routes of reports: effect, plan, funnel, customers behind a number, papers."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.params import Parameter

from huoke.kernel.engines import ClickHouse
from huoke.kernel.http import Page, decode_cursor, encode_cursor, page_limit
from huoke.kernel.principal import Principal
from huoke.kernel.sets import SetServer
from huoke.kernel.tx import Tx
from huoke.know.language import Analytics
from huoke.measure import figures, reports
from huoke.measure.reports.looked_after import WarningEffect
from huoke.measure.reports.model import (
    CampaignEffect,
    Drilled,
    EffectPlan,
    Narrowed,
    NewPaper,
    Paper,
    Stage,
    Ways,
)

TAGS = ["reports"]
READ = {"permission": "figure.read"}


@get(
    "/v1/campaigns/{campaign_id:uuid}/effect",
    operation_id="get_effect",
    tags=TAGS,
    summary="What a campaign changed: treated against control",
    opt=READ,
)
async def get_effect(tx: Tx, principal: Principal, clickhouse: ClickHouse, campaign_id: UUID) -> CampaignEffect:
    """The effect as far as it can be told now."""
    await figures.require(tx, principal, campaign_id)
    return await reports.effect(tx, clickhouse, campaign_id)


@get(
    "/v1/campaigns/{campaign_id:uuid}/effect-plan",
    operation_id="get_effect_plan",
    tags=TAGS,
    summary="What control groups of several sizes could show of a draft",
    opt={"permission": "campaign.read"},
)
async def get_effect_plan(
    tx: Tx,
    principal: Principal,
    clickhouse: ClickHouse,
    sets: SetServer,
    campaign_id: UUID,
    metric: Annotated[str, Parameter(max_length=64)],
    metric_days: Annotated[int, Parameter(ge=1, le=180)] = 30,
) -> EffectPlan:
    """The smallest rise of a metric that would be seen, by the size of the control group."""
    return await reports.effect_plan(tx, principal, Analytics(clickhouse, sets), campaign_id, metric, metric_days)


@get(
    "/v1/campaigns/{campaign_id:uuid}/ways",
    operation_id="get_ways",
    tags=TAGS,
    summary="The funnel by entry point and benefit",
    opt=READ,
)
async def get_ways(tx: Tx, principal: Principal, clickhouse: ClickHouse, campaign_id: UUID) -> Ways:
    """How customers came and how far they went."""
    await figures.require(tx, principal, campaign_id)
    return await reports.ways(tx, clickhouse, campaign_id)


@get(
    "/v1/campaigns/{campaign_id:uuid}/customers",
    operation_id="drill_campaign",
    tags=TAGS,
    summary="The customers behind a number of the board, masked, within scope",
    opt=READ,
)
async def drill_campaign(
    tx: Tx,
    principal: Principal,
    clickhouse: ClickHouse,
    campaign_id: UUID,
    stage: Stage,
    unit_id: int | None = None,
    entry_code: Annotated[str | None, Parameter(max_length=32)] = None,
    offer_id: UUID | None = None,
    begin: datetime | None = None,
    end: datetime | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Drilled]:
    """One page of customers at a stage."""
    size = page_limit(limit)
    narrowed = Narrowed(unit_id=unit_id, entry_code=entry_code, offer_id=offer_id, begin=begin, end=end)
    after = decode_cursor(cursor, tuple[int]) or (-1,)
    found = await reports.drill(tx, clickhouse, principal, campaign_id, stage, narrowed, after=after[0], limit=size + 1)
    shown = found[:size]
    return Page(items=shown, next_cursor=encode_cursor(shown[-1].seq) if len(found) > size else None)


@post(
    "/v1/campaigns/{campaign_id:uuid}/papers",
    operation_id="request_paper",
    tags=TAGS,
    summary="Have a report of a campaign made: one page as PDF, or a workbook",
    opt=READ,
    status_code=202,
)
async def request_paper(tx: Tx, principal: Principal, campaign_id: UUID, data: NewPaper) -> Paper:
    """Ask for a report; it is made as a job."""
    await figures.require(tx, principal, campaign_id)
    return await reports.request_paper(tx, principal, campaign_id, data)


@get(
    "/v1/campaigns/{campaign_id:uuid}/papers/{paper_id:uuid}",
    operation_id="get_paper",
    tags=TAGS,
    summary="Whether a report is made, and its file",
    opt=READ,
)
async def get_paper(tx: Tx, principal: Principal, campaign_id: UUID, paper_id: UUID) -> Paper:
    """A report that was asked for."""
    await figures.require(tx, principal, campaign_id)
    return await reports.get_paper(tx, campaign_id, paper_id)


@get(
    "/v1/early-warnings/effect",
    operation_id="get_early_warning_effect",
    tags=TAGS,
    summary="What looking after early warnings does, against those kept back",
    opt={"permission": "warning.read"},
)
async def get_early_warning_effect(tx: Tx) -> WarningEffect:
    """Of the whole bank, for the warnings of a year."""
    return await reports.looked_after(tx)


routes = [get_early_warning_effect, get_effect, get_effect_plan, get_ways, drill_campaign, request_paper, get_paper]
