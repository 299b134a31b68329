"""Asking for invoices, entering them, taking them back, and changing how a line is taxed."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Record

from huoke.govern import audit
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.settle import statements
from huoke.settle.invoices import refusals, store
from huoke.settle.invoices.model import (
    SLOTS,
    WAITING,
    InvoiceReceived,
    InvoiceReversed,
    InvoicesRequested,
    KindChange,
    LineReclassified,
    LineRef,
    LineState,
    NewInvoice,
    Slot,
    check_cover,
    check_invoice,
    check_refs,
)
from huoke.settle.statements import StatementState


async def request(tx: Tx, ref: LineRef) -> None:
    """Note that the supplier was asked for the invoice of an open or reversed line.

    `LineUnknown`, `LineTaken` for one that was asked for, is received, or needs none.
    """
    await _waiting(tx, [ref], frozenset({LineState.OPEN, LineState.REVERSED}))
    await store.request(tx, [ref])
    tx.emit(InvoicesRequested(statement_id=ref.statement_id, lines=1))
    await _record(tx, "request", ref.statement_id, {"place": ref.place, "slot": ref.slot.value})


async def receive(tx: Tx, new: NewInvoice) -> UUID:
    """Enter an input invoice for lines that wait for one; returns its id.

    `InvoiceUnfit` (number, day, amount, rate, tax, lines that do not go together), `LineUnknown`, `LineTaken`,
    `NumberTaken`.
    """
    check_invoice(new, tx.now.astimezone(CHINA).date())
    rows = await _waiting(tx, new.lines, WAITING)
    check_cover(new, (row["supplier_id"] for row in rows), sum(row["amount_fen"] for row in rows))
    invoice_id, supplier_id = new_id(), rows[0]["supplier_id"]
    if not await store.insert(tx, invoice_id, new, supplier_id):
        raise refusals.NumberTaken("This invoice was entered before.", pointer="/number", number=new.number)
    await store.cover(tx, invoice_id, new.lines)
    event = InvoiceReceived(
        invoice_id=invoice_id, supplier_id=supplier_id, amount_fen=new.amount_fen, tax_fen=new.tax_fen
    )
    tx.emit(event)
    for statement_id in sorted({row["statement_id"] for row in rows}):
        after: dict[str, object] = {
            "code": new.code,
            "number": new.number,
            "amount_fen": new.amount_fen,
            "tax_fen": new.tax_fen,
        }
        await _record(tx, "receive", statement_id, after)
    return invoice_id


async def reverse(tx: Tx, invoice_id: UUID, reason: str) -> None:
    """Take an input invoice back: its lines wait for another. `InvoiceUnknown`, `LineTaken`, `audit.ReasonMissing`."""
    why = audit.require_reason(reason)
    row = await store.invoice(tx, invoice_id)
    if row is None:
        raise refusals.InvoiceUnknown("There is no such invoice.")
    if row["reversed_at"] is not None:
        raise refusals.LineTaken("The invoice was reversed before.")
    lines = await store.reverse(tx, invoice_id, why)
    tx.emit(InvoiceReversed(invoice_id=invoice_id))
    entry = audit.AuditEntry(
        action="invoices.reverse",
        subject_kind="invoice",
        subject_id=str(invoice_id),
        reason=why,
        after={"number": row["number"], "lines": lines},
    )
    await audit.record(tx, entry)


async def reclassify(tx: Tx, change: KindChange) -> None:
    """Tax a line in another way, before an invoice stands, by somebody else than the statement's maker (rule D5).

    `LineUnknown`, `LineTaken`, `OwnStatement`, `InvoiceUnfit` where it has the kind, `audit.ReasonMissing`.
    """
    why = audit.require_reason(change.reason)
    check_refs([LineRef(statement_id=change.statement_id, place=change.place, slot=Slot.SALE)])
    await _standing(tx, {change.statement_id})
    rows = await store.locked_place(tx, change.statement_id, change.place)
    if not rows:
        raise refusals.LineUnknown("There is no such line.")
    if any(row["invoice_id"] is not None for row in rows):
        raise refusals.LineTaken("An invoice came for this line: how it is taxed stays as it is.")
    if rows[0]["made_by"] == tx.actor.id:
        raise refusals.OwnStatement("Somebody else than the statement's maker changes this.", rule="D5")
    if rows[0]["vat_kind"] == change.vat_kind:
        raise refusals.InvoiceUnfit("The line is taxed so already.", pointer="/vat_kind")
    await store.remove_place(tx, change.statement_id, change.place)
    slots = SLOTS[change.vat_kind]
    await store.add(tx, [store.line_of(rows[0], slot.value, change.vat_kind, why, tx.actor.id) for slot in slots])
    tx.emit(LineReclassified(statement_id=change.statement_id, place=change.place, vat_kind=change.vat_kind))
    after: dict[str, object] = {"place": change.place, "vat_kind": change.vat_kind.value}
    await _record(tx, "reclassify", change.statement_id, after, why)


async def _waiting(tx: Tx, refs: Sequence[LineRef], states: frozenset[LineState]) -> list[Record]:
    """Lines of confirmed statements, locked, each in one of the states."""
    check_refs(refs)
    await _standing(tx, {ref.statement_id for ref in refs})
    rows = await store.locked(tx, refs)
    if len(rows) != len(refs):
        raise refusals.LineUnknown("There is no such line.", pointer="/lines")
    for row in rows:
        if LineState(row["state"]) not in states:
            raise refusals.LineTaken(
                f"Line {row['place']} of {row['number']} is {row['state']}.", pointer="/lines", state=row["state"]
            )
    return rows


async def _standing(tx: Tx, statement_ids: set[UUID]) -> None:
    for statement_id in sorted(statement_ids):
        try:
            held = await statements.standing(tx, statement_id)
        except statements.StatementUnknown:
            raise refusals.LineUnknown("There is no such line.", pointer="/lines") from None
        if held is not StatementState.CONFIRMED:
            raise refusals.LineTaken(f"The statement is {held}; invoices belong to a confirmed one.", state=held)


async def _record(tx: Tx, verb: str, statement_id: UUID, after: dict[str, object], reason: str = "") -> None:
    entry = audit.AuditEntry(
        action=f"invoices.{verb}",
        subject_kind="statement",
        subject_id=str(statement_id),
        reason=reason,
        after=after,
    )
    await audit.record(tx, entry)
