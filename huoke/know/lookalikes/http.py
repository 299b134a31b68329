"""Look-alikes over HTTP."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from litestar import get, post

from huoke.govern.people import staff
from huoke.kernel.http import Page, Result, each_once
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import lookalikes, segments
from huoke.know.lookalikes.model import NewSearch, Search

TAGS = ["segments"]
READ = {"permission": "segment.read"}
WRITE = {"permission": "segment.write"}


@post(
    "/v1/lookalikes",
    operation_id="create_lookalikes",
    opt=WRITE,
    tags=TAGS,
    summary="Find the customers most like those of a segment or of a list",
)
async def create_lookalikes(tx: Tx, principal: Principal, data: list[NewSearch]) -> list[Result]:
    """A job does, among the caller's customers; at least 200 of the seed are needed."""
    viewer = await segments.viewer_of(tx, principal)

    async def write(part: Tx, new: NewSearch) -> UUID:
        if new.segment_id is not None:
            await segments.see(part, new.segment_id, viewer)
        return await lookalikes.ask(part, new, units=principal.units)

    return await each_once(tx, "lookalikes.ask", data, write)


@get("/v1/lookalikes", operation_id="list_lookalikes", opt=READ, tags=TAGS, summary="Searches, latest first")
async def list_lookalikes(tx: Tx) -> Page[Search]:
    """With what was learned and who was found."""
    return Page(items=await _named(tx, await lookalikes.find(tx)))


@get("/v1/lookalikes/{lookalike_id:uuid}", operation_id="get_lookalike", opt=READ, tags=TAGS, summary="One search")
async def get_lookalike(tx: Tx, lookalike_id: UUID) -> Search:
    """With its drivers in words."""
    [found] = await _named(tx, [await lookalikes.get(tx, lookalike_id)])
    return found


async def _named(tx: Tx, found: Sequence[Search]) -> list[Search]:
    names = await staff.names(tx, {one.asked_by for one in found})
    return [msgspec.structs.replace(one, asked_by=names.get(one.asked_by, one.asked_by)) for one in found]


routes = [create_lookalikes, list_lookalikes, get_lookalike]
