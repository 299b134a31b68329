"""Questions about points: one customer's account as pages show it, and how the bank stands."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from huoke.kernel.tx import Tx
from huoke.reward import ledger
from huoke.reward.ledger import Breakage, Expiring, Hold, Liability, Lot, Movement, Standing
from huoke.reward.points import store_earn
from huoke.reward.points.kinds import types
from huoke.reward.points.model import PointType


class EarningLine(msgspec.Struct, frozen=True, kw_only=True):
    """What one event gave a customer; `clawed` of the points were taken back."""

    id: UUID
    rule: str
    rule_en: str
    type: str
    points: int
    clawed: int
    state: str
    happened_at: datetime
    due_at: datetime | None


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's points of one type: `balance` stands in lots, `owed` is a debt, `pending` waits."""

    type: PointType
    balance: int
    owed: int
    pending: int
    frozen: bool
    lots: list[Lot]


class PointsAccount(msgspec.Struct, frozen=True, kw_only=True):
    """One customer's points: types held, what of them is set aside, what was earned, how they moved, latest first."""

    held: list[Held]
    holds: list[Hold]
    as_of: datetime
    earnings: list[EarningLine]
    movements: list[Movement]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """How a bank stands in points; `funders` are the names of the budgets that pay, by id."""

    standing: list[Standing]
    liability: list[Liability]
    breakage: list[Breakage]
    expiring: list[Expiring]
    funders: dict[str, str]


async def earnings_of(tx: Tx, seqs: Sequence[int], *, limit: int = 50) -> list[EarningLine]:
    """What a customer, under some numbers, earned; latest first."""
    return [
        EarningLine(
            id=row["id"],
            rule=row["body"]["name"],
            rule_en=row["body"]["name_en"],
            type=row["body"]["type"],
            points=row["points"],
            clawed=row["clawed"],
            state=row["state"],
            happened_at=row["happened_at"],
            due_at=row["due_at"],
        )
        for row in await store_earn.earnings_of(tx, seqs, limit)
    ]


async def account_of(tx: Tx, seqs: Sequence[int]) -> PointsAccount:
    """A customer's points, under the numbers that were joined; types without anything are left out."""
    earnings = await earnings_of(tx, seqs)
    found = {one.currency: one for one in await ledger.points_of(tx, seqs)}
    held = []
    for kind in await types(tx):
        mine = found.get(kind.code)
        keys = [ledger.debt_account(seq, kind.code) for seq in seqs]
        owed = sum((await ledger.stored_balances(tx, keys)).values())
        pending = sum(one.points - one.clawed for one in earnings if one.type == kind.code and one.state == "pending")
        if mine is None and not owed and not pending:
            continue
        frozen = any([await ledger.is_frozen(tx, seq, kind.code) for seq in seqs])
        held.append(
            Held(
                type=kind,
                balance=mine.balance if mine else 0,
                owed=owed,
                pending=pending,
                frozen=frozen,
                lots=mine.lots if mine else [],
            )
        )
    codes = {one.type.code for one in held}
    holds = [one for one in await ledger.holds_of(tx, seqs) if one.currency in codes]
    return PointsAccount(
        held=held, holds=holds, as_of=tx.now, earnings=earnings, movements=await ledger.movements(tx, seqs)
    )


async def report(tx: Tx) -> Report:
    """Liability, breakage, what will run out; chances of plays, which are ledger units too, are no points."""
    codes = {one.code for one in await types(tx)}
    return Report(
        standing=[one for one in await ledger.standing(tx) if one.currency in codes],
        liability=[one for one in await ledger.liability(tx) if one.currency in codes],
        breakage=[one for one in await ledger.breakage(tx) if one.currency in codes],
        expiring=[one for one in await ledger.expiring(tx) if one.currency in codes],
        funders={str(one.id): one.name for one in await ledger.find_budgets(tx)},
    )
