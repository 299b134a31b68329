"""Routes of care: cases, what is done in them, what is asked for in them, goodwill."""

from datetime import date
from uuid import UUID

import msgspec
from litestar import get, post

from huoke.govern.privacy import Revealed
from huoke.kernel.http import Page, Principal, Reason, Result, by, each_once, page_limit, place_of, sorted_page
from huoke.kernel.tx import Tx
from huoke.settle import care
from huoke.settle.care import (
    Asked,
    AskFilter,
    Case,
    CaseFilter,
    CaseKind,
    CaseRow,
    CaseState,
    Colleague,
    Compensation,
    CompensationState,
    Extension,
    ExtensionState,
    NewAct,
    NewCase,
    NewCompensation,
    NewExtension,
    NewNote,
    NewReading,
    NewServiceOffer,
    OfferState,
    Reading,
    ServiceOffer,
)

TAGS = ["care"]
READ = {"permission": "case.read"}
ACT = {"permission": "desk.act"}
TEXT_LENGTH_MAX = 100


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a case ended."""

    outcome: str


class Assignee(msgspec.Struct, frozen=True, kw_only=True):
    """Who is to work on a case."""

    staff_id: UUID


@get("/v1/cases", operation_id="list_cases", tags=TAGS, summary="Cases in scope, latest change first", opt=READ)
async def list_cases(
    tx: Tx,
    principal: Principal,
    q: str = "",
    view: str = "",
    seq: int | None = None,
    kind: CaseKind | None = None,
    status: CaseState | None = None,
    assigned: str = "",
    opened: str = "",
    since: date | None = None,
    until: date | None = None,
    sort: str = "-changed",
    cursor: str | None = None,
    limit: int | None = None,
    *,
    overdue: bool = False,
) -> Page[CaseRow]:
    """`view=mine` are those the caller works on; `since` and `until` are days of opening."""
    size, order = page_limit(limit), care.case_sort(sort)
    wanted = CaseFilter(
        q=q[:TEXT_LENGTH_MAX],
        seq=seq,
        kind=kind,
        state=status,
        assigned=principal.actor.id if view == "mine" else assigned,
        opened=opened,
        overdue=overdue,
        since_on=since,
        until_on=until,
    )
    place = place_of(cursor, order)
    found = await care.find_cases(tx, principal, wanted, sort=order, place=place, limit=size + 1)
    return sorted_page(found, size, order, status=status)


@get(
    "/v1/desk-colleagues", operation_id="list_colleagues", tags=TAGS,
    summary="Who sits at the service desk; with a case, who may take it", opt=READ,
)  # fmt: skip
async def list_colleagues(tx: Tx, principal: Principal, case_id: UUID | None = None) -> Page[Colleague]:
    return Page(items=await care.colleagues(tx, principal, case_id))


@get("/v1/cases/{case_id:uuid}", operation_id="get_case", tags=TAGS, summary="A case whole", opt=READ)
async def get_case(tx: Tx, principal: Principal, case_id: UUID) -> Case:
    return await care.get_case(tx, principal, case_id)


@post("/v1/cases", operation_id="open_cases", tags=TAGS, summary="Open cases", opt=ACT)
async def open_cases(tx: Tx, principal: Principal, data: list[NewCase]) -> list[Result]:
    return await each_once(tx, "care.open_case", data, by(principal, care.open_case))


@post("/v1/cases/{case_id:uuid}/notes", operation_id="note_case", tags=TAGS, summary="Note contacts", opt=ACT)
async def note_case(tx: Tx, principal: Principal, case_id: UUID, data: list[NewNote]) -> list[Result]:
    async def one(tx: Tx, new: NewNote) -> UUID:
        return await care.note(tx, principal, case_id, new)

    return await each_once(tx, f"care.note:{case_id}", data, one)


@post(
    "/v1/cases/{case_id:uuid}/closing", operation_id="close_case", tags=TAGS,
    summary="Close a case", status_code=200, opt=ACT,
)  # fmt: skip
async def close_case(tx: Tx, principal: Principal, case_id: UUID, data: Outcome) -> Case:
    await care.close_case(tx, principal, case_id, data.outcome)
    return await care.get_case(tx, principal, case_id)


@post(
    "/v1/cases/{case_id:uuid}/reopening", operation_id="reopen_case", tags=TAGS,
    summary="Open a closed case again", status_code=200, opt=ACT,
)  # fmt: skip
async def reopen_case(tx: Tx, principal: Principal, case_id: UUID, data: Reason) -> Case:
    await care.reopen(tx, principal, case_id, data.reason)
    return await care.get_case(tx, principal, case_id)


@post(
    "/v1/cases/{case_id:uuid}/assignee", operation_id="assign_case", tags=TAGS,
    summary="Give an open case to a colleague", status_code=200, opt=ACT,
)  # fmt: skip
async def assign_case(tx: Tx, principal: Principal, case_id: UUID, data: Assignee) -> Case:
    await care.assign(tx, principal, case_id, data.staff_id)
    return await care.get_case(tx, principal, case_id)


@post(
    "/v1/care-acts", operation_id="act_in_cases", tags=TAGS,
    summary="Write again, ask a supplier, cancel an order, deliver again", opt=ACT,
)  # fmt: skip
async def act_in_cases(tx: Tx, principal: Principal, data: list[NewAct]) -> list[Result]:
    return await each_once(tx, "care.act", data, by(principal, care.act))


@get(
    "/v1/service-offers", operation_id="list_service_offers", tags=TAGS,
    summary="Goodwill benefits and what is left of them", opt=READ,
)  # fmt: skip
async def list_service_offers(tx: Tx, principal: Principal, status: OfferState | None = None) -> Page[ServiceOffer]:
    found = await care.service_offers(tx, principal, state=status)
    return Page(items=found, total=len(found))


@post(
    "/v1/service-offers", operation_id="propose_service_offers", tags=TAGS,
    summary="Ask for goodwill benefits, each to be approved by somebody else", opt={"permission": "benefit.write"},
)  # fmt: skip
async def propose_service_offers(tx: Tx, principal: Principal, data: list[NewServiceOffer]) -> list[Result]:
    return await each_once(tx, "care.propose", data, by(principal, care.propose))


@post(
    "/v1/service-offers/{service_offer_id:uuid}/stop", operation_id="stop_service_offer", tags=TAGS,
    summary="End a goodwill benefit; what nobody got goes back", status_code=200, opt={"permission": "benefit.write"},
)  # fmt: skip
async def stop_service_offer(tx: Tx, principal: Principal, service_offer_id: UUID, data: Reason) -> Result:
    await care.stop(tx, principal, service_offer_id, data.reason)
    return Result(index=0, status="done", id=str(service_offer_id))


@get(
    "/v1/compensations", operation_id="list_compensations", tags=TAGS,
    summary="Goodwill benefits asked for, latest first", opt=READ,
)  # fmt: skip
async def list_compensations(
    tx: Tx,
    principal: Principal,
    q: str = "",
    status: CompensationState | None = None,
    kind: CaseKind | None = None,
    by: str = "",
    since: date | None = None,
    until: date | None = None,
    sort: str = "-created",
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Compensation]:
    """`kind` is that of the case, `by` who asked; `since` and `until` are days of asking."""
    size, order = page_limit(limit), care.ask_sort(Asked.COMPENSATION, sort)
    wanted = AskFilter(q=q[:TEXT_LENGTH_MAX], state=status, kind=kind, by=by, since_on=since, until_on=until)
    place = place_of(cursor, order)
    found = await care.find_compensations(tx, principal, wanted, sort=order, place=place, limit=size + 1)
    return sorted_page(found, size, order, status=status)


@post(
    "/v1/compensations", operation_id="compensate", tags=TAGS,
    summary="Ask for goodwill benefits for customers of cases; another person decides", opt=ACT,
)  # fmt: skip
async def ask_compensations(tx: Tx, principal: Principal, data: list[NewCompensation]) -> list[Result]:
    return await each_once(tx, "care.compensate", data, by(principal, care.compensate))


@get(
    "/v1/compensations/{compensation_id:uuid}", operation_id="get_compensation", tags=TAGS,
    summary="A compensation and its case", opt=READ,
)  # fmt: skip
async def get_compensation(tx: Tx, principal: Principal, compensation_id: UUID) -> Compensation:
    return await care.get_compensation(tx, principal, compensation_id)


@post(
    "/v1/compensations/{compensation_id:uuid}/taking-back", operation_id="take_back_compensation", tags=TAGS,
    summary="Ask for a goodwill benefit back that was not used; another person decides", status_code=200, opt=ACT,
)  # fmt: skip
async def take_back(tx: Tx, principal: Principal, compensation_id: UUID, data: Reason) -> Compensation:
    await care.take_back(tx, principal, compensation_id, data.reason)
    return await care.get_compensation(tx, principal, compensation_id)


@post(
    "/v1/compensations/{compensation_id:uuid}/withdrawal", operation_id="withdraw_compensation", tags=TAGS,
    summary="Withdraw an open request: for a goodwill benefit, or to take one back", status_code=200, opt=ACT,
)  # fmt: skip
async def withdraw_compensation(tx: Tx, principal: Principal, compensation_id: UUID) -> Compensation:
    await care.withdraw(tx, principal, Asked.COMPENSATION, compensation_id)
    return await care.get_compensation(tx, principal, compensation_id)


@get(
    "/v1/extensions", operation_id="list_extensions", tags=TAGS,
    summary="Later ends asked for, latest first", opt=READ,
)  # fmt: skip
async def list_extensions(
    tx: Tx,
    principal: Principal,
    q: str = "",
    status: ExtensionState | None = None,
    kind: CaseKind | None = None,
    by: str = "",
    since: date | None = None,
    until: date | None = None,
    sort: str = "-created",
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Extension]:
    """`kind` is that of the case, `by` who asked; `since` and `until` are days of asking."""
    size, order = page_limit(limit), care.ask_sort(Asked.EXTENSION, sort)
    wanted = AskFilter(q=q[:TEXT_LENGTH_MAX], state=status, kind=kind, by=by, since_on=since, until_on=until)
    place = place_of(cursor, order)
    found = await care.find_extensions(tx, principal, wanted, sort=order, place=place, limit=size + 1)
    return sorted_page(found, size, order, status=status)


@post(
    "/v1/extensions", operation_id="extend_benefits", tags=TAGS,
    summary="Ask for later ends of benefits; another person decides", opt=ACT,
)  # fmt: skip
async def extend_benefits(tx: Tx, principal: Principal, data: list[NewExtension]) -> list[Result]:
    return await each_once(tx, "care.extend", data, by(principal, care.extend))


@get(
    "/v1/extensions/{extension_id:uuid}", operation_id="get_extension", tags=TAGS,
    summary="An extension and its case", opt=READ,
)  # fmt: skip
async def get_extension(tx: Tx, principal: Principal, extension_id: UUID) -> Extension:
    return await care.get_extension(tx, principal, extension_id)


@post(
    "/v1/extensions/{extension_id:uuid}/withdrawal", operation_id="withdraw_extension", tags=TAGS,
    summary="Withdraw an open request for a later end", status_code=200, opt=ACT,
)  # fmt: skip
async def withdraw_extension(tx: Tx, principal: Principal, extension_id: UUID) -> Extension:
    await care.withdraw(tx, principal, Asked.EXTENSION, extension_id)
    return await care.get_extension(tx, principal, extension_id)


@post(
    "/v1/code-readings", operation_id="ask_code_readings", tags=TAGS,
    summary="Ask to read customers their own card codes out; another person decides", opt=ACT,
)  # fmt: skip
async def ask_code_readings(tx: Tx, principal: Principal, data: list[NewReading]) -> list[Result]:
    return await each_once(tx, "care.ask_reading", data, by(principal, care.ask_reading))


@get(
    "/v1/code-readings/{reading_id:uuid}", operation_id="get_code_reading", tags=TAGS,
    summary="A reading and its case; never the code", opt=READ,
)  # fmt: skip
async def get_code_reading(tx: Tx, principal: Principal, reading_id: UUID) -> Reading:
    return await care.get_reading(tx, principal, reading_id)


@post(
    "/v1/code-readings/{reading_id:uuid}/reveals", operation_id="read_code", tags=TAGS,
    summary="Show an approved code to whoever asked, once, for a minute", status_code=200, opt=ACT,
)  # fmt: skip
async def read_code(tx: Tx, principal: Principal, reading_id: UUID) -> Revealed:
    return await care.read_code(tx, principal, reading_id)


@post(
    "/v1/code-readings/{reading_id:uuid}/withdrawal", operation_id="withdraw_code_reading", tags=TAGS,
    summary="Withdraw an open request to read a code out", status_code=200, opt=ACT,
)  # fmt: skip
async def withdraw_code_reading(tx: Tx, principal: Principal, reading_id: UUID) -> Reading:
    await care.withdraw(tx, principal, Asked.READING, reading_id)
    return await care.get_reading(tx, principal, reading_id)


routes = [
    list_cases,
    list_colleagues,
    get_case,
    assign_case,
    open_cases,
    note_case,
    close_case,
    reopen_case,
    act_in_cases,
    list_service_offers,
    propose_service_offers,
    stop_service_offer,
    list_compensations,
    ask_compensations,
    get_compensation,
    take_back,
    withdraw_compensation,
    list_extensions,
    extend_benefits,
    get_extension,
    withdraw_extension,
    ask_code_readings,
    get_code_reading,
    read_code,
    withdraw_code_reading,
]
