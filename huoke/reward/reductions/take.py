"""A reduction's way at one payment: held, used and booked to who bears it, given back in parts or freed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.kernel.clock import CHINA
from huoke.kernel.ids import Seq
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward import grants, ledger
from huoke.reward.ledger import AccountKey, AccountKind, Transfer, TransferKind
from huoke.reward.merchants import Place
from huoke.reward.reductions import store
from huoke.reward.reductions.model import (
    Back,
    Hold,
    ReductionLimitReached,
    ReductionUnknown,
    Shares,
    UseState,
    divide,
    shares_of,
)
from huoke.reward.reductions.read import Held, judged

SOURCE = "reduction"
BACK_REASON = "付款已全部退回"
BACK_LINE = 10
"""The first line of what went back with a refund; the money itself is its line 0."""
GIVEN = AccountKey(AccountKind.REDUCTION_GIVEN, "bank", "")
"""What customers paid less than the price, all in all."""


async def hold(tx: Tx, wanted: Sequence[Hold]) -> list[Shares | Refusal]:
    """Hold a benefit for each payment; in order who bears what is taken off, or why it cannot be.

    `ReductionUnknown` (also held for another payment, used, over), `ReductionTooSmall`, `ReductionNotHere`,
    `TierTooLow`, `ReductionLimitReached`, `consent.NotAvailable`; then nothing of that item is held. A payment holds
    one.
    """
    answers: dict[int, Shares | Refusal] = {}
    found = await judged(tx, wanted)
    fit: dict[int, Held] = {}
    for index, one in enumerate(found):
        if isinstance(one, Held):
            fit[index] = one
        else:
            answers[index] = one
    on = tx.now.astimezone(CHINA).date()
    fit, refused = await _within_limits(tx, fit, on)
    answers |= refused
    taken = await grants.set_aside(tx, [one.grant.id for one in fit.values()])
    rows: list[dict[str, Any]] = []
    for (index, one), grant in zip(fit.items(), taken, strict=True):
        if isinstance(grant, Refusal):
            answers[index] = ReductionUnknown("It is used, held or over.", pointer="/reduction")
            continue
        shares = shares_of(one.grant.face_value_fen, one.details)
        answers[index] = shares
        rows.append(_row(wanted[index], one, grant.person, shares))
    if rows:
        await store.add_uses(tx, rows, on)
        await store.count_day(tx, [row["sku_id"] for row in rows], on)
    return [answers[index] for index in range(len(wanted))]


async def lock_for(tx: Tx, payment_ids: Sequence[UUID], *, back: bool = False) -> None:
    """Lock pools and budgets of what these payments hold, before the payments themselves: one lock order.

    `back` where parts of them go back: then offers too, before the pools.
    """
    held = await store.uses(tx, payment_ids)
    if held:
        await grants.lock_used_up(tx, [row["grant_id"] for row in held.values()], back=back)


async def use(tx: Tx, payment_ids: Sequence[UUID]) -> None:
    """The money came: what was held is used, and everybody who bears a share of it is booked; once."""
    rows = [row for row in (await store.lock_uses(tx, payment_ids)).values() if row["state"] == UseState.HELD]
    if not rows:
        return
    await grants.use_up(tx, {row["grant_id"]: _place(row) for row in rows})
    await store.set_used(tx, [row["id"] for row in rows])
    await _book(tx, [(row["id"], 0, row, _shares(row, ""), False) for row in rows])


async def free(tx: Tx, payment_ids: Sequence[UUID]) -> None:
    """The money will not come: what was held is its customers' again; once."""
    rows = [row for row in (await store.lock_uses(tx, payment_ids)).values() if row["state"] == UseState.HELD]
    if not rows:
        return
    await store.uncount(tx, [row["id"] for row in rows])
    await grants.let_go(tx, [row["grant_id"] for row in rows])
    await store.set_freed(tx, [row["id"] for row in rows])


async def give_back(tx: Tx, backs: Sequence[Back]) -> dict[UUID, Shares]:
    """Parts of payments went back: each funder takes back its share, and the budget has the bank's again at once; by
    refund, who took how much. Once per refund.

    Where nothing of the payment is left, its customer has the benefit again, until its own end (or may claim another:
    see `grants.restore`).
    """
    rows = await store.lock_uses(tx, {one.payment_id for one in backs})
    known = await store.known_backs(tx, [one.refund_id for one in backs])
    gone = {payment_id: _shares(row, "_back") for payment_id, row in rows.items()}
    new: dict[UUID, tuple[Back, Shares]] = {}
    for one in backs:
        row = rows.get(one.payment_id)
        if row is None or row["state"] != UseState.USED or one.refund_id in known or one.refund_id in new:
            continue
        shares = divide(_shares(row, ""), gone[one.payment_id], one.reduction_fen)
        gone[one.payment_id] += shares
        new[one.refund_id] = (one, shares)
    parts = [(key, rows[one.payment_id], shares) for key, (one, shares) in new.items()]
    whole = [rows[one.payment_id] for one, _ in new.values() if one.whole]
    await store.add_backs(tx, [(key, row["id"], shares) for key, row, shares in parts])
    await _book(tx, [(key, BACK_LINE, row, shares, True) for key, row, shares in parts])
    await grants.free_parts(
        tx,
        [
            grants.Part(grant_id=row["grant_id"], source_kind=SOURCE, source_id=key, amount_fen=shares.bank_fen)
            for key, row, shares in parts
            if not new[key][0].whole
        ],
    )
    if whole:
        await store.uncount(tx, [row["id"] for row in whole])
        await grants.restore(tx, [row["grant_id"] for row in whole], BACK_REASON)
        await store.set_freed(tx, [row["id"] for row in whole])
    return {key: shares for key, (_, shares) in new.items()}


