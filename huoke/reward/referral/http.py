"""Referral over HTTP: programmes, what came of them, cases."""

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post

from huoke.kernel.http import Page, Principal, Result, by, decode_cursor, each_once, encode_cursor, page_limit
from huoke.kernel.tx import Tx
from huoke.know.entry_points import TYPES, Picture
from huoke.reward import referral
from huoke.reward.referral import (
    Attribution,
    BondRow,
    BondState,
    BondStep,
    InviteTree,
    NewCase,
    NewProgramme,
    ProgrammePage,
    ProgrammeRow,
    ProgrammeState,
    StaffInvited,
    StaffProgramme,
)

TAGS = ["referral"]
READ = {"permission": "campaign.read"}
WRITE = {"permission": "campaign.write"}
INVITE = {"permission": "referral.invite"}


class ProgrammeMove(msgspec.Struct, frozen=True, kw_only=True):
    """Why a programme is paused, goes on or is stopped."""

    reason: str


class StaffCode(msgspec.Struct, frozen=True, kw_only=True):
    """A member of staff's own code; `path` is where it leads."""

    code: str
    path: str


@get(
    "/v1/referral-programmes",
    operation_id="list_referral_programmes",
    tags=TAGS,
    summary="Referral programmes with their figures, latest first",
    opt=READ,
)
async def list_programmes(tx: Tx, principal: Principal, status: ProgrammeState | None = None) -> Page[ProgrammeRow]:
    every = await referral.rows(tx, principal)
    counts = Counter(one.state.value for one in every)
    found = [one for one in every if status in (None, one.state)]
    return Page(items=found, total=len(found), counts=dict(counts))


@post(
    "/v1/referral-programmes",
    operation_id="propose_referral_programmes",
    tags=TAGS,
    summary="Ask for referral programmes; another person decides",
    opt={"permission": "campaign.submit"},
)
async def propose_programmes(tx: Tx, principal: Principal, data: list[NewProgramme]) -> list[Result]:
    return await each_once(tx, "referral.propose", data, by(principal, referral.propose))


@get(
    "/v1/referral-programmes/{programme_id:uuid}",
    operation_id="get_referral_programme",
    tags=TAGS,
    summary="A referral programme whole",
    opt=READ,
)
async def get_programme(tx: Tx, principal: Principal, programme_id: UUID) -> ProgrammePage:
    return await referral.page(tx, principal, programme_id)


@post(
    "/v1/referral-programmes/{programme_id:uuid}/pause",
    operation_id="pause_referral_programme",
    tags=TAGS,
    summary="Pause a referral programme",
    status_code=200,
    opt=WRITE,
)
async def pause_programme(tx: Tx, principal: Principal, programme_id: UUID, data: ProgrammeMove) -> ProgrammePage:
    await referral.pause(tx, principal, programme_id, data.reason)
    return await referral.page(tx, principal, programme_id)


@post(
    "/v1/referral-programmes/{programme_id:uuid}/resumption",
    operation_id="resume_referral_programme",
    tags=TAGS,
    summary="Go on with a paused referral programme",
    status_code=200,
    opt=WRITE,
)
async def resume_programme(tx: Tx, principal: Principal, programme_id: UUID, data: ProgrammeMove) -> ProgrammePage:
    await referral.resume(tx, principal, programme_id, data.reason)
    return await referral.page(tx, principal, programme_id)


@post(
    "/v1/referral-programmes/{programme_id:uuid}/stop",
    operation_id="stop_referral_programme",
    tags=TAGS,
    summary="Take no more invitations; those accepted are honoured",
    status_code=200,
    opt=WRITE,
)
async def stop_programme(tx: Tx, principal: Principal, programme_id: UUID, data: ProgrammeMove) -> ProgrammePage:
    await referral.stop(tx, principal, programme_id, data.reason)
    return await referral.page(tx, principal, programme_id)


@get(
    "/v1/referral-programmes/{programme_id:uuid}/cascade",
    operation_id="get_referral_tree",
    tags=TAGS,
    summary="Who invited whom in a programme",
    opt=READ,
)
async def get_tree(tx: Tx, principal: Principal, programme_id: UUID) -> InviteTree:
    """The earliest 2,000 invitations; names masked, none outside the caller's units."""
    return await referral.tree(tx, principal, programme_id)


@get(
    "/v1/referral-programmes/{programme_id:uuid}/attribution",
    operation_id="get_referral_attribution",
    tags=TAGS,
    summary="Totals of a programme by unit and member of staff",
    opt=READ,
)
async def get_attribution(tx: Tx, principal: Principal, programme_id: UUID) -> Attribution:
    """Every line after the unit it belongs to; units outside the caller's are one line."""
    return await referral.attribution(tx, principal, programme_id)


