"""Card codes 卡密: a supplier's codes, encrypted one by one, drawn once, shown to their customer alone.

The free codes of a SKU are its stock: `card_codes.stocked` tells pools of every code that came or went.
"""

from huoke.reward.card_codes.draw import draw, last_days, open_code, put_back, see, void_batch, void_expired
from huoke.reward.card_codes.model import (
    LISTS,
    Batch,
    BatchQueued,
    BatchState,
    BatchUnfit,
    BatchUnknown,
    CardCode,
    CodesStocked,
    CodeState,
    NewBatch,
    Verdict,
)
from huoke.reward.card_codes.read import count_codes, find_batches, get_batch
from huoke.reward.card_codes.upload import read_batch, take_batch

__all__ = [
    "LISTS",
    "Batch",
    "BatchQueued",
    "BatchState",
    "BatchUnfit",
    "BatchUnknown",
    "CardCode",
    "CodeState",
    "CodesStocked",
    "NewBatch",
    "Verdict",
    "count_codes",
    "draw",
    "find_batches",
    "get_batch",
    "last_days",
    "open_code",
    "put_back",
    "read_batch",
    "see",
    "take_batch",
    "void_batch",
    "void_expired",
]
