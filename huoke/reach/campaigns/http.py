"""Routes of campaigns."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from litestar import Request, Response, delete, get, post, put

from huoke.kernel.engines import ClickHouse
from huoke.kernel.http import Page, Principal, Result, decode_cursor, each, encode_cursor, page_limit
from huoke.kernel.sets import SetServer
from huoke.kernel.tx import Database, Tx
from huoke.know.entry_points import TYPES, EntryPoint, Picture
from huoke.know.language import Analytics
from huoke.reach.campaigns import draft as drafts
from huoke.reach.campaigns import entry, message, read, rollout, state, template
from huoke.reach.campaigns.amend import amend, amendments
from huoke.reach.campaigns.amend_model import Amendment, NewAmendment
from huoke.reach.campaigns.calendar import Calendar, calendar
from huoke.reach.campaigns.halt import Halt, Halted, halt
from huoke.reach.campaigns.history import HistoryRow, history
from huoke.reach.campaigns.model import (
    Campaign,
    CampaignChange,
    CampaignRow,
    CampaignState,
    Checks,
    NewCampaign,
    Report,
    StateReason,
)
from huoke.reach.campaigns.plan import EntryPlan
from huoke.reach.campaigns.report import report
from huoke.reach.campaigns.submit import preview, submit
from huoke.reach.campaigns.template_model import NewTemplate, TemplateView, UseTemplate
from huoke.reach.channels import Letter, Trial

TAGS = ["campaigns"]
READ = {"permission": "campaign.read"}
WRITE = {"permission": "campaign.write"}
SUBMIT = {"permission": "campaign.submit"}
RUN = {"permission": "campaign.run"}
HALT = {"permission": "campaign.halt"}


@get("/v1/campaigns", operation_id="list_campaigns", tags=TAGS, summary="Campaigns, latest change first", opt=READ)
async def list_campaigns(
    tx: Tx,
    principal: Principal,
    q: str = "",
    status: CampaignState | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[CampaignRow]:
    size = page_limit(limit)
    before = decode_cursor(cursor, tuple[datetime, UUID])
    found = await read.find(tx, principal, q=q, state=status, before=before, limit=size + 1)
    counts = await read.count(tx, principal, q=q)
    return Page(
        items=found[:size],
        next_cursor=encode_cursor(found[size - 1].changed_at, found[size - 1].id) if len(found) > size else None,
        total=counts.get(status.value, 0) if status else sum(counts.values()),
        counts=counts,
    )


@post("/v1/campaigns", operation_id="create_campaigns", tags=TAGS, summary="Draft campaigns", opt=WRITE)
async def create_campaigns(tx: Tx, principal: Principal, data: list[NewCampaign]) -> list[Result]:
    async def write(tx: Tx, new: NewCampaign) -> UUID:
        return await drafts.create(tx, principal, new)

    return await each(tx, data, write)


@get("/v1/campaigns/{campaign_id:uuid}", operation_id="get_campaign", tags=TAGS, summary="One campaign", opt=READ)
async def get_campaign(tx: Tx, principal: Principal, campaign_id: UUID) -> Campaign:
    return await read.get(tx, principal, campaign_id)


@put("/v1/campaigns/{campaign_id:uuid}", operation_id="change_campaign", tags=TAGS, summary="Save a draft", opt=WRITE)
async def change_campaign(tx: Tx, principal: Principal, campaign_id: UUID, data: CampaignChange) -> Campaign:
    await drafts.change(tx, principal, campaign_id, data)
    return await read.get(tx, principal, campaign_id)


@get(
    "/v1/campaigns/{campaign_id:uuid}/checks",
    operation_id="check_campaign",
    tags=TAGS,
    summary="Reach, cost and rules of a campaign as it stands",
    opt=READ,
)
async def check_campaign(
    tx: Tx, principal: Principal, clickhouse: ClickHouse, sets: SetServer, campaign_id: UUID
) -> Checks:
    return await preview(tx, principal, Analytics(clickhouse, sets), campaign_id)


@post(
    "/v1/campaigns/{campaign_id:uuid}/submission",
    operation_id="submit_campaign",
    tags=TAGS,
    summary="Freeze the audience and send the campaign to approval",
    opt=SUBMIT,
)
async def submit_campaign(
    tx: Tx, database: Database, principal: Principal, clickhouse: ClickHouse, sets: SetServer, campaign_id: UUID
) -> Campaign:
    await submit(tx, database, principal, Analytics(clickhouse, sets), campaign_id)
    return await read.get(tx, principal, campaign_id)


@post(
    "/v1/campaigns/{campaign_id:uuid}/pause",
    operation_id="pause_campaign",
    tags=TAGS,
    summary="Stand still: no grants, no claims",
    status_code=200,
    opt=RUN,
)
async def pause_campaign(tx: Tx, principal: Principal, campaign_id: UUID, data: StateReason) -> Campaign:
    await state.pause(tx, principal, campaign_id, data.reason)
    return await read.get(tx, principal, campaign_id)


@post(
    "/v1/campaigns/{campaign_id:uuid}/resume",
    operation_id="resume_campaign",
    tags=TAGS,
    summary="Go on after a pause",
    status_code=200,
    opt=RUN,
)
async def resume_campaign(tx: Tx, principal: Principal, campaign_id: UUID, data: StateReason) -> Campaign:
    await state.resume(tx, principal, campaign_id, data.reason)
    return await read.get(tx, principal, campaign_id)


@post(
    "/v1/campaigns/{campaign_id:uuid}/stop",
    operation_id="stop_campaign",
    tags=TAGS,
    summary="Stop for good and give back what is not granted",
    status_code=200,
    opt=RUN,
)
async def stop_campaign(tx: Tx, principal: Principal, campaign_id: UUID, data: StateReason) -> Campaign:
    await state.stop(tx, principal, campaign_id, data.reason)
    return await read.get(tx, principal, campaign_id)


@get(
    "/v1/campaigns/{campaign_id:uuid}/report",
    operation_id="report_campaign",
    tags=TAGS,
    summary="The result from the books",
    opt=READ,
)
async def report_campaign(tx: Tx, principal: Principal, campaign_id: UUID) -> Report:
    return await report(tx, principal, campaign_id)


@post(
    "/v1/campaigns/{campaign_id:uuid}/releases", operation_id="open_release", tags=TAGS, status_code=200,
    summary="Open the next release by hand", opt=RUN,
)  # fmt: skip
async def open_release(tx: Tx, principal: Principal, campaign_id: UUID, data: StateReason) -> Campaign:
    await rollout.open_next(tx, principal, campaign_id, data.reason)
    return await read.get(tx, principal, campaign_id)


@post(
    "/v1/campaigns/{campaign_id:uuid}/copies",
    operation_id="copy_campaign",
    tags=TAGS,
    summary="Draft it once more",
    opt=WRITE,
)
async def copy_campaign(tx: Tx, principal: Principal, campaign_id: UUID, data: UseTemplate) -> Campaign:
    return await read.get(tx, principal, await template.copy(tx, principal, campaign_id, data))


@get(
    "/v1/campaigns/{campaign_id:uuid}/message", operation_id="get_campaign_message", tags=TAGS,
    summary="Its message as a customer would read it, with its parts", opt=READ,
)  # fmt: skip
async def get_campaign_message(tx: Tx, principal: Principal, campaign_id: UUID) -> Letter:
    return await message.letter(tx, principal, campaign_id)


@post(
    "/v1/campaigns/{campaign_id:uuid}/message-trials", operation_id="try_campaign_message", tags=TAGS,
    summary="Send its message to a colleague's phone", opt=WRITE,
)  # fmt: skip
async def try_campaign_message(
    database: Database, principal: Principal, campaign_id: UUID, data: message.TryMessage
) -> Trial:
    return await message.try_message(database, principal, campaign_id, data)


@get(
    "/v1/campaigns/{campaign_id:uuid}/history",
    operation_id="list_campaign_history",
    tags=TAGS,
    summary="Its trail",
    opt=READ,
)
async def list_campaign_history(tx: Tx, principal: Principal, campaign_id: UUID) -> Page[HistoryRow]:
    found = await history(tx, principal, campaign_id)
    return Page(items=found, total=len(found))


@get("/v1/campaign-templates", operation_id="list_templates", tags=TAGS, summary="Templates to begin from", opt=READ)
async def list_templates(tx: Tx, principal: Principal) -> Page[TemplateView]:
    found = await template.templates(tx, principal)
    return Page(items=found, total=len(found))


@post(
    "/v1/campaign-templates", operation_id="keep_templates", tags=TAGS, summary="Keep campaigns as templates", opt=WRITE
)
async def keep_templates(tx: Tx, principal: Principal, data: list[NewTemplate]) -> list[Result]:
    async def write(tx: Tx, new: NewTemplate) -> UUID:
        return await template.keep(tx, principal, new)

    return await each(tx, data, write)


@delete(
    "/v1/campaign-templates/{template_id:uuid}",
    operation_id="drop_template",
    tags=TAGS,
    summary="Throw one away",
    opt=WRITE,
)
async def drop_template(tx: Tx, principal: Principal, template_id: UUID) -> None:
    await template.drop(tx, principal, template_id)


@post(
    "/v1/campaign-templates/{key:str}/campaigns",
    operation_id="use_template",
    tags=TAGS,
    summary="Draft from it",
    opt=WRITE,
)
async def use_template(tx: Tx, principal: Principal, key: str, data: UseTemplate) -> Campaign:
    return await read.get(tx, principal, await template.use(tx, principal, key, data))


@post(
    "/v1/campaigns/{campaign_id:uuid}/amendments",
    operation_id="amend_campaign",
    tags=TAGS,
    summary="Extend or top up a live campaign, by approval",
    opt=SUBMIT,
)
async def amend_campaign(tx: Tx, principal: Principal, campaign_id: UUID, data: NewAmendment) -> Campaign:
    await amend(tx, principal, campaign_id, data)
    return await read.get(tx, principal, campaign_id)


@get(
    "/v1/campaigns/{campaign_id:uuid}/amendments",
    operation_id="list_amendments",
    tags=TAGS,
    summary="Changes of a live campaign",
    opt=READ,
)
async def list_amendments(tx: Tx, principal: Principal, campaign_id: UUID) -> Page[Amendment]:
    found = await amendments(tx, principal, campaign_id)
    return Page(items=found, total=len(found))


@get(
    "/v1/campaigns/{campaign_id:uuid}/entry-points",
    operation_id="list_campaign_entries",
    tags=TAGS,
    summary="Ways in",
    opt=READ,
)
async def list_campaign_entries(tx: Tx, principal: Principal, campaign_id: UUID) -> Page[EntryPoint]:
    found = await entry.entries(tx, principal, campaign_id)
    return Page(items=found, total=len(found))


@post(
    "/v1/campaigns/{campaign_id:uuid}/entry-points",
    operation_id="open_campaign_entries",
    tags=TAGS,
    summary="Open more ways in",
    opt=WRITE,
)
async def open_campaign_entries(
    tx: Tx, principal: Principal, campaign_id: UUID, data: list[EntryPlan]
) -> Page[EntryPoint]:
    await entry.open_entries(tx, principal, campaign_id, data)
    found = await entry.entries(tx, principal, campaign_id)
    return Page(items=found, total=len(found))


@delete(
    "/v1/campaigns/{campaign_id:uuid}/entry-points/{entry_point_id:uuid}", operation_id="close_campaign_entry",
    tags=TAGS, summary="Close a way in", opt=WRITE,
)  # fmt: skip
async def close_campaign_entry(tx: Tx, principal: Principal, campaign_id: UUID, entry_point_id: UUID) -> None:
    await entry.close_entry(tx, principal, campaign_id, entry_point_id)


@get(
    "/v1/campaigns/{campaign_id:uuid}/entry-points/{entry_point_id:uuid}/picture", operation_id="draw_campaign_entry",
    tags=TAGS, summary="A way in as QR code or poster", opt=READ, media_type="application/octet-stream",
)  # fmt: skip
async def draw_campaign_entry(
    request: Request[Any, Any, Any],
    tx: Tx,
    principal: Principal,
    campaign_id: UUID,
    entry_point_id: UUID,
    kind: Picture = Picture.QR_SVG,
    lang: Literal["zh", "en"] = "zh",
) -> Response[bytes]:
    drawn = await entry.picture(
        tx, principal, campaign_id, entry_point_id, kind, str(request.base_url), english=lang == "en"
    )
    headers = {"Content-Disposition": f'inline; filename="{entry_point_id}.{kind.value}"', "Cache-Control": "no-store"}
    return Response(drawn, media_type=TYPES[kind], headers=headers)


@get(
    "/v1/campaign-calendar",
    operation_id="get_campaign_calendar",
    tags=TAGS,
    summary="Which campaign is open when",
    opt=READ,
)
async def get_campaign_calendar(
    tx: Tx, principal: Principal, begin: datetime, end: datetime, unit_id: int | None = None
) -> Calendar:
    return await calendar(tx, principal, begin, end, unit_id)


@post(
    "/v1/campaign-halts",
    operation_id="halt_campaigns",
    tags=TAGS,
    status_code=200,
    summary="Pause or stop everything of a unit",
    opt=HALT,
)
async def halt_campaigns(database: Database, principal: Principal, data: Halt) -> Page[Halted]:
    found = await halt(database, principal, data)
    return Page(items=found, total=len(found))


routes = [
    get_campaign_message,
    try_campaign_message,
    list_campaign_history,
    amend_campaign,
    list_amendments,
    list_campaign_entries,
    open_campaign_entries,
    close_campaign_entry,
    draw_campaign_entry,
    get_campaign_calendar,
    halt_campaigns,
    open_release,
    copy_campaign,
    list_templates,
    keep_templates,
    drop_template,
    use_template,
    list_campaigns,
    create_campaigns,
    get_campaign,
    change_campaign,
    check_campaign,
    submit_campaign,
    pause_campaign,
    resume_campaign,
    stop_campaign,
    report_campaign,
]
