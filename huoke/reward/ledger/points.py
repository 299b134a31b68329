"""Customers' points: credit a lot, burn first-in first-out, refund into the same lots, let lots run out."""

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.ids import new_ids
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
    Refund,
    Spend,
    Standing,
    Transfer,
    TransferKind,
    check_amount,
)
from huoke.reward.ledger.names import bank_account, points_account
from huoke.reward.ledger.post import enter, enter_on, lock
from huoke.reward.ledger.store_points import Draw


async def credit(tx: Tx, credits_: Sequence[Credit]) -> list[Outcome]:
    """Put points on customers' accounts, one lot each, and book their cost as a liability of the bank.

    In order: POSTED, EXISTS for a credit that was booked before (same source and line), BAD_AMOUNT. Whoever owes points
    of this type pays with them first.
    """
    if not credits_:
        return []
    accounts = await store.ensure_accounts(tx, names_of(credits_))
    outcomes = await enter_on(tx, incoming(credits_, accounts), await lock(tx, accounts))
    filled = await fill(tx, credits_, accounts, outcomes)
    if filled:
        await pay_debts(tx, filled)
    return outcomes


async def credit_and_burn(
    tx: Tx, credits_: Sequence[Credit], burns: Sequence[Spend], *, new: bool = False
) -> list[Outcome]:
    """`credit`, then burn of customers named by seq, on accounts found, locked and written once; the burns' outcomes.

    A lot that is new and drawn on at once is written as what is left of it. `new` says that the burns' sources were
    named in this transaction, so that none of them is a retry.
    """
    keys = [points_account(item.seq, item.currency) for item in burns]
    sinks = [bank_account(item.sink, item.currency) for item in burns]
    accounts, opened = await store.open_missing(tx, list(dict.fromkeys([*keys, *sinks, *names_of(credits_)])))
    taken = [item.of(accounts[key]) for item, key in zip(burns, keys, strict=True)]
    credited = {accounts[points_account(item.seq, item.currency)] for item in credits_}
    fresh = {found: Standing(key.currency, 0, 0) for key, found in accounts.items() if found in opened and key in keys}
    wanted = (credited | {item.account_id for item in taken}) - fresh.keys()
    standing = await store.lock_accounts(tx, wanted) if wanted else {}
    over = any(item.expires_at is not None and item.expires_at <= tx.now for item in credits_)
    if over or (credited - fresh.keys() and await store_points.owing(tx, sorted(credited - fresh.keys()))):
        await credit(tx, credits_)
        return await burn(tx, taken)
    ready = await cleared(tx, standing) if standing else Ready({}, {})
    ready = Ready({**ready.standing, **fresh}, {**ready.shelves, **{found: [] for found in fresh}})
    out = [_out(item, accounts[sink]) for item, sink in zip(taken, sinks, strict=True)]
    others = {key: found for key, found in accounts.items() if found not in ready.standing}
    transfers = [*incoming(credits_, accounts), *out]
    named = {item.source_id for item in burns} if new else set()
    outcomes = await enter_on(tx, transfers, {**ready.standing, **await lock(tx, others)}, named)
    await _fill_and_draw(tx, credits_, taken, accounts, outcomes, ready.shelves)
    return outcomes[len(credits_) :]


async def _fill_and_draw(
    tx: Tx,
    credits_: Sequence[Credit],
    burns: Sequence[Burn],
    accounts: Mapping[AccountKey, UUID],
    outcomes: Sequence[Outcome],
    shelves: dict[UUID, list[tuple[UUID, int]]],
) -> None:
    """Make the lots of posted credits already drawn on by posted burns, and draw on older lots."""
    new = [item for item, outcome in zip(credits_, outcomes, strict=False) if outcome is Outcome.POSTED]
    into = [accounts[points_account(item.seq, item.currency)] for item in new]
    ids = new_ids(len(new))
    for item, account_id, lot_id in zip(new, into, ids, strict=True):
        shelves[account_id].append((lot_id, item.points))
    posted = [item for item, outcome in zip(burns, outcomes[len(credits_) :], strict=True) if outcome is Outcome.POSTED]
    draws = first_in_first_out(posted, shelves)
    drawn = Counter(dict.fromkeys(ids, 0))
    for one in draws:
        if one.lot_id in drawn:
            drawn[one.lot_id] += one.points
    if new:
        await store_points.insert_lots(tx, new, into, ids, drawn)
        await _book_cost(tx, [item for item in new if item.cost_fen > 0])
    await store_points.draw(tx, draws, born=drawn)


