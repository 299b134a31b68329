"""Quoting an order, and placing it: stock, points and budget are held until its money came or will not come."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern import privacy
from huoke.kernel.ids import Seq, new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import consent, customers
from huoke.reward import catalogue, grants, ledger, payments, reductions, tiers
from huoke.reward.grants import Delivery
from huoke.reward.mall import store, store_purchase
from huoke.reward.mall.finish import FIELD, commit
from huoke.reward.mall.model import ItemOff, ItemState, ItemUnknown, PointsShort, PriceChanged, TierNeeded
from huoke.reward.mall.purchase_model import (
    HOLD_SPARE,
    PURCHASE,
    RESERVE_LINE,
    TTL,
    CartUnfit,
    LimitPassed,
    Line,
    Placed,
    PurchaseState,
    PurchaseUnknown,
    Quote,
    QuotedLine,
    SoldShort,
    Wish,
    check_wish,
)

SUBJECT = "积分商城订单"


class _Item(msgspec.Struct, frozen=True):
    """A shelf item with what one of it costs the bank, what is left, and how many this customer has or holds."""

    row: Record
    sku: catalogue.Sku
    left: int
    mine: int
    reached: bool


async def quote(tx: Tx, seq: int, lines: Sequence[tuple[UUID, int]]) -> Quote:
    """What an order would cost now, line by line with why not where it cannot be; nothing is held.

    Things that left the shelf are told of as `mall.item_off`; unknown ones raise `ItemUnknown`.
    """
    items = await _items(tx, seq, [item_id for item_id, _ in lines])
    barred = consent.NotAvailable() if await consent.barred(tx, [seq]) else None
    quoted = []
    for item_id, quantity in lines:
        if item_id not in items:
            raise ItemUnknown("There is no such item on the shelf.")
        item = items[item_id]
        line = Line(
            shelf_item_id=item_id, quantity=quantity, expected_points=item.row["points"],
            expected_cash_fen=item.row["cash_fen"],
        )  # fmt: skip
        refusal = barred or _unfit(tx, line, item)
        quoted.append(
            QuotedLine(
                shelf_item_id=item_id, quantity=quantity, points=item.row["points"], cash_fen=item.row["cash_fen"],
                left=item.left, refusal=refusal.code if refusal else "",
            )
        )  # fmt: skip
    currencies = {items[item_id].row["currency"] for item_id, _ in lines}
    currency = min(currencies) if currencies else "POINTS"
    fine = [line for line in quoted if not line.refusal]
    cash_fen = sum(line.cash_fen * line.quantity for line in fine)
    return Quote(
        lines=quoted,
        points=sum(line.points * line.quantity for line in fine),
        cash_fen=cash_fen,
        currency=currency,
        balance=await ledger.free(tx, ledger.points_account(seq, currency)),
        fitting=await reductions.find_fitting(tx, seq, cash_fen, None) if cash_fen else [],
    )


async def place(tx: Tx, wish: Wish) -> Placed:
    """Order at the prices the customer saw: all lines or none.

    What costs money too is held for a quarter of an hour, and paid by `payments`; what costs points only is paid now. A
    repeated request number answers with what it did. `CartUnfit`, `ItemUnknown`, `ItemOff`, `PriceChanged` (with the
    new price), `TierNeeded`, `LimitPassed`, `SoldShort`, `PointsShort`, `payments.NoCashier`, `consent.NotAvailable`,
    what `reductions.hold` and what a claim or a budget refuses.
    """
    check_wish(wish.lines)
    known = await store_purchase.lock_request(tx, wish.seq, wish.request_no)
    if known is not None:
        return _placed(known, exists=True)
    if await consent.barred(tx, [wish.seq]):
        raise consent.NotAvailable
    await customers.hold_persons(tx)
    items = await _items(tx, wish.seq, [line.shelf_item_id for line in wish.lines])
    for place_, line in enumerate(wish.lines):
        refusal = _unfit(tx, line, items.get(line.shelf_item_id), pointer=f"/lines/{place_}")
        if refusal is not None:
            raise refusal
    currencies = {items[line.shelf_item_id].row["currency"] for line in wish.lines}
    if len(currencies) > 1:
        raise CartUnfit("Things paid in different points are ordered apart.", pointer="/lines")
    purchase_id = new_id()
    points = sum(items[line.shelf_item_id].row["points"] * line.quantity for line in wish.lines)
    cash_fen = sum(items[line.shelf_item_id].row["cash_fen"] * line.quantity for line in wish.lines)
    held = [(items[line.shelf_item_id], line.quantity) for line in wish.lines]
    await grants.lock_offers(tx, [item.row["offer_id"] for item, _ in held])
    await _hold_stock(tx, purchase_id, held)
    await _hold_points(tx, purchase_id, wish.seq, min(currencies), points)
    expires_at = tx.now + TTL
    if wish.reduction is not None and not cash_fen:
        raise CartUnfit("Nothing of it is paid in money.", pointer="/reduction")
    charged = await _charge(tx, wish, purchase_id, cash_fen) if cash_fen else None
    values = {
        "id": purchase_id,
        "seq": wish.seq,
        "request_no": wish.request_no,
        "points": points,
        "cash_fen": cash_fen,
        "currency": min(currencies),
        "payment_id": charged.payment_id if charged else None,
        "reduction_fen": charged.reduction_fen if charged else 0,
        "delivery": await _seal(tx, purchase_id, wish.delivery),
        "expires_at": expires_at,
    }
    rows = [
        (item.row["id"], count, item.row["points"], item.row["cash_fen"], item.row["budget_id"], item.sku.cost_fen)
        for item, count in held
    ]
    await store_purchase.add_purchase(tx, values, rows)
    numbers = await customers.numbers_of(tx, Seq(wish.seq))
    await store_purchase.clear_cart(tx, numbers, [line.shelf_item_id for line in wish.lines])
    if not cash_fen:
        await commit(tx, purchase_id)
    state = PurchaseState.HELD if cash_fen else PurchaseState.PAID
    return Placed(
        purchase_id=purchase_id, state=state, points=points, cash_fen=cash_fen,
        payment_id=values["payment_id"], expires_at=expires_at, reduction_fen=values["reduction_fen"],
    )  # fmt: skip


async def lay(tx: Tx, seq: int, item_id: UUID, quantity: int) -> None:
    """Have so many of something in the cart; none takes it out. `CartUnfit`, `ItemUnknown`, `ItemOff`."""
    numbers = await customers.numbers_of(tx, Seq(seq))
    if quantity <= 0:
        await store_purchase.clear_cart(tx, numbers, [item_id])
        return
    check_wish([Line(shelf_item_id=item_id, quantity=quantity, expected_points=0)])
    rows = await store.items(tx, ids=[item_id])
    if not rows:
        raise ItemUnknown("There is no such item on the shelf.")
    if rows[0]["state"] != ItemState.ON_SHELF:
        raise ItemOff("This is not on the shelf at the moment.", state=rows[0]["state"])
    await store_purchase.put_cart(tx, seq, item_id, quantity)


async def cart(tx: Tx, seq: int) -> list[tuple[UUID, int]]:
    """What lies in a customer's cart: (shelf item, quantity), first in first."""
    rows = await store_purchase.cart(tx, await customers.numbers_of(tx, Seq(seq)))
    return [(row["shelf_item_id"], row["quantity"]) for row in rows]


