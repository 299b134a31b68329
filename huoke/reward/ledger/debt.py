"""Claw-back: points that should not have been given go back; what was spent of them is owed, and paid by later points.

What is taken comes first from the lot itself, then from the account's other points first in first out, and never from
what a hold covers. Points of the lot that ran out are nobody's gain and are not asked for again.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.reward.ledger import store, store_points
from huoke.reward.ledger.model import AccountKind, Outcome, Transfer, TransferKind
from huoke.reward.ledger.names import bank_account, debt_account
from huoke.reward.ledger.post import enter
from huoke.reward.ledger.store_points import Draw

OWE_LINE = 1_000_000
"""Added to a claw-back's line to name the transfer of what is owed."""


class ClawBack(msgspec.Struct, frozen=True, kw_only=True):
    """Points of the credit `(of_source, of_line)` to take back, in the name `(source_id, line)`.

    With `debt` what cannot be taken is owed; without, it is let go.
    """

    of_source: UUID
    of_line: int
    points: int
    source_kind: str
    source_id: UUID
    line: int
    debt: bool


class Clawed(msgspec.Struct, frozen=True):
    """What became of a claw-back: points `taken` now, `owed`, and `let_go`."""

    outcome: Outcome
    taken: int = 0
    owed: int = 0
    let_go: int = 0


class LotStanding(msgspec.Struct, frozen=True):
    """A lot as claw-back sees it: what is left of it, and what was clawed back or ran out before."""

    id: UUID
    account_id: UUID
    amount: int
    remaining: int
    gone: int


class Taking(msgspec.Struct, frozen=True):
    """What one claw-back does: points to draw from lots, with what that leaves in each, to owe, to let go."""

    draws: list[tuple[UUID, int, int]]
    owed: int
    let_go: int

    @property
    def taken(self) -> int:
        """Points drawn."""
        return sum(points for _, points, _ in self.draws)


def plan(
    items: Sequence[ClawBack],
    lots: Sequence[LotStanding | None],
    shelves: Mapping[UUID, Sequence[tuple[UUID, int]]],
    free: Mapping[UUID, int],
) -> list[Taking | None]:
    """Decide a batch in order, each against what the earlier ones left; None where there is nothing to take back.

    `lots` has the lot of each item; `shelves` each account's (lot, points left), first in first; `free` what of it no
    hold covers.
    """
    left = {lot_id: points for shelf in shelves.values() for lot_id, points in shelf}
    spare = dict(free)
    gone: dict[UUID, int] = {}
    plans: list[Taking | None] = []
    for item, lot in zip(items, lots, strict=True):
        if lot is None or (wanted := min(item.points, lot.amount - gone.get(lot.id, lot.gone))) <= 0:
            plans.append(None)
            continue
        gone[lot.id] = gone.get(lot.id, lot.gone) + wanted
        draws, open_ = [], wanted
        for lot_id in [lot.id, *(lot_id for lot_id, _ in shelves.get(lot.account_id, ()) if lot_id != lot.id)]:
            points = min(open_, left.get(lot_id, 0), spare.get(lot.account_id, 0))
            if points > 0:
                left[lot_id] -= points
                draws.append((lot_id, points, left[lot_id]))
                spare[lot.account_id] -= points
                open_ -= points
        plans.append(Taking(draws, open_ if item.debt else 0, 0 if item.debt else open_))
    return plans


async def claw_back(tx: Tx, items: Sequence[ClawBack]) -> list[Clawed]:
    """Take points of credits back; a retry EXISTS, a credit nobody booked or all of it gone NOTHING_TO_REVERSE."""
    if not items:
        return []
    found = await store_points.lots_of(tx, [(item.of_source, item.of_line) for item in items])
    accounts = sorted({row["account_id"] for row in found.values()})
    standing = await store.lock_accounts(tx, accounts)
    found = await store_points.lots_of(tx, [(item.of_source, item.of_line) for item in items])
    known = await store_points.claws_known(tx, [(item.source_id, item.line) for item in items])
    fresh: dict[tuple[UUID, int], ClawBack] = {}
    for item in items:
        if (item.source_id, item.line) not in known:
            fresh.setdefault((item.source_id, item.line), item)
    todo = list(fresh.values())
    lots = [_standing(found.get((item.of_source, item.of_line))) for item in todo]
    shelves = await store_points.shelves(tx, accounts)
    plans = plan(todo, lots, shelves, {key: one.free or 0 for key, one in standing.items()})
    await _write(tx, todo, lots, plans)
    done = {(item.source_id, item.line): taking for item, taking in zip(todo, plans, strict=True)}
    outcomes = []
    for item in items:
        name = (item.source_id, item.line)
        if fresh.pop(name, None) is None:
            outcomes.append(Clawed(Outcome.EXISTS))
        elif (taking := done[name]) is None:
            outcomes.append(Clawed(Outcome.NOTHING_TO_REVERSE))
        else:
            outcomes.append(Clawed(Outcome.POSTED, taking.taken, taking.owed, taking.let_go))
    return outcomes


