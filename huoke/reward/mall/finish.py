"""How a held order ends: paid, its benefits are granted; or closed, and everything it held is free again. Once."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern import privacy
from huoke.kernel.batch import Call
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward import catalogue, grants, ledger, payments
from huoke.reward.grants import BenefitKind, Claimed, Delivery, Handover, PhoneDelivery, PostalDelivery
from huoke.reward.mall import store, store_purchase
from huoke.reward.mall.model import ItemOrdered, ItemState
from huoke.reward.mall.purchase_model import (
    PURCHASE,
    RELEASE_LINE,
    PurchaseClosed,
    PurchasePaid,
    PurchaseState,
    PurchaseUnknown,
)

FIELD = "mall.delivery"
CLOSED = "payment_closed"


async def take_payment(tx: Tx, purchase_id: UUID, payment_id: UUID) -> None:
    """Its money came: grant what was ordered; where that cannot be any more, everything is freed and the money goes
    back by itself.
    """
    row = await _lock(tx, purchase_id)
    if row["state"] == PurchaseState.PAID:
        return
    if row["state"] == PurchaseState.HELD:
        code = await _try_commit(tx, purchase_id)
        if not code:
            return
        await release(tx, purchase_id, code)
    wanted = payments.Refund(
        request_no=f"mall-{purchase_id.hex}", payment_id=payment_id, amount_fen=row["cash_fen"],
        reason="订单无法完成，自动退回",
    )  # fmt: skip
    await payments.refund(tx, [wanted])


async def _try_commit(tx: Tx, purchase_id: UUID) -> str:
    """Commit, or say by its code what stands against it; then nothing moved."""
    try:
        async with tx.savepoint():
            await commit(tx, purchase_id)
    except Refusal as refusal:
        return refusal.code
    return ""


async def commit(tx: Tx, purchase_id: UUID) -> None:
    """Turn what a purchase holds into benefits: stock and money go back for the claims of this very transaction, points
    are burned. Raises what a claim refuses, and `ledger.UnknownHold`; then nothing moved.
    """
    row = await _lock(tx, purchase_id)
    assert row["state"] == PurchaseState.HELD, "the caller looked"
    await customers.hold_persons(tx)
    lines = (await store_purchase.lines_of(tx, [purchase_id]))[purchase_id]
    items = {item["id"]: item for item in await store.items(tx, ids={line["shelf_item_id"] for line in lines})}
    await grants.lock_offers(tx, [item["offer_id"] for item in items.values()])
    await _free(tx, row, lines, items)
    claims = await _claims(tx, row, lines, items)
    answers = await grants.claim(tx, [call for call, _ in claims])
    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    if refused:
        raise refused[0]
    if row["points"]:
        await ledger.commit_hold(tx, purchase_id, source_kind=PURCHASE)
    units = []
    for place, ((_, line), answer) in enumerate(zip(claims, answers, strict=True)):
        assert isinstance(answer, Claimed), "refusals were raised"
        order_id = new_id()
        number = f"{purchase_id.hex}-{place}"
        fixed = (line["shelf_item_id"], row["seq"], number, line["points"], row["currency"], line["cash_fen"])
        units.append((order_id, *fixed, purchase_id, place, answer.grant_id))
        told = ItemOrdered(order_id=order_id, shelf_item_id=line["shelf_item_id"], points=line["points"])
        tx.emit(told, seq=row["seq"])
    await store_purchase.add_units(tx, units)
    await store_purchase.end_purchase(tx, purchase_id, PurchaseState.PAID.value)
    tx.emit(
        PurchasePaid(
            purchase_id=purchase_id, points=row["points"], cash_fen=row["cash_fen"], units=len(units)
        ),
        seq=row["seq"],
    )  # fmt: skip


async def release(tx: Tx, purchase_id: UUID, code: str = CLOSED) -> None:
    """Let go of all that a purchase holds; paid or closed already, nothing happens."""
    row = await _lock(tx, purchase_id)
    if row["state"] != PurchaseState.HELD:
        return
    lines = (await store_purchase.lines_of(tx, [purchase_id]))[purchase_id]
    items = {item["id"]: item for item in await store.items(tx, ids={line["shelf_item_id"] for line in lines})}
    await _free(tx, row, lines, items)
    for line in lines:
        item = items[line["shelf_item_id"]]
        if item["state"] == ItemState.TAKEN_OFF:
            await grants.give_back_stock(tx, item["own_pool_id"], item["pool_id"], line["quantity"])
    if row["points"]:
        with suppress(ledger.UnknownHold):  # its own time ran out before
            await ledger.release_hold(tx, purchase_id)
    await store_purchase.end_purchase(tx, purchase_id, PurchaseState.CLOSED.value, code)
    tx.emit(
        PurchaseClosed(purchase_id=purchase_id, points=row["points"], cash_fen=row["cash_fen"], code=code),
        seq=row["seq"],
    )


async def held_of_budgets(tx: Tx) -> Mapping[UUID, int]:
    """What unpaid orders hold of each budget, in fen; for `grants.register_holding`."""
    return await store_purchase.held_fen(tx)


async def _lock(tx: Tx, purchase_id: UUID) -> Record:
    row = await store_purchase.lock_purchase(tx, purchase_id)
    if row is None:
        raise PurchaseUnknown("There is no such order.")
    return row


async def _free(tx: Tx, row: Record, lines: Sequence[Record], items: Mapping[UUID, Record]) -> None:
    """Stock back to where it is taken from, money back to where it is available."""
    for line in sorted(lines, key=lambda one: items[one["shelf_item_id"]]["own_pool_id"]):
        item = items[line["shelf_item_id"]]
        await grants.give_back_stock(tx, item["hold_pool_id"], item["own_pool_id"], line["quantity"])
    freed = [
        (line["budget_id"], row["id"], RELEASE_LINE + line["line"], line["cost_fen"] * line["quantity"])
        for line in lines
    ]
    await ledger.release(tx, ledger.columns(PURCHASE, freed))


async def _claims(
    tx: Tx, row: Record, lines: Sequence[Record], items: Mapping[UUID, Record]
) -> list[tuple[Call[grants.Claim], Record]]:
    facts = await customers.facts(tx, [row["seq"]])
    unit, person = (int(facts.unit_ids[0]), int(facts.persons[0])) if len(facts.seqs) else (-1, row["seq"])
    skus = await catalogue.skus(tx, {item["sku_id"] for item in items.values()})
    delivery = await _open(tx, row)
    found = []
    for line in lines:
        item = items[line["shelf_item_id"]]
        sku = skus[item["sku_id"]]
        for unit_no in range(line["quantity"]):
            claim = grants.Claim(
                request_no=f"mall:{row['id'].hex}:{line['line']}:{unit_no}",
                offer_id=item["offer_id"],
                seq=row["seq"],
                unit_id=unit,
                person=person,
                delivery=_serving(delivery, BenefitKind(sku.kind.value), Handover(sku.handover.value)),
                eligible=len(facts.seqs) > 0,
            )
            found.append((Call(claim, tx.actor, tx.now), line))
    return found


async def _open(tx: Tx, row: Record) -> Delivery | None:
    if row["delivery"] is None:
        return None
    [text] = (await privacy.keys(tx)).decrypt(FIELD, [row["id"].int], [row["delivery"]])
    assert text is not None, "an address is never empty"
    return msgspec.json.decode(text, type=PhoneDelivery | PostalDelivery)


def _serving(delivery: Delivery | None, kind: BenefitKind, handover: Handover) -> Delivery | None:
    """What of an order's address serves one line: goods take all of it, a top-up its phone, the rest nothing."""
    if delivery is None or handover is not Handover.ORDER:
        return None
    if kind is BenefitKind.TOPUP:
        return PhoneDelivery(phone=delivery.phone)
    return delivery
