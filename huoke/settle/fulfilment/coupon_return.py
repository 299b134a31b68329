"""Making a used coupon good again at its platform: a person asks, with a reason; the platform decides."""

import time
from uuid import UUID

from huoke.govern import audit
from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import Conflict
from huoke.kernel.tx import Actor, Database, Tx
from huoke.reward import grants, supply
from huoke.reward.supply import Answer, NoAnswer, NotTaken, OrderCall, Told
from huoke.settle.fulfilment import store, store_read
from huoke.settle.fulfilment.carry import call_of, recipient_of
from huoke.settle.fulfilment.coupon import CouponSupplier
from huoke.settle.fulfilment.model import Order, OrderState, OrderUnknown

OPERATION = "return"
EXCHANGES_MAX = 500


class CouponUnreturned(Conflict):
    """The order is no delivered coupon, or the platform says that the coupon is not used."""

    code = "fulfilment.coupon_unreturned"


async def return_coupon(database: Database, tenant: TenantId, actor: Actor, order_id: UUID, reason: str) -> None:
    """Return a used coupon. One that got no answer is asked again under the same request number, so it counts once.

    `OrderUnknown`, `CouponUnreturned`, `audit.ReasonMissing`; `NotTaken` and `NoAnswer` where nobody knows yet.
    """
    why = audit.require_reason(reason)
    async with database.begin(tenant, actor) as tx:
        order, call, request_no = await _asked(tx, order_id)
        port = await supply.open_port(tx, order.supplier_id, database.clock.machine)
    began = time.monotonic()
    failure: NotTaken | NoAnswer | None = None
    answer: Answer | None = None
    try:
        if not isinstance(port, CouponSupplier):
            raise CouponUnreturned("Only coupons of a payment platform are returned there.")
        answer = await port.return_(call, request_no)
    except (NotTaken, NoAnswer) as error:
        failure = error
    finally:
        await port.close()
    async with database.begin(tenant, actor) as tx:
        await _note(tx, order, answer, failure, int((time.monotonic() - began) * 1_000))
        if answer is not None and answer.told is Told.SUCCESS:
            await _record(tx, order, why, request_no)
    if failure is not None:
        raise failure
    if answer is None or answer.told is not Told.SUCCESS:
        raise CouponUnreturned("The platform says that this coupon is not used.")


async def _asked(tx: Tx, order_id: UUID) -> tuple[Order, OrderCall, str]:
    """The order, as it went out, and the number of this return: it counts those that went well."""
    order = (await store.lock(tx, [order_id])).get(order_id)
    if order is None:
        raise OrderUnknown("There is no such order.")
    if order.state is not OrderState.SUCCESS or order.ordered_on is None:
        raise CouponUnreturned("Only a delivered coupon is returned.", state=order.state.value)
    said = await store_read.exchanges(tx, order_id, EXCHANGES_MAX)
    done = sum(1 for row in said if row["operation"] == OPERATION and row["outcome"] == Told.SUCCESS.value)
    where = await grants.deliveries(tx, [order.grant_id])
    recipient = recipient_of(order, where[order.grant_id]) if order.grant_id in where else supply.Recipient()
    return order, call_of(order, recipient), f"{order.number}R{done + 1}"


async def _note(
    tx: Tx, order: Order, answer: Answer | None, failure: NotTaken | NoAnswer | None, milliseconds: int
) -> None:
    wire = answer.wire if answer else failure.wire if failure else supply.Wire()
    outcome = answer.told.value if answer else "no_answer" if isinstance(failure, NoAnswer) else "not_taken"
    said = store.NewExchange(
        supplier_id=order.supplier_id,
        order_id=order.id,
        operation=OPERATION,
        outcome=outcome,
        status=wire.status,
        milliseconds=milliseconds,
        request=wire.request,
        response=wire.response,
    )
    await store.add_exchanges(tx, [said])


async def _record(tx: Tx, order: Order, reason: str, request_no: str) -> None:
    entry = audit.AuditEntry(
        action="fulfilment.return_coupon",
        subject_kind="supplier_order",
        subject_id=str(order.id),
        reason=reason,
        after={"return_request_no": request_no},
    )
    await audit.record(tx, entry)
