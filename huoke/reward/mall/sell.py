"""Ordering for points: the benefit is granted and its points are burned together, or neither; and the way back."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Record

from huoke.kernel.batch import Call
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import consent, customers
from huoke.reward import grants, ledger, payments, tiers
from huoke.reward.grants import Claimed
from huoke.reward.ledger import Burn
from huoke.reward.mall import store, store_purchase
from huoke.reward.mall.model import (
    SOURCE,
    ItemOff,
    ItemOrdered,
    ItemState,
    ItemUnknown,
    NotReturnable,
    Order,
    Ordered,
    OrderRefunded,
    OrderState,
    OrderUnknown,
    PointsShort,
    PriceChanged,
    TierNeeded,
)
from huoke.reward.mall.purchase_model import CashNeeded

REFUND_LINE = 1
"""A burn is line 0 of its order; the refund of it line 1, of the n-th unit of a purchase line 1 + n."""
SLICE = 1_000
WANTING = (grants.SoldOut, grants.BudgetExhausted, grants.LimitReached)
"""What a claim is refused for that somebody before it may have had for a moment only."""
UNDELIVERED = "无法交付，自动退回"
_FORGIVEN = frozenset(state.value for state in grants.FORGIVEN)
Answers = dict[int, Ordered | Refusal]


async def order(tx: Tx, calls: Sequence[Call[Order]]) -> list[Ordered | Refusal]:
    """Order for many customers at once; one answer per call, in order. Shaped for `kernel.batch`.

    A repeated request number answers with what it did (`exists`). Refused: `ItemUnknown`, `ItemOff`, `PriceChanged`,
    `TierNeeded`, `PointsShort`, `consent.NotAvailable`, and what a claim is refused for (`grants.SoldOut`,
    `grants.LimitReached`, …).
    """
    answers: Answers = {}
    names = [(call.value.seq, call.value.request_no) for call in calls]
    await customers.hold_persons(tx)
    found = await store.known(tx, names)
    answers |= {index: _answer(found[name], exists=True) for index, name in enumerate(names) if name in found}
    fresh = [index for index, name in enumerate(names) if index not in answers and names.index(name) == index]
    items = {row["id"]: row for row in await store.items(tx, ids={calls[index].value.shelf_item_id for index in fresh})}
    seqs = sorted({calls[index].value.seq for index in fresh})
    reached, barred = await _places(tx, seqs), await consent.barred(tx, seqs)
    for index in fresh:
        one = calls[index].value
        shelved = items.get(one.shelf_item_id)
        refusal = consent.NotAvailable() if one.seq in barred else _unfit(one, shelved, calls[index], reached)
        if refusal is not None:
            answers[index] = refusal
    todo = [index for index in fresh if index not in answers]
    await _sell(tx, calls, todo, items, answers)
    return [
        answers[index] if index in answers else _again(answers[names.index(name)]) for index, name in enumerate(names)
    ]


async def give_back(tx: Tx, order_id: UUID, seqs: Sequence[int], reason: str) -> None:
    """A customer gives back what was not used: stock and budget return, the points to the lots they came from, and the
    money to where it was paid from.

    `OrderUnknown` for what none of the customer's numbers ordered; `NotReturnable` once it was used, seen or sent.
    Given back already, nothing happens.
    """
    rows = await store.own_order(tx, order_id, seqs)
    if not rows:
        raise OrderUnknown("There is no such order.")
    if rows[0]["state"] != OrderState.PAID:
        return
    held = await grants.get_grant(tx, rows[0]["grant_id"])
    if held.state is not grants.State.FULFILLED:
        raise NotReturnable("It was used or is on its way, and cannot be given back here.", state=held.state.value)
    [answer] = await grants.return_(tx, [held.id], reason)
    if isinstance(answer, Refusal):
        raise NotReturnable("It cannot be given back any more.", code_of_grant=answer.code)
    await refund(tx, await store.lock_orders(tx, ids=[order_id]), reason)


async def refund_ended(tx: Tx, offer_id: UUID, state: str) -> int:
    """Refund the orders of an offer whose grants failed, were revoked or returned; returns how many."""
    if state not in _FORGIVEN:
        return 0
    paid = await store.paid_of(tx, offer_id)
    over: list[UUID] = []
    for start in range(0, len(paid), SLICE):
        part = paid[start : start + SLICE]
        found = await grants.find_grants(tx, grant_ids=[row["grant_id"] for row in part], limit=len(part))
        ended = {one.id for one in found if one.state in grants.FORGIVEN}
        over += [row["id"] for row in part if row["grant_id"] in ended]
    rows = await store.lock_orders(tx, ids=over)
    await refund(tx, rows, UNDELIVERED)
    return len(rows)


async def refund(tx: Tx, rows: Sequence[Record], reason: str) -> None:
    """Give the points of locked, paid orders back to their own lots, once, and ask for their money to go back.

    Where there is money the order is `refunding` until the cashier has given it back.
    """
    burned = [(row, *((row["id"], REFUND_LINE) if row["purchase_id"] is None else _unit(row))) for row in rows]
    back = [
        ledger.Refund(source_id=source_id, line=0, points=row["points"], refund_line=line)
        for row, source_id, line in burned
        if row["points"]
    ]
    await ledger.refund_all(tx, back)
    await store.end_orders(tx, [row["id"] for row in rows if not row["cash_fen"]], OrderState.REFUNDED.value)
    with_cash = [row for row in rows if row["cash_fen"]]
    await store.end_orders(tx, [row["id"] for row in with_cash], OrderState.REFUNDING.value)
    paid = {one["id"]: one for one in await store_purchase.purchases(tx, ids={row["purchase_id"] for row in with_cash})}
    asked = [
        payments.Refund(
            request_no=refund_number(row["id"]), payment_id=paid[row["purchase_id"]]["payment_id"],
            amount_fen=row["cash_fen"], reason=reason,
        )
        for row in with_cash
    ]  # fmt: skip
    for answer in await payments.refund(tx, asked):
        if isinstance(answer, Refusal):
            raise answer
    for row in rows:
        tx.emit(OrderRefunded(order_id=row["id"], points=row["points"]), seq=row["seq"])


def refund_number(order_id: UUID) -> str:
    """The number under which an order's money goes back."""
    return f"order-{order_id.hex}"


