"""What a supplier tells of its own accord: signed, fresh, once; late and repeated words are harmless."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import msgspec

from huoke.govern import tenants
from huoke.kernel.refusals import Invalid
from huoke.kernel.signing import NONCE_HEADER, WINDOW_SECONDS, is_signed_call
from huoke.kernel.tx import Database, Tx
from huoke.reward import supply
from huoke.reward.supply import Endpoint, Told, Wire
from huoke.settle.fulfilment import store
from huoke.settle.fulfilment.model import CallbackRefused, Cause
from huoke.settle.fulfilment.move import Heard, take
from huoke.settle.fulfilment.rest import WireOrder, answer_of, shown_text


class CallbackUnfit(Invalid):
    """The body is not an order as the protocol writes it."""

    code = "fulfilment.callback_unfit"


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A callback as it came: `target` is path and query."""

    target: str
    headers: Mapping[str, str]
    body: bytes


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a callback: `state` of the order then; a repeated one changed nothing."""

    order_no: str
    state: str
    repeated: bool


async def take_callback(database: Database, bank_code: str, supplier_code: str, call: Call) -> Taken:
    """Take one callback. `CallbackRefused` for an unknown bank, supplier or order number, a wrong signature or an old
    one, all in the same words; `CallbackUnfit` where a signed body cannot be read. After a refusal nothing moved.
    """
    try:
        tenant = await tenants.find_by_code(database, bank_code)
    except tenants.TenantUnknown:
        raise _refused() from None
    async with database.begin(tenant) as tx:
        endpoint = await supply.find_endpoint(tx, supplier_code)
        if endpoint is None or not is_signed_call(
            endpoint.key, endpoint.key_id, "POST", call.target, call.headers, call.body, database.clock.machine()
        ):
            raise _refused()
        said, told = _read(call.body)
        order_id = (await store.ids_of(tx, endpoint.supplier_id, [said.order_no])).get(said.order_no)
        if order_id is None:
            raise _refused()
        return await _take(tx, endpoint, call, said, told, order_id)


async def _take(tx: Tx, endpoint: Endpoint, call: Call, said: WireOrder, told: Told, order_id: UUID) -> Taken:
    repeated = not await store.add_nonce(tx, endpoint.supplier_id, call.headers[NONCE_HEADER])
    if repeated:
        state = (await store.lock(tx, [order_id]))[order_id].state
        return Taken(order_no=said.order_no, state=state.value, repeated=True)
    wire = Wire(request=f"POST {call.target}\n{shown_text(call.body)}", response="200", status=200)
    [state_then] = await take(tx, [Heard(order_id=order_id, answer=answer_of(said, told, wire), cause=Cause.CALLBACK)])
    assert state_then is not None, "the order was just found"
    exchange = store.NewExchange(
        supplier_id=endpoint.supplier_id,
        order_id=order_id,
        operation="callback",
        outcome=told.value,
        status=200,
        milliseconds=0,
        request=wire.request,
        response=wire.response,
    )
    await store.add_exchanges(tx, [exchange])
    return Taken(order_no=said.order_no, state=state_then.value, repeated=False)


async def forget_nonces(tx: Tx) -> int:
    """Forget what lies outside the replay window; returns how many."""
    return await store.forget_nonces(tx, tx.now - timedelta(seconds=2 * WINDOW_SECONDS))


def _read(body: bytes) -> tuple[WireOrder, Told]:
    try:
        said = msgspec.json.decode(body, type=WireOrder)
    except msgspec.MsgspecError as error:
        raise CallbackUnfit(f"The body is not an order: {error}.") from None
    told = said.told()
    if told is None:
        raise CallbackUnfit("status is processing, success or failed.", pointer="/status")
    return said, told


def _refused() -> CallbackRefused:
    return CallbackRefused("This is not signed by a supplier of ours, or its clock is off by more than five minutes.")
