"""Questions about cases, service offers and what came of them; customers masked, within the caller's units."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.govern.people import staff, units
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward import catalogue, grants, ledger
from huoke.settle.care import store, store_goodwill
from huoke.settle.care.model import (
    Act,
    ActKind,
    Case,
    CaseKind,
    CaseRow,
    CaseState,
    Compensation,
    CompensationState,
    Extension,
    ExtensionState,
    Note,
    OfferState,
    ServiceOffer,
    Way,
)
from huoke.settle.care.refusals import (
    CaseUnknown,
    CompensationUnknown,
    ExtensionUnknown,
)

ACT = "desk.act"


async def find_cases(
    tx: Tx,
    principal: Principal,
    *,
    q: str = "",
    mine: bool = False,
    seq: int | None = None,
    kind: CaseKind | None = None,
    state: CaseState | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> tuple[list[CaseRow], dict[str, int]]:
    """Cases in the caller's units, latest change first, and how many stand in each state.

    `q` is a case's number, words of its title, or an exact customer number, phone or id document. `mine` are those
    the caller opened.
    """
    words = q.strip()
    named = [row.seq for row in (await customers.find(tx, q=words, scope=principal.units))[0]] if words else []
    matches: list[Any] = [
        None if principal.units is None else sorted(principal.units),
        principal.actor.id if mine else "",
        seq,
        kind.value if kind else None,
        words,
        named,
    ]
    rows = await store.find_cases(tx, matches, state=state.value if state else None, before=before, limit=limit)
    return await _rows(tx, rows), await store.count_cases(tx, matches)


async def get_case(tx: Tx, principal: Principal, case_id: UUID) -> Case:
    """One case whole; `CaseUnknown` outside the caller's units as well."""
    stored = await store.get_case(tx, case_id)
    if stored is None or not principal.covers(stored["unit_id"]):
        raise CaseUnknown("There is no such case.")
    [row] = await _rows(tx, [stored])
    notes = await store.notes(tx, case_id)
    people = await staff.names(tx, {note["staff_id"] for note in notes})
    can = []
    if principal.may(ACT):
        can = ["note", "close", "act"] if row.state is CaseState.OPEN else ["note", "reopen"]
    return Case(
        row=row,
        notes=[
            Note(
                place=note["place"],
                way=Way(note["way"]),
                body=note["body"],
                by=people.get(note["staff_id"], note["staff_id"]),
                at=note["at"],
            )
            for note in notes
        ],
        acts=await acts(tx, case_id=case_id),
        compensations=await compensations(tx, principal, case_id=case_id),
        extensions=await extensions(tx, case_id=case_id),
        can=can,
    )


async def case_by_number(tx: Tx, principal: Principal, number: str) -> CaseRow | None:
    """The case of a number, None outside the caller's units as well."""
    found = await store.case_by_number(tx, number.strip().upper())
    return (await _rows(tx, [found]))[0] if found is not None and principal.covers(found["unit_id"]) else None


async def acts(tx: Tx, *, case_id: UUID | None = None, grant_id: UUID | None = None) -> list[Act]:
    """What was done in a case, or about a benefit; first to last."""
    rows = await store.acts(tx, case_id=case_id, grant_id=grant_id)
    people = await staff.names(tx, {row["staff_id"] for row in rows})
    return [
        Act(
            id=row["id"],
            case_id=row["case_id"],
            grant_id=row["grant_id"],
            kind=ActKind(row["kind"]),
            reason=row["reason"],
            ref_id=row["ref_id"],
            by=people.get(row["staff_id"], row["staff_id"]),
            at=row["at"],
        )
        for row in rows
    ]


async def compensations(
    tx: Tx, principal: Principal, *, case_id: UUID | None = None, grant_id: UUID | None = None
) -> list[Compensation]:
    """Compensations of a case, or the one that gave a benefit; first to last."""
    return await _compensations(
        tx, principal, await store_goodwill.compensations(tx, case_id=case_id, grant_id=grant_id)
    )


async def get_compensation(tx: Tx, principal: Principal, compensation_id: UUID) -> Compensation:
    """One compensation; `CompensationUnknown` outside the caller's units as well."""
    row = await store_goodwill.get_compensation(tx, compensation_id)
    if row is None or not principal.covers(row["unit_id"]):
        raise CompensationUnknown("There is no such compensation.")
    return (await _compensations(tx, principal, [row]))[0]


async def extensions(tx: Tx, *, case_id: UUID | None = None, grant_id: UUID | None = None) -> list[Extension]:
    """Extensions of a case or of a benefit, first to last."""
    return await _extensions(tx, await store_goodwill.extensions(tx, case_id=case_id, grant_id=grant_id))


