"""Freezing a customer's points: nothing of them is spent, given or held until they are free again."""

from huoke.kernel.tx import Tx
from huoke.reward.ledger import store, store_points
from huoke.reward.ledger.names import points_account


async def freeze(tx: Tx, seq: int, currency: str, *, frozen: bool) -> None:
    """Freeze an account, or free it; one that was never opened is opened. Credits and expiry go on."""
    key = points_account(seq, currency)
    account_id = (await store.ensure_accounts(tx, [key]))[key]
    await store.lock_accounts(tx, [account_id])
    await store_points.set_frozen(tx, account_id, frozen)


async def is_frozen(tx: Tx, seq: int, currency: str) -> bool:
    """Whether a customer's points of a type are frozen."""
    return await store_points.is_frozen(tx, str(seq), currency)