def _standing(row: Record | None) -> LotStanding | None:
    if row is None:
        return None
    return LotStanding(row["id"], row["account_id"], row["amount"], row["remaining"], row["clawed"] + row["expired"])


async def _write(
    tx: Tx, items: Sequence[ClawBack], lots: Sequence[LotStanding | None], plans: Sequence[Taking | None]
) -> None:
    work = [
        (item, lot, taking)
        for item, lot, taking in zip(items, lots, plans, strict=True)
        if lot is not None and taking is not None
    ]
    if not work:
        return
    owners = await store_points.owners(tx, {lot.account_id for _, lot, _ in work})
    keys = {
        key
        for account_id, (seq, currency) in owners.items()
        for key in (
            bank_account(AccountKind.POINTS_CLAWED, currency),
            bank_account(AccountKind.POINTS_OWED, currency),
            debt_account(seq, currency),
        )
    }
    accounts = await store.ensure_accounts(tx, list(keys))
    transfers, draws = [], []
    for item, lot, taking in work:
        seq, currency = owners[lot.account_id]
        sink = accounts[bank_account(AccountKind.POINTS_CLAWED, currency)]
        if taking.taken:
            transfers.append(_move(item, item.line, lot.account_id, sink, taking.taken, TransferKind.CLAW_BACK))
            draws += [Draw(item.source_id, item.line, lot.account_id, *drawn) for drawn in taking.draws]
        if taking.owed:
            owed, debt = (
                accounts[bank_account(AccountKind.POINTS_OWED, currency)],
                accounts[debt_account(seq, currency)],
            )
            transfers.append(_move(item, OWE_LINE + item.line, owed, debt, taking.owed, TransferKind.OWE))
    outcomes = await enter(tx, transfers)
    assert all(outcome is Outcome.POSTED for outcome in outcomes), "what was planned on locked accounts is posted"
    await store_points.draw(tx, draws)
    await store_points.mark_clawed(
        tx, [(lot.id, taking.taken + taking.owed + taking.let_go) for _, lot, taking in work]
    )
    await store_points.note_claws(tx, [(item.source_id, item.line, lot.id) for item, lot, _ in work])


def _move(item: ClawBack, line: int, debit: UUID, credit_to: UUID, amount: int, kind: TransferKind) -> Transfer:
    return Transfer(
        source_kind=item.source_kind,
        source_id=item.source_id,
        line=line,
        debit_account=debit,
        credit_account=credit_to,
        amount=amount,
        kind=kind,
    )


async def pay_debts(tx: Tx, accounts: Iterable[UUID]) -> int:
    """What customers owe is paid from what stands free on their points accounts; returns points paid.

    A debt account is only ever touched by whoever holds its points account, which is locked first.
    """
    owing = await store_points.owing(tx, sorted(set(accounts)))
    if not owing:
        return 0
    standing = await store.lock_accounts(tx, [row["account_id"] for row in owing])
    transfers, draws, paid = [], [], 0
    shelves = await store_points.shelves(tx, [row["account_id"] for row in owing])
    currencies = {row["currency"] for row in owing}
    keys = [
        bank_account(kind, currency)
        for currency in currencies
        for kind in (AccountKind.POINTS_CLAWED, AccountKind.POINTS_OWED)
    ]
    own = await store.ensure_accounts(tx, keys)
    for row in owing:
        points = min(row["debt"], standing[row["account_id"]].free or 0)
        if points <= 0:
            continue
        source_id, currency = new_id(), row["currency"]
        for line, debit, into in (
            (0, row["account_id"], own[bank_account(AccountKind.POINTS_CLAWED, currency)]),
            (1, row["debt_account"], own[bank_account(AccountKind.POINTS_OWED, currency)]),
        ):
            transfers.append(
                Transfer(
                    source_kind="debt",
                    source_id=source_id,
                    line=line,
                    debit_account=debit,
                    credit_account=into,
                    amount=points,
                    kind=TransferKind.REPAY,
                )
            )
        draws += spread(source_id, 0, points, row["account_id"], shelves[row["account_id"]])
        paid += points
    outcomes = await enter(tx, transfers)
    assert all(outcome is Outcome.POSTED for outcome in outcomes), "what stands free can be paid"
    await store_points.draw(tx, draws)
    return paid


def spread(source_id: UUID, line: int, points: int, account_id: UUID, shelf: Sequence[tuple[UUID, int]]) -> list[Draw]:
    """Points drawn from an account's shelf of (lot, points left), first in first out."""
    draws = []
    for lot_id, left in shelf:
        part = min(points, left)
        if part > 0:
            draws.append(Draw(source_id, line, account_id, lot_id, part, left - part))
            points -= part
    assert points == 0, "the lots of an account add up to its balance"
    return draws
