"""Entry points over HTTP."""

from uuid import UUID

from litestar import get

from huoke.kernel.http import Page, decode_cursor, encode_cursor, page_limit
from huoke.kernel.tx import Tx
from huoke.know.entry_points.model import EntryPoint
from huoke.know.entry_points.resolve import find, of_target


@get(
    "/v1/entry-points",
    operation_id="list_entry_points",
    opt={"permission": "entry_point.read"},
    tags=["entry_points"],
    summary="Links and QR codes, latest first, or those to one target",
)
async def list_entry_points(
    tx: Tx, target_id: UUID | None = None, cursor: str | None = None, limit: int | None = None
) -> Page[EntryPoint]:
    """With their short codes."""
    if target_id is not None:
        found = await of_target(tx, "campaign", target_id)
        return Page(items=found, total=len(found))
    size = page_limit(limit)
    after = decode_cursor(cursor, tuple[UUID])
    found = await find(tx, after=after[0] if after else None, limit=size + 1)
    return Page(items=found[:size], next_cursor=encode_cursor(found[size - 1].id) if len(found) > size else None)


routes = [list_entry_points]