async def cancel(tx: Tx, seq: int, purchase_id: UUID) -> None:
    """A customer does not want to pay: its payment is closed, and what it held is free once the cashier agreed.

    `PurchaseUnknown`. Paid or closed already, nothing happens.
    """
    row = await own_row(tx, seq, purchase_id)
    if row["state"] == PurchaseState.HELD and row["payment_id"] is not None:
        await payments.close(tx, [row["payment_id"]])


async def own_row(tx: Tx, seq: int, purchase_id: UUID) -> Record:
    """A customer's purchase as stored; `PurchaseUnknown`."""
    rows = await store_purchase.purchases(tx, ids=[purchase_id], seqs=await customers.numbers_of(tx, Seq(seq)))
    if not rows:
        raise PurchaseUnknown("There is no such order.")
    return rows[0]


async def _items(tx: Tx, seq: int, ids: Sequence[UUID]) -> dict[UUID, _Item]:
    rows = await store.items(tx, ids=ids)
    skus = await catalogue.skus(tx, {row["sku_id"] for row in rows})
    numbers = await customers.numbers_of(tx, Seq(seq))
    kept = await store.ordered_by(tx, numbers, [row["id"] for row in rows])
    held = await store_purchase.held_of(tx, numbers, [row["id"] for row in rows])
    wanted = [row["own_pool_id"] for row in rows if row["own_pool_id"]]
    pools = {pool.id: pool.available for pool in await grants.get_pools(tx, wanted)}
    scheme = await tiers.scheme(tx)
    keys = scheme.keys if scheme else []
    standing = (await tiers.standings(tx, [seq])).get(seq, "")
    reached = keys.index(standing) if standing in keys else 0
    return {
        row["id"]: _Item(
            row,
            skus[row["sku_id"]],
            pools.get(row["own_pool_id"], 0),
            kept.get(row["id"], 0) + held.get(row["id"], 0),
            row["tier"] not in keys or keys.index(row["tier"]) <= reached,
        )
        for row in rows
    }


