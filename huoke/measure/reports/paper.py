"""Papers: everything a report says gathered once, then drawn as one page to print or as a workbook; made by a job."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from huoke.govern import identity, tenants
from huoke.govern.people import staff
from huoke.kernel import files
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import new_id
from huoke.kernel.jobs import JobContext
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.measure import figures
from huoke.measure.reports import store
from huoke.measure.reports.effect import effect
from huoke.measure.reports.model import (
    CampaignEffect,
    Language,
    NewPaper,
    Paper,
    PaperFormat,
    PaperRequested,
    PaperUnknown,
    Ways,
)
from huoke.measure.reports.page import page
from huoke.measure.reports.sheet import workbook
from huoke.measure.reports.ways import ways
from huoke.reach.campaigns import Draft

KEPT = timedelta(days=30)
TYPES = {
    PaperFormat.PDF: "application/pdf",
    PaperFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


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


def draw(found: Content, format_: PaperFormat, language: Language) -> bytes:
    """The bytes of a paper. Raises `PdfUnavailable` where the machine cannot draw a PDF."""
    return page(found, language) if format_ is PaperFormat.PDF else workbook(found, language)


async def request_paper(tx: Tx, principal: Principal, campaign_id: UUID, wanted: NewPaper) -> Paper:
    """Ask for a paper; a job makes it with its owner's rights."""
    paper_id = new_id()
    tx.emit(
        PaperRequested(
            paper_id=paper_id,
            campaign_id=campaign_id,
            format=wanted.format.value,
            language=wanted.language.value,
            staff_id=UUID(principal.actor.id),
        )
    )
    return Paper(id=paper_id, state="queued", file_id=None, error="")


async def get_paper(tx: Tx, campaign_id: UUID, paper_id: UUID) -> Paper:
    """How far a paper is; one just asked for may be unknown for a moment. Raises `PaperUnknown`."""
    row = await store.paper(tx, paper_id)
    if row is None or row["payload"]["campaign_id"] != str(campaign_id):
        raise PaperUnknown(f"No report {paper_id} was asked for of this campaign.")
    return Paper(id=paper_id, state=row["state"], file_id=row["file_id"], error=row["error"])


async def make_paper(context: JobContext, wanted: PaperRequested) -> None:
    """Gather, draw and keep a paper; drawn beside the event loop, for it takes a second."""
    clickhouse = context.part(ClickHouse)
    async with context.database.begin(context.tenant, context.actor) as tx:
        principal = await identity.principal_of_staff(tx, wanted.staff_id)
        await figures.require(tx, principal, wanted.campaign_id)
        found = await content(tx, clickhouse, wanted.campaign_id)
    kind, language = PaperFormat(wanted.format), Language(wanted.language)
    body = await asyncio.to_thread(draw, found, kind, language)
    async with context.database.begin(context.tenant, context.actor) as tx:
        name = f"{found.told.name}-{found.made_at:%Y%m%d}.{kind.value}"
        file_id = await files.put(
            tx, name.replace("/", "-"), TYPES[kind], body, tx.now + KEPT, download_permission="figure.read"
        )
        await context.leave(tx, file_id)
    await context.progress(1, 1)
