"""Tills: customers pay in merchants' stores through the bank's cashier; what each merchant is owed for it, to the fen.

rung = await tills.ring_up(tx, wish)              a reduction may come off; then `payments`, then owed to the merchant
await tills.give_back(tx, sale_id, fen, why, stores=...)   in whole or in part
lines = await tills.settled_lines(tx, merchant_id, begin, end)   what a statement is made of
"""

from huoke.reward.tills.model import (
    Rung,
    Sale,
    SaleState,
    SaleUnfit,
    SaleUnknown,
    SaleWish,
    StoreClosed,
    StoreDay,
)
from huoke.reward.tills.read import count_sales, find_sales, own_sale, payable, settled_lines, verify
from huoke.reward.tills.sell import give_back, quote, ring_up

__all__ = [
    "Rung",
    "Sale",
    "SaleState",
    "SaleUnfit",
    "SaleUnknown",
    "SaleWish",
    "StoreClosed",
    "StoreDay",
    "count_sales",
    "find_sales",
    "give_back",
    "own_sale",
    "payable",
    "quote",
    "ring_up",
    "settled_lines",
    "verify",
]
