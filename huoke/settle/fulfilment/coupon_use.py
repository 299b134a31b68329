"""Using a platform's coupon at a counter or in a store: what its code means, the use, and asking after what got lost.

A use is written before its call goes out, and no transaction is open while it travels. The platform alone says whether
a coupon was used; money does not move here, for a delivered coupon is paid for.
"""

import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import msgspec

from huoke.govern import audit
from huoke.kernel.idempotency import RequestReused
from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Actor, Database, Tx
from huoke.reward import grants, merchants, supply
from huoke.reward.merchants import Place
from huoke.reward.supply import Answer, NoAnswer, NotTaken, OrderCall, Told
from huoke.settle.fulfilment import store, store_coupon
from huoke.settle.fulfilment.carry import call_of, recipient_of
from huoke.settle.fulfilment.coupon import CouponStanding, CouponSupplier
from huoke.settle.fulfilment.coupon_model import (
    CouponBusy,
    CouponUnknown,
    CouponUnusable,
    CouponUse,
    CouponUsed,
    UseState,
    found,
)
from huoke.settle.fulfilment.model import Order, OrderState, back_off

OPERATION = "use"
LEASE = timedelta(seconds=60)
"""A use that went out is asked after so much later, where nobody heard of it."""
SLICE = 20
S = TypeVar("S", Answer, CouponStanding)


class CouponRedemption(msgspec.Struct, frozen=True, kw_only=True):
    """A coupon to use: its code as the customer shows it, under the teller's own number."""

    request_no: str
    code: str


class CouponFound(msgspec.Struct, frozen=True, kw_only=True):
    """What a coupon's code stands for: its grant, how it stands at the platform, and whether this place accepts it."""

    grant: grants.GrantItem
    state: grants.State
    expires_at: datetime | None
    refusal: Refusal | None


_STANDS = {"SENDED": grants.State.FULFILLED, "USED": grants.State.USED, "EXPIRED": grants.State.EXPIRED}


async def look_up_coupon(database: Database, tenant: TenantId, actor: Actor, code: str, place: Place) -> CouponFound:
    """What a coupon's code stands for now, as its platform says. `CouponUnknown`; `NotTaken`, `NoAnswer`."""
    async with database.begin(tenant, actor) as tx:
        order, call = await _coupon(tx, code)
        item = await grants.get_grant(tx, order.grant_id)
        refused = (await merchants.check(tx, [order.sku_id], place, tx.now)).get(order.sku_id)
        port = await _port(tx, order.supplier_id, database)
    stands = await _through(port, lambda one: one.standing(call))
    if not stands.state:
        raise CouponUnknown("The platform does not know this coupon.", pointer="/code")
    state = _STANDS.get(stands.state, grants.State.REVOKED)
    gone = None if state is grants.State.FULFILLED else _unusable("not_usable")
    return CouponFound(grant=item, state=state, expires_at=_instant(stands.expires), refusal=refused or gone)


async def use_coupon(
    database: Database, tenant: TenantId, actor: Actor, wanted: CouponRedemption, place: Place
) -> UUID:
    """Use a coupon at a place, once for each number; returns the use's id. Under a number known it is asked after.

    `CouponUnknown`, `CouponUnusable`, `CouponBusy`, `RequestReused`, what `merchants.check` refuses; `NotTaken`
    (nothing happened) and `NoAnswer` (nobody knows yet: ask again under the same number).
    """
    async with database.begin(tenant, actor) as tx:
        use, call, fresh = await _begin(tx, wanted, place)
        if use.ended_at is not None:
            return _end_of(use)
        port = await _port(tx, use.supplier_id, database)
    after = await _ask(database, tenant, actor, port, call, use, fresh=fresh)
    return _end_of(after)


async def ask_after(database: Database, tenant: TenantId, actor: Actor) -> int:
    """Ask platforms after uses that nobody heard of; returns how many were asked after."""
    async with database.begin(tenant, actor) as tx:
        due = await store_coupon.take_due(tx, SLICE)
        orders = await store.find(tx, [use.order_id for use in due])
        asked = []
        for use in due:
            later = msgspec.structs.replace(use, attempts=use.attempts + 1, due_at=tx.now + LEASE)
            await store_coupon.put(tx, later)
            with suppress(CouponUnknown, supply.NotConnected):  # nobody can be asked: it waits until somebody can
                port = await _port(tx, use.supplier_id, database)
                asked.append((later, await _call(tx, orders[use.order_id]), port))
    for use, call, port in asked:
        try:
            await _ask(database, tenant, actor, port, call, use, fresh=False)
        except (NotTaken, NoAnswer):
            continue
    return len(due)


async def _begin(tx: Tx, wanted: CouponRedemption, place: Place) -> tuple[CouponUse, OrderCall, bool]:
    order, call = await _coupon(tx, wanted.code)
    known = await store_coupon.known(tx, tx.actor.id, wanted.request_no)
    if known is not None:
        if known.order_id != order.id:
            raise RequestReused("This request number was already used.", pointer="/request_no")
        return known, call, False
    if refusal := (await merchants.check(tx, [order.sku_id], place, tx.now)).get(order.sku_id):
        raise refusal
    use = CouponUse(
        id=new_id(),
        order_id=order.id,
        supplier_id=order.supplier_id,
        number=f"{order.number}U{await store_coupon.ended(tx, order.id) + 1}",
        request_no=wanted.request_no,
        state=UseState.SENT,
        code="",
        unit_id=place.unit_id,
        store_id=place.store_id,
        teller=tx.actor.id,
        attempts=0,
        due_at=tx.now + LEASE,
        asked_at=tx.now,
        ended_at=None,
    )
    if not await store_coupon.insert(tx, use):
        raise CouponBusy("A use of this coupon waits for the platform's word; ask again in a moment.", pointer="/code")
    return use, call, True