def _unit(row: Record) -> tuple[UUID, int]:
    """Where a purchase's points were burned, and the line of this unit's refund."""
    return row["purchase_id"], REFUND_LINE + row["place"]


async def money_back(tx: Tx, request_no: str) -> None:
    """The cashier gave back the money of an order."""
    prefix, _, number = request_no.partition("-")
    if prefix == "order":
        await store.end_orders(tx, [UUID(hex=number)], OrderState.REFUNDED.value)


async def _sell(
    tx: Tx, calls: Sequence[Call[Order]], todo: Sequence[int], items: dict[UUID, Record], answers: Answers
) -> None:
    """Claim first, burn then, as everybody who needs both locks them; who has too few points loses the claim again, and
    what that left is there for those who found nothing after them.
    """
    if not todo:
        return
    seqs = sorted({calls[index].value.seq for index in todo})
    facts = await customers.facts(tx, seqs)
    known = {seq: (unit, person) for seq, unit, person in zip(*_lists(facts), strict=True)}
    ids = {index: new_id() for index in todo}
    claims = [_claim(calls[index], items, known) for index in todo]
    claimed = dict(zip(todo, await grants.claim(tx, claims), strict=True))
    for index, answer in claimed.items():
        if isinstance(answer, Refusal):
            answers[index] = answer
    sold = {index: answer for index, answer in claimed.items() if isinstance(answer, Claimed) and not answer.exists}
    await _answer_raced(tx, calls, [i for i in todo if i not in sold and i not in answers], answers)
    outcomes = await _burn(tx, calls, ids, list(sold), items)
    short = [index for index, outcome in outcomes.items() if outcome is not ledger.Outcome.POSTED]
    if short:
        await grants.revoke(tx, [sold[index].grant_id for index in short], "积分不足")
    for index in short:
        answers[index] = _short()
    late = [index for index in todo if short and index > short[0] and isinstance(answers.get(index), WANTING)]
    paid = [index for index in sold if index not in short]
    orders = [_row(calls[index].value, ids[index], items, sold[index].grant_id) for index in paid]
    if orders:
        await store.add_orders(tx, orders)
    for index, made in zip(paid, orders, strict=True):
        answers[index] = Ordered(order_id=made[0], grant_id=made[6], points=made[4])
        tx.emit(ItemOrdered(order_id=made[0], shelf_item_id=made[1], points=made[4]), seq=made[2])
    for index in late:
        del answers[index]
    await _sell(tx, calls, late, items, answers)


