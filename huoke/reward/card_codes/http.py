"""Routes of card codes."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import Parameter

from huoke.kernel import files
from huoke.kernel.http import Page, Principal, Result, decode_cursor, encode_cursor, page_limit
from huoke.kernel.tx import Database, Tx
from huoke.reward import card_codes
from huoke.reward.card_codes import Batch, BatchState, NewBatch
from huoke.reward.card_codes.model import FILE_BYTES_MAX

TAGS = ["card_codes"]
KEPT = timedelta(days=7)


class BatchView(Batch, frozen=True, kw_only=True):
    """A batch with what may be done with it."""

    can: list[str]


class VoidReason(msgspec.Struct, frozen=True, kw_only=True):
    """Why a batch is called back."""

    reason: str


@get(
    "/v1/card-code-batches",
    operation_id="list_card_code_batches",
    tags=TAGS,
    summary="Batches of card codes, latest first",
    opt={"permission": "benefit.read"},
)
async def list_card_code_batches(
    tx: Tx, principal: Principal, sku_id: UUID | None = None, cursor: str | None = None, limit: int | None = None
) -> Page[BatchView]:
    size, after = page_limit(limit), decode_cursor(cursor, tuple[UUID])
    found = await card_codes.find_batches(tx, sku_id=sku_id, before=after[0] if after else None, limit=size + 1)
    return Page(
        items=[_view(batch, principal) for batch in found[:size]],
        next_cursor=encode_cursor(found[size - 1].id) if len(found) > size else None,
    )


@get(
    "/v1/card-code-batches/{batch_id:uuid}",
    operation_id="get_card_code_batch",
    tags=TAGS,
    summary="A batch of card codes",
    opt={"permission": "benefit.read"},
)
async def get_card_code_batch(tx: Tx, principal: Principal, batch_id: UUID) -> BatchView:
    return _view(await card_codes.get_batch(tx, batch_id), principal)


@post(
    "/v1/card-code-batches",
    operation_id="upload_card_codes",
    tags=TAGS,
    summary="Upload a file of card codes: its bytes are the body, the rest is in the query",
    opt={"permission": "benefit.write"},
    request_max_body_size=FILE_BYTES_MAX,
)
async def upload_card_codes(
    request: Request[Any, Any, Any],
    principal: Principal,
    database: Database,
    sku_id: UUID,
    expires_on: date,
    name: Annotated[str, Parameter(min_length=1, max_length=200)],
) -> BatchView:
    """Keep the file for seven days, sealed, and have it read in the background."""
    file_id = await files.upload(
        database,
        principal.tenant,
        principal.actor,
        name,
        request.headers.get("content-type", "text/csv"),
        _body(request),
        database.clock.now() + KEPT,
        size_bytes_max=FILE_BYTES_MAX,
    )
    async with database.begin(principal.tenant, principal.actor) as tx:
        new = NewBatch(
            sku_id=sku_id,
            file_id=file_id,
            file_name=name,
            expires_on=expires_on,
            unit_id=int(principal.unit_id or 0),
        )
        return _view(await card_codes.get_batch(tx, await card_codes.take_batch(tx, new)), principal)


@post(
    "/v1/card-code-batches/{batch_id:uuid}/void",
    operation_id="void_card_code_batch",
    tags=TAGS,
    summary="Call back the free codes of a batch",
    status_code=200,
    opt={"permission": "benefit.write"},
)
async def void_card_code_batch(tx: Tx, batch_id: UUID, data: VoidReason) -> Result:
    await card_codes.void_batch(tx, batch_id, data.reason)
    return Result(index=0, status="done", id=str(batch_id))


def _view(batch: Batch, principal: Principal) -> BatchView:
    may = principal.may("benefit.write") and batch.state in {BatchState.DONE, BatchState.VOID} and batch.free > 0
    return BatchView(**msgspec.structs.asdict(batch), can=["void"] if may else [])


async def _body(request: Request[Any, Any, Any]) -> AsyncIterator[bytes]:
    async for piece in request.stream():
        if piece:
            yield piece


routes = [list_card_code_batches, get_card_code_batch, upload_card_codes, void_card_code_batch]
