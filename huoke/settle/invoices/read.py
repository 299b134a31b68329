"""Questions about invoices: lines with their kind of tax, state and invoice."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from asyncpg import Record

from huoke.govern.people import staff
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward import catalogue, supply
from huoke.settle import statements
from huoke.settle.invoices import store
from huoke.settle.invoices.model import (
    WAITING,
    Invoice,
    InvoiceLine,
    LineState,
    Missing,
    Slot,
    VatBasis,
    VatKind,
)
from huoke.settle.invoices.paper import paper_of
from huoke.settle.invoices.store import Filter

_OWN = frozenset({"id", "title_en", "supplier", "supplier_en", "invoice", "can", "slot", "vat_kind", "basis", "state"})


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
    skus = await statements.skus_of(tx, {row["statement_id"] for row in rows})
    named = await catalogue.skus(tx, set(skus.values()))
    english = {line: named[sku_id].name_en for line, sku_id in skus.items() if sku_id in named}
    kept = await store.papers(tx, {row["invoice_id"] for row in rows if row["invoice_id"]})
    people = await staff.names(
        tx,
        {row["invoice_received_by"] for row in rows if row["invoice_received_by"]} | {row["kept_by"] for row in kept},
    )
    taken = {(row["statement_id"], row["place"]) for row in rows if row["invoice_id"] is not None}
    return [
        InvoiceLine(
            **{name: row[name] for name in InvoiceLine.__struct_fields__ if name not in _OWN},
            id=f"{row['statement_id']}-{row['place']}-{row['slot']}",
            title_en=english.get((row["statement_id"], row["place"]), ""),
            slot=Slot(row["slot"]),
            vat_kind=VatKind(row["vat_kind"]),
            basis=VatBasis(row["basis"]),
            state=LineState(row["state"]),
            supplier=suppliers.get(row["supplier_id"], ("", ""))[0],
            supplier_en=suppliers.get(row["supplier_id"], ("", ""))[1],
            invoice=_invoice(row, people, kept),
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


async def missing(tx: Tx, wanted: Filter) -> list[Missing]:
    """By supplier what has no invoice yet, and which invoices no file; who lacks most first."""
    rows = await store.missing(tx, wanted)
    suppliers = await supply.names(tx, {row["supplier_id"] for row in rows})
    names = [suppliers.get(row["supplier_id"], ("", "")) for row in rows]
    return [Missing(**dict(row), supplier=zh, supplier_en=en) for row, (zh, en) in zip(rows, names, strict=True)]


def _invoice(row: Record, people: dict[str, str], kept: Sequence[Record]) -> Invoice | None:
    if row["invoice_id"] is None:
        return None
    own = ("id", "received_by", "papers")
    given = {name: row[f"invoice_{name}"] for name in Invoice.__struct_fields__ if name not in own}
    who = row["invoice_received_by"]
    papers = [
        paper_of(dict(one) | {"kept_by": people.get(one["kept_by"], one["kept_by"])})
        for one in kept
        if one["invoice_id"] == row["invoice_id"]
    ]
    return Invoice(**given, id=row["invoice_id"], received_by=people.get(who, who), papers=papers)


def _can(row: Record, principal: Principal, taken: bool) -> list[str]:
    if not principal.may("statement.write"):
        return []
    state, verbs = LineState(row["state"]), []
    if not row["closed"] and state in WAITING:
        verbs += ["receive"] if state is LineState.REQUESTED else ["request", "receive"]
    if state is LineState.RECEIVED:
        verbs += ["reverse", "keep_paper"]
    if not row["closed"] and not taken and row["made_by"] != principal.actor.id:
        verbs.append("reclassify")
    return verbs
