"""Customers' points: credit a lot, burn first-in first-out, refund into the same lots, let lots run out."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from huoke.kernel.tx import Tx
from huoke.reward.ledger import store, store_points
from huoke.reward.ledger.debt import pay_debts
from huoke.reward.ledger.model import (
    AccountKey,
    AccountKind,
    Burn,
    Credit,
    NotPosted,
    Outcome,
    Overdrawn,
    Transfer,
    TransferKind,
    check_amount,
)
from huoke.reward.ledger.names import bank_account, points_account
from huoke.reward.ledger.post import enter
from huoke.reward.ledger.store_points import Draw


async def credit(tx: Tx, credits_: Sequence[Credit]) -> list[Outcome]:
    """Put points on customers' accounts, one lot each, and book their cost as a liability of the bank.

    In order: POSTED, EXISTS for a credit that was booked before (same source and line), BAD_AMOUNT. Whoever owes points
    of this type pays with them first.
    """
    if not credits_:
        return []
    keys = [points_account(item.seq, item.currency) for item in credits_]
    origins = [bank_account(item.origin, item.currency, item.partner) for item in credits_]
    accounts = await store.ensure_accounts(tx, [*keys, *set(origins)])
    outcomes = await enter(
        tx,
        [
            Transfer(
                source_kind=item.source_kind,
                source_id=item.source_id,
                line=item.line,
                debit_account=accounts[origin],
                credit_account=accounts[key],
                amount=item.points,
                kind=item.kind,
            )
            for item, key, origin in zip(credits_, keys, origins, strict=True)
        ],
    )
    new = [i for i, outcome in enumerate(outcomes) if outcome is Outcome.POSTED]
    if new:
        await store_points.insert_lots(tx, [credits_[i] for i in new], [accounts[keys[i]] for i in new])
        await _book_cost(tx, [credits_[i] for i in new if credits_[i].cost_fen > 0])
        await pay_debts(tx, [accounts[keys[i]] for i in new])
    return outcomes


COST_LINE = 1_000_000
"""Added to a credit's line to name the transfer of its cost."""


async def _book_cost(tx: Tx, credits_: Sequence[Credit]) -> None:
    if not credits_:
        return
    cost = AccountKey(AccountKind.BENEFIT_COST, "bank", "")
    liability = AccountKey(AccountKind.POINTS_LIABILITY, "bank", "")
    accounts = await store.ensure_accounts(tx, [cost, liability])
    await enter(
        tx,
        [
            Transfer(
                source_kind=item.source_kind,
                source_id=item.source_id,
                line=COST_LINE + item.line,
                debit_account=accounts[cost],
                credit_account=accounts[liability],
                amount=item.cost_fen,
                kind=TransferKind.POINTS_COST,
            )
            for item in credits_
        ],
    )


async def burn(tx: Tx, burns: Sequence[Burn]) -> list[Outcome]:
    """Take points from accounts, oldest lot first; lots that have run out are emptied before.

    In order: POSTED, EXISTS (a retry), OVERDRAWN, FROZEN, BAD_AMOUNT, UNKNOWN_ACCOUNT. Accounts are locked before lots
    are read, or two burns would draw on the same lot twice.
    """
    if not burns:
        return []
    await clear_due(tx, {item.account_id for item in burns})
    return await take(tx, burns)


async def clear_due(tx: Tx, accounts: Iterable[UUID]) -> None:
    """Lock points accounts and empty their lots that have run out."""
    wanted = sorted(set(accounts))
    await store.lock_accounts(tx, wanted)
    await _expire(tx, await store_points.due_among(tx, tx.now, wanted))