def names_of(credits_: Sequence[Credit]) -> list[AccountKey]:
    """The accounts credits go to and come from, customers' first."""
    keys = dict.fromkeys(points_account(item.seq, item.currency) for item in credits_)
    return [*keys, *dict.fromkeys(bank_account(item.origin, item.currency, item.partner) for item in credits_)]


def incoming(credits_: Sequence[Credit], accounts: Mapping[AccountKey, UUID]) -> list[Transfer]:
    """The transfers of credits."""
    return [
        Transfer(
            source_kind=item.source_kind,
            source_id=item.source_id,
            line=item.line,
            debit_account=accounts[bank_account(item.origin, item.currency, item.partner)],
            credit_account=accounts[points_account(item.seq, item.currency)],
            amount=item.points,
            kind=item.kind,
        )
        for item in credits_
    ]


async def fill(
    tx: Tx, credits_: Sequence[Credit], accounts: Mapping[AccountKey, UUID], outcomes: Sequence[Outcome]
) -> dict[UUID, list[tuple[UUID, int]]]:
    """Make the lots of what was posted, and book their cost; returns the new (lot, points) of each account."""
    new = [item for item, outcome in zip(credits_, outcomes, strict=True) if outcome is Outcome.POSTED]
    if not new:
        return {}
    into = [accounts[points_account(item.seq, item.currency)] for item in new]
    filled: dict[UUID, list[tuple[UUID, int]]] = {account_id: [] for account_id in into}
    ids = new_ids(len(new))
    await store_points.insert_lots(tx, new, into, ids)
    for item, account_id, lot_id in zip(new, into, ids, strict=True):
        filled[account_id].append((lot_id, item.points))
    await _book_cost(tx, [item for item in new if item.cost_fen > 0])
    return filled


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


class Ready(msgspec.Struct, frozen=True):
    """Locked accounts as they stand, and what is left in the lots of each: (lot, points), first in first."""

    standing: Mapping[UUID, Standing]
    shelves: dict[UUID, list[tuple[UUID, int]]]


async def burn(tx: Tx, burns: Sequence[Burn]) -> list[Outcome]:
    """Take points from accounts, oldest lot first; lots that have run out are emptied before.

    In order: POSTED, EXISTS (a retry), OVERDRAWN, FROZEN, BAD_AMOUNT, UNKNOWN_ACCOUNT. Accounts are locked before lots
    are read, or two burns would draw on the same lot twice.
    """
    if not burns:
        return []
    standing = await store.lock_accounts(tx, {item.account_id for item in burns})
    return await _take(tx, burns, await cleared(tx, standing))


async def clear_due(tx: Tx, accounts: Iterable[UUID]) -> None:
    """Lock points accounts and empty their lots that have run out."""
    await cleared(tx, await store.lock_accounts(tx, accounts))


async def cleared(tx: Tx, standing: Mapping[UUID, Standing]) -> Ready:
    """Locked accounts and their shelves, once their lots that have run out are empty."""
    accounts = sorted(standing)
    shelves, due = await store_points.shelves_and_due(tx, accounts, tx.now)
    if due:
        await _expire(tx, due)
        standing = await store.lock_accounts(tx, accounts)
        shelves = await store_points.shelves(tx, accounts)
    return Ready(standing, shelves)


async def take(tx: Tx, burns: Sequence[Burn]) -> list[Outcome]:
    """`burn` without looking at expiry or freezes: what a hold covers is good until the hold ends."""
    locked = await store.lock_accounts(tx, {item.account_id for item in burns})
    standing = {key: msgspec.structs.replace(one, frozen=False) for key, one in locked.items()}
    return await _take(tx, burns, Ready(standing, await store_points.shelves(tx, sorted(standing))))


async def _take(tx: Tx, burns: Sequence[Burn], ready: Ready) -> list[Outcome]:
    transfers, sinks = await outgoing(tx, burns, ready.standing)
    outcomes = await enter_on(tx, transfers, {**ready.standing, **await lock(tx, sinks)})
    await draw_posted(tx, burns, outcomes, ready.shelves)
    return outcomes