def _unfit(  # noqa: PLR0911 - one return per reason reads as the list it is
    tx: Tx, line: Line, item: _Item | None, *, pointer: str = ""
) -> Refusal | None:
    if item is None:
        return ItemUnknown("There is no such item on the shelf.", pointer=f"{pointer}/shelf_item_id")
    row = item.row
    if row["state"] != ItemState.ON_SHELF or not row["opens_at"] <= tx.now < row["closes_at"]:
        return ItemOff("This is not on the shelf at the moment.", state=row["state"], pointer=pointer)
    if (row["points"], row["cash_fen"]) != (line.expected_points, line.expected_cash_fen):
        return PriceChanged(
            f"The price is {row['points']} points and {row['cash_fen']} fen by now.",
            pointer=f"{pointer}/expected_points",
            points=row["points"],
            cash_fen=row["cash_fen"],
        )
    if not item.reached:
        return TierNeeded("This is for customers from a tier on.", tier=row["tier"], pointer=pointer)
    if item.mine + line.quantity > row["person_limit"]:
        return LimitPassed(
            f"One person gets {row['person_limit']}; {item.mine} are yours.", limit=row["person_limit"], mine=item.mine,
            pointer=f"{pointer}/quantity",
        )  # fmt: skip
    if line.quantity > item.left:
        return SoldShort(f"{item.left} are left.", left=item.left, pointer=f"{pointer}/quantity")
    return None


async def _hold_stock(tx: Tx, purchase_id: UUID, held: Sequence[tuple[_Item, int]]) -> None:
    """Move units beside the stock and budgets' money aside; pools in one order, then budgets."""
    for item, count in sorted(held, key=lambda pair: pair[0].row["own_pool_id"]):
        hold_pool = item.row["hold_pool_id"] or await _open_hold_pool(tx, item)
        try:
            await grants.allocate_stock(tx, item.row["own_pool_id"], hold_pool, count)
        except grants.PoolShort as short:
            raise SoldShort("Somebody was quicker.", left=short.data["available"], pointer="/lines") from None
    await ledger.reserve(
        tx,
        ledger.columns(
            PURCHASE,
            [
                (item.row["budget_id"], purchase_id, RESERVE_LINE + place_, item.sku.cost_fen * count)
                for place_, (item, count) in enumerate(held)
            ],
        ),
    )


async def _open_hold_pool(tx: Tx, item: _Item) -> UUID:
    locked = await store.lock_item(tx, item.row["id"])
    assert locked is not None, "the item was just read"
    if locked["hold_pool_id"] is not None:
        return UUID(str(locked["hold_pool_id"]))
    [own] = await grants.get_pools(tx, [locked["own_pool_id"]])
    pool_id = await grants.open_pool(
        tx,
        grants.NewPool(
            sku_id=own.sku_id, unit_id=own.unit_id, name=f"{own.name} 待付款", quantity=0, parent_id=own.id
        ),
    )  # fmt: skip
    await store_purchase.set_hold_pool(tx, locked["id"], pool_id)
    return pool_id


async def _hold_points(tx: Tx, purchase_id: UUID, seq: int, currency: str, points: int) -> None:
    if not points:
        return
    key = ledger.points_account(seq, currency)
    account = (await ledger.open_accounts(tx, [key]))[key]
    seconds = int((TTL + HOLD_SPARE).total_seconds())
    new = ledger.NewHold(
        id=purchase_id, account_id=account, amount=points, ttl_seconds=seconds, source_kind=PURCHASE
    )  # fmt: skip
    [outcome] = await ledger.hold(tx, [new])
    if outcome is not ledger.Outcome.POSTED:
        raise PointsShort("There are not enough points for it.", pointer="/lines")


async def _charge(tx: Tx, wish: Wish, purchase_id: UUID, cash_fen: int) -> payments.Charged:
    wanted = payments.Charge(
        request_no=f"mall-{purchase_id.hex}", seq=wish.seq, amount_fen=cash_fen, subject=SUBJECT,
        source_kind=PURCHASE, source_id=purchase_id, line=0, expires_at=tx.now + TTL,
        reduction=payments.Reduction(grant_id=wish.reduction) if wish.reduction else None,
    )  # fmt: skip
    [answer] = await payments.charge(tx, [wanted])
    if isinstance(answer, Refusal):
        raise answer
    return answer


async def _seal(tx: Tx, purchase_id: UUID, delivery: Delivery | None) -> bytes | None:
    if delivery is None:
        return None
    [sealed] = (await privacy.keys(tx)).encrypt(FIELD, [purchase_id.int], [msgspec.json.encode(delivery).decode()])
    return sealed


def _placed(row: Record, *, exists: bool) -> Placed:
    return Placed(
        purchase_id=row["id"], state=PurchaseState(row["state"]), points=row["points"], cash_fen=row["cash_fen"],
        payment_id=row["payment_id"], expires_at=row["expires_at"], reduction_fen=row["reduction_fen"], exists=exists,
    )  # fmt: skip