async def get_extension(tx: Tx, principal: Principal, extension_id: UUID) -> Extension:
    """One extension; `ExtensionUnknown` outside the caller's units as well."""
    row = await store_goodwill.get_extension(tx, extension_id)
    if row is None or not principal.covers(row["unit_id"]):
        raise ExtensionUnknown("There is no such extension.")
    return (await _extensions(tx, [row]))[0]


async def service_offers(tx: Tx, principal: Principal, *, state: OfferState | None = None) -> list[ServiceOffer]:
    """Service offers, latest first, with what is left of them."""
    rows = await store_goodwill.offers(tx, state=state.value if state else None)
    skus = await catalogue.skus(tx, {row["sku_id"] for row in rows})
    people = await staff.names(tx, {row["created_by"] for row in rows})
    found = []
    for row in rows:
        sku = skus[row["sku_id"]]
        left, left_fen = await _left(tx, row["offer_id"])
        may_stop = principal.may("benefit.write") and principal.covers(row["unit_id"])
        found.append(
            ServiceOffer(
                id=row["id"],
                unit_id=row["unit_id"],
                name=row["name"],
                sku_id=row["sku_id"],
                benefit=f"{sku.brand_name} {sku.name}",
                kind=sku.kind.value,
                face_value_fen=sku.face_value_fen,
                cost_fen=sku.cost_fen,
                stock=row["stock"],
                budget_fen=row["budget_fen"],
                left=left,
                left_fen=left_fen,
                valid_days=row["valid_days"],
                closes_on=row["closes_on"],
                state=OfferState(row["state"]),
                change_id=row["change_id"],
                by=people.get(row["created_by"], row["created_by"]),
                created_at=row["created_at"],
                can=["stop"] if may_stop and row["state"] == OfferState.LIVE else [],
            )
        )
    return found


async def _left(tx: Tx, offer_id: UUID | None) -> tuple[int, int]:
    if offer_id is None:
        return 0, 0
    terms = (await grants.unit_terms(tx, offer_id))[grants.EVERY_UNIT]
    [pool], [budget] = await grants.get_pools(tx, [terms.pool_id]), await ledger.get_budgets(tx, [terms.budget_id])
    return pool.available, budget.available_fen


async def _rows(tx: Tx, rows: Sequence[Record]) -> list[CaseRow]:
    known = {row.seq: row for row in await customers.masked_rows(tx, sorted({row["seq"] for row in rows}))}
    names: dict[int, str] = {unit.id: unit.name for unit in await units.tree(tx)}
    people = await staff.names(tx, {row["opened_by"] for row in rows})
    counts = await store.note_counts(tx, [row["id"] for row in rows])
    return [
        CaseRow(
            **{name: row[name] for name in _PLAIN},
            customer_no=known[row["seq"]].customer_no if row["seq"] in known else "",
            name=known[row["seq"]].name if row["seq"] in known else None,
            unit=names.get(row["unit_id"], ""),
            kind=CaseKind(row["kind"]),
            state=CaseState(row["state"]),
            notes=counts.get(row["id"], 0),
            opened_by_name=people.get(row["opened_by"], row["opened_by"]),
        )
        for row in rows
    ]


_PLAIN = (
    "id", "number", "seq", "unit_id", "title", "grant_id", "campaign_id", "outcome", "opened_by", "opened_at",
    "changed_at", "closed_at",
)  # fmt: skip


async def _compensations(tx: Tx, principal: Principal, rows: Collection[Record]) -> list[Compensation]:
    offers = {
        row["id"]: row["name"] for row in await store_goodwill.offers(tx, ids={r["service_offer_id"] for r in rows})
    }
    people = await staff.names(tx, {row["created_by"] for row in rows})
    return [
        Compensation(
            id=row["id"],
            case_id=row["case_id"],
            service_offer_id=row["service_offer_id"],
            benefit=offers[row["service_offer_id"]],
            seq=row["seq"],
            unit_id=row["unit_id"],
            amount_fen=row["amount_fen"],
            reason=row["reason"],
            state=CompensationState(row["state"]),
            change_id=row["change_id"],
            grant_id=row["grant_id"],
            by=people.get(row["created_by"], row["created_by"]),
            created_at=row["created_at"],
            closed_at=row["closed_at"],
            can=["take_back"] if principal.may(ACT) and row["state"] == CompensationState.GRANTED else [],
        )
        for row in rows
    ]


async def _extensions(tx: Tx, rows: Collection[Record]) -> list[Extension]:
    people = await staff.names(tx, {row["created_by"] for row in rows})
    return [
        Extension(
            id=row["id"],
            case_id=row["case_id"],
            grant_id=row["grant_id"],
            seq=row["seq"],
            unit_id=row["unit_id"],
            before_at=row["before_at"],
            until_at=row["until_at"],
            reason=row["reason"],
            state=ExtensionState(row["state"]),
            change_id=row["change_id"],
            by=people.get(row["created_by"], row["created_by"]),
            created_at=row["created_at"],
            closed_at=row["closed_at"],
        )
        for row in rows
    ]
