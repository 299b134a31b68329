"""Posting transfers, and taking them back."""

from collections.abc import Container, Iterable, Mapping, Sequence
from uuid import UUID

from huoke.kernel.tx import Tx
from huoke.reward.ledger import store
from huoke.reward.ledger.model import (
    STORED,
    AccountKey,
    AccountKind,
    NotPosted,
    Outcome,
    Standing,
    Transfer,
    TransfersPosted,
)
from huoke.reward.ledger.settle import settle, settle_whole

_OWN_VERBS = frozenset(
    {
        AccountKind.POINTS,
        AccountKind.BUDGET_SOURCE,
        AccountKind.BUDGET_AVAILABLE,
        AccountKind.BUDGET_RESERVED,
        AccountKind.BUDGET_COMMITTED,
    }
)


async def open_accounts(tx: Tx, keys: Sequence[AccountKey]) -> dict[AccountKey, UUID]:
    """Return the account of each key, opening those that are missing."""
    return await store.ensure_accounts(tx, keys)


async def post(tx: Tx, transfers: Sequence[Transfer]) -> list[Outcome]:
    """Post a batch of transfers and say, in order, what became of each.

    EXISTS is a retry that moved nothing. Accounts that keep a balance never go below zero: OVERDRAWN. To post on
    budgets or points is a bug of the caller: they have verbs of their own that keep limits and lots.
    """
    kinds = await store.account_kinds(tx, _accounts(transfers))
    assert kinds.isdisjoint(_OWN_VERBS), "budgets and points move by their own verbs"
    return await enter(tx, transfers)


async def enter(tx: Tx, transfers: Sequence[Transfer]) -> list[Outcome]:
    """Lock, decide, write: what every verb of the ledger does with its transfers."""
    if not transfers:
        return []
    return await enter_on(tx, transfers, await store.lock_accounts(tx, _accounts(transfers)))


async def lock(tx: Tx, accounts: Mapping[AccountKey, UUID]) -> dict[UUID, Standing]:
    """Lock accounts known by name; of the bank's own the name says all."""
    own = {found: Standing(key.currency, None) for key, found in accounts.items() if key.kind not in STORED}
    stored = set(accounts.values()) - own.keys()
    return own | await store.lock_accounts(tx, stored) if stored else own


async def enter_on(
    tx: Tx, transfers: Sequence[Transfer], standing: Mapping[UUID, Standing], new: Container[UUID] = ()
) -> list[Outcome]:
    """`enter` on accounts that an earlier statement locked, as they have stood since.

    `new` are sources named in this very transaction: nothing of theirs can stand in the ledger, and nobody looks.
    """
    asked_for = [transfer for transfer in transfers if transfer.source_id not in new]
    outcomes = settle(transfers, standing, await store.known_transfers(tx, asked_for) if asked_for else {})
    posted = [t for t, outcome in zip(transfers, outcomes, strict=True) if outcome is Outcome.POSTED]
    await _write(tx, posted, standing)
    return outcomes


async def enter_whole(tx: Tx, groups: Sequence[Sequence[Transfer]], standing: Mapping[UUID, Standing]) -> list[Outcome]:
    """`enter_on` for groups of transfers that go through together or not at all; one outcome for each group."""
    known = await store.known_transfers(tx, [t for group in groups for t in group])
    outcomes = settle_whole(groups, standing, known)
    posted = [group for group, outcome in zip(groups, outcomes, strict=True) if outcome is Outcome.POSTED]
    await _write(tx, [t for group in posted for t in group], standing)
    return outcomes


async def _write(tx: Tx, posted: Sequence[Transfer], standing: Mapping[UUID, Standing]) -> None:
    await store.append(tx, posted, {account for account, one in standing.items() if one.free is None})
    if posted:
        tx.emit(TransfersPosted(count=len(posted), kinds=tuple(sorted({t.kind.value for t in posted}))))


async def book(tx: Tx, transfers: Sequence[Transfer]) -> None:
    """Post transfers that must go through; a retry is fine, any other no raises `NotPosted`."""
    for transfer, outcome in zip(transfers, await post(tx, transfers), strict=True):
        if outcome not in {Outcome.POSTED, Outcome.EXISTS}:
            raise NotPosted(
                f"The ledger refused a transfer: {outcome.value}.",
                outcome=outcome.value,
                source_id=str(transfer.source_id),
                line=transfer.line,
            )


async def reverse(tx: Tx, lines: Mapping[tuple[UUID, int], int]) -> list[Outcome]:
    """Take back transfers, each exactly once: `lines` maps (source, line) to the line of the reversal.

    Outcomes in order: POSTED, EXISTS (this very reversal again), ALREADY_REVERSED, NOTHING_TO_REVERSE, OVERDRAWN.
    """
    wanted = [asked(name) for name in lines]
    known = await store.known_transfers(tx, wanted)
    reversals = [_mirror(known.get(name), name, line) for name, line in lines.items()]
    return await post(tx, reversals)


def asked(name: tuple[UUID, int]) -> Transfer:
    """A transfer that says no more than its name: to look for what stands under it."""
    source_id, line = name
    return Transfer(
        source_kind="", source_id=source_id, line=line, debit_account=source_id, credit_account=source_id, amount=1
    )


def _mirror(original: Transfer | None, name: tuple[UUID, int], line: int) -> Transfer:
    source_id, of = name
    if original is None:
        nowhere = UUID(int=0)
        return Transfer(
            source_kind="none",
            source_id=source_id,
            line=line,
            debit_account=nowhere,
            credit_account=source_id,
            amount=1,
            reversal_of=of,
        )
    return Transfer(
        source_kind=original.source_kind,
        source_id=source_id,
        line=line,
        debit_account=original.credit_account,
        credit_account=original.debit_account,
        amount=original.amount,
        kind=original.kind,
        reversal_of=of,
    )


def _accounts(transfers: Iterable[Transfer]) -> set[UUID]:
    return {account for t in transfers for account in (t.debit_account, t.credit_account)}
