"""What a supplier tells of its own accord: signed, fresh, once; late and repeated words are harmless."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from huoke.govern import tenants
from huoke.kernel.signing import WINDOW_SECONDS
from huoke.kernel.tx import Database, Tx
from huoke.reward import supply
from huoke.reward.supply import Endpoint
from huoke.settle.fulfilment import core_file, coupon, rest, store
from huoke.settle.fulfilment.model import Call, CallbackRefused, Cause, Spoken
from huoke.settle.fulfilment.move import Heard
from huoke.settle.fulfilment.refund import hear

_HEAR: Mapping[str, Callable[[Endpoint, Call, datetime], Spoken | None]] = {
    rest.ADAPTER: rest.hear,
    coupon.ADAPTER: coupon.hear,
    core_file.ADAPTER: core_file.hear,
}
"""By adapter: what a callback says, None where its signature is not good. All raise `CallbackUnfit`."""


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
        listen = _HEAR.get(endpoint.adapter) if endpoint else None
        spoken = listen(endpoint, call, database.clock.machine()) if endpoint and listen else None
        if endpoint is None or spoken is None:
            raise _refused()
        number = spoken.answer.number
        order_id = (await store.ids_of(tx, endpoint.supplier_id, [number])).get(number)
        if order_id is None:
            raise _refused()
        return await _take(tx, endpoint, spoken, order_id)


async def _take(tx: Tx, endpoint: Endpoint, spoken: Spoken, order_id: UUID) -> Taken:
    answer, wire = spoken.answer, spoken.answer.wire
    repeated = not await store.add_nonce(tx, endpoint.supplier_id, spoken.nonce)
    if repeated:
        state = (await store.lock(tx, [order_id]))[order_id].state
        return Taken(order_no=answer.number, state=state.value, repeated=True)
    [state_then] = await hear(tx, [Heard(order_id=order_id, answer=answer, cause=Cause.CALLBACK)])
    assert state_then is not None, "the order was just found"
    exchange = store.NewExchange(
        supplier_id=endpoint.supplier_id,
        order_id=order_id,
        operation="callback",
        outcome=answer.told.value,
        status=200,
        milliseconds=0,
        request=wire.request,
        response=wire.response,
    )
    await store.add_exchanges(tx, [exchange])
    return Taken(order_no=answer.number, state=state_then.value, repeated=False)


async def forget_nonces(tx: Tx) -> int:
    """Forget what lies outside the replay window; returns how many."""
    return await store.forget_nonces(tx, tx.now - timedelta(seconds=2 * WINDOW_SECONDS))


def _refused() -> CallbackRefused:
    return CallbackRefused("This is not signed by a supplier of ours, or its clock is off by more than five minutes.")
