"""Questions about orders and suppliers' health."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from huoke.govern import tenants
from huoke.govern.people import staff
from huoke.kernel.clock import CHINA
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward import catalogue, grants, supply
from huoke.reward.supply import Alarm, OrderKind, Parcel, ParcelState
from huoke.settle.fulfilment import prepayment, store_read, store_refund
from huoke.settle.fulfilment.model import ON_THE_WAY, OPEN, BreakerState, Order, OrderState, OrderUnknown
from huoke.settle.fulfilment.refund_end import WAIT_HOURS
from huoke.settle.fulfilment.refund_model import ASKED, STANDING, Refund, RefundState

EXCHANGES_SHOWN = 100
HEALTH_HOURS = 24


class OrderRefund(msgspec.Struct, frozen=True, kw_only=True):
    """The latest refund of an order: why the bank asks, and, where the supplier refused, its code and `answer`.

    `end_change_id` is the change by which two people decide what becomes of one the supplier knows nothing of.
    """

    id: UUID
    number: str
    state: RefundState
    amount_fen: int
    reason: str
    code: str
    answer: str
    change_id: UUID | None
    end_change_id: UUID | None
    created_by: str
    created_at: datetime
    closed_at: datetime | None


class OrderRow(msgspec.Struct, frozen=True, kw_only=True):
    """An order in a list; the recipient is masked."""

    id: UUID
    number: str
    grant_id: UUID
    supplier_id: UUID
    supplier: str
    supplier_en: str
    supplier_no: str
    sku_code: str
    title: str
    title_en: str
    kind: OrderKind
    seq: int
    recipient: str
    amount_fen: int
    drawn_fen: int
    state: OrderState
    code: str
    reason: str
    ordered_on: date | None
    attempts: int
    due_at: datetime | None
    created_at: datetime
    changed_at: datetime
    turn: int
    next_id: UUID | None
    refund: OrderRefund | None
    can: list[str]


class OrderStep(msgspec.Struct, frozen=True, kw_only=True):
    """One movement of an order and what caused it; `previous` is None for the first."""

    step: int
    previous: OrderState | None
    state: OrderState
    cause: str
    at: datetime


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """What was said on the wire; personal fields masked. `status` is 0 where there was no answer."""

    id: UUID
    operation: str
    outcome: str
    status: int
    milliseconds: int
    request: str
    response: str
    at: datetime


class OrderPage(OrderRow, frozen=True, kw_only=True):
    """An order whole."""

    proof: dict[str, str]
    parcels: list[Parcel]
    cancel_asked_at: datetime | None
    steps: list[OrderStep]
    exchanges: list[Exchange]


class DayOfGoods(msgspec.Struct, frozen=True, kw_only=True):
    """How many orders of goods of a supplier's business day have not ended."""

    supplier_id: UUID
    on: date
    orders: int


class HourHealth(msgspec.Struct, frozen=True, kw_only=True):
    """Calls of one hour, and how many of them were answered."""

    at: datetime
    calls: int
    answered: int


class SupplierHealth(msgspec.Struct, frozen=True, kw_only=True):
    """A connected supplier: whether it answers (the last 24 hours), its orders, its money, its alarms.

    `open` orders have not ended, `unknown` are those of them nobody knows of, `short` wait for money; `succeeded` and
    `failed` count orders made within the hours. `median_ms` and `slow_ms` (95 %) are of all calls; None without one.
    """

    supplier_id: UUID
    code: str
    supplier: str
    supplier_en: str
    enabled: bool
    address: str
    breaker: BreakerState
    probe_at: datetime | None
    answered_at: datetime | None
    failed_at: datetime | None
    error: str
    calls: int
    answered: int
    median_ms: int | None
    slow_ms: int | None
    hours: list[HourHealth]
    open: int
    unknown: int
    short: int
    succeeded: int
    failed: int
    prepaid: bool
    balance_fen: int
    free_fen: int
    alarm_fen: int
    alarms: list[Alarm]


