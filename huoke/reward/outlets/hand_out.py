"""Handing gifts out at a counter, and taking one back when that is undone. Part of a redemption, which names them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from huoke.kernel.tx import Tx
from huoke.reward import ledger
from huoke.reward.ledger import Outcome, Transfer, TransferKind
from huoke.reward.outlets.model import StockMoved, handed_out, shelf
from huoke.reward.outlets.post import SOURCE_KIND


async def on_hand(tx: Tx, unit_id: int, sku_ids: Iterable[UUID], *, lock: bool = True) -> dict[UUID, int]:
    """How many of each gift a unit has on its shelf, locked until the transaction ends unless one only looks."""
    keys = {sku_id: shelf(unit_id, sku_id) for sku_id in set(sku_ids)}
    balances = await ledger.stored_balances(tx, list(keys.values()), lock=lock)
    return {sku_id: balances[key] for sku_id, key in keys.items()}


async def hand_out(tx: Tx, unit_id: int, items: Sequence[tuple[UUID, int, UUID]]) -> None:
    """Take gifts from a unit's shelf: (grant id, ledger line, SKU). The caller looked at `on_hand` first."""
    if not items:
        return
    skus = {sku_id for _, _, sku_id in items}
    keys = {key for sku_id in skus for key in (shelf(unit_id, sku_id), handed_out(unit_id, sku_id))}
    accounts = await ledger.open_accounts(tx, list(keys))
    await ledger.book(
        tx,
        [
            Transfer(
                source_kind=SOURCE_KIND,
                source_id=grant_id,
                line=line,
                debit_account=accounts[shelf(unit_id, sku_id)],
                credit_account=accounts[handed_out(unit_id, sku_id)],
                amount=1,
                kind=TransferKind.STOCK,
            )
            for grant_id, line, sku_id in items
        ],
    )
    for sku_id, quantity in Counter(sku_id for _, _, sku_id in items).items():
        tx.emit(StockMoved(unit_id=unit_id, sku_id=sku_id, move="outlet_handed_out", quantity=quantity))


async def take_back(tx: Tx, lines: Mapping[tuple[UUID, int], int]) -> None:
    """Put gifts back on the shelf they came from: (grant id, ledger line) → the line of the reversal."""
    if lines:
        outcomes = await ledger.reverse(tx, lines)
        assert set(outcomes) <= {Outcome.POSTED, Outcome.EXISTS}, "a gift handed out once comes back once"
