"""Giving points to another customer: both sides or neither; what is given keeps its expiry, its funder and its cost."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from huoke.kernel.tx import Tx
from huoke.reward.ledger import store, store_points
from huoke.reward.ledger.debt import pay_debts
from huoke.reward.ledger.model import Outcome, Overdrawn, Transfer, TransferKind
from huoke.reward.ledger.names import points_account
from huoke.reward.ledger.points import clear_due, refund
from huoke.reward.ledger.post import enter
from huoke.reward.ledger.store_points import Draw


class Gift(msgspec.Struct, frozen=True, kw_only=True):
    """Points one customer gives another; `source_id` is a name of its own."""

    giver: int
    taker: int
    currency: str
    points: int
    source_kind: str
    source_id: UUID


async def give(tx: Tx, gifts: Sequence[Gift]) -> list[Outcome]:
    """Move points between customers: POSTED, EXISTS, OVERDRAWN, FROZEN, BAD_AMOUNT, SAME_ACCOUNT in order."""
    if not gifts:
        return []
    givers = [points_account(item.giver, item.currency) for item in gifts]
    takers = [points_account(item.taker, item.currency) for item in gifts]
    accounts = await store.ensure_accounts(tx, [*givers, *takers])
    await clear_due(tx, accounts.values())
    outcomes = []
    # One after another: what somebody is given may be given on, and its lots are made by then.
    for item, giver, taker in zip(gifts, givers, takers, strict=True):
        [outcome] = await enter(
            tx,
            [
                Transfer(
                    source_kind=item.source_kind,
                    source_id=item.source_id,
                    line=0,
                    debit_account=accounts[giver],
                    credit_account=accounts[taker],
                    amount=item.points,
                    kind=TransferKind.GIVE,
                )
            ],
        )
        if outcome is Outcome.POSTED:
            await store_points.give_lots(tx, item.source_id, accounts[giver], accounts[taker], item.points)
            await pay_debts(tx, [accounts[taker]])
        outcomes.append(outcome)
    return outcomes


BACK_LINE = 1
"""Names the transfer that takes a gift back; the gift itself is line 0."""


async def take_gift_back(tx: Tx, source_id: UUID) -> Outcome:
    """Take a gift back into the lots it came from: POSTED, EXISTS. Raises `Overdrawn` unless all of it is unused."""
    made = await store_points.gift_lots(tx, source_id)
    if not made:
        raise Overdrawn("Nothing was given under this number.")
    standing = await store.lock_accounts(tx, {row["account_id"] for row in made})
    made = await store_points.gift_lots(tx, source_id)
    points = sum(row["amount"] for row in made)
    known = (await store_points.burned(tx, [(source_id, 0)])).get((source_id, 0))
    assert known is not None, "what was given came from lots"
    if known["returned"] == points:
        return Outcome.EXISTS
    [taker] = standing.values()
    if any(row["remaining"] < row["amount"] for row in made) or (taker.free or 0) < points:
        raise Overdrawn("Some of the gift is used, held or over by now.")
    outcome = await refund(tx, source_id, 0, points, refund_line=BACK_LINE)
    await store_points.draw(
        tx, [Draw(source_id, BACK_LINE, row["account_id"], row["id"], row["amount"], 0) for row in made]
    )
    return outcome
