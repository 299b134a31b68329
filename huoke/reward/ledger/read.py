"""Questions about the ledger: budgets, balances, lots; and whether everything adds up."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from huoke.kernel.tx import Tx
from huoke.reward.ledger import store, store_holds, store_points
from huoke.reward.ledger.model import AccountKey, AccountKind, Budget, Difference, TransferKind, UnknownBudget
from huoke.reward.ledger.names import points_account


class Lot(msgspec.Struct, frozen=True, kw_only=True):
    """Points of one origin that are still there."""

    id: UUID
    source_kind: str
    source_id: UUID
    amount: int
    remaining: int
    credited_at: datetime
    expires_at: datetime | None


class PointsHeld(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's points in one currency: the balance, and the lots it consists of."""

    currency: str
    balance: int
    lots: list[Lot]


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """Points set aside: for what (`source_kind`; the hold has its id), since when and until when at most."""

    id: UUID
    currency: str
    amount: int
    source_kind: str
    held_at: datetime
    expires_at: datetime


async def find_budgets(tx: Tx, *, units: Iterable[int] | None = None) -> list[Budget]:
    """Every budget of the units named (None is the whole bank), roots first."""
    return await store.budgets(tx, None, units)


async def get_budgets(tx: Tx, ids: Sequence[UUID]) -> list[Budget]:
    """The budgets named, in order; raises `UnknownBudget`."""
    found = {budget.id: budget for budget in await store.budgets(tx, ids, None)}
    for missing in (budget_id for budget_id in ids if budget_id not in found):
        raise UnknownBudget(f"There is no budget {missing}.", budget_id=str(missing))
    return [found[budget_id] for budget_id in ids]


async def balance(tx: Tx, key: AccountKey) -> int:
    """What is on an account, credits minus debits, in fen or points; 0 where it was never opened."""
    account_id = await store.find_account(tx, key)
    return 0 if account_id is None else await store.derived_balance(tx, account_id)


async def free(tx: Tx, key: AccountKey) -> int:
    """What of a stored account is not held: what its owner may spend; 0 where it was never opened."""
    account_id = await store.find_account(tx, key)
    return 0 if account_id is None else await store_points.free(tx, account_id)


async def booked(tx: Tx, key: AccountKey, source_ids: Sequence[UUID]) -> int:
    """What some sources brought onto an account less what they took off it, in fen or points."""
    account_id = await store.find_account(tx, key)
    return 0 if account_id is None else await store.booked(tx, account_id, source_ids)


async def known_sources(tx: Tx, source_ids: Sequence[UUID]) -> set[UUID]:
    """Those of some sources that moved anything yet."""
    return await store.known_sources(tx, source_ids)


async def stored_balances(tx: Tx, keys: Sequence[AccountKey], *, lock: bool = False) -> dict[AccountKey, int]:
    """What is on accounts that keep a balance (`STORED`), 0 where one was never opened; locked when asked."""
    return await store.stored_balances(tx, keys, lock=lock)


async def moved(tx: Tx, key: AccountKey, kind: TransferKind, begin: datetime, end: datetime) -> int:
    """What transfers of a kind in [begin, end) brought onto an account less what they took off it."""
    account_id = await store.find_account(tx, key)
    return 0 if account_id is None else await store.movement(tx, account_id, kind, begin, end)


async def payable(tx: Tx, supplier_id: UUID, begin: datetime, end: datetime) -> int:
    """What a supplier came to be owed in [begin, end), in fen: payable transfers less their reversals."""
    return await moved(tx, _owed_to(supplier_id), TransferKind.PAYABLE, begin, end)


async def payable_by(tx: Tx, supplier_id: UUID, source_kind: str, begin: datetime, end: datetime) -> dict[UUID, int]:
    """The part of `payable` that one kind of source brought, by source."""
    account_id = await store.find_account(tx, _owed_to(supplier_id))
    if account_id is None:
        return {}
    rows = await store.movement_by_source(tx, account_id, TransferKind.PAYABLE, source_kind, begin, end)
    return {row["source_id"]: row["amount"] for row in rows}


async def owed(tx: Tx, supplier_id: UUID, source_ids: Sequence[UUID]) -> int:
    """What a supplier is owed for some grants or differences, in fen."""
    return await booked(tx, _owed_to(supplier_id), source_ids)


async def drawn(tx: Tx, supplier_id: UUID, begin: datetime, end: datetime) -> int:
    """What was drawn from a supplier's prepayment in [begin, end), in fen: draws less what was given back."""
    key = AccountKey(AccountKind.PREPAYMENT_DRAWN, "supplier", str(supplier_id))
    return await moved(tx, key, TransferKind.DRAWDOWN, begin, end)


async def find_lots(tx: Tx, seq: int, currency: str) -> list[Lot]:
    """A customer's points by lot, first in first."""
    account_id = await store.find_account(tx, points_account(seq, currency))
    return [] if account_id is None else [Lot(**dict(row)) for row in await store_points.lots(tx, account_id)]


async def points_of(tx: Tx, seqs: Sequence[int]) -> list[PointsHeld]:
    """What one customer has under some numbers, by currency; the lots that end first stand first."""
    lots: dict[str, list[Lot]] = {}
    balances: dict[str, int] = {}
    for account in await store_points.held(tx, [str(seq) for seq in seqs]):
        currency = account["currency"]
        balances[currency] = balances.get(currency, 0) + account["balance"]
        lots.setdefault(currency, []).extend(Lot(**dict(row)) for row in await store_points.lots(tx, account["id"]))
    return [
        PointsHeld(
            currency=currency,
            balance=balance,
            lots=sorted(lots[currency], key=lambda lot: (lot.expires_at is None, lot.expires_at, lot.credited_at)),
        )
        for currency, balance in balances.items()
    ]


async def holds_of(tx: Tx, seqs: Sequence[int]) -> list[Hold]:
    """What is held of one customer's points under some numbers, first to end first."""
    return [Hold(**dict(row)) for row in await store_holds.held_of(tx, [str(seq) for seq in seqs])]


async def verify(tx: Tx) -> list[Difference]:
    """Recompute stored balances from transfers and points balances from lots; empty when all is well."""
    balances = [
        Difference(row["what"], str(row["id"]), row["stored"], row["recomputed"])
        for row in await store.unequal_accounts(tx)
    ]
    lots = [
        Difference("lots", str(row["id"]), row["stored"], row["recomputed"]) for row in await store.unequal_lots(tx)
    ]
    return balances + lots


def _owed_to(supplier_id: UUID) -> AccountKey:
    return AccountKey(AccountKind.SUPPLIER_PAYABLE, "supplier", str(supplier_id))