async def outgoing(
    tx: Tx, burns: Sequence[Burn], standing: Mapping[UUID, Standing]
) -> tuple[list[Transfer], dict[AccountKey, UUID]]:
    """The transfers of burns, and the accounts they go to."""
    keys = [
        bank_account(item.sink, standing[item.account_id].currency, item.partner)
        if item.account_id in standing
        else None
        for item in burns
    ]
    sinks = await store.ensure_accounts(tx, [key for key in dict.fromkeys(keys) if key is not None])
    nowhere = UUID(int=0)
    transfers = [_out(item, sinks[key] if key is not None else nowhere) for item, key in zip(burns, keys, strict=True)]
    return transfers, sinks


def _out(item: Burn, sink: UUID) -> Transfer:
    return Transfer(
        source_kind=item.source_kind,
        source_id=item.source_id,
        line=item.line,
        debit_account=item.account_id,
        credit_account=sink,
        amount=item.points,
        kind=item.kind,
    )


async def draw_posted(
    tx: Tx, burns: Sequence[Burn], outcomes: Sequence[Outcome], shelves: Mapping[UUID, Sequence[tuple[UUID, int]]]
) -> None:
    """Take what was posted from the lots of locked accounts, first in first out."""
    posted = [item for item, outcome in zip(burns, outcomes, strict=True) if outcome is Outcome.POSTED]
    await store_points.draw(tx, first_in_first_out(posted, shelves))


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
            draws.append(Draw(item.source_id, item.line, item.account_id, lot_id, part, points - part))
            open_ -= part
            if part < points:
                shelf.appendleft((lot_id, points - part))
    return draws


async def refund(tx: Tx, source_id: UUID, line: int, points: int, *, refund_line: int) -> Outcome:
    """`refund_all` of one burn, in part or in whole."""
    [outcome] = await refund_all(tx, [Refund(source_id=source_id, line=line, points=points, refund_line=refund_line)])
    return outcome


async def refund_all(tx: Tx, refunds: Sequence[Refund]) -> list[Outcome]:
    """Give points of burns back to the lots they came from, last burned first; in order POSTED, or EXISTS for a retry.

    A lot that has run out since takes its points back and loses them at the next expiry. Raises `Overdrawn` when more
    is asked for than a burn still has out; then nothing of the batch has moved.
    """
    if not refunds:
        return []
    for item in refunds:
        check_amount(item.points, "/points")
    names = list(dict.fromkeys((item.source_id, item.line) for item in refunds))
    await store.lock_accounts(tx, {row["account_id"] for row in (await _burned(tx, names)).values()})
    burned = await _burned(tx, names)
    transfers = [_back(item, burned[item.source_id, item.line]) for item in refunds]
    seen = set(await store.known_transfers(tx, transfers))
    back = Counter[tuple[UUID, int]]()
    for item, transfer in zip(refunds, transfers, strict=True):
        name = (item.source_id, item.line)
        if transfer.name in seen:
            continue
        seen.add(transfer.name)
        back[name] += item.points
        if (open_ := burned[name]["amount"] - burned[name]["returned"]) < back[name]:
            raise Overdrawn(
                f"Of {burned[name]['amount']} points burned {open_} can still come back.", pointer="/points"
            )
    outcomes = await enter(tx, transfers)
    for outcome in outcomes:
        if outcome not in {Outcome.POSTED, Outcome.EXISTS}:
            raise NotPosted(f"The ledger refused the refund: {outcome.value}.", outcome=outcome.value)
    if back:
        await store_points.refund_lots(tx, back)
        await pay_debts(tx, {burned[name]["account_id"] for name in back})
    return outcomes


async def _burned(tx: Tx, names: Sequence[tuple[UUID, int]]) -> dict[tuple[UUID, int], Record]:
    found = await store_points.burned(tx, names)
    if len(found) < len(names):
        raise Overdrawn("Nothing was burned under this number.")
    return found


def _back(item: Refund, burned: Record) -> Transfer:
    return Transfer(
        source_kind="refund",
        source_id=item.source_id,
        line=item.refund_line,
        debit_account=burned["sink"],
        credit_account=burned["account_id"],
        amount=item.points,
        kind=TransferKind.RETURN,
    )


EXPIRED_AT_ONCE = (250, 3_000)
"""Lots or holds that end in one transaction, at least and at most: each writes three rows or fewer."""


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
