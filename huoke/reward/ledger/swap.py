"""Exchange of points: one type goes out, another comes in, both or neither; and the way back while nothing is spent."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

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
)
from huoke.reward.ledger.names import bank_account, points_account
from huoke.reward.ledger.points import (
    COST_LINE,
    Ready,
    cleared,
    draw_posted,
    fill,
    incoming,
    names_of,
    outgoing,
    refund,
)
from huoke.reward.ledger.post import asked, enter, enter_whole, lock, reverse
from huoke.reward.ledger.store_points import Draw


class Swap(msgspec.Struct, frozen=True, kw_only=True):
    """Points that go (`burn`) and points that come (`credit`) together; what comes from a partner costs no points."""

    credit: Credit
    burn: Burn | None = None


async def swap(tx: Tx, swaps: Sequence[Swap]) -> list[Outcome]:
    """Exchange a batch: POSTED, EXISTS, OVERDRAWN (the customer, or the account that pays), FROZEN, BAD_AMOUNT.

    In order: what an earlier exchange brought in, a later one may spend. Whoever owes points of the type that comes in
    pays with them first.
    """
    if not swaps:
        return []
    accounts = await store.ensure_accounts(tx, names_of([one.credit for one in swaps]))
    into = [accounts[points_account(one.credit.seq, one.credit.currency)] for one in swaps]
    burned = {one.burn.account_id for one in swaps if one.burn is not None}
    await store.lock_accounts(tx, {*accounts.values(), *burned})
    if not await store_points.owing(tx, sorted(set(into))):
        return await _swap(tx, swaps)
    outcomes = []
    # One after another: a debt is paid before the next exchange may spend what came in.
    for one, account_id in zip(swaps, into, strict=True):
        outcomes += await _swap(tx, [one])
        await pay_debts(tx, [account_id])
    return outcomes


async def _swap(tx: Tx, swaps: Sequence[Swap]) -> list[Outcome]:
    """`swap` on locked accounts of customers who owe nothing."""
    credits_ = [one.credit for one in swaps]
    accounts = await store.ensure_accounts(tx, names_of(credits_))
    credited = {accounts[points_account(one.seq, one.currency)] for one in credits_}
    burns = [one.burn for one in swaps if one.burn is not None]
    standing = await store.lock_accounts(tx, credited | {one.account_id for one in burns})
    ready: Ready = await cleared(tx, standing)
    out, sinks = await outgoing(tx, burns, ready.standing)
    left = iter(out)
    groups = [
        ([next(left)] if one.burn is not None else []) + [come]
        for one, come in zip(swaps, incoming(credits_, accounts), strict=True)
    ]
    others = {key: found for key, found in (accounts | sinks).items() if found not in ready.standing}
    outcomes = await enter_whole(tx, groups, {**ready.standing, **await lock(tx, others)})
    for account_id, shelf in (await fill(tx, credits_, accounts, outcomes)).items():
        ready.shelves[account_id].extend(shelf)
    went = [outcome for one, outcome in zip(swaps, outcomes, strict=True) if one.burn is not None]
    await draw_posted(tx, burns, went, ready.shelves)
    return outcomes


class Undo(msgspec.Struct, frozen=True, kw_only=True):
    """An exchange to take back: its credit `(source_id, credit_line)`, its burn where there was one.

    `line` is the first of three that name what this moves.
    """

    source_id: UUID
    credit_line: int
    burn_line: int | None
    line: int


async def undo_swap(tx: Tx, undo: Undo) -> Outcome:
    """Take an exchange back: what came in goes where it came from, what went out returns to its own lots.

    EXISTS when it was taken back before. Raises `Overdrawn` unless all that came in is still there and free.
    """
    name = (undo.source_id, undo.credit_line)
    found = (await store_points.lots_of(tx, [name])).get(name)
    if found is None:
        raise Overdrawn("Nothing came in under this number.")
    cost = (undo.source_id, COST_LINE + undo.credit_line)
    known = await store.known_transfers(tx, [asked(name), asked(cost)])
    came = known[name]
    if any(one.reversal_of == undo.credit_line for one in known.values()):
        return Outcome.EXISTS
    out = {} if undo.burn_line is None else await store_points.burned(tx, [(undo.source_id, undo.burn_line)])
    burn = next(iter(out.values()), None)
    touched = {came.debit_account, came.credit_account, *([burn["account_id"]] if burn else [])}
    standing = await store.lock_accounts(tx, touched)
    found = (await store_points.lots_of(tx, [name]))[name]
    whole = found["remaining"] == found["amount"] and (standing[came.credit_account].free or 0) >= found["amount"]
    if not whole:
        raise Overdrawn("Some of what came in is spent, held or over by now.")
    back = Transfer(
        source_kind=came.source_kind, source_id=undo.source_id, line=undo.line, debit_account=came.credit_account,
        credit_account=came.debit_account, amount=came.amount, kind=TransferKind.RETURN, reversal_of=undo.credit_line,
    )  # fmt: skip
    [outcome] = await enter(tx, [back])
    if outcome is not Outcome.POSTED:
        raise NotPosted(f"The ledger refused to take it back: {outcome.value}.", outcome=outcome.value)
    await store_points.draw(tx, [Draw(undo.source_id, undo.line, came.credit_account, found["id"], came.amount, 0)])
    await store_points.mark_clawed(tx, [(found["id"], came.amount)])
    if cost in known:
        await reverse(tx, {cost: COST_LINE + undo.line})
    if burn is not None and undo.burn_line is not None:
        await refund(tx, undo.source_id, undo.burn_line, burn["amount"], refund_line=undo.line + 1)
    return outcome


def liquidity_account(currency: str, partner: str = "") -> AccountKey:
    """The name of what was set aside for exchanges into a type of points, or into a partner's units."""
    return bank_account(AccountKind.POINTS_LIQUIDITY, currency, partner)