async def _answer_raced(tx: Tx, calls: Sequence[Call[Order]], indexes: Sequence[int], answers: Answers) -> None:
    """Numbers that another transaction claimed under just before: its order answers, or there were too few points."""
    names = {index: (calls[index].value.seq, calls[index].value.request_no) for index in indexes}
    found = await store.known(tx, list(names.values()))
    for index, name in names.items():
        row = found.get(name)
        answers[index] = _answer(row, exists=True) if row else _short()


async def _burn(
    tx: Tx, calls: Sequence[Call[Order]], ids: dict[int, UUID], indexes: Sequence[int], items: dict[UUID, Record]
) -> dict[int, ledger.Outcome]:
    rows = {index: items[calls[index].value.shelf_item_id] for index in indexes}
    keys = {index: ledger.points_account(calls[index].value.seq, rows[index]["currency"]) for index in indexes}
    accounts = await ledger.open_accounts(tx, list(keys.values())) if keys else {}
    burns = [
        Burn(
            account_id=accounts[keys[index]], points=rows[index]["points"], source_kind=SOURCE, source_id=ids[index],
            line=0,
        )
        for index in indexes
    ]  # fmt: skip
    return dict(zip(indexes, await ledger.burn(tx, burns), strict=True))


def _claim(call: Call[Order], items: dict[UUID, Record], known: dict[int, tuple[int, int]]) -> Call[grants.Claim]:
    one = call.value
    unit, person = known.get(one.seq, (-1, one.seq))
    claim = grants.Claim(
        request_no=f"mall:{one.seq}:{one.request_no}",
        offer_id=items[one.shelf_item_id]["offer_id"],
        seq=one.seq,
        unit_id=unit,
        person=person,
        delivery=one.delivery,
        eligible=one.seq in known,
    )
    return Call(claim, call.actor, call.at)


def _unfit(one: Order, item: Record | None, call: Call[Order], reached: dict[int, dict[str, bool]]) -> Refusal | None:
    if item is None:
        return ItemUnknown("There is no such item on the shelf.", pointer="/shelf_item_id")
    if item["state"] != ItemState.ON_SHELF or not item["opens_at"] <= call.at < item["closes_at"]:
        return ItemOff("This is not on the shelf at the moment.", state=item["state"])
    if item["points"] != one.expected_points:
        return PriceChanged(
            f"The price is {item['points']} points by now.", pointer="/expected_points", points=item["points"]
        )
    if item["cash_fen"]:
        return CashNeeded("It also costs money: order it through the cart.", cash_fen=item["cash_fen"])
    if item["tier"] and not reached.get(one.seq, {}).get(item["tier"], False):
        return TierNeeded("This is for customers from a tier on.", tier=item["tier"])
    return None


async def _places(tx: Tx, seqs: Sequence[int]) -> dict[int, dict[str, bool]]:
    """For each customer, which tiers are reached."""
    scheme = await tiers.scheme(tx)
    if scheme is None:
        return {}
    held = await tiers.standings(tx, seqs)
    keys = scheme.keys
    places = {seq: keys.index(held[seq]) if held.get(seq) in keys else 0 for seq in seqs}
    return {seq: {key: place <= places[seq] for place, key in enumerate(keys)} for seq in seqs}


def _row(one: Order, order_id: UUID, items: dict[UUID, Record], grant_id: UUID) -> store.Order:
    item = items[one.shelf_item_id]
    return order_id, item["id"], one.seq, one.request_no, item["points"], item["currency"], grant_id


def _short() -> PointsShort:
    return PointsShort("There are not enough points for it.", pointer="/expected_points")


def _answer(row: Record, *, exists: bool) -> Ordered:
    return Ordered(order_id=row["id"], grant_id=row["grant_id"], points=row["points"], exists=exists)


def _again(answer: Ordered | Refusal) -> Ordered | Refusal:
    """What a request number that stands twice in a batch is answered the second time."""
    if isinstance(answer, Refusal):
        return answer
    return Ordered(order_id=answer.order_id, grant_id=answer.grant_id, points=answer.points, exists=True)


def _lists(facts: customers.Facts) -> tuple[list[int], list[int], list[int]]:
    return facts.seqs.tolist(), facts.unit_ids.tolist(), facts.persons.tolist()
