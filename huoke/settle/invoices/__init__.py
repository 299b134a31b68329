"""Invoices (rules V1, V2): how each line of a confirmed statement is taxed, and the input invoices behind it.

await invoices.follow(tx, statement_id)              lines open when a statement is confirmed
await invoices.request(tx, line)                     the supplier was asked
invoice_id = await invoices.receive(tx, NewInvoice(lines=[…], number="…", …))
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
    NewInvoice,
    Slot,
    VatBasis,
    VatKind,
    kind_of,
    tax_fits,
)
from huoke.settle.invoices.open import follow
from huoke.settle.invoices.read import count, find, lines
from huoke.settle.invoices.refusals import (
    InvoiceUnfit,
    InvoiceUnknown,
    LineTaken,
    LineUnknown,
    NumberTaken,
    OwnStatement,
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
    "NewInvoice",
    "NumberTaken",
    "OwnStatement",
    "Slot",
    "VatBasis",
    "VatKind",
    "count",
    "find",
    "follow",
    "kind_of",
    "lines",
    "receive",
    "reclassify",
    "request",
    "reverse",
    "tax_fits",
]