async def _coupon(tx: Tx, code: str) -> tuple[Order, OrderCall]:
    """The delivered order whose coupon this is, locked, and the order as it went out."""
    order_id = await store_coupon.order_of(tx, code.strip().upper())
    order = (await store.lock(tx, [order_id])).get(order_id) if order_id else None
    if order is None or order.state is not OrderState.SUCCESS or "coupon_code" not in order.proof:
        raise CouponUnknown("No coupon of this bank has this code.", pointer="/code")
    return order, await _call(tx, order)


async def _call(tx: Tx, order: Order) -> OrderCall:
    where = await grants.deliveries(tx, [order.grant_id])
    recipient = recipient_of(order, where[order.grant_id]) if order.grant_id in where else supply.Recipient()
    return call_of(order, recipient)


async def _port(tx: Tx, supplier_id: UUID, database: Database) -> CouponSupplier:
    """The platform that sent a supplier's coupons; `CouponUnknown` where it is another protocol's by now."""
    port = await supply.open_port(tx, supplier_id, database.clock.machine)
    if not isinstance(port, CouponSupplier):
        await port.close()
        raise CouponUnknown("This supplier is no coupon platform any more.", pointer="/code")
    return port


async def _through(port: CouponSupplier, ask: Callable[[CouponSupplier], Awaitable[S]]) -> S:
    try:
        return await ask(port)
    finally:
        await port.close()


async def _ask(
    database: Database, tenant: TenantId, actor: Actor, port: CouponSupplier, call: OrderCall, use: CouponUse,
    *, fresh: bool,
) -> CouponUse:  # fmt: skip
    """One call, the use itself or a question after it, and what it brought written; raises `NotTaken`, `NoAnswer`."""
    began = time.monotonic()
    said: Answer | CouponStanding | None = None
    failure: NotTaken | NoAnswer | None = None
    try:
        if fresh:
            said = await _through(port, lambda one: one.use(call, use.number, use.asked_at))
        else:
            said = await _through(port, lambda one: one.standing(call))
    except (NotTaken, NoAnswer) as error:
        failure = error
    async with database.begin(tenant, actor) as tx:
        await _note(tx, use, said, failure, int((time.monotonic() - began) * 1_000), fresh=fresh)
        after: CouponUse | None = use
        if fresh and isinstance(failure, NotTaken):
            await store_coupon.forget(tx, use.id)
        else:
            after = await _settle(tx, use.id, said)
    if failure is not None:
        raise failure
    if after is None:
        raise NotTaken("The call of this use did not get through; ask again.", said.wire if said else supply.Wire())
    if after.ended_at is None:
        raise NoAnswer(
            "The platform does not say yet whether the coupon was used.", said.wire if said else supply.Wire()
        )
    return after


async def _settle(tx: Tx, use_id: UUID, said: Answer | CouponStanding | None) -> CouponUse | None:
    """Write what is known of a use now; one that ended meanwhile stays as it ended. None for one whose own call turned
    out to be not taken while it was asked after.
    """
    use = await store_coupon.lock(tx, use_id)
    if use is None:
        return None
    if use.ended_at is not None:
        return use
    if isinstance(said, Answer):
        state, code = (UseState.USED, "") if said.told is Told.SUCCESS else (UseState.REFUSED, said.code)
    elif said is not None:
        state, code = found(use, said.state, said.use_request_no, tx.now)
    else:
        state, code = UseState.UNKNOWN, ""
    over = state in (UseState.USED, UseState.REFUSED)
    due_at = None if over else tx.now + back_off(use.attempts + 1, use.order_id)
    after = msgspec.structs.replace(use, state=state, code=code, due_at=due_at, ended_at=tx.now if over else None)
    await store_coupon.put(tx, after)
    if state is UseState.USED:
        await tell_used(tx, after)
    return after


async def tell_used(tx: Tx, use: CouponUse) -> None:
    """Tell the log and the audit trail that a coupon was used in a place of ours."""
    [order] = (await store.find(tx, [use.order_id])).values()
    told = CouponUsed(order_id=order.id, use_id=use.id, unit_id=use.unit_id, store_id=use.store_id)
    tx.emit(told, seq=order.seq)
    entry = audit.AuditEntry(
        action="fulfilment.use_coupon",
        subject_kind="supplier_order",
        subject_id=str(order.id),
        unit_id=use.unit_id,
        after={"use_request_no": use.number, "store_id": str(use.store_id) if use.store_id else None},
    )
    await audit.record(tx, entry)


async def _note(
    tx: Tx, use: CouponUse, said: Answer | CouponStanding | None, failure: NotTaken | NoAnswer | None,
    milliseconds: int, *, fresh: bool,
) -> None:  # fmt: skip
    wire = said.wire if said else failure.wire if failure else supply.Wire()
    outcome = "no_answer" if isinstance(failure, NoAnswer) else "not_taken"
    if isinstance(said, Answer):
        outcome = said.told.value
    elif said is not None:
        outcome = Told.SUCCESS.value if said.state else Told.ABSENT.value
    exchange = store.NewExchange(
        supplier_id=use.supplier_id,
        order_id=use.order_id,
        operation=OPERATION if fresh else "query",
        outcome=outcome,
        status=wire.status,
        milliseconds=milliseconds,
        request=wire.request,
        response=wire.response,
    )
    await store.add_exchanges(tx, [exchange])


def _end_of(use: CouponUse) -> UUID:
    if use.state is UseState.REFUSED:
        raise _unusable(use.code)
    return use.id


def _unusable(why: str) -> CouponUnusable:
    return CouponUnusable("The platform says that this coupon cannot be used now.", pointer="/code", why=why)


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