async def _within_limits(
    tx: Tx, fit: Mapping[int, Held], on: date
) -> tuple[dict[int, Held], dict[int, ReductionLimitReached]]:
    """Those that the limits of the day still allow, each counted after those before it."""
    limits = {one.grant.sku_id: one.details for one in fit.values()}
    room = await store.take_days(tx, sorted((sku_id, one.day_limit) for sku_id, one in limits.items()), on)
    persons = await _persons(tx, fit)
    taken = Counter(await store.taken_by(tx, limits, set(persons.values()), on))
    kept: dict[int, Held] = {}
    refused: dict[int, ReductionLimitReached] = {}
    for index, one in fit.items():
        sku_id, person = one.grant.sku_id, persons[index]
        own = one.details.person_day_limit
        if room[sku_id] < 1 or (own and taken[sku_id, person] >= own):
            refused[index] = ReductionLimitReached("As many as one day allows were taken off.", pointer="/reduction")
            continue
        room[sku_id] -= 1
        taken[sku_id, person] += 1
        kept[index] = one
    return kept, refused


async def _persons(tx: Tx, fit: Mapping[int, Held]) -> dict[int, int]:
    facts = await customers.facts(tx, [Seq(one.grant.seq) for one in fit.values()])
    known = dict(zip(facts.seqs.tolist(), facts.persons.tolist(), strict=True))
    return {index: known.get(one.grant.seq, one.grant.seq) for index, one in fit.items()}


def _row(wanted: Hold, one: Held, person: int, shares: Shares) -> dict[str, Any]:
    place = wanted.place
    return {
        "payment_id": wanted.payment_id,
        "grant_id": one.grant.id,
        "seq": one.grant.seq,
        "person": person,
        "sku_id": one.grant.sku_id,
        "sku_version": one.grant.sku_version,
        "price_fen": wanted.price_fen,
        "bank_fen": shares.bank_fen,
        "merchant_fen": shares.merchant_fen,
        "brand_fen": shares.brand_fen,
        "brand_payer_id": one.details.brand_payer_id,
        "merchant_id": place.merchant_id if place else None,
        "store_id": place.store_id if place else None,
        "unit_id": place.unit_id if place else None,
    }


def _place(row: Record) -> Place | None:
    if row["store_id"] is None:
        return None
    return Place(unit_id=row["unit_id"], store_id=row["store_id"], merchant_id=row["merchant_id"])


def _shares(row: Record, back: str) -> Shares:
    return Shares(
        bank_fen=row[f"bank{back}_fen"], merchant_fen=row[f"merchant{back}_fen"], brand_fen=row[f"brand{back}_fen"]
    )  # fmt: skip


def funders(row: Record) -> dict[str, AccountKey]:
    """The accounts of those who may bear a share of a reduction, by the name of the share."""
    kind = AccountKind.REDUCTION_FUNDED
    return {
        "bank_fen": AccountKey(kind, "bank", ""),
        "merchant_fen": AccountKey(kind, "merchant", str(row["merchant_id"])),
        "brand_fen": AccountKey(kind, "supplier", str(row["brand_payer_id"])),
    }


async def _book(tx: Tx, items: Sequence[tuple[UUID, int, Record, Shares, bool]]) -> None:
    """Each share out of its funder's account into what was given, or the other way round."""
    moved = [
        (source_id, line + offset, key, getattr(shares, name), is_back)
        for source_id, line, row, shares, is_back in items
        for offset, (name, key) in enumerate(funders(row).items())
        if getattr(shares, name)
    ]
    if not moved:
        return
    accounts = await ledger.open_accounts(tx, [GIVEN, *dict.fromkeys(key for _, _, key, _, _ in moved)])
    await ledger.book(
        tx,
        [
            Transfer(
                source_kind=SOURCE, source_id=source_id, line=line,
                debit_account=accounts[GIVEN if is_back else key], credit_account=accounts[key if is_back else GIVEN],
                amount=fen, kind=TransferKind.REFUND if is_back else TransferKind.CHARGE,
            )
            for source_id, line, key, fen, is_back in moved
        ],
    )  # fmt: skip
