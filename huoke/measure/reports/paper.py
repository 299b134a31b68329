"""Papers: a report drawn as one page to print or as a workbook, made by a job with the rights of who asked."""

import asyncio
from datetime import timedelta
from uuid import UUID

from huoke.govern import identity
from huoke.kernel import files
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import new_id
from huoke.kernel.jobs import JobContext
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.measure import figures
from huoke.measure.reports import store
from huoke.measure.reports.content import Content, content
from huoke.measure.reports.model import (
    Language,
    NewPaper,
    Paper,
    PaperFormat,
    PaperRequested,
    PaperUnknown,
)
from huoke.measure.reports.page import page
from huoke.measure.reports.sheet import workbook

KEPT = timedelta(days=30)
TYPES = {
    PaperFormat.PDF: "application/pdf",
    PaperFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


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
