"""Budgets: open, fund, allocate down the tree, give back up it, and the four movements of a grant's money."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from asyncpg import Record

from huoke.kernel.ids import new_id
from huoke.kernel.money import FEN_MAX
from huoke.kernel.tx import Tx
from huoke.reward.ledger import store
from huoke.reward.ledger.model import (
    BUDGET_MOVES,
    AccountKey,
    AccountKind,
    BadAmount,
    BudgetExhausted,
    BudgetMoves,
    BudgetsChanged,
    BudgetUnbalanced,
    LimitMoved,
    NewBudget,
    NotRelated,
    Place,
    Transfer,
    TransferKind,
    UnknownBudget,
    check_amount,
)

_ACCOUNTS = {
    Place.AVAILABLE: AccountKind.BUDGET_AVAILABLE,
    Place.RESERVED: AccountKind.BUDGET_RESERVED,
    Place.COMMITTED: AccountKind.BUDGET_COMMITTED,
}
SOURCE = AccountKey(AccountKind.BUDGET_SOURCE, "bank", "")
"""Where the bank's own promise of money comes from."""


async def open_budget(tx: Tx, new: NewBudget) -> UUID:
    """Open a budget with its limit: a root is funded by the bank, a child by its parent's available money.

    Raises `BadAmount`, `UnknownBudget` (parent), `BudgetExhausted` (parent has too little).
    """
    if not 0 <= new.limit_fen <= FEN_MAX:
        raise BadAmount(f"limit_fen must be between 0 and {FEN_MAX}.", pointer="/limit_fen")
    if new.parent_id is not None:
        await _lock(tx, [new.parent_id])
    owner = new_id()
    keys = {place: AccountKey(kind, "budget", str(owner)) for place, kind in _ACCOUNTS.items()}
    accounts = await store.ensure_accounts(tx, list(keys.values()))
    [budget_id] = await store.insert_budgets(tx, [new], [{place: accounts[key] for place, key in keys.items()}])
    if new.limit_fen:
        if new.parent_id is None:
            await fund(tx, budget_id, new.limit_fen)
        else:
            await allocate(tx, new.parent_id, budget_id, new.limit_fen)
    else:
        tx.emit(BudgetsChanged(budget_ids=(budget_id,), amount_fen=0))
    return budget_id


async def fund(tx: Tx, budget_id: UUID, amount_fen: int) -> None:
    """Raise a root's limit by money of the bank."""
    check_amount(amount_fen, "/amount_fen")
    locked = await _lock(tx, [budget_id])
    if locked[budget_id]["parent_id"] is not None:
        raise NotRelated("Only a budget without a parent is funded by the bank; a child gets its money by allocation.")
    if locked[budget_id]["limit_fen"] > FEN_MAX - amount_fen:
        raise BadAmount("The limit would be larger than a ledger can hold.", pointer="/amount_fen")
    source = (await store.ensure_accounts(tx, [SOURCE]))[SOURCE]
    await store.append(tx, [_transfer(source, locked[budget_id]["available_account"], amount_fen, TransferKind.FUND)])
    await store.change_limits(tx, {budget_id: amount_fen})
    tx.emit(BudgetsChanged(budget_ids=(budget_id,), amount_fen=amount_fen))


async def allocate(
    tx: Tx, parent_id: UUID, child_id: UUID, amount_fen: int, *, expected_limit_fen: int | None = None
) -> None:
    """Move limit from a parent's available to its child's.

    `expected_limit_fen` is the child's limit as the caller saw it. Raises
    `BadAmount`, `UnknownBudget`, `NotRelated`, `LimitMoved`, `BudgetExhausted`.
    """
    locked = await _lock(tx, [parent_id, child_id])
    _check_related(locked[parent_id], locked[child_id])
    _check_expected(locked[child_id], expected_limit_fen)
    await _shift(tx, locked[parent_id], locked[child_id], amount_fen)


async def give_back(
    tx: Tx, child_id: UUID, parent_id: UUID, amount_fen: int, *, expected_limit_fen: int | None = None
) -> None:
    """The reverse of `allocate`: a child's available money goes back to its parent; raises the same."""
    locked = await _lock(tx, [parent_id, child_id])
    _check_related(locked[parent_id], locked[child_id])
    _check_expected(locked[child_id], expected_limit_fen)
    await _shift(tx, locked[child_id], locked[parent_id], amount_fen)


async def lock_budgets(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, int]:
    """Lock budgets in ascending order and say what each has available, in fen; raises `UnknownBudget`."""
    return {key: row["available_fen"] for key, row in (await _lock(tx, ids)).items()}


async def reserve(tx: Tx, moves: BudgetMoves) -> None:
    """Set money aside: available → reserved. Raises `BudgetExhausted`."""
    await move(tx, moves, Place.AVAILABLE, Place.RESERVED)


async def release(tx: Tx, moves: BudgetMoves) -> None:
    """Let go of money set aside: reserved → available. Raises `BudgetUnbalanced`."""
    await move(tx, moves, Place.RESERVED, Place.AVAILABLE)


