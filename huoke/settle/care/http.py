"""Routes of care: cases, what is done in them, goodwill."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import get, post

from huoke.kernel.http import Page, Principal, Result, decode_cursor, each_once, encode_cursor, page_limit
from huoke.kernel.tx import Tx
from huoke.settle import care
from huoke.settle.care import read
from huoke.settle.care.model import (
    Case,
    CaseKind,
    CaseRow,
    CaseState,
    Compensation,
    Extension,
    NewAct,
    NewCase,
    NewCompensation,
    NewExtension,
    NewNote,
    NewServiceOffer,
    OfferState,
    ServiceOffer,
)

TAGS = ["care"]
READ = {"permission": "case.read"}
ACT = {"permission": "desk.act"}


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a case ended."""

    outcome: str


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why."""

    reason: str


@get("/v1/cases", operation_id="list_cases", tags=TAGS, summary="Cases in scope, latest change first", opt=READ)
async def list_cases(
    tx: Tx,
    principal: Principal,
    q: str = "",
    view: str = "",
    seq: int | None = None,
    kind: CaseKind | None = None,
    status: CaseState | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[CaseRow]:
    """`view=mine` are those the caller opened."""
    size = page_limit(limit)
    found, counts = await read.find_cases(
        tx,
        principal,
        q=q[:100],
        mine=view == "mine",
        seq=seq,
        kind=kind,
        state=status,
        before=decode_cursor(cursor, tuple[datetime, UUID]),
        limit=size + 1,
    )
    return Page(
        items=found[:size],
        next_cursor=encode_cursor(found[size - 1].changed_at, found[size - 1].id) if len(found) > size else None,
        total=counts.get(status.value, 0) if status else sum(counts.values()),
        counts=counts,
    )


@get("/v1/cases/{case_id:uuid}", operation_id="get_case", tags=TAGS, summary="A case whole", opt=READ)
async def get_case(tx: Tx, principal: Principal, case_id: UUID) -> Case:
    return await read.get_case(tx, principal, case_id)


@post("/v1/cases", operation_id="open_cases", tags=TAGS, summary="Open cases", opt=ACT)
async def open_cases(tx: Tx, principal: Principal, data: list[NewCase]) -> list[Result]:
    async def one(tx: Tx, new: NewCase) -> UUID:
        return await care.open_case(tx, principal, new)

    return await each_once(tx, "care.open_case", data, one)


@post("/v1/cases/{case_id:uuid}/notes", operation_id="note_case", tags=TAGS, summary="Note contacts", opt=ACT)
async def note_case(tx: Tx, principal: Principal, case_id: UUID, data: list[NewNote]) -> list[Result]:
    async def one(tx: Tx, new: NewNote) -> UUID:
        return await care.note(tx, principal, case_id, new)

    return await each_once(tx, f"care.note:{case_id}", data, one)


@post(
    "/v1/cases/{case_id:uuid}/closing",
    operation_id="close_case",
    tags=TAGS,
    summary="Close a case",
    status_code=200,
    opt=ACT,
)
async def close_case(tx: Tx, principal: Principal, case_id: UUID, data: Outcome) -> Case:
    await care.close_case(tx, principal, case_id, data.outcome)
    return await read.get_case(tx, principal, case_id)


@post(
    "/v1/cases/{case_id:uuid}/reopening",
    operation_id="reopen_case",
    tags=TAGS,
    summary="Open a closed case again",
    status_code=200,
    opt=ACT,
)
async def reopen_case(tx: Tx, principal: Principal, case_id: UUID, data: Reason) -> Case:
    await care.reopen(tx, principal, case_id, data.reason)
    return await read.get_case(tx, principal, case_id)


@post(
    "/v1/care-acts",
    operation_id="act_in_cases",
    tags=TAGS,
    summary="Write again, ask a supplier, cancel an order, deliver again",
    opt=ACT,
)
async def act_in_cases(tx: Tx, principal: Principal, data: list[NewAct]) -> list[Result]:
    async def one(tx: Tx, new: NewAct) -> UUID:
        return await care.act(tx, principal, new)

    return await each_once(tx, "care.act", data, one)


@get(
    "/v1/service-offers",
    operation_id="list_service_offers",
    tags=TAGS,
    summary="Goodwill benefits and what is left of them",
    opt=READ,
)
async def list_service_offers(tx: Tx, principal: Principal, status: OfferState | None = None) -> Page[ServiceOffer]:
    found = await read.service_offers(tx, principal, state=status)
    return Page(items=found, total=len(found))


@post(
    "/v1/service-offers",
    operation_id="propose_service_offers",
    tags=TAGS,
    summary="Ask for goodwill benefits, each to be approved by somebody else",
    opt={"permission": "benefit.write"},
)
async def propose_service_offers(tx: Tx, principal: Principal, data: list[NewServiceOffer]) -> list[Result]:
    async def one(tx: Tx, new: NewServiceOffer) -> UUID:
        return await care.propose(tx, principal, new)

    return await each_once(tx, "care.propose", data, one)


@post(
    "/v1/service-offers/{service_offer_id:uuid}/stop",
    operation_id="stop_service_offer",
    tags=TAGS,
    summary="End a goodwill benefit; what nobody got goes back",
    status_code=200,
    opt={"permission": "benefit.write"},
)
async def stop_service_offer(tx: Tx, principal: Principal, service_offer_id: UUID, data: Reason) -> Result:
    await care.stop(tx, principal, service_offer_id, data.reason)
    return Result(index=0, status="done", id=str(service_offer_id))


@post(
    "/v1/compensations",
    operation_id="compensate",
    tags=TAGS,
    summary="Ask for goodwill benefits for customers of cases; another person decides",
    opt=ACT,
)
async def ask_compensations(tx: Tx, principal: Principal, data: list[NewCompensation]) -> list[Result]:
    async def one(tx: Tx, new: NewCompensation) -> UUID:
        return await care.compensate(tx, principal, new)

    return await each_once(tx, "care.compensate", data, one)


@get(
    "/v1/compensations/{compensation_id:uuid}",
    operation_id="get_compensation",
    tags=TAGS,
    summary="A compensation and its case",
    opt=READ,
)
async def get_compensation(tx: Tx, principal: Principal, compensation_id: UUID) -> Compensation:
    return await read.get_compensation(tx, principal, compensation_id)


@post(
    "/v1/compensations/{compensation_id:uuid}/taking-back",
    operation_id="take_back_compensation",
    tags=TAGS,
    summary="Take back a goodwill benefit that was not used",
    status_code=200,
    opt=ACT,
)
async def take_back(tx: Tx, principal: Principal, compensation_id: UUID, data: Reason) -> Compensation:
    await care.take_back(tx, principal, compensation_id, data.reason)
    return await read.get_compensation(tx, principal, compensation_id)


@post(
    "/v1/extensions",
    operation_id="extend_benefits",
    tags=TAGS,
    summary="Ask for later ends of benefits; another person decides",
    opt=ACT,
)
async def extend_benefits(tx: Tx, principal: Principal, data: list[NewExtension]) -> list[Result]:
    async def one(tx: Tx, new: NewExtension) -> UUID:
        return await care.extend(tx, principal, new)

    return await each_once(tx, "care.extend", data, one)


@get(
    "/v1/extensions/{extension_id:uuid}",
    operation_id="get_extension",
    tags=TAGS,
    summary="An extension and its case",
    opt=READ,
)
async def get_extension(tx: Tx, principal: Principal, extension_id: UUID) -> Extension:
    return await read.get_extension(tx, principal, extension_id)


routes = [
    list_cases,
    get_case,
    open_cases,
    note_case,
    close_case,
    reopen_case,
    act_in_cases,
    list_service_offers,
    propose_service_offers,
    stop_service_offer,
    ask_compensations,
    get_compensation,
    take_back,
    extend_benefits,
    get_extension,
]
