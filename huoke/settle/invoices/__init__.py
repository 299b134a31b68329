"""Invoices (rules V1, V2): how each line of a confirmed statement is taxed, and the input invoices behind it.

await invoices.follow(tx, statement_id)              lines open when a statement is confirmed
await invoices.request(tx, line)                     the supplier was asked
invoice_id = await invoices.receive(tx, NewInvoice(lines=[…], number="…", …))
paper_id = await invoices.keep_paper(tx, invoice_id, "发票.pdf", content)
await invoices.reverse(tx, invoice_id, "红冲重开")     its lines wait for another
rows = await invoices.lines(tx, principal, statement_id)
"""

from huoke.settle.invoices.enter import receive, reclassify, request, reverse
from huoke.settle.invoices.model import (
    Invoice,
    InvoiceLine,
    InvoiceReceived,
    InvoiceReversed,
    InvoicesRequested,
    KindChange,
    LineReclassified,
    LineRef,
    LineState,
    Missing,
    NewInvoice,
    Paper,
    PaperFormat,
    PaperKept,
    Slot,
    VatBasis,
    VatKind,
    kind_of,
    tax_fits,
)
from huoke.settle.invoices.open import follow
from huoke.settle.invoices.paper import keep_paper, take_paper
from huoke.settle.invoices.read import count, find, lines, missing
from huoke.settle.invoices.refusals import (
    InvoiceUnfit,
    InvoiceUnknown,
    LineTaken,
    LineUnknown,
    NumberTaken,
    OwnStatement,
    PaperTaken,
    PaperUnfit,
    PaperUnknown,
)
from huoke.settle.invoices.store import Filter

__all__ = [
    "Filter",
    "Invoice",
    "InvoiceLine",
    "InvoiceReceived",
    "InvoiceReversed",
    "InvoiceUnfit",
    "InvoiceUnknown",
    "InvoicesRequested",
    "KindChange",
    "LineReclassified",
    "LineRef",
    "LineState",
    "LineTaken",
    "LineUnknown",
    "Missing",
    "NewInvoice",
    "NumberTaken",
    "OwnStatement",
    "Paper",
    "PaperFormat",
    "PaperKept",
    "PaperTaken",
    "PaperUnfit",
    "PaperUnknown",
    "Slot",
    "VatBasis",
    "VatKind",
    "count",
    "find",
    "follow",
    "keep_paper",
    "kind_of",
    "lines",
    "missing",
    "receive",
    "reclassify",
    "request",
    "reverse",
    "take_paper",
    "tax_fits",
]
