"""Routes of saved views, exports of lists and the first guide."""

from typing import Any
from uuid import UUID

from litestar import Request, delete, get, post, put
from litestar.response import Stream

from huoke.govern import views
from huoke.govern.views import Export, ExportUnknown, NewExport, NewView, SavedView, ViewChange
from huoke.kernel import files
from huoke.kernel.http import Page, Principal, Result, download, each
from huoke.kernel.refusals import Forbidden
from huoke.kernel.tx import ActorKind, Database, Tx

TAGS = ["views"]


@get(
    "/v1/views",
    operation_id="list_views",
    tags=TAGS,
    summary="Own and shared views of a list",
    opt={"permission": "any"},
)
async def list_views(tx: Tx, principal: Principal, page: str = "") -> Page[SavedView]:
    """`page` is the list's name in the console, such as campaigns."""
    _person(principal)
    return Page(items=await views.find(tx, principal, page))


@post("/v1/views", operation_id="save_views", tags=TAGS, summary="Keep views", opt={"permission": "any"})
async def save_views(tx: Tx, principal: Principal, data: list[NewView]) -> list[Result]:
    _person(principal)
    return await each(tx, data, lambda tx, new: views.save(tx, principal, new))


@put("/v1/views", operation_id="change_views", tags=TAGS, summary="Change own views", opt={"permission": "any"})
async def change_views(tx: Tx, principal: Principal, data: list[ViewChange]) -> list[Result]:
    _person(principal)
    return await each(tx, data, lambda tx, wanted: views.change(tx, principal, wanted))


@delete(
    "/v1/views/{view_id:uuid}",
    operation_id="remove_view",
    tags=TAGS,
    summary="Remove an own view",
    opt={"permission": "any"},
)
async def remove_view(tx: Tx, principal: Principal, view_id: UUID) -> None:
    _person(principal)
    await views.remove(tx, principal, view_id)


@get("/v1/exports", operation_id="list_exports", tags=TAGS, summary="Own exports", opt={"permission": "any"})
async def list_exports(tx: Tx, principal: Principal) -> Page[Export]:
    _person(principal)
    return Page(items=await views.exports(tx, principal))


@post(
    "/v1/exports",
    operation_id="request_exports",
    tags=TAGS,
    summary="Ask for files of lists, each with its reason",
    opt={"permission": "any"},
)
async def request_exports(tx: Tx, principal: Principal, data: list[NewExport]) -> list[Result]:
    _person(principal)
    if principal.actor.own_customers:
        raise Forbidden("Files of customers are not for relationship managers; ask the operator of your branch.")
    return await each(tx, data, lambda tx, new: views.request_export(tx, principal, new))


@get(
    "/v1/exports/{export_id:uuid}",
    operation_id="get_export",
    tags=TAGS,
    summary="An own export with its progress",
    opt={"permission": "any"},
)
async def get_export(tx: Tx, principal: Principal, export_id: UUID) -> Export:
    _person(principal)
    return (await views.get_export(tx, principal, export_id))[0]


@delete(
    "/v1/exports/{export_id:uuid}",
    operation_id="cancel_export",
    tags=TAGS,
    summary="Stop an own export",
    opt={"permission": "any"},
)
async def cancel_export(tx: Tx, principal: Principal, export_id: UUID) -> None:
    _person(principal)
    await views.cancel_export(tx, principal, export_id)


@get(
    "/v1/exports/{export_id:uuid}/file",
    operation_id="download_export",
    tags=TAGS,
    summary="The file of an own export",
    opt={"permission": "any"},
)
async def download_export(request: Request[Any, Any, Any], principal: Principal, export_id: UUID) -> Stream:
    """Only to the one who asked for it: the file holds what that person may see."""
    _person(principal)
    database: Database = request.app.state.edge.database
    async with database.begin(principal.tenant, principal.actor) as tx:
        _, file_id = await views.get_export(tx, principal, export_id)
        if file_id is None:
            raise ExportUnknown("The export has no file yet.")
        file = await files.get(tx, file_id)
    return download(database, principal.tenant, file)


@put(
    "/v1/guide/dismissal",
    operation_id="dismiss_guide",
    tags=TAGS,
    summary="Put the first guide away for the bank",
    opt={"permission": "campaign.write"},
    status_code=204,
)
async def dismiss_guide(tx: Tx) -> None:
    await views.dismiss_guide(tx)


@delete(
    "/v1/guide/dismissal",
    operation_id="restore_guide",
    tags=TAGS,
    summary="Bring the first guide back",
    opt={"permission": "campaign.write"},
)
async def restore_guide(tx: Tx) -> None:
    await views.restore_guide(tx)


def _person(principal: Principal) -> None:
    if principal.actor.kind is not ActorKind.STAFF:
        raise Forbidden("Views and exports are kept for people; a key has none.")


routes = [
    list_views,
    save_views,
    change_views,
    remove_view,
    list_exports,
    request_exports,
    get_export,
    cancel_export,
    download_export,
    dismiss_guide,
    restore_guide,
]
