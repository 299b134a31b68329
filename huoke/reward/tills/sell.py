"""Paying in a store: a sale is rung up, paid at the cashier, owed to the merchant; and the way back."""

from collections.abc import Collection
from uuid import UUID

from asyncpg import Record

from huoke.govern import audit
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.reward import ledger, merchants, payments, reductions
from huoke.reward.ledger import AccountKey, AccountKind, Transfer, TransferKind
from huoke.reward.merchants import Place, Status
from huoke.reward.tills import store
from huoke.reward.tills.model import (
    PRICE_FEN_MAX,
    SALE,
    TTL,
    Rung,
    SaleState,
    SaleUnfit,
    SaleUnknown,
    SaleWish,
    StoreClosed,
)

OWED_LINE = 20
"""Of what a merchant is owed by a sale or a refund; the money of a refund is its line 0, reductions follow it."""
TAKEN = AccountKey(AccountKind.STORE_TAKEN, "bank", "")
"""What stores sold, all in all: the other side of what merchants are owed."""


async def quote(tx: Tx, seq: int, store_id: UUID, price_fen: int) -> list[reductions.Fitting]:
    """What a customer could take off a price in a store, the most first. `merchants.Unknown`, `StoreClosed`."""
    return await reductions.find_fitting(tx, seq, price_fen, await _place(tx, store_id))


async def ring_up(tx: Tx, wish: SaleWish) -> Rung:
    """Ask a customer for the price of something in a store, less a reduction of theirs.

    A repeated request number answers with what it did. `SaleUnfit`, `merchants.Unknown`, `StoreClosed`,
    `payments.NoCashier`, what `reductions.hold` refuses.
    """
    known = await store.lock_request(tx, wish.seq, wish.request_no)
    if known is not None:
        return Rung(
            sale_id=known["id"], payment_id=known["payment_id"], reduction_fen=known["reduction_fen"], exists=True
        )
    if not 0 < wish.price_fen <= PRICE_FEN_MAX:
        raise SaleUnfit(f"A price is 0.01 to {PRICE_FEN_MAX // 100} yuan.", pointer="/price_fen")
    place = await _place(tx, wish.store_id)
    assert place.merchant_id is not None, "a store has a merchant"
    sale_id, shop = new_id(), await merchants.get_store(tx, wish.store_id)
    charge = payments.Charge(
        request_no=f"sale-{sale_id.hex}",
        seq=wish.seq,
        amount_fen=wish.price_fen,
        subject=shop.name,
        source_kind=SALE,
        source_id=sale_id,
        line=0,
        expires_at=tx.now + TTL,
        reduction=payments.Reduction(grant_id=wish.reduction, place=place) if wish.reduction else None,
    )
    [charged] = await payments.charge(tx, [charge])
    if isinstance(charged, Refusal):
        raise charged
    held = (await reductions.uses_for(tx, [charged.payment_id])).get(charged.payment_id)
    values = {
        "id": sale_id,
        "request_no": wish.request_no,
        "seq": wish.seq,
        "store_id": wish.store_id,
        "merchant_id": place.merchant_id,
        "unit_id": place.unit_id,
        "price_fen": wish.price_fen,
        "reduction_fen": charged.reduction_fen,
        "own_fen": held.shares.merchant_fen if held else 0,
        "payment_id": charged.payment_id,
        "state": SaleState.OPEN.value,
        "rung_at": tx.now,
    }
    await store.add_sale(tx, values)
    return Rung(sale_id=sale_id, payment_id=charged.payment_id, reduction_fen=charged.reduction_fen)


async def take_payment(tx: Tx, sale_id: UUID) -> None:
    """The money came: the merchant is owed the price less its own share of the reduction; once."""
    row = await _lock(tx, sale_id)
    if row["state"] == SaleState.PAID:
        return
    await store.end_sale(tx, sale_id, SaleState.PAID.value)
    await _owe(tx, row, sale_id, (row["price_fen"], row["reduction_fen"], row["own_fen"]))


async def close(tx: Tx, sale_id: UUID) -> None:
    """The money will not come; once."""
    if (await _lock(tx, sale_id))["state"] == SaleState.OPEN:
        await store.end_sale(tx, sale_id, SaleState.CLOSED.value)


async def take_back(tx: Tx, sale_id: UUID, refund_id: UUID, price_fen: int, reduction_fen: int) -> None:
    """A part of a sale went back to its customer: the merchant is owed so much less; once per refund."""
    row = await _lock(tx, sale_id)
    own = (await reductions.backs_for(tx, [refund_id])).get(refund_id)
    own_fen = own.merchant_fen if own else 0
    if await _owe(tx, row, refund_id, (-price_fen, -reduction_fen, -own_fen)):
        await store.add_back(tx, sale_id, price_fen)


async def give_back(tx: Tx, sale_id: UUID, price_fen: int, reason: str, *, stores: Collection[UUID] | None) -> UUID:
    """A store undoes a sale in whole or in part; returns the refund. A clerk undoes those of `stores` alone.

    `SaleUnknown`, `audit.ReasonMissing`, `payments.NotPaid`, `payments.RefundTooMuch`.
    """
    why = audit.require_reason(reason)
    row = await _lock(tx, sale_id)
    if stores is not None and row["store_id"] not in stores:
        raise SaleUnknown("There is no such sale.")
    wanted = payments.Refund(
        request_no=f"sale-{new_id().hex}", payment_id=row["payment_id"], amount_fen=price_fen, reason=why[:80]
    )
    [answer] = await payments.refund(tx, [wanted])
    if isinstance(answer, Refusal):
        raise answer
    entry = audit.AuditEntry(
        action="tills.give_back",
        subject_kind="sale",
        subject_id=str(sale_id),
        unit_id=row["unit_id"],
        reason=why,
        after={"price_fen": price_fen},
    )
    await audit.record(tx, entry)
    return answer.refund_id


async def _owe(tx: Tx, row: Record, movement_id: UUID, amounts: tuple[int, int, int]) -> bool:
    """Write one movement and its transfer; False where it was written before."""
    on = tx.now.astimezone(CHINA).date()
    if not await store.add_movement(tx, row, movement_id, amounts, on):
        return False
    fen = amounts[0] - amounts[2]
    owed = AccountKey(AccountKind.MERCHANT_PAYABLE, "merchant", str(row["merchant_id"]))
    accounts = await ledger.open_accounts(tx, [TAKEN, owed])
    if fen:
        debit, credit = (TAKEN, owed) if fen > 0 else (owed, TAKEN)
        transfer = Transfer(
            source_kind=SALE, source_id=movement_id, line=OWED_LINE, debit_account=accounts[debit],
            credit_account=accounts[credit], amount=abs(fen), kind=TransferKind.PAYABLE,
        )  # fmt: skip
        await ledger.book(tx, [transfer])
    return True


async def _lock(tx: Tx, sale_id: UUID) -> Record:
    row = await store.lock_sale(tx, sale_id)
    if row is None:
        raise SaleUnknown("There is no such sale.")
    return row


async def _place(tx: Tx, store_id: UUID) -> Place:
    shop = await merchants.get_store(tx, store_id)
    if shop.status is not Status.ACTIVE:
        raise StoreClosed(f"The store {shop.name} takes no payments.", pointer="/store_id")
    return Place(unit_id=shop.unit_id, store_id=shop.id, merchant_id=shop.merchant_id)
