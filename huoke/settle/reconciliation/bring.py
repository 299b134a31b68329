"""Bringing a day file: read, kept, used to end what has no end, compared; slice by slice, and again without harm.

A file of orders and one of coupons' uses differ in what stands on our side (`uses` for the latter), in nothing else.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from huoke.govern import audit
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.tx import Actor, Database, Tx
from huoke.reward import ledger, supply
from huoke.reward.supply import Answer, Told
from huoke.settle import fulfilment
from huoke.settle.fulfilment import Order, OrderState
from huoke.settle.reconciliation import store, uses
from huoke.settle.reconciliation.model import (
    About,
    DayFile,
    DayFileCompared,
    DayFileUnfit,
    DayNotOver,
    Found,
    Line,
    Side,
    beside_of,
    compare,
    read_day_file,
)

LINES_SLICE = 5_000
ORDERS_SLICE = 500
_ENDS = {Told.FAILED: "failed", Told.REFUNDED: "was refunded", Told.PROCESSING: "is processed"}
NO_END = frozenset({OrderState.SENT, OrderState.ACCEPTED, OrderState.UNKNOWN})


async def bring(
    database: Database, tenant: TenantId, actor: Actor, supplier_id: UUID, on: date, content: bytes
) -> UUID:
    """Take a supplier's file of a business day that is over, of orders or of uses; returns the file's id, the same for
    the same file.

    Orders without an end take the file's; those nobody knew of that are not in it never arrived and are refunded. What
    then differs is listed. `DayFileUnfit`, `DayNotOver`, `supply.SupplierUnknown`; an interrupted run is finished by
    bringing the file again.
    """
    file = read_day_file(content)
    _check_day(file, on)
    async with database.begin(tenant, actor) as tx:
        await supply.get(tx, supplier_id)
        if on >= tx.now.astimezone(CHINA).date():
            raise DayNotOver(f"{on} is not over; its file comes the day after.", pointer="/business_on")
        file_id = await store.begin(tx, new_id(), supplier_id, on, file)
    for start in range(0, len(file.lines), LINES_SLICE):
        async with database.begin(tenant, actor) as tx:
            await store.add_lines(tx, file_id, file.lines[start : start + LINES_SLICE])
    lines = {line.number: line for line in file.lines}
    resolve, look = (uses.resolve, uses.look) if file.about is About.USES else (_resolve, _look)
    resolved = await resolve(database, tenant, actor, supplier_id, on, lines)
    async with database.begin(tenant, actor) as tx:
        side = await look(tx, supplier_id, on, lines)
        await _compare(tx, file_id, supplier_id, on, file.about, lines, side, resolved)
    return file_id


def _check_day(file: DayFile, on: date) -> None:
    for place, line in enumerate(file.lines, start=2):
        if line.used_at is not None and line.used_at.astimezone(CHINA).date() != on:
            raise DayFileUnfit(f"Row {place} was not used on {on}.", pointer=f"/{place}")


async def fetch(database: Database, tenant: TenantId, actor: Actor, supplier_id: UUID, on: date) -> UUID:
    """Ask the supplier for its file of a business day and bring it. As `bring`; `supply.NotConnected`, `NotTaken`."""
    async with database.begin(tenant, actor) as tx:
        port = await supply.open_port(tx, supplier_id, database.clock.machine)
    try:
        content = await port.day_file(on)
    finally:
        await port.close()
    return await bring(database, tenant, actor, supplier_id, on, content)


async def _resolve(
    database: Database, tenant: TenantId, actor: Actor, supplier_id: UUID, on: date, lines: Mapping[str, Line]
) -> int:
    """End orders without an end as the file says; returns how many."""
    async with database.begin(tenant, actor) as tx:
        pending = [order for order in await _orders(tx, supplier_id, on, lines) if _is_told(order, lines)]
    told = {order.id: _answer(lines[order.number]) for order in pending if order.number in lines}
    told = {key: answer for key, answer in told.items() if answer.told is not Told.PROCESSING}
    absent = [
        order.id
        for order in pending
        if order.number not in lines and order.state is not OrderState.ACCEPTED and order.ordered_on == on
    ]
    resolved = 0
    for ids in _sliced(list(told)):
        async with database.begin(tenant, actor) as tx:
            resolved += await fulfilment.end_by_file(tx, {key: told[key] for key in ids})
    for ids in _sliced(absent):
        async with database.begin(tenant, actor) as tx:
            resolved += await fulfilment.end_absent(tx, ids)
    return resolved


async def _look(tx: Tx, supplier_id: UUID, on: date, lines: Mapping[str, Line]) -> Side:
    """Our orders of a day beside a file."""
    orders = await _orders(tx, supplier_id, on, lines)
    booked = await store.accepted(tx, supplier_id, on, [order.number for order in orders])
    beside = beside_of(booked)
    done = {order.number for order in orders if order.state is OrderState.SUCCESS}
    done |= {number for number, fen in beside.items() if fen}
    return Side(found=compare(orders, lines, beside), done=done, elsewhere=0)


async def _compare(
    tx: Tx, file_id: UUID, supplier_id: UUID, on: date, about: About, lines: Mapping[str, Line], side: Side,
    resolved: int,
) -> None:  # fmt: skip
    decided = await store.settled_numbers(tx, supplier_id, on, about)
    found = [one for one in side.found if not _is_decided(one, decided)]
    await store.put_differences(tx, file_id, supplier_id, on, about, found)
    matched = len({*lines, *side.done}) - len(found) - side.elsewhere
    await store.finish(tx, file_id, matched, resolved, side.elsewhere)
    await recount(tx, file_id, supplier_id, on, about)
    tx.emit(DayFileCompared(day_file_id=file_id, supplier_id=supplier_id, business_on=on, differences=len(found)))
    entry = audit.AuditEntry(
        action="reconciliation.bring",
        subject_kind="day_file",
        subject_id=str(file_id),
        after={"business_on": on.isoformat(), "differences": len(found), "resolved": resolved},
    )
    await audit.record(tx, entry)


async def recount(tx: Tx, file_id: UUID, supplier_id: UUID, on: date, about: About) -> None:
    """Write what our side of a day comes to now: orders, amounts booked beside any order, and the ledger's own word
    (drawn from the prepayment; of a supplier that is not paid ahead, owed to it); or how many uses.
    """
    numbers = await store.numbers(tx, file_id)
    prepaid = any(one.prepaid for one in await supply.connections(tx, supplier_id=supplier_id))
    if about is About.USES:
        used = await uses.count_used(tx, supplier_id, on, numbers)
        await store.put_totals(tx, file_id, (used, 0, 0), prepaid=prepaid)
        return
    known = await _orders(tx, supplier_id, on, numbers)
    done = [order for order in known if order.state is OrderState.SUCCESS]
    booked = await store.accepted(tx, supplier_id, on, [order.number for order in known])
    ours_fen = sum(order.amount_fen for order in done) + sum(one.beside_fen for one in booked)
    accepted = [one.id for one in booked]
    if prepaid:
        ledger_fen = await fulfilment.drawn_by(tx, supplier_id, [*(order.id for order in known), *accepted])
    else:
        ledger_fen = await ledger.owed(tx, supplier_id, [*(order.grant_id for order in known), *accepted])
    await store.put_totals(tx, file_id, (len(done), ours_fen, ledger_fen), prepaid=prepaid)


async def _orders(tx: Tx, supplier_id: UUID, on: date, numbers: Iterable[str]) -> list[Order]:
    """Our orders of the day, and those of other days that stand in the file."""
    orders = await fulfilment.orders_of_day(tx, supplier_id, on)
    strangers = set(numbers) - {order.number for order in orders}
    return orders + await fulfilment.orders_by_number(tx, supplier_id, list(strangers))


def _is_decided(one: Found, decided: Mapping[str, tuple[str, str, int]]) -> bool:
    return decided.get(one.number) == (one.ours, one.theirs, one.theirs_fen)


def _is_told(order: Order, lines: Mapping[str, Line]) -> bool:
    """Whether a file can end an order, or the refund that a delivered one waits for."""
    if order.state is OrderState.SUCCESS:
        return order.number in lines and lines[order.number].told is Told.REFUNDED
    return order.state in NO_END


def _answer(line: Line) -> Answer:
    return Answer(
        number=line.number,
        told=line.told,
        supplier_no=line.supplier_no,
        amount_fen=line.amount_fen,
        code="" if line.told is Told.SUCCESS else "day_file",
        reason="" if line.told is Told.SUCCESS else f"The supplier's day file says that it {_ENDS[line.told]}.",
    )


def _sliced(ids: Sequence[UUID]) -> list[Sequence[UUID]]:
    return [ids[start : start + ORDERS_SLICE] for start in range(0, len(ids), ORDERS_SLICE)]
