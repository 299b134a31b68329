"""Routes of units and staff."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import get, post, put

from huoke.govern.people import NewStaff, NewUnit, RoleScope, Staff, StaffChange, StaffStatus, Unit, staff, units
from huoke.kernel.http import Page, Principal, Result, decode_cursor, each, encode_cursor, page_limit
from huoke.kernel.ids import UnitId
from huoke.kernel.tx import Tx

TAGS = ["people"]


class StaffView(msgspec.Struct, frozen=True, kw_only=True):
    """A member of staff as the console shows one."""

    id: UUID
    login: str
    name: str
    post: str
    unit_id: UnitId
    status: StaffStatus
    roles: list[RoleScope]
    added_at: datetime
    can: list[str]


class StaffAccess(msgspec.Struct, frozen=True, kw_only=True):
    """Whose access to end or give back, and why."""

    id: UUID
    reason: str


@get("/v1/units", operation_id="list_units", tags=TAGS, summary="The organisation", opt={"permission": "any"})
async def list_units(tx: Tx, principal: Principal) -> Page[Unit]:
    tree = await units.tree(tx)
    return Page(items=[unit for unit in tree if principal.covers(unit.id)], total=len(tree))


@post("/v1/units", operation_id="add_units", tags=TAGS, summary="Open units", opt={"permission": "setting.write"})
async def add_units(tx: Tx, data: list[NewUnit]) -> list[Result]:
    return await each(tx, data, _add_unit)


@get("/v1/staff", operation_id="list_staff", tags=TAGS, summary="Staff by login", opt={"permission": "staff.read"})
async def list_staff(
    tx: Tx,
    principal: Principal,
    q: str = "",
    status: StaffStatus | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[StaffView]:
    size = page_limit(limit)
    after = decode_cursor(cursor, tuple[str])
    people = await staff.find(
        tx, status=status, q=q, unit_ids=principal.units, after=after[0] if after else "", limit=size + 1
    )
    return Page(
        items=[_view(person, principal) for person in people[:size]],
        next_cursor=encode_cursor(people[size - 1].login) if len(people) > size else None,
        counts=await staff.count(tx, unit_ids=principal.units),
    )


@get(
    "/v1/staff/{staff_id:uuid}",
    operation_id="get_staff",
    tags=TAGS,
    summary="A member of staff",
    opt={"permission": "staff.read"},
)
async def get_staff(tx: Tx, principal: Principal, staff_id: UUID) -> StaffView:
    person = await staff.get(tx, staff_id)
    principal.require_unit(person.unit_id)
    return _view(person, principal)


@post("/v1/staff", operation_id="add_staff", tags=TAGS, summary="Add people", opt={"permission": "staff.write"})
async def add_staff(tx: Tx, principal: Principal, data: list[NewStaff]) -> list[Result]:
    async def add(tx: Tx, new: NewStaff) -> UUID:
        _require_scope(principal, new.unit_id, new.roles)
        return (await staff.add(tx, [new]))[0]

    return await each(tx, data, add)


@put("/v1/staff", operation_id="change_staff", tags=TAGS, summary="Change people", opt={"permission": "staff.write"})
async def change_staff(tx: Tx, principal: Principal, data: list[StaffChange]) -> list[Result]:
    async def change(tx: Tx, wanted: StaffChange) -> UUID:
        principal.require_unit((await staff.get(tx, wanted.id)).unit_id)
        _require_scope(principal, wanted.unit_id, wanted.roles)
        return await staff.change(tx, wanted)

    return await each(tx, data, change)


@post(
    "/v1/staff/disablements",
    operation_id="disable_staff",
    tags=TAGS,
    summary="End people's access at once",
    opt={"permission": "staff.write"},
)
async def disable_staff(tx: Tx, principal: Principal, data: list[StaffAccess]) -> list[Result]:
    async def disable(tx: Tx, access: StaffAccess) -> UUID:
        principal.require_unit((await staff.get(tx, access.id)).unit_id)
        return await staff.disable(tx, access.id, access.reason)

    return await each(tx, data, disable)


@post(
    "/v1/staff/enablements",
    operation_id="enable_staff",
    tags=TAGS,
    summary="Give people's access back",
    opt={"permission": "staff.write"},
)
async def enable_staff(tx: Tx, principal: Principal, data: list[StaffAccess]) -> list[Result]:
    async def enable(tx: Tx, access: StaffAccess) -> UUID:
        principal.require_unit((await staff.get(tx, access.id)).unit_id)
        return await staff.enable(tx, access.id, access.reason)

    return await each(tx, data, enable)


async def _add_unit(tx: Tx, new: NewUnit) -> UnitId:
    return (await units.add(tx, [new]))[0]


def _require_scope(principal: Principal, unit_id: UnitId, roles: list[RoleScope]) -> None:
    for wanted in (unit_id, *(held.unit_id for held in roles)):
        principal.require_unit(wanted)


def _view(person: Staff, principal: Principal) -> StaffView:
    mine = principal.actor.id == str(person.id)
    access = "disable" if person.active else "enable"
    can = ["change", access, "enrol"] if principal.may("staff.write") and not mine else []
    return StaffView(
        id=person.id,
        login=person.login,
        name=person.name,
        post=person.post,
        unit_id=person.unit_id,
        status=person.status,
        roles=person.roles,
        added_at=person.added_at,
        can=can,
    )


routes = [list_units, add_units, list_staff, get_staff, add_staff, change_staff, disable_staff, enable_staff]
