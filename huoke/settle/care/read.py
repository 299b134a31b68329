"""One case with everything in it, and lists of cases; customers masked, within the caller's units."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.govern.people import Role, StaffStatus, staff, units
from huoke.kernel.principal import Principal
from huoke.kernel.sorting import Place, Rows, Sort, sort_of
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.settle.care import store, store_case
from huoke.settle.care.asks import ACT, asks_in, names_for, span
from huoke.settle.care.model import (
    Act,
    ActKind,
    Case,
    CaseFilter,
    CaseKind,
    CaseRow,
    CaseState,
    Colleague,
    Note,
    Way,
)
from huoke.settle.care.refusals import CaseUnknown

COLLEAGUES_MAX = 500
LATEST_FIRST = sort_of(store_case.SORTS, "-changed", row_id="c.id")


def case_sort(asked: str) -> Sort:
    """The order of a list of cases; `Invalid` for one there is not."""
    return sort_of(store_case.SORTS, asked, row_id="c.id")


async def find_cases(
    tx: Tx,
    principal: Principal,
    wanted: CaseFilter | None = None,
    *,
    sort: Sort = LATEST_FIRST,
    place: Place | None = None,
    limit: int = 50,
) -> Rows[CaseRow]:
    """Cases in the caller's units, latest change first unless sorted otherwise; counts by state."""
    asked = wanted or CaseFilter()
    words = asked.q.strip()
    named = [row.seq for row in (await customers.find(tx, q=words, scope=principal.units))[0]] if words else []
    filters = [
        None if principal.units is None else sorted(principal.units),
        asked.seq,
        asked.kind.value if asked.kind else None,
        asked.opened,
        asked.assigned,
        tx.now if asked.overdue else None,
        *span(asked.since_on, asked.until_on),
        words,
        named,
    ]
    names = await names_for(tx, await store_case.people(tx))
    state = asked.state.value if asked.state else None
    found = await store_case.find(tx, filters, names=names, state=state, sort=sort, place=place, limit=limit)
    return Rows(
        rows=await _rows(tx, [dict(row) for row in found]),
        keys=[row["sort_key"] for row in found],
        counts=await store_case.count(tx, filters),
    )


async def get_case(tx: Tx, principal: Principal, case_id: UUID) -> Case:
    """One case whole; `CaseUnknown` outside the caller's units as well."""
    row = await _row(tx, principal, await store.get_case(tx, case_id))
    if row is None:
        raise CaseUnknown("There is no such case.")
    notes = await store.notes(tx, case_id)
    people = await staff.names(tx, {note["staff_id"] for note in notes})
    can = []
    if principal.may(ACT):
        can = ["note", "assign", "close", "act"] if row.state is CaseState.OPEN else ["note", "reopen"]
    asked = await asks_in(tx, principal, case_id)
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
        compensations=asked.compensations,
        extensions=asked.extensions,
        readings=asked.readings,
        can=can,
    )


async def case_by_number(tx: Tx, principal: Principal, number: str) -> CaseRow | None:
    """The case of a number, None outside the caller's units as well."""
    return await _row(tx, principal, await store.case_by_number(tx, number.strip().upper()))


async def colleagues(tx: Tx, principal: Principal, case_id: UUID | None = None) -> list[Colleague]:
    """Who sits at the service desk, by name; with a case, those of them who look after its unit. `CaseUnknown`."""
    people = await staff.find(tx, status=StaffStatus.ACTIVE, role=Role.SERVICE_DESK, limit=COLLEAGUES_MAX)
    if case_id is not None:
        case = await store.get_case(tx, case_id)
        if case is None or not principal.covers(case["unit_id"]):
            raise CaseUnknown("There is no such case.")
        above = next((unit.path for unit in await units.tree(tx) if unit.id == case["unit_id"]), [])
        people = [
            one for one in people if any(held.role is Role.SERVICE_DESK and held.unit_id in above for held in one.roles)
        ]
    return sorted((Colleague(id=str(one.id), name=one.name) for one in people), key=lambda one: (one.name, one.id))


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


async def _row(tx: Tx, principal: Principal, case: Record | None) -> CaseRow | None:
    """One case as in a list, None outside the caller's units."""
    if case is None or not principal.covers(case["unit_id"]):
        return None
    named = dict(case)
    people = await staff.names(tx, {case["opened_by"], case["assigned_to"]})
    named |= {f"{who}_name": people.get(case[who]) for who in ("opened_by", "assigned_to")}
    named["unit"] = next((unit.name for unit in await units.tree(tx) if unit.id == case["unit_id"]), "")
    named["notes"] = await store_case.notes_of(tx, case["id"])
    return (await _rows(tx, [named]))[0]


async def _rows(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> list[CaseRow]:
    known = {row.seq: row for row in await customers.masked_rows(tx, sorted({row["seq"] for row in rows}))}
    return [
        CaseRow(
            **{name: row[name] for name in _PLAIN},
            customer_no=known[row["seq"]].customer_no if row["seq"] in known else "",
            name=known[row["seq"]].name if row["seq"] in known else None,
            unit=row["unit"] or "",
            kind=CaseKind(row["kind"]),
            state=CaseState(row["state"]),
            opened_by_name=row["opened_by_name"] or row["opened_by"],
            assigned_to_name=row["assigned_to_name"] or row["assigned_to"],
            overdue=row["state"] == CaseState.OPEN and row["due_at"] < tx.now,
        )
        for row in rows
    ]


_PLAIN = (
    "id", "number", "seq", "unit_id", "title", "grant_id", "campaign_id", "outcome", "opened_by", "opened_at",
    "changed_at", "closed_at", "assigned_to", "due_at", "notes",
)  # fmt: skip
