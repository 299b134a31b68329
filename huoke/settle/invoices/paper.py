"""Files of invoices: kept sealed as they came, never replaced; who took one is noted in the trail."""

import hashlib
from datetime import timedelta
from uuid import UUID

import msgspec

from huoke.govern import audit
from huoke.kernel import files
from huoke.kernel.files import FileId
from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.settle.invoices import refusals, store
from huoke.settle.invoices.model import PAPER_BYTES_MAX, Paper, PaperFormat, PaperKept, format_of

KEPT = timedelta(days=30 * 366)
"""Source documents of accounts are kept 30 years (Measures for the Administration of Accounting Archives, 2015)."""
TYPES = {PaperFormat.PDF: "application/pdf", PaperFormat.OFD: "application/ofd", PaperFormat.XML: "application/xml"}


async def keep_paper(tx: Tx, invoice_id: UUID, name: str, content: bytes) -> UUID:
    """Keep a file of an invoice; returns its id.

    `InvoiceUnknown`, `LineTaken` for an invoice that was reversed, `PaperUnfit` (no PDF, OFD or XML, too large, of
    another invoice), `PaperTaken` (the same file, or another of its format), `files.BadFileName`.
    """
    row = await store.invoice(tx, invoice_id)
    if row is None:
        raise refusals.InvoiceUnknown("There is no such invoice.")
    if row["reversed_at"] is not None:
        raise refusals.LineTaken("The invoice was reversed.")
    kind = format_of(content, row["number"])
    paper = Paper(
        id=new_id(), name=name, format=kind, size_bytes=len(content), sha256=hashlib.sha256(content).hexdigest(),
        kept_by=tx.actor.id, kept_at=tx.now,
    )  # fmt: skip
    file_id = await files.put(tx, name, TYPES[kind], content, tx.now + KEPT, size_bytes_max=PAPER_BYTES_MAX)
    if not await store.add_paper(tx, invoice_id, file_id, paper):
        raise refusals.PaperTaken("This file, or another of its format, is kept already.", pointer="/content")
    tx.emit(PaperKept(invoice_id=invoice_id, format=kind, sha256=paper.sha256))
    await _record(tx, "keep_paper", invoice_id, paper)
    return paper.id


async def take_paper(tx: Tx, paper_id: UUID) -> tuple[Paper, bytes]:
    """A kept file and its bytes; that it was taken, and by whom, stands in the trail. `PaperUnknown`."""
    row = await store.paper(tx, paper_id)
    if row is None:
        raise refusals.PaperUnknown("There is no such file.")
    paper = paper_of(dict(row))
    content = b"".join([piece async for piece in files.open(tx, FileId(row["file_id"]))])
    assert hashlib.sha256(content).hexdigest() == paper.sha256, "what was sealed comes back as it was"
    await _record(tx, "take_paper", row["invoice_id"], paper)
    return paper, content


def paper_of(row: dict[str, object]) -> Paper:
    """A row as a kept file."""
    return msgspec.convert({name: row[name] for name in Paper.__struct_fields__}, Paper)


async def _record(tx: Tx, verb: str, invoice_id: UUID, paper: Paper) -> None:
    entry = audit.AuditEntry(
        action=f"invoices.{verb}",
        subject_kind="invoice",
        subject_id=str(invoice_id),
        after={"name": paper.name, "format": paper.format.value, "sha256": paper.sha256},
    )
    await audit.record(tx, entry)