async def find_orders(
    tx: Tx,
    principal: Principal,
    *,
    supplier_id: UUID | None = None,
    kind: OrderKind | None = None,
    q: str = "",
    ordered_on: date | None = None,
    seq: int | None = None,
    states: Sequence[OrderState] | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[OrderRow]:
    """Orders, latest first; `q` is a whole number of ours or of the supplier's, or the id of a grant."""
    found = await store_read.find(
        tx,
        supplier_id=supplier_id,
        kind=kind.value if kind else None,
        q=q.strip(),
        ordered_on=ordered_on,
        seq=seq,
        states=None if states is None else [state.value for state in states],
        before=before,
        limit=limit,
    )
    return await _rows(tx, principal, found)


async def count_orders(
    tx: Tx,
    *,
    supplier_id: UUID | None = None,
    kind: OrderKind | None = None,
    q: str = "",
    ordered_on: date | None = None,
    seq: int | None = None,
) -> dict[str, int]:
    """How many orders stand in each state."""
    return await store_read.count(
        tx, supplier_id=supplier_id, kind=kind.value if kind else None, q=q.strip(), ordered_on=ordered_on, seq=seq
    )


async def get_order(tx: Tx, principal: Principal, order_id: UUID) -> OrderPage:
    """One order with its steps and its exchanges; `OrderUnknown`."""
    order = await store_read.get(tx, order_id)
    if order is None:
        raise OrderUnknown("There is no such order.")
    [row] = await _rows(tx, principal, [order])
    steps = [
        OrderStep(
            step=one["step"],
            previous=OrderState(one["previous"]) if one["previous"] else None,
            state=OrderState(one["state"]),
            cause=one["cause"],
            at=one["at"],
        )
        for one in await store_read.steps(tx, order_id)
    ]
    return OrderPage(
        **{name: getattr(row, name) for name in OrderRow.__struct_fields__},
        proof=order.proof,
        parcels=(await parcels_of(tx, [order.grant_id])).get(order.grant_id, []),
        cancel_asked_at=order.cancel_asked_at,
        steps=steps,
        exchanges=[Exchange(**dict(one)) for one in await store_read.exchanges(tx, order_id, EXCHANGES_SHOWN)],
    )


async def proof_of(tx: Tx, grant_id: UUID) -> dict[str, str]:
    """What the supplier told of a grant's latest order, such as a tracking number; nothing where there is none."""
    return await store_read.proof_of(tx, grant_id)


async def parcels_of(tx: Tx, grant_ids: Sequence[UUID]) -> dict[UUID, list[Parcel]]:
    """Where the goods of grants are, word by word as their suppliers told, first to last; nothing told is left out."""
    found: dict[UUID, list[Parcel]] = {}
    for row in await store_read.parcels(tx, grant_ids):
        told = {name: row[name] for name in ("at", "carrier", "tracking_no", "note")}
        found.setdefault(row["grant_id"], []).append(Parcel(state=ParcelState(row["state"]), **told))
    return found


async def goods_by_day(tx: Tx, supplier_ids: Sequence[UUID], since: date) -> list[DayOfGoods]:
    """Business days of suppliers with goods that have not ended, the latest first."""
    rows = await store_read.goods_by_day(tx, supplier_ids, since, [state.value for state in ON_THE_WAY])
    return [DayOfGoods(supplier_id=row["supplier_id"], on=row["ordered_on"], orders=row["orders"]) for row in rows]


async def health(tx: Tx, *, supplier_id: UUID | None = None) -> list[SupplierHealth]:
    """Every connected supplier, or one of them, by name."""
    connected = {one.supplier_id: one for one in await supply.connections(tx, supplier_id=supplier_id)}
    ids = list(connected)
    since = tx.now - timedelta(hours=HEALTH_HOURS)
    known = {row["supplier_id"]: row for row in await store_read.health(tx, ids)}
    calls = {row["supplier_id"]: row for row in await store_read.calls(tx, ids, since)}
    totals = {row["supplier_id"]: row for row in await store_read.totals(tx, ids, since)}
    by_hour = await store_read.by_hour(tx, ids, since)
    money = {account.supplier_id: account for account in await prepayment.accounts(tx)}
    alarms = await supply.alarms(tx)
    rows = []
    for key, connection in connected.items():
        supplier = await supply.get(tx, key)
        one, said, total, account = known.get(key), calls.get(key), totals.get(key), money.get(key)
        rows.append(
            SupplierHealth(
                supplier_id=key,
                code=supplier.code,
                supplier=supplier.name,
                supplier_en=supplier.name_en,
                enabled=connection.enabled,
                address=connection.address,
                breaker=BreakerState(one["breaker"]) if one else BreakerState.CLOSED,
                probe_at=one["probe_at"] if one else None,
                answered_at=one["answered_at"] if one else None,
                failed_at=one["failed_at"] if one else None,
                error=one["error"] if one else "",
                calls=said["calls"] if said else 0,
                answered=said["answered"] if said else 0,
                median_ms=said["median_ms"] if said else None,
                slow_ms=said["slow_ms"] if said else None,
                hours=[
                    HourHealth(at=row["hour"], calls=row["calls"], answered=row["answered"])
                    for row in by_hour
                    if row["supplier_id"] == key
                ],
                **{name: total[name] if total else 0 for name in ("open", "unknown", "short", "succeeded", "failed")},
                prepaid=connection.prepaid,
                balance_fen=account.balance_fen if account else 0,
                free_fen=account.free_fen if account else 0,
                alarm_fen=connection.prepayment_alarm_fen,
                alarms=[alarm for alarm in alarms if alarm.supplier_id == key],
            )
        )
    return sorted(rows, key=lambda row: row.supplier)


def today(tx: Tx) -> date:
    """The business day of the transaction."""
    return tx.now.astimezone(CHINA).date()


async def _rows(tx: Tx, principal: Principal, orders: Iterable[Order]) -> list[OrderRow]:
    listed = list(orders)
    names = await supply.names(tx, {order.supplier_id for order in listed})
    skus = await catalogue.skus(tx, {order.sku_id for order in listed})
    recipients = await grants.masked_deliveries(tx, [order.grant_id for order in listed])
    refunds = await store_refund.latest_of(tx, [order.id for order in listed])
    people = await staff.names(tx, {one.created_by for one in refunds.values()}) if refunds else {}
    ends = await store_refund.open_ends(tx, [one.id for one in refunds.values()]) if refunds else {}
    forgotten = await _forgotten(tx, refunds.values())
    able = {one.supplier_id for one in await supply.connections(tx) if supply.has_refunds(one.adapter)}
    kept = [name for name in OrderRow.__struct_fields__ if name in Order.__struct_fields__]
    rows = []
    for order in listed:
        name, name_en = names.get(order.supplier_id, ("", ""))
        refund = refunds.get(order.id)
        rows.append(
            OrderRow(
                **{field: getattr(order, field) for field in kept},
                supplier=name,
                supplier_en=name_en,
                title_en=skus[order.sku_id].name_en if order.sku_id in skus else "",
                recipient=recipients.get(order.grant_id, ""),
                refund=_refund(refund, people, ends.get(refund.id)) if refund else None,
                can=[
                    *_verbs(order, refund, able),
                    *(["end_refund"] if refund and refund.id in forgotten - ends.keys() else []),
                ]
                if principal.may("supply.write")
                else [],
            )
        )
    return rows


async def _forgotten(tx: Tx, refunds: Iterable[Refund]) -> set[UUID]:
    """Refunds that got no answer for so long that two people may end them."""
    unknown = [one for one in refunds if one.state is RefundState.UNKNOWN]
    asked = await store_refund.asked_last(tx, unknown) if unknown else {}
    since = tx.now - timedelta(hours=await tenants.setting(tx, WAIT_HOURS))
    return {key for key, at in asked.items() if at <= since}


def _refund(refund: Refund, people: Mapping[str, str], end_change_id: UUID | None) -> OrderRefund:
    kept = [name for name in OrderRefund.__struct_fields__ if name in Refund.__struct_fields__]
    values = {name: getattr(refund, name) for name in kept}
    values["created_by"] = people.get(refund.created_by, refund.created_by)
    return OrderRefund(**values, end_change_id=end_change_id)


def _verbs(order: Order, refund: Refund | None, able: Collection[UUID]) -> list[str]:
    """What a person may do to an order; a delivered coupon of a payment platform is returned once it was used.

    A delivered order's price is asked back of suppliers that are `able` to be asked, once at a time.
    """
    if order.state in OPEN:
        return ["cancel", "ask_again"]
    if order.state is not OrderState.SUCCESS:
        return []
    verbs = ["return_coupon"] if "coupon_code" in order.proof else []
    if refund is not None and refund.state in ASKED:
        return [*verbs, "ask_again"]
    askable = order.amount_fen > 0 and order.supplier_id in able and not (refund and refund.state in STANDING)
    return [*verbs, "ask_refund"] if askable else verbs
