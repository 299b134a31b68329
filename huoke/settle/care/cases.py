"""Cases: opened with a first note, noted, closed with an outcome, opened again; within the units of whoever acts."""

from datetime import datetime, timedelta
from uuid import UUID

from asyncpg import Record

from huoke.govern import audit, tenants
from huoke.govern.people import Role, staff
from huoke.kernel.ids import Seq
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward import grants
from huoke.settle.care import store
from huoke.settle.care.events import CaseClosed, CaseOpened
from huoke.settle.care.model import (
    BODY_LENGTH_MAX,
    CASE_HOURS,
    TITLE_LENGTH_MAX,
    CaseState,
    NewCase,
    NewNote,
    check_text,
)
from huoke.settle.care.refusals import (
    AssigneeUnfit,
    CaseShut,
    CaseUnknown,
    OtherCustomer,
)


async def open_case(tx: Tx, principal: Principal, new: NewCase) -> UUID:
    """Open a case about a customer and, perhaps, one benefit; returns its id.

    `customers.CustomerUnknown` outside the units as well, `OtherCustomer`, `TextUnfit`, `PersonalText`.
    """
    title = check_text(new.title, least=2, most=TITLE_LENGTH_MAX, pointer="/title")
    body = check_text(new.body, least=0, most=BODY_LENGTH_MAX, pointer="/body")
    customer = await customers.get(tx, Seq(new.seq), scope=principal.units)
    if new.grant_id is not None:
        await require_own(tx, new.seq, new.grant_id)
    case_id = await store.insert_case(tx, new, customer.unit_id, title, await _due_at(tx))
    if body:
        await store.insert_note(tx, case_id, new.way, body)
    tx.emit(CaseOpened(case_id=case_id, kind=new.kind.value), seq=new.seq)
    await record(tx, "care.open_case", case_id, customer.unit_id, after={"kind": new.kind.value})
    return case_id


async def note(tx: Tx, principal: Principal, case_id: UUID, new: NewNote) -> UUID:
    """Add a contact to a case, closed or not; returns the case. `CaseUnknown`, `TextUnfit`, `PersonalText`."""
    body = check_text(new.body, least=2, most=BODY_LENGTH_MAX, pointer="/body")
    await locked(tx, principal, case_id)
    await store.insert_note(tx, case_id, new.way, body)
    await store.touch(tx, case_id)
    return case_id


async def close_case(tx: Tx, principal: Principal, case_id: UUID, outcome: str) -> None:
    """Close a case with a word on how it ended; closed already, nothing happens. `CaseUnknown`, `TextUnfit`."""
    word = check_text(outcome, least=2, most=BODY_LENGTH_MAX, pointer="/outcome")
    case = await locked(tx, principal, case_id)
    if case["state"] == CaseState.CLOSED:
        return
    await store.close(tx, case_id, word)
    tx.emit(CaseClosed(case_id=case_id), seq=case["seq"])
    await record(tx, "care.close_case", case_id, case["unit_id"], reason=word)


async def reopen(tx: Tx, principal: Principal, case_id: UUID, reason: str) -> None:
    """Open a closed case again; open already, nothing happens. `CaseUnknown`, `TextUnfit`."""
    why = check_text(reason, least=2, most=BODY_LENGTH_MAX, pointer="/reason")
    case = await locked(tx, principal, case_id)
    if case["state"] == CaseState.OPEN:
        return
    await store.reopen(tx, case_id, await _due_at(tx))
    await record(tx, "care.reopen_case", case_id, case["unit_id"], reason=why)


async def assign(tx: Tx, principal: Principal, case_id: UUID, staff_id: UUID) -> None:
    """Give an open case to a colleague who sits at a desk over its unit; theirs already, nothing happens.

    `CaseUnknown`, `CaseShut`, `people.StaffUnknown`, `AssigneeUnfit`.
    """
    case = await locked(tx, principal, case_id, only_open=True)
    if case["assigned_to"] == str(staff_id):
        return
    person = await staff.get(tx, staff_id)
    if not person.active or not await staff.holds(tx, person, Role.SERVICE_DESK, case["unit_id"]):
        raise AssigneeUnfit("Choose somebody of the service desk who looks after this unit.", pointer="/staff_id")
    await store.assign(tx, case_id, str(staff_id))
    await record(tx, "care.assign_case", case_id, case["unit_id"], after={"assigned_to": person.name})


async def locked(tx: Tx, principal: Principal, case_id: UUID, *, only_open: bool = False) -> Record:
    """A case of the caller's units, locked; `CaseUnknown`, `CaseShut` for a closed one where it must be open."""
    case = await store.get_case(tx, case_id, lock=True)
    if case is None or not principal.covers(case["unit_id"]):
        raise CaseUnknown("There is no such case.", pointer="/case_id")
    if only_open and case["state"] != CaseState.OPEN:
        raise CaseShut("The case is closed; open it again first.", number=case["number"])
    return case


async def require_own(tx: Tx, seq: int, grant_id: UUID) -> grants.GrantItem:
    """A grant of that customer; `OtherCustomer`."""
    found = await grants.find_grants(tx, grant_ids=[grant_id], seq=seq, limit=1)
    if not found:
        raise OtherCustomer("This benefit is not one of the case's customer.", pointer="/grant_id")
    return found[0]


async def _due_at(tx: Tx) -> datetime:
    return tx.now + timedelta(hours=await tenants.setting(tx, CASE_HOURS))


async def record(
    tx: Tx, action: str, case_id: UUID, unit_id: int, *, reason: str = "", after: dict[str, object] | None = None
) -> None:
    """A line in the trail about a case."""
    entry = audit.AuditEntry(
        action=action, subject_kind="case", subject_id=str(case_id), unit_id=unit_id, reason=reason, after=after
    )
    await audit.record(tx, entry)