async def take(tx: Tx, burns: Sequence[Burn]) -> list[Outcome]:
    """`burn` without looking at expiry: what a hold covers is good until the hold ends."""
    accounts = sorted({item.account_id for item in burns})
    currencies = {key: standing.currency for key, standing in (await store.lock_accounts(tx, accounts)).items()}
    sinks = {
        (item.sink, item.partner, currency): bank_account(item.sink, currency, item.partner)
        for item in burns
        if (currency := currencies.get(item.account_id)) is not None
    }
    found = await store.ensure_accounts(tx, list(sinks.values()))
    nowhere = UUID(int=0)
    outcomes = await enter(
        tx,
        [
            Transfer(
                source_kind=item.source_kind,
                source_id=item.source_id,
                line=item.line,
                debit_account=item.account_id,
                credit_account=found[sinks[item.sink, item.partner, currencies[item.account_id]]]
                if item.account_id in currencies
                else nowhere,
                amount=item.points,
                kind=item.kind,
            )
            for item in burns
        ],
    )
    posted = [item for item, outcome in zip(burns, outcomes, strict=True) if outcome is Outcome.POSTED]
    if posted:
        await store_points.draw(tx, first_in_first_out(posted, await store_points.shelves(tx, accounts)))
    return outcomes


def first_in_first_out(burns: Sequence[Burn], shelves: Mapping[UUID, Sequence[tuple[UUID, int]]]) -> list[Draw]:
    """What burns draw from which lots; `shelves` has each account's (lot, points left), first in first."""
    left = {account_id: deque(shelf) for account_id, shelf in shelves.items()}
    draws = []
    for item in burns:
        shelf, open_ = left[item.account_id], item.points
        while open_:
            assert shelf, "the lots of an account add up to its balance"
            lot_id, points = shelf.popleft()
            part = min(points, open_)
            draws.append(Draw(item.source_id, item.line, lot_id, part))
            open_ -= part
            if part < points:
                shelf.appendleft((lot_id, points - part))
    return draws


async def refund(tx: Tx, source_id: UUID, line: int, points: int, *, refund_line: int) -> Outcome:
    """Give points of a burn back to the lots they came from, in part or in whole; `refund_line` names the refund.

    A lot that has run out since takes its points back and loses them at the next expiry. Raises `Overdrawn` when more
    is asked for than the burn still has out.
    """
    check_amount(points, "/points")
    known = await store_points.burned(tx, source_id, line)
    if known is None:
        raise Overdrawn("Nothing was burned under this number.")
    await store.lock_accounts(tx, [known["account_id"]])
    known = await store_points.burned(tx, source_id, line)
    assert known is not None
    transfer = Transfer(
        source_kind="refund",
        source_id=source_id,
        line=refund_line,
        debit_account=known["sink"],
        credit_account=known["account_id"],
        amount=points,
        kind=TransferKind.RETURN,
    )
    if (
        transfer.name not in await store.known_transfers(tx, [transfer])
        and known["amount"] - known["returned"] < points
    ):
        raise Overdrawn(
            f"Of {known['amount']} points burned {known['amount'] - known['returned']} can still come back.",
            pointer="/points",
        )
    [outcome] = await enter(tx, [transfer])
    if outcome is Outcome.POSTED:
        await store_points.refund_lots(tx, source_id, line, points)
        await pay_debts(tx, [known["account_id"]])
    elif outcome is not Outcome.EXISTS:
        raise NotPosted(f"The ledger refused the refund: {outcome.value}.", outcome=outcome.value)
    return outcome


async def expire_lots(tx: Tx, *, limit: int = 2_500) -> int:
    """Empty lots that have run out, about `limit` of them; returns how many accounts were touched."""
    accounts = await store_points.due_accounts(tx, tx.now, limit)
    await store.lock_accounts(tx, accounts)
    return await _expire(tx, accounts)


async def _expire(tx: Tx, accounts: Sequence[UUID]) -> int:
    """Empty the due lots of locked accounts; a lot refilled by a refund may run out again under a later line."""
    if not accounts:
        return 0
    currencies = await store_points.currencies_of(tx, accounts)
    keys = {currency: bank_account(AccountKind.POINTS_EXPIRED, currency) for currency in currencies}
    sinks = await store.ensure_accounts(tx, list(keys.values()))
    return await store_points.empty_due_lots(
        tx, accounts, tx.now, {currency: sinks[key] for currency, key in keys.items()}
    )
