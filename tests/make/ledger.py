"""Builders for the ledger: budgets and points."""

from datetime import datetime
from uuid import UUID

from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.reward import ledger


async def budget(tx: Tx, limit_fen: int = 1_000_000, *, parent_id: UUID | None = None, unit_id: int = 1) -> UUID:
    """A budget with its limit."""
    return await ledger.open_budget(
        tx, ledger.NewBudget(name="预算", unit_id=unit_id, limit_fen=limit_fen, parent_id=parent_id)
    )


async def budget_numbers(tx: Tx, budget_id: UUID) -> tuple[int, int, int, int]:
    """(limit, available, reserved, committed) in fen."""
    [found] = await ledger.get_budgets(tx, [budget_id])
    return found.limit_fen, found.available_fen, found.reserved_fen, found.committed_fen


async def points(
    tx: Tx, seq: int, amount: int, *, expires_at: datetime | None = None, currency: str = "POINTS"
) -> UUID:
    """Credit one lot; returns the customer's account."""
    item = ledger.Credit(
        seq=seq,
        currency=currency,
        points=amount,
        expires_at=expires_at,
        source_kind="test",
        source_id=new_id(),
        line=0,
    )
    assert await ledger.credit(tx, [item]) == [ledger.Outcome.POSTED]
    key = ledger.points_account(seq, currency)
    return (await ledger.open_accounts(tx, [key]))[key]


async def set_aside(tx: Tx, amount: int, currency: str, partner: str = "") -> None:
    """Liquidity for exchanges into a type of points."""
    keys = [
        ledger.AccountKey(ledger.AccountKind.POINTS_ISSUED, "bank", "", currency),
        ledger.liquidity_account(currency, partner),
    ]
    accounts = await ledger.open_accounts(tx, keys)
    move = ledger.Transfer(
        source_kind="test",
        source_id=new_id(),
        line=0,
        debit_account=accounts[keys[0]],
        credit_account=accounts[keys[1]],
        amount=amount,
    )
    assert await ledger.post(tx, [move]) == [ledger.Outcome.POSTED]


def burn(account_id: UUID, amount: int, source_id: UUID | None = None, line: int = 0) -> ledger.Burn:
    """A burn in a name of its own."""
    return ledger.Burn(
        account_id=account_id, points=amount, source_kind="order", source_id=source_id or new_id(), line=line
    )


def moves(*items: tuple[UUID, int]) -> ledger.BudgetMoves:
    """(budget, fen) items, each in a name of its own."""
    return ledger.columns("test", [(budget_id, new_id(), 0, amount) for budget_id, amount in items])
