"""Holds: set an amount of a points account aside, then burn it, release it, or let its time run out."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from huoke.kernel.tx import Tx
from huoke.reward.ledger import store, store_holds
from huoke.reward.ledger.debt import pay_debts
from huoke.reward.ledger.model import (
    AccountKind,
    Burn,
    NewHold,
    NotPosted,
    Outcome,
    TransferKind,
    UnknownHold,
    check_amount,
)
from huoke.reward.ledger.points import take


async def hold(tx: Tx, holds: Sequence[NewHold]) -> list[Outcome]:
    """Set amounts aside; POSTED, EXISTS (same id), OVERDRAWN, FROZEN, UNKNOWN_ACCOUNT in order. Raises `BadAmount`."""
    for index, item in enumerate(holds):
        check_amount(item.amount, f"/{index}/amount")
        check_amount(item.ttl_seconds, f"/{index}/ttl_seconds")
    standing = await store.lock_accounts(tx, [item.account_id for item in holds])
    known = set(await store_holds.lock_holds(tx, [item.id for item in holds]))
    free = {key: account.free for key, account in standing.items()}
    outcomes, new = [], []
    for item in holds:
        left = free.get(item.account_id)
        if item.id in known:
            outcomes.append(Outcome.EXISTS)
        elif left is None:
            outcomes.append(Outcome.UNKNOWN_ACCOUNT)
        elif standing[item.account_id].frozen:
            outcomes.append(Outcome.FROZEN)
        elif left < item.amount:
            outcomes.append(Outcome.OVERDRAWN)
        else:
            free[item.account_id] = left - item.amount
            known.add(item.id)
            new.append(item)
            outcomes.append(Outcome.POSTED)
    if new:
        await store_holds.insert_holds(tx, new, [tx.now + timedelta(seconds=item.ttl_seconds) for item in new])
    return outcomes


async def lock_held(tx: Tx, ids: Sequence[UUID]) -> None:
    """Lock what holds set aside, and their accounts, in one order: for whoever ends several one after the other."""
    await store_holds.lock_holds(tx, ids)


async def commit_hold(
    tx: Tx,
    hold_id: UUID,
    *,
    source_kind: str,
    sink: AccountKind = AccountKind.POINTS_BURNED,
    kind: TransferKind = TransferKind.BURN,
    partner: str = "",
) -> None:
    """Burn what a hold set aside, in the hold's own name, into the bank's account `sink` (`partner`'s, where named).

    Raises `UnknownHold` unless it is still held and in time.
    """
    held = (await store_holds.lock_holds(tx, [hold_id])).get(hold_id)
    if held is None or held["state"] != "held" or held["expires_at"] <= tx.now:
        raise UnknownHold("This hold does not exist, has ended, or its time has run out.")
    await store_holds.end_holds(tx, [held], "committed")
    item = Burn(
        account_id=held["account_id"],
        points=held["amount"],
        source_kind=source_kind,
        source_id=hold_id,
        line=0,
        sink=sink,
        kind=kind,
        partner=partner,
    )
    [outcome] = await take(tx, [item])
    if outcome is not Outcome.POSTED:
        raise NotPosted(f"The ledger refused the burn: {outcome.value}.", outcome=outcome.value)


async def release_hold(tx: Tx, hold_id: UUID) -> None:
    """Free what a hold set aside. Raises `UnknownHold` unless it is still held."""
    await release_holds(tx, [hold_id])


async def release_holds(tx: Tx, ids: Sequence[UUID]) -> None:
    """Free what holds set aside, all of them. Raises `UnknownHold` unless each is still held."""
    if not ids:
        return
    held = await store_holds.lock_holds(tx, ids)
    if any(one not in held or held[one]["state"] != "held" for one in ids):
        raise UnknownHold("This hold does not exist or has ended.")
    await store_holds.end_holds(tx, list(held.values()), "released")
    await pay_debts(tx, [row["account_id"] for row in held.values()])


async def expire_holds(tx: Tx, *, limit: int = 1_000) -> int:
    """Free holds whose time has run out; returns how many."""
    due = await store_holds.lock_holds(tx, await store_holds.due_holds(tx, tx.now, limit))
    over = [held for held in due.values() if held["state"] == "held"]
    if over:
        await store_holds.end_holds(tx, over, "expired")
        await pay_debts(tx, [held["account_id"] for held in over])
    return len(over)
