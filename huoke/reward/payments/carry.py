"""Carrying payments on: take what is due, call the cashier with no transaction open, write what came back.

Every call goes out under a number that names its payment or refund for good, so a worker that dies in between leaves
something to ask after, and the same call again is harmless.
"""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database, Tx
from huoke.reward import reductions
from huoke.reward.payments import connect, hear, store, store_cashier
from huoke.reward.payments.charge import end_closed
from huoke.reward.payments.model import OPEN, RefundState, Said, Told
from huoke.reward.payments.store import Exchange
from huoke.reward.payments.wire import Account, Cashier, GiveBack, NoAnswer, NotTaken, Prepay, Refused, Stock

SLICE = 40
AT_ONCE = 8
SPARE_SECONDS = 20
STOCK_LIFE = timedelta(days=90)
"""The cashier keeps a stock no longer."""
STOCK_SPARE = timedelta(days=10)
"""How long before its end a stock is used no more: payments made under it are still open."""
OWN_ADDRESS = "127.0.0.1"
"""The payer's address where a worker announces a payment and no customer stands before it."""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One call to make about a payment, or about a refund of it."""

    payment: Record
    refund: Record | None = None
    operation: str
    expires_at: datetime
    payer_address: str = OWN_ADDRESS
    stock: Stock | None = None
    """The reduction that the cashier has to know before it is told of the payment."""
    goods_tag: str = ""


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """What a call brought: a word, an address to pay at, or why neither came."""

    task: Task
    said: Said | None = None
    pay_address: str = ""
    stock_id: str = ""
    failure: NotTaken | NoAnswer | Refused | None = None
    milliseconds: int = 0


class _Slice(msgspec.Struct, frozen=True):
    cashier_id: UUID
    account: Account
    tasks: list[Task]


async def carry(
    database: Database, tenant: TenantId, *, ids: Sequence[UUID] | None = None, payer_address: str = OWN_ADDRESS
) -> bool:
    """Call the cashier about what is due; returns whether there may be more at once.

    With `ids` only these payments, due or not: for a page whose customer waits, with the address they come from.
    """
    slices, more = await _take(database, tenant, ids, payer_address)
    for one in slices:
        cashier = connect.open_cashier(one.account, database.clock.machine)
        try:
            heard = await _ask_all(cashier, one.tasks)
        finally:
            await cashier.aclose()
        async with database.begin(tenant) as tx:
            await settle(tx, one.cashier_id, one.account.signer.merchant_no, heard)
    return more


def lease_of(timeout_seconds: float) -> timedelta:
    """How long the calls of a slice may take at most."""
    return timedelta(seconds=(SLICE // AT_ONCE) * 2 * timeout_seconds + SPARE_SECONDS)


async def _take(
    database: Database, tenant: TenantId, ids: Sequence[UUID] | None, payer_address: str
) -> tuple[list[_Slice], bool]:
    machine = database.clock.machine()
    async with database.begin(tenant) as tx:
        active = await connect.active_account(tx)
        lease = lease_of(active[1].timeout_seconds if active else 30)
        payments = await store.take_due(tx, lease, SLICE, ids=None if ids is None else list(ids))
        refunds = await store.take_due_refunds(tx, lease, SLICE) if ids is None else []
        of = await store.by_ids(tx, {row["payment_id"] for row in refunds})
        tasks = [
            Task(
                payment=row, operation=_step_of(row, tx.now), expires_at=machine + (row["expires_at"] - tx.now),
                payer_address=payer_address,
            )
            for row in payments
            if row["state"] in OPEN
        ]  # fmt: skip
        tasks += [
            Task(payment=of[row["payment_id"]], refund=row, operation=_refund_step(row), expires_at=machine)
            for row in refunds
        ]
        await end_closed(tx, [one.payment for one in tasks if one.operation == "drop"])
        tasks = [one for one in tasks if one.operation != "drop"]
        told = [one.payment["id"] for one in tasks if one.operation == "prepay"]
        tasks = await _with_stocks(tx, tasks, machine)
        await store.mark_sent(tx, told, [one.refund["id"] for one in tasks if one.refund and one.operation == "refund"])
        slices = []
        for cashier_id in sorted({one.payment["cashier_id"] for one in tasks}):
            own = [one for one in tasks if one.payment["cashier_id"] == cashier_id]
            slices.append(_Slice(cashier_id, await connect.account_of(tx, cashier_id), own))
    return slices, SLICE in (len(payments), len(refunds))


def _step_of(row: Record, now: datetime) -> str:
    if row["close_asked"] or row["expires_at"] <= now:
        return "drop" if row["sent_at"] is None else "close"
    return "query" if row["pay_address"] else "prepay"


def _refund_step(row: Record) -> str:
    asked_again = row["state"] == RefundState.UNKNOWN and row["code"] != "absent"
    return "query_refund" if asked_again or row["state"] == RefundState.PROCESSING else "refund"


async def _ask_all(cashier: Cashier, tasks: Sequence[Task]) -> list[Heard]:
    places = asyncio.Semaphore(AT_ONCE)

    async def ask(task: Task) -> Heard:
        async with places:
            return await _ask(cashier, task)

    return list(await asyncio.gather(*(ask(task) for task in tasks)))


async def _ask(cashier: Cashier, task: Task) -> Heard:
    began = time.monotonic()
    said, address, stock_id, failure = None, "", "", None
    try:
        if task.operation == "prepay":
            if task.stock is not None:
                stock_id = await cashier.open_stock(task.stock)
            address = await cashier.prepay(_prepay(task))
        else:
            said = await _operate(cashier, task)
    except (NotTaken, NoAnswer, Refused) as error:
        failure = error
    milliseconds = int((time.monotonic() - began) * 1_000)
    return Heard(
        task=task, said=said, pay_address=address, stock_id=stock_id, failure=failure, milliseconds=milliseconds
    )


async def _operate(cashier: Cashier, task: Task) -> Said:
    number = task.payment["id"].hex
    if task.operation == "query":
        return await cashier.query(number)
    if task.operation == "close":
        return await cashier.close_payment(number)
    assert task.refund is not None, "only refunds are left"
    if task.operation == "query_refund":
        return await cashier.query_refund(task.refund["id"].hex)
    return await cashier.refund(
        GiveBack(
            number=task.refund["id"].hex,
            payment_number=number,
            amount_fen=task.refund["amount_fen"],
            total_fen=task.payment["amount_fen"],
            reason=task.refund["reason"],
        )
    )


def _prepay(task: Task) -> Prepay:
    row = task.payment
    return Prepay(
        number=row["id"].hex,
        amount_fen=row["amount_fen"],
        subject=row["subject"],
        expires_at=task.expires_at,
        payer_address=task.payer_address,
        goods_tag=task.goods_tag,
    )


async def _with_stocks(tx: Tx, tasks: Sequence[Task], machine: datetime) -> list[Task]:
    """Calls about payments with a reduction name it; the first of each has the cashier open its stock."""
    wanted = [one.payment["id"] for one in tasks if one.operation == "prepay" and one.payment["reduction_fen"]]
    if not wanted:
        return list(tasks)
    terms = await reductions.terms_for(tx, wanted)
    known = await store_cashier.stocks(tx, {one.tag for one in terms.values()}, machine)
    found = []
    for one in tasks:
        what = terms.get(one.payment["id"]) if one.operation == "prepay" else None
        if what is None:
            found.append(one)
            continue
        stock = None
        if (one.payment["cashier_id"], what.tag) not in known:
            stock = Stock(
                goods_tag=what.tag, title=what.title, amount_fen=what.amount_fen, threshold_fen=what.threshold_fen,
                begins_at=machine, ends_at=machine + STOCK_LIFE,
            )  # fmt: skip
        found.append(msgspec.structs.replace(one, stock=stock, goods_tag=what.tag))
    return found


async def settle(tx: Tx, cashier_id: UUID, merchant_no: str, heard: Sequence[Heard]) -> None:
    """Write what calls brought."""
    refunds = [one.task.refund["id"] for one in heard if one.task.refund is not None]
    await hear.lock(tx, [one.task.payment["id"] for one in heard], refunds)
    said = {one.task.payment["id"]: one.said for one in heard if one.said and one.task.refund is None}
    for one in [one for one in heard if one.stock_id and one.task.stock]:
        assert one.task.stock is not None, "it was just asked for"
        usable_until = one.task.stock.ends_at - STOCK_SPARE
        await store_cashier.add_stock(tx, cashier_id, one.task.goods_tag, one.stock_id, usable_until)
    for one in [one for one in heard if one.pay_address]:
        said[one.task.payment["id"]] = Said(told=Told.OPEN)
        await store.put(tx, one.task.payment["id"], pay_address=one.pay_address, attempts=0)
    backs = {one.task.refund["id"]: one.said for one in heard if one.said and one.task.refund is not None}
    await hear.hear(tx, said, merchant_no)
    await hear.hear_refunds(tx, backs, merchant_no)
    for one in [one for one in heard if one.failure is not None]:
        code = one.failure.code if isinstance(one.failure, Refused) else _code_of(one)
        unknown = isinstance(one.failure, NoAnswer)
        if one.task.refund is None:
            await hear.silence(tx, one.task.payment, code, unknown=unknown)
        else:
            await hear.refund_silence(tx, one.task.refund, code, unknown=unknown)
    await store.add_exchanges(tx, [_exchange(one) for one in heard])
    failures = [one.failure for one in heard if one.failure and not isinstance(one.failure, Refused)]
    await store_cashier.note(tx, cashier_id, str(failures[-1]) if failures else None)


def _code_of(one: Heard) -> str:
    return "no_answer" if isinstance(one.failure, NoAnswer) else "not_taken"


def _exchange(one: Heard) -> Exchange:
    refund_id = one.task.refund["id"] if one.task.refund is not None else None
    if one.failure is None:
        outcome = one.said.told.value if one.said else "prepaid"
        return (one.task.payment["id"], refund_id, one.task.operation, outcome, 200, "", one.milliseconds)
    refused = isinstance(one.failure, Refused)
    status = one.failure.status if isinstance(one.failure, Refused) else 0
    code = one.failure.code if isinstance(one.failure, Refused) else ""
    outcome = "refused" if refused else _code_of(one)
    return (one.task.payment["id"], refund_id, one.task.operation, outcome, status, code, one.milliseconds)
