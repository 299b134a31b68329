"""The grid over HTTP: the map, a cell, moves, axes with their preview, and what is unknown."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import Parameter

from huoke.govern.people import units
from huoke.govern.requests import ask_each
from huoke.kernel.engines import ClickHouse
from huoke.kernel.http import Page, Result, decode_cursor, each, encode_cursor, page_limit
from huoke.kernel.ids import Seq, UnitId
from huoke.kernel.principal import Principal
from huoke.kernel.sets import SetServer
from huoke.kernel.telling import few
from huoke.kernel.tx import Tx
from huoke.know import customers, tags
from huoke.know.grid import axes, fill, jobs, read
from huoke.know.grid.answers import BandFlow, CellPage, GridMap, Stay
from huoke.know.grid.axes import AskedAxis, Axis, AxisPreview, AxisRequest
from huoke.know.grid.fill import Unfilled
from huoke.know.grid.model import AxisName, FillTask, NewAxis, NewFillTask, read_code
from huoke.know.grid.usual import USUAL
from huoke.know.language import Analytics
from huoke.know.tags import TagProfile

TAGS = ["grid"]
READ = {"permission": "grid.read"}
WRITE = {"permission": "grid.write"}
TELLING = 12
"""So many tags of a cell are told."""
Unit = Annotated[int | None, Parameter(ge=1, le=2**31 - 1)]


class Axes(msgspec.Struct, frozen=True, kw_only=True):
    """The axes that hold, those a bank begins with, and versions that were asked for; `can` change them."""

    in_force: list[Axis]
    usual: list[NewAxis]
    requests: list[AxisRequest]
    can: list[str]


class Stays(msgspec.Struct, frozen=True, kw_only=True):
    """Where a customer stood, month by month, and the map they stand on now; empty before anybody was placed."""

    months: list[Stay]
    map: GridMap


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """A task to close."""

    task_id: UUID


@get("/v1/grid", operation_id="get_grid", opt=READ, tags=TAGS, summary="The grid of a month beside another month")
async def get_grid(
    tx: Tx, principal: Principal, month: date | None = None, against: date | None = None, unit_id: Unit = None
) -> GridMap:
    """The latest month and the one before by default, of the caller's units or those below one of them."""
    scope = await read.scope_of(tx, principal, UnitId(unit_id) if unit_id else None)
    return await read.grid_map(tx, month=month, against=against, scope=scope, small=principal.units is None)


@get("/v1/grid/cell", operation_id="get_grid_cell", opt=READ, tags=TAGS, summary="One cell: its customers as a whole")
async def get_grid_cell(
    tx: Tx,
    principal: Principal,
    cell: str,
    month: date | None = None,
    against: date | None = None,
    unit_id: Unit = None,
) -> CellPage:
    """`cell` is named by the places of its bands, such as 3-4-1; 0 is unknown."""
    scope = await read.scope_of(tx, principal, UnitId(unit_id) if unit_id else None)
    return await read.cell_page(tx, cell, month=month, against=against, scope=scope, small=principal.units is None)


@get(
    "/v1/grid/cell/profile",
    operation_id="get_grid_cell_profile",
    opt=READ,
    tags=TAGS,
    summary="The tags that set a cell's customers apart",
)
async def get_grid_cell_profile(
    tx: Tx, principal: Principal, clickhouse: ClickHouse, cell: str, month: date | None = None, unit_id: Unit = None
) -> TagProfile:
    """Against all in scope, most telling first; nothing of a cell that is too small to be told."""
    scope = await read.scope_of(tx, principal, UnitId(unit_id) if unit_id else None)
    chosen = await read.chosen(tx, month)
    members = await read.members(tx, chosen, [read_code(cell, chosen.axes)], scope)
    if not members or (principal.units is not None and few(len(members))):
        return TagProfile(total=0, universe=0, tags=[], tested=0, sampled=False, error=0.0)
    everybody = await read.members(tx, chosen, None, scope)
    found = await tags.profile(tx, clickhouse, members, everybody, from_sample=True, limit=TELLING * 12)
    told = [one for one in found.tags if one.significant and one.count]
    known = await axes.looked_at(tx, {one.tag for one in told})
    return msgspec.structs.replace(found, tags=[one for one in told if one.tag not in known][:TELLING])


@get("/v1/grid/moves", operation_id="list_grid_moves", opt=READ, tags=TAGS, summary="Moves between bands of each axis")
async def list_grid_moves(
    tx: Tx, principal: Principal, month: date | None = None, against: date | None = None, unit_id: Unit = None
) -> Page[BandFlow]:
    """Most customers first; staff of some units are told of none below ten, nor of what would give it away."""
    scope = await read.scope_of(tx, principal, UnitId(unit_id) if unit_id else None)
    return Page(
        items=await read.band_flows(tx, month=month, against=against, scope=scope, small=principal.units is None)
    )