@post(
    "/v1/referral-programmes/{programme_id:uuid}/staff-code",
    operation_id="open_referral_staff_code",
    tags=TAGS,
    summary="The caller's own code to invite by",
    status_code=200,
    opt=INVITE,
)
async def open_staff_code(tx: Tx, principal: Principal, programme_id: UUID) -> StaffCode:
    """The same code every time; what comes of it counts for the caller and their unit."""
    code = await referral.own_staff_code(tx, principal, programme_id)
    return StaffCode(code=code, path=f"/e/{code}")


@get(
    "/v1/referral-programmes/{programme_id:uuid}/bonds",
    operation_id="list_referral_bonds",
    tags=TAGS,
    summary="Accepted invitations of a programme, latest first",
    opt=READ,
)
async def list_bonds(
    tx: Tx,
    principal: Principal,
    programme_id: UUID,
    status: BondState | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[BondRow]:
    size = page_limit(limit)
    before = decode_cursor(cursor, tuple[datetime, UUID])
    found = await referral.bonds(tx, principal, programme_id, state=status, before=before, limit=size + 1)
    counts = await referral.count_bonds(tx, programme_id)
    last = found[size - 1] if len(found) > size else None
    return Page(
        items=found[:size],
        next_cursor=encode_cursor(last.bound_at, last.id) if last else None,
        total=counts.get(status.value, 0) if status else sum(counts.values()),
        counts=counts,
    )


@get(
    "/v1/referral-bonds/{bond_id:uuid}/steps",
    operation_id="list_referral_steps",
    tags=TAGS,
    summary="How an accepted invitation went on",
    opt=READ,
)
async def list_steps(tx: Tx, principal: Principal, bond_id: UUID) -> Page[BondStep]:
    return Page(items=await referral.bond_steps(tx, principal, bond_id))


@post(
    "/v1/referral-cases",
    operation_id="ask_referral_cases",
    tags=TAGS,
    summary="Ask to pay blocked invitations or to take back what some brought; another person decides",
    opt=WRITE,
)
async def ask_cases(tx: Tx, principal: Principal, data: list[NewCase]) -> list[Result]:
    return await each_once(tx, "referral.ask", data, by(principal, referral.ask))


@get(
    "/v1/staff-codes",
    operation_id="list_staff_codes",
    tags=TAGS,
    summary="Programmes the caller may invite by, with their own code and what came of it",
    opt=INVITE,
)
async def list_staff_codes(request: Request[Any, Any, Any], tx: Tx, principal: Principal) -> Page[StaffProgramme]:
    found = await referral.staff_programmes(tx, principal, _origin(request))
    return Page(items=found, total=len(found))


@get(
    "/v1/referral-programmes/{programme_id:uuid}/staff-poster",
    operation_id="draw_staff_poster",
    tags=TAGS,
    summary="A poster with the caller's own code",
    opt=INVITE,
    media_type="image/svg+xml",
)
async def draw_staff_poster(
    request: Request[Any, Any, Any],
    tx: Tx,
    principal: Principal,
    programme_id: UUID,
    english: bool = False,
    kind: Picture = Picture.POSTER_SVG,
) -> Response[bytes]:
    drawn = await referral.staff_poster(tx, principal, programme_id, _origin(request), english=english, kind=kind)
    headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'", "Cache-Control": "no-store"}
    return Response(drawn, media_type=TYPES[kind], headers=headers)


@get(
    "/v1/referral-programmes/{programme_id:uuid}/invited",
    operation_id="list_staff_invited",
    tags=TAGS,
    summary="Who came by the caller's own code, latest first",
    opt=INVITE,
)
async def list_staff_invited(
    tx: Tx, principal: Principal, programme_id: UUID, cursor: str | None = None, limit: int | None = None
) -> Page[StaffInvited]:
    """Masked; names are told of customers the caller may see."""
    size = page_limit(limit)
    before = decode_cursor(cursor, tuple[datetime, UUID])
    found = await referral.staff_invited(tx, principal, programme_id, before=before, limit=size + 1)
    last = found[size - 1] if len(found) > size else None
    return Page(items=found[:size], next_cursor=encode_cursor(last.bound_at, last.id) if last else None)


def _origin(request: Request[Any, Any, Any]) -> str:
    return str(request.base_url).rstrip("/")


routes = [
    list_staff_codes,
    draw_staff_poster,
    list_staff_invited,
    list_programmes,
    propose_programmes,
    get_programme,
    pause_programme,
    resume_programme,
    stop_programme,
    get_tree,
    get_attribution,
    open_staff_code,
    list_bonds,
    list_steps,
    ask_cases,
]
