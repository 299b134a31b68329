"""Files over HTTP: raw bodies in, streams out."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import Parameter
from litestar.response import Stream

from huoke.kernel import files
from huoke.kernel.files.model import File, FileMissing
from huoke.kernel.http import download
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Database

UPLOAD_KEPT = timedelta(days=7)


@post(
    "/v1/files",
    operation_id="upload_file",
    opt={"permission": "customer.import"},
    tags=["files"],
    summary="Upload a file: its bytes are the body, its name is in the query",
    request_max_body_size=None,
)
async def upload_file(
    request: Request[Any, Any, Any], principal: Principal, name: Annotated[str, Parameter(min_length=1, max_length=200)]
) -> File:
    """Store the body for an import; it is kept for seven days."""
    database: Database = request.app.state.edge.database
    file_id = await files.upload(
        database,
        principal.tenant,
        principal.actor,
        name,
        request.headers.get("content-type", "application/octet-stream"),
        _body(request),
        database.clock.now() + UPLOAD_KEPT,
    )
    async with database.begin(principal.tenant, principal.actor) as tx:
        return await files.get(tx, file_id)


@get(
    "/v1/files/{file_id:uuid}",
    operation_id="download_file",
    opt={"permission": "any"},
    tags=["files"],
    summary="Download a file that was made for downloading",
)
async def download_file(request: Request[Any, Any, Any], principal: Principal, file_id: UUID) -> Stream:
    """Send the bytes of an export, to whoever holds the permission it was made for."""
    database: Database = request.app.state.edge.database
    async with database.begin(principal.tenant, principal.actor) as tx:
        file = await files.get(tx, file_id)
    if not principal.may(file.download_permission):
        raise FileMissing("There is no such file, or it has expired.")
    return download(database, principal.tenant, file)


async def _body(request: Request[Any, Any, Any]) -> AsyncIterator[bytes]:
    async for piece in request.stream():
        yield piece


routes = [upload_file, download_file]
