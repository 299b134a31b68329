"""Questions about invoices: lines with their kind of tax, state and invoice."""

from datetime import date
from uuid import UUID

from asyncpg import Record

from huoke.govern.people import staff
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward import supply
from huoke.settle.invoices import store
from huoke.settle.invoices.model import WAITING, Invoice, InvoiceLine, LineState, Slot, VatBasis, VatKind
from huoke.settle.invoices.store import Filter

_OWN = frozenset({"id", "supplier", "supplier_en", "invoice", "can", "slot", "vat_kind", "basis", "state"})


async def find(
    tx: Tx,
    principal: Principal,
    wanted: Filter,
    *,
    state: LineState | None = None,
    after: tuple[date, UUID, int, str] | None = None,
    limit: int = 50,
) -> list[InvoiceLine]:
    """Lines of confirmed statements, the latest statements first; `after` is the last row of the page before."""
    rows = await store.find(tx, wanted, state, after, limit)
    suppliers = await supply.names(tx, {row["supplier_id"] for row in rows})
    people = await staff.names(tx, {row["invoice_received_by"] for row in rows if row["invoice_received_by"]})
    taken = {(row["statement_id"], row["place"]) for row in rows if row["invoice_id"] is not None}
    return [
        InvoiceLine(
            **{name: row[name] for name in InvoiceLine.__struct_fields__ if name not in _OWN},
            id=f"{row['statement_id']}-{row['place']}-{row['slot']}",
            slot=Slot(row["slot"]),
            vat_kind=VatKind(row["vat_kind"]),
            basis=VatBasis(row["basis"]),
            state=LineState(row["state"]),
            supplier=suppliers.get(row["supplier_id"], ("", ""))[0],
            supplier_en=suppliers.get(row["supplier_id"], ("", ""))[1],
            invoice=_invoice(row, people),
            can=_can(row, principal, (row["statement_id"], row["place"]) in taken),
        )
        for row in rows
    ]


async def lines(tx: Tx, principal: Principal, statement_id: UUID) -> list[InvoiceLine]:
    """Every line of one statement, in its order; none before it is confirmed."""
    return await find(tx, principal, Filter(statement_id=statement_id), limit=10_000)


async def count(tx: Tx, wanted: Filter) -> dict[str, int]:
    """How many lines stand in each state."""
    return await store.count(tx, wanted)


def _invoice(row: Record, people: dict[str, str]) -> Invoice | None:
    if row["invoice_id"] is None:
        return None
    given = {name: row[f"invoice_{name}"] for name in Invoice.__struct_fields__ if name not in ("id", "received_by")}
    who = row["invoice_received_by"]
    return Invoice(**given, id=row["invoice_id"], received_by=people.get(who, who))


def _can(row: Record, principal: Principal, taken: bool) -> list[str]:
    if not principal.may("statement.write"):
        return []
    state, verbs = LineState(row["state"]), []
    if not row["closed"] and state in WAITING:
        verbs += ["receive"] if state is LineState.REQUESTED else ["request", "receive"]
    if state is LineState.RECEIVED:
        verbs.append("reverse")
    if not row["closed"] and not taken and row["made_by"] != principal.actor.id:
        verbs.append("reclassify")
    return verbs