async def commit(tx: Tx, moves: BudgetMoves) -> None:
    """Spend money set aside: reserved → committed. Raises `BudgetUnbalanced`."""
    await move(tx, moves, Place.RESERVED, Place.COMMITTED)


async def return_(tx: Tx, moves: BudgetMoves) -> None:
    """Take back money spent: committed → available. Raises `BudgetUnbalanced`."""
    await move(tx, moves, Place.COMMITTED, Place.AVAILABLE)


async def move(tx: Tx, moves: BudgetMoves, before: Place, after: Place) -> None:
    """Move amounts of budgets from one place to another, one transfer per item that is not zero.

    Raises `UnknownBudget`, `BudgetExhausted` or `BudgetUnbalanced` when a budget has too little, and `BadAmount`; then
    nothing is moved. Budgets locked before (by `lock_budgets`) stay locked.
    """
    if not moves.budgets or before is after:
        return
    if min(moves.amounts_fen) < 0:
        raise BadAmount("An amount is negative.", pointer="/amounts_fen")
    needed = [0] * len(moves.budget_ids)
    for budget, amount in zip(moves.budgets, moves.amounts_fen, strict=True):
        needed[budget] += amount
    locked = await _lock(tx, moves.budget_ids)
    for budget_id, amount in zip(moves.budget_ids, needed, strict=True):
        has = locked[budget_id][f"{before.value}_fen"]
        if has < amount:
            refusal = BudgetExhausted if before is Place.AVAILABLE else BudgetUnbalanced
            raise refusal(
                f"Budget '{locked[budget_id]['name']}' has {has} fen {before.value}; {amount} fen are needed.",
                budget_id=str(budget_id),
                has_fen=has,
                needed_fen=amount,
            )
    await store.move_budgets(tx, moves, BUDGET_MOVES[before, after], before, after)


async def move_decided(tx: Tx, moves: BudgetMoves, before: Place, after: Place) -> None:
    """`move` of what the caller took from budgets it locked in this transaction and found to cover it.

    Nothing is read again: what they do not cover is a bug, and the table's own check raises.
    """
    if moves.budgets and before is not after:
        await store.move_budgets(tx, moves, BUDGET_MOVES[before, after], before, after)


async def _lock(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Record]:
    wanted = set(ids)
    locked = await store.lock_budgets(tx, wanted)
    for missing in sorted(wanted - locked.keys()):
        raise UnknownBudget(f"There is no budget {missing}.", budget_id=str(missing))
    return locked


async def _shift(tx: Tx, giver: Record, taker: Record, amount_fen: int) -> None:
    check_amount(amount_fen, "/amount_fen")
    if giver["available_fen"] < amount_fen:
        raise BudgetExhausted(
            f"Budget '{giver['name']}' has {giver['available_fen']} fen available; {amount_fen} fen are needed.",
            pointer="/amount_fen",
            budget_id=str(giver["id"]),
            has_fen=giver["available_fen"],
            needed_fen=amount_fen,
        )
    transfer = _transfer(giver["available_account"], taker["available_account"], amount_fen, TransferKind.ALLOCATE)
    await store.append(tx, [transfer])
    await store.change_limits(tx, {giver["id"]: -amount_fen, taker["id"]: amount_fen})
    tx.emit(BudgetsChanged(budget_ids=(giver["id"], taker["id"]), amount_fen=amount_fen))


def _check_related(parent: Record, child: Record) -> None:
    if child["parent_id"] != parent["id"]:
        raise NotRelated(f"Budget '{child['name']}' is no child of '{parent['name']}'.")


def _check_expected(child: Record, expected_limit_fen: int | None) -> None:
    if expected_limit_fen is not None and child["limit_fen"] != expected_limit_fen:
        raise LimitMoved(
            f"The limit is {child['limit_fen']} fen by now; look again before you change it.",
            pointer="/expected_limit_fen",
            limit_fen=child["limit_fen"],
        )


def _transfer(debit: UUID, credit: UUID, amount_fen: int, kind: TransferKind) -> Transfer:
    return Transfer(
        source_kind="budget",
        source_id=new_id(),
        line=0,
        debit_account=debit,
        credit_account=credit,
        amount=amount_fen,
        kind=kind,
    )


def columns(source_kind: str, items: Sequence[tuple[UUID, UUID, int, int]]) -> BudgetMoves:
    """`BudgetMoves` out of (budget, source, line, amount in fen) rows."""
    budget_ids = sorted({item[0] for item in items})
    number = {budget_id: index for index, budget_id in enumerate(budget_ids)}
    return BudgetMoves(
        source_kind=source_kind,
        budget_ids=budget_ids,
        budgets=[number[item[0]] for item in items],
        source_ids=[item[1] for item in items],
        lines=[item[2] for item in items],
        amounts_fen=[item[3] for item in items],
    )