@get(
    "/v1/customers/{seq:int}/grid",
    operation_id="get_customer_grid",
    opt={"permission": "customer.read"},
    tags=TAGS,
    summary="Where a customer stands in the grid, and stood",
)
async def get_customer_grid(tx: Tx, principal: Principal, seq: int) -> Stays:
    """Months without them are left out."""
    await customers.get(tx, Seq(seq), scope=principal.units)
    return Stays(
        months=await read.of(tx, Seq(seq)),
        map=await read.grid_map(tx, month=None, against=None, scope=principal.units, small=principal.units is None),
    )


@post("/v1/grid/placements", operation_id="ask_grid_placement", opt=WRITE, tags=TAGS, summary="Place everybody now")
async def ask_grid_placement(tx: Tx, principal: Principal) -> None:
    """In the background; the running month is written anew. Of the whole bank: `OutOfScope` below head office."""
    principal.require_unit(await units.head_office(tx))
    jobs.ask_placement(tx)


@get("/v1/grid/axes", operation_id="list_grid_axes", opt=READ, tags=TAGS, summary="How the grid divides")
async def list_grid_axes(tx: Tx, principal: Principal) -> Axes:
    """Axes in order, and earlier requests."""
    mine = principal.may("grid.write") and principal.covers(await units.head_office(tx))
    return Axes(
        in_force=await axes.in_force(tx),
        usual=list(USUAL.values()),
        requests=await axes.requests(tx),
        can=["change"] if mine else [],
    )


@post(
    "/v1/grid/axes/previews",
    operation_id="preview_grid_axis",
    opt=WRITE,
    tags=TAGS,
    summary="Whom another version of an axis would move",
    status_code=200,
)
async def preview_grid_axis(
    tx: Tx, principal: Principal, clickhouse: ClickHouse, sets: SetServer, data: NewAxis
) -> AxisPreview:
    """Counted live, over the whole bank: `OutOfScope` below head office."""
    principal.require_unit(await units.head_office(tx))
    return await axes.preview(tx, Analytics(clickhouse, sets), data)


@post(
    "/v1/grid/axes",
    operation_id="request_grid_axes",
    opt=WRITE,
    tags=TAGS,
    summary="Ask for another version of an axis: another person decides",
)
async def request_grid_axes(tx: Tx, principal: Principal, data: list[AskedAxis]) -> list[Result]:
    """One request of an axis at a time; for the whole bank: `OutOfScope` below head office."""
    return await ask_each(tx, principal, data, axes.request_axis)


@get(
    "/v1/grid/unfilled",
    operation_id="list_grid_unfilled",
    opt=READ,
    tags=TAGS,
    summary="Customers whose place on an axis is unknown, and the fields they lack",
)
async def list_grid_unfilled(
    tx: Tx,
    principal: Principal,
    clickhouse: ClickHouse,
    axis: AxisName = AxisName.OCCUPATION,
    unit_id: Unit = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Unfilled]:
    """Masked, of the caller's units, by customer number in the bank's own order."""
    size = page_limit(limit)
    place = decode_cursor(cursor, tuple[int])
    scope = await read.scope_of(tx, principal, UnitId(unit_id) if unit_id else None)
    found, total = await fill.unfilled(
        tx, clickhouse, axis, scope=scope, after=place[0] if place else -1, limit=size + 1
    )
    more = len(found) > size
    return Page(items=found[:size], next_cursor=encode_cursor(found[size - 1].seq) if more else None, total=total)


@get("/v1/grid/fill-tasks", operation_id="list_grid_fill_tasks", opt=READ, tags=TAGS, summary="Tasks to find out more")
async def list_grid_fill_tasks(tx: Tx, principal: Principal) -> Page[FillTask]:
    """Open ones first; how far they are is counted."""
    return Page(items=await fill.tasks(tx, principal))


@post(
    "/v1/grid/fill-tasks",
    operation_id="add_grid_fill_tasks",
    opt=WRITE,
    tags=TAGS,
    summary="Give units the task to find out where their customers stand",
)
async def add_grid_fill_tasks(tx: Tx, principal: Principal, data: list[NewFillTask]) -> list[Result]:
    """Each on its own."""

    async def add(inner: Tx, new: NewFillTask) -> UUID:
        return await fill.add_task(inner, principal, new)

    return await each(tx, data, add)


@post(
    "/v1/grid/fill-tasks/closings",
    operation_id="close_grid_fill_tasks",
    opt=WRITE,
    tags=TAGS,
    summary="Close tasks",
)
async def close_grid_fill_tasks(tx: Tx, principal: Principal, data: list[Closing]) -> list[Result]:
    """Each on its own."""

    async def close(inner: Tx, one: Closing) -> UUID:
        return await fill.close_task(inner, principal, one.task_id)

    return await each(tx, data, close)


routes = [
    get_grid,
    get_grid_cell,
    get_grid_cell_profile,
    list_grid_moves,
    get_customer_grid,
    ask_grid_placement,
    list_grid_axes,
    preview_grid_axis,
    request_grid_axes,
    list_grid_unfilled,
    list_grid_fill_tasks,
    add_grid_fill_tasks,
    close_grid_fill_tasks,
]
