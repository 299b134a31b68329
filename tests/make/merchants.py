"""Builders for merchants and stores."""

from itertools import count
from uuid import UUID

from huoke.kernel.tx import Tx
from huoke.reward import merchants
from huoke.reward.merchants import NewMerchant, NewStore

_numbers = count(1)


def code() -> str:
    """A code nobody has."""
    return f"M{next(_numbers):05d}"


async def merchant(tx: Tx, *, unit_id: int = 1) -> UUID:
    """A coffee chain."""
    return await merchants.add_merchant(
        tx,
        NewMerchant(code=code(), name="海岸咖啡", name_en="Coast Coffee", category="dining", unit_id=unit_id),
        units=None,
    )


async def store(tx: Tx, merchant_id: UUID, **fields: str) -> UUID:
    """A store of it in Ningbo."""
    told = {"code": code(), "name": "海岸咖啡 天一店", "region": "330203", "street": "中山东路 188 号", **fields}
    return await merchants.add_store(tx, NewStore(merchant_id=merchant_id, **told), units=None)
