"""Routes of messages: what went out, the gateway, and what the gateway tells."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, delete, get, post, put
from litestar.params import Parameter

from huoke.kernel.engines import ClickHouse
from huoke.kernel.http import Page, Principal, Result, decode_cursor, each, encode_cursor, page_limit
from huoke.kernel.sets import SetServer
from huoke.kernel.tx import Database, Tx
from huoke.know.language import Analytics
from huoke.know.segments import LIVE_LAG
from huoke.reach.channels import gateway, read, trial
from huoke.reach.channels.model import Gateway, Message, MessageState, NewGateway, Totals
from huoke.reach.channels.reach_cost import ReachCost, reach_cost
from huoke.reach.channels.receive import Call, Taken, take_receipts, take_replies
from huoke.reach.channels.trial import NewTrialPhone, TrialPhone

TAGS = ["channels"]
CALL_BYTES_MAX = 1_000_000


@get(
    "/v1/messages",
    operation_id="list_messages",
    tags=TAGS,
    summary="Messages to customers, latest first, masked",
    opt={"permission": "message.read"},
)
async def list_messages(
    tx: Tx,
    principal: Principal,
    q: str = "",
    status: MessageState | None = None,
    source_id: UUID | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Message]:
    size = page_limit(limit)
    before = decode_cursor(cursor, tuple[datetime, UUID])
    found = await read.find(tx, principal, source_id=source_id, state=status, q=q, before=before, limit=size + 1)
    counts = (await read.totals(tx, principal, source_id=source_id, q=q)).counts
    return Page(
        items=found[:size],
        next_cursor=encode_cursor(found[size - 1].queued_at, found[size - 1].id) if len(found) > size else None,
        total=counts.get(status.value, 0) if status else sum(counts.values()),
        counts=counts,
    )


@get(
    "/v1/messages/totals",
    operation_id="get_message_totals",
    tags=TAGS,
    summary="What messages came to: states, reasons, parts, cost",
    opt={"permission": "message.read"},
)
async def get_totals(tx: Tx, principal: Principal, source_id: UUID | None = None) -> Totals:
    return await read.totals(tx, principal, source_id=source_id)


@get(
    "/v1/segments/{segment_id:uuid}/reach-cost",
    operation_id="get_segment_reach_cost",
    tags=TAGS,
    summary="How many of a segment a message would reach now, and what that costs",
    opt={"permission": "segment.read"},
)
async def get_segment_reach_cost(
    tx: Tx,
    principal: Principal,
    clickhouse: ClickHouse,
    sets: SetServer,
    segment_id: UUID,
    parts: Annotated[int, Parameter(ge=1, le=8)] = 1,
) -> ReachCost:
    return await reach_cost(tx, principal, Analytics(clickhouse, sets, lag=LIVE_LAG), segment_id, parts=parts)


@get(
    "/v1/sms-gateway",
    operation_id="get_sms_gateway",
    tags=TAGS,
    summary="The bank's gateway of short messages, without its key",
    opt={"permission": "message.read"},
)
async def get_gateway(tx: Tx) -> Gateway:
    return await gateway.get_gateway(tx)


@put(
    "/v1/sms-gateway",
    operation_id="set_sms_gateway",
    tags=TAGS,
    summary="Set the bank's gateway of short messages",
    opt={"permission": "message.write"},
)
async def set_gateway(tx: Tx, data: NewGateway) -> Gateway:
    await gateway.set_gateway(tx, data)
    return await gateway.get_gateway(tx)


@post(
    "/v1/sms-receipts/{bank:str}",
    operation_id="take_sms_receipts",
    tags=TAGS,
    summary="Receipts of the gateway, signed",
    opt={"public": True},
    status_code=200,
    request_max_body_size=CALL_BYTES_MAX,
)
async def take_sms_receipts(request: Request[Any, Any, Any], database: Database, bank: str) -> Taken:
    return await take_receipts(database, bank, await _call(request))


@post(
    "/v1/sms-replies/{bank:str}",
    operation_id="take_sms_replies",
    tags=TAGS,
    summary="Replies of customers, signed by the gateway",
    opt={"public": True},
    status_code=200,
    request_max_body_size=CALL_BYTES_MAX,
)
async def take_sms_replies(request: Request[Any, Any, Any], database: Database, bank: str) -> Taken:
    return await take_replies(database, bank, await _call(request))


async def _call(request: Request[Any, Any, Any]) -> Call:
    raw = request.scope["raw_path"].decode() if request.scope.get("raw_path") else request.url.path
    query = request.scope["query_string"].decode()
    return Call(target=f"{raw}?{query}" if query else raw, headers=dict(request.headers), body=await request.body())


@get(
    "/v1/trial-phones",
    operation_id="list_trial_phones",
    tags=TAGS,
    summary="Colleagues' phones that messages may be tried on, masked",
    opt={"permission": "message.read"},
)
async def list_trial_phones(tx: Tx) -> Page[TrialPhone]:
    found = await trial.trial_phones(tx)
    return Page(items=found, total=len(found))


@post(
    "/v1/trial-phones",
    operation_id="add_trial_phones",
    tags=TAGS,
    summary="Allow more phones to try messages on",
    opt={"permission": "message.write"},
)
async def add_trial_phones(tx: Tx, data: list[NewTrialPhone]) -> list[Result]:
    return await each(tx, data, trial.add_trial_phones)


@delete(
    "/v1/trial-phones/{phone_id:uuid}",
    operation_id="drop_trial_phone",
    tags=TAGS,
    summary="Allow a phone no longer",
    opt={"permission": "message.write"},
)
async def drop_trial_phone(tx: Tx, phone_id: UUID) -> None:
    await trial.drop_trial_phone(tx, phone_id)


routes = [
    get_segment_reach_cost,
    list_messages,
    get_totals,
    get_gateway,
    set_gateway,
    take_sms_receipts,
    take_sms_replies,
    list_trial_phones,
    add_trial_phones,
    drop_trial_phone,
]
