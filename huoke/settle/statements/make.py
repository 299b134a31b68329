"""Making, confirming and reversing statements."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern import audit
from huoke.kernel import idempotency
from huoke.kernel.idempotency import Earlier, RequestKey
from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.reach import campaigns
from huoke.reward import grants, ledger, merchants, supply, tills
from huoke.settle import fulfilment, reconciliation
from huoke.settle.statements import store
from huoke.settle.statements.model import (
    LedgerDiffers,
    NewStatement,
    NotAgreed,
    NothingOwed,
    OwedUnfit,
    SamePerson,
    StatementConfirmed,
    StatementCreated,
    StatementLine,
    StatementReversed,
    StatementState,
    StatementUnknown,
    StoreLine,
    StoreLineKind,
    WrongState,
    period,
)

OPERATION = "statements.create"
STORES_MAX = 5_000


async def create(tx: Tx, new: NewStatement) -> UUID:
    """Make a draft statement out of what was redeemed, equal to the ledger, and return its id.

    Raises `OwedUnfit`, `supply.SupplierUnknown`, `merchants.Unknown`, `PeriodUnfit`, `PeriodTaken`, `NothingOwed`,
    `LedgerDiffers`, `RequestReused`.
    """
    keys = [RequestKey(new.request_no, idempotency.body_hash(new))] if new.request_no else []
    for earlier in await idempotency.remember(tx, OPERATION, keys):
        if isinstance(earlier, Earlier):
            return UUID(earlier.ref)
        if earlier is not None:
            raise earlier
    who = await _owed(tx, new)
    number = await store.take_turn(tx, who.id)
    since_at, until_at = period(new.since_on, new.until_on, tx.now, await store.covered(tx, who.id))
    what = await (_for_supplier if new.supplier_id else _for_merchant)(tx, who.id, since_at, until_at)
    if not what.lines:
        raise NothingOwed("Nothing was redeemed or sold in the period.", pointer="/since_on")
    amount_fen = sum(line.amount_fen for line in what.lines)
    if what.owed_fen != amount_fen:
        raise LedgerDiffers(
            f"The lines come to {amount_fen} fen, the ledger's payables to {what.owed_fen}; look for why.",
            amount_fen=amount_fen,
            ledger_fen=what.owed_fen,
        )
    statement_id = new_id()
    values = {
        "id": statement_id,
        "number": f"ST-{who.code}-{new.since_on:%Y%m%d}-{number:03}",
        "supplier_id": new.supplier_id,
        "merchant_id": new.merchant_id,
        "since_on": new.since_on,
        "until_on": new.until_on,
        "since_at": since_at,
        "until_at": until_at,
        "quantity": what.quantity,
        "amount_fen": amount_fen,
        "prepaid_fen": what.prepaid_fen,
    }
    await store.insert(tx, values, what.lines)
    await idempotency.settle(tx, OPERATION, dict.fromkeys(keys, str(statement_id)))
    tx.emit(
        StatementCreated(
            statement_id=statement_id, supplier_id=new.supplier_id, merchant_id=new.merchant_id, amount_fen=amount_fen
        )
    )
    told = {"number": values["number"], "amount_fen": amount_fen}
    await _record(tx, "statements.create", statement_id, after=told)
    return statement_id


async def _owed(tx: Tx, new: NewStatement) -> supply.Supplier | merchants.Merchant:
    """Whose statement it is."""
    if new.supplier_id is not None and new.merchant_id is None:
        return await supply.get(tx, new.supplier_id)
    if new.merchant_id is not None and new.supplier_id is None:
        found = await merchants.find_merchants(tx, ids=[new.merchant_id], limit=1)
        if found:
            return found[0]
        raise merchants.Unknown("There is no such merchant in this bank.", pointer="/merchant_id")
    raise OwedUnfit("A statement is a supplier's or a merchant's.", pointer="/supplier_id")


class _What(msgspec.Struct, frozen=True):
    """The lines of a statement, what the ledger owes for them, what was paid ahead, how many things it is about."""

    lines: Sequence[StatementLine | StoreLine]
    owed_fen: int
    prepaid_fen: int
    quantity: int


async def _for_supplier(tx: Tx, supplier_id: UUID, since_at: datetime, until_at: datetime) -> _What:
    settled = await grants.settled_lines(tx, supplier_id, since_at, until_at)
    lines = lines_of(settled, await campaigns.names(tx, {line.source_id for line in settled}))
    lines += await _differences(tx, supplier_id, since_at, until_at, len(lines))
    owed_fen = await ledger.payable(tx, supplier_id, since_at, until_at)
    prepaid_fen = await ledger.drawn(tx, supplier_id, since_at, until_at)
    return _What(lines, owed_fen, prepaid_fen, sum(line.quantity for line in lines))


async def _differences(
    tx: Tx, supplier_id: UUID, since_at: datetime, until_at: datetime, places: int
) -> list[StatementLine]:
    """One line per difference of a day file accepted in the period, in the order of day and number."""
    booked = await ledger.payable_by(tx, supplier_id, fulfilment.DIFFERENCE, since_at, until_at)
    accepted = await reconciliation.accepted(tx, sorted(booked))
    ordered = sorted(accepted.values(), key=lambda one: (one.business_on, one.number, one.id))
    return [
        StatementLine(
            place=place,
            sku_id=one.sku_id,
            title=one.title,
            source_id=None,
            campaign="",
            redeemed=0,
            undone=0,
            quantity=0,
            unit_cost_fen=0,
            amount_fen=booked[one.id],
            difference_id=one.id,
            on_day=one.business_on,
            number=one.number,
        )
        for place, one in enumerate(ordered, start=places + 1)
    ]


async def _for_merchant(tx: Tx, merchant_id: UUID, since_at: datetime, until_at: datetime) -> _What:
    stores = await merchants.find_stores(tx, merchant_ids=[merchant_id], limit=STORES_MAX)
    sales = await tills.settled_lines(tx, merchant_id, since_at, until_at)
    used = await grants.redeemed_in(tx, [one.id for one in stores], since_at, until_at)
    lines = store_lines_of(sales, used, {one.id: one.name for one in stores})
    owed_fen = await tills.payable(tx, merchant_id, since_at, until_at)
    return _What(lines, owed_fen, 0, sum(line.done - line.undone for line in lines))


async def confirm(tx: Tx, statement_id: UUID) -> None:
    """Confirm a draft; `StatementUnknown`, `WrongState`, `SamePerson` for whoever made it (rule D5), `NotAgreed`."""
    row = await store.get(tx, statement_id, lock=True)
    if row is None:
        raise StatementUnknown("There is no such statement.")
    if row["state"] != StatementState.DRAFT:
        raise WrongState(f"The statement is {row['state']}; only a draft is confirmed.", state=row["state"])
    if row["created_by"] == tx.actor.id:
        raise SamePerson("Somebody else than its maker confirms a statement.", rule="D5")
    if row["merchant_id"] is not None and row["agreed_at"] is None:
        raise NotAgreed("The merchant has not agreed to it yet.")
    await store.confirm(tx, statement_id)
    tx.emit(StatementConfirmed(statement_id=statement_id))
    await _record(tx, "statements.confirm", statement_id, after={"state": "confirmed"})


async def reverse(tx: Tx, statement_id: UUID, reason: str) -> None:
    """Take a statement back: its period is free again. `StatementUnknown`, `WrongState`, `audit.ReasonMissing`."""
    why = audit.require_reason(reason)
    row = await store.get(tx, statement_id, lock=True)
    if row is None:
        raise StatementUnknown("There is no such statement.")
    if row["state"] == StatementState.REVERSED:
        raise WrongState("The statement was reversed before.", state=row["state"])
    if row["paid_at"] is not None:
        raise WrongState("The statement was paid; what differs goes into the next one.", state="paid")
    await store.reverse(tx, statement_id, why)
    tx.emit(StatementReversed(statement_id=statement_id))
    await _record(tx, "statements.reverse", statement_id, reason=why, after={"state": "reversed"})


def lines_of(settled: Iterable[grants.SettledLine], names: Mapping[UUID, str]) -> list[StatementLine]:
    """One line per SKU, campaign and unit cost, in the order of campaign and title."""

    def order(one: grants.SettledLine) -> tuple[str, str, UUID, UUID, int]:
        return names.get(one.source_id, ""), one.title, one.source_id, one.sku_id, one.unit_cost_fen

    return [
        StatementLine(
            place=place,
            sku_id=one.sku_id,
            title=one.title,
            source_id=one.source_id,
            campaign=names.get(one.source_id, ""),
            redeemed=one.redeemed,
            undone=one.undone,
            quantity=one.redeemed - one.undone,
            unit_cost_fen=one.unit_cost_fen,
            amount_fen=one.amount_fen,
        )
        for place, one in enumerate(sorted(settled, key=order), start=1)
    ]


def store_lines_of(
    sales: Iterable[tills.StoreDay], used: Iterable[grants.StoreRedeemed], names: Mapping[UUID, str]
) -> list[StoreLine]:
    """One line per store and day for its sales, and one for each benefit redeemed there, in the order of days."""
    found: list[dict[str, Any]] = [
        {
            "store_id": one.store_id,
            "on_day": one.on,
            "kind": StoreLineKind.SALE,
            "title": "",
            "done": one.sales,
            "undone": one.undone,
            "price_fen": one.price_fen,
            "reduction_fen": one.reduction_fen,
            "own_fen": one.own_fen,
            "amount_fen": one.amount_fen,
        }
        for one in sales
    ]
    found += [
        {
            "store_id": one.store_id, "on_day": one.on, "kind": StoreLineKind.BENEFIT, "title": one.title,
            "done": one.redeemed, "undone": one.undone, "price_fen": 0, "reduction_fen": 0, "own_fen": 0,
            "amount_fen": 0,
        }
        for one in used
    ]  # fmt: skip

    def order(one: dict[str, Any]) -> tuple[date, str, UUID, bool, str]:
        is_benefit = one["kind"] is StoreLineKind.BENEFIT
        return one["on_day"], names.get(one["store_id"], ""), one["store_id"], is_benefit, one["title"]

    return [
        StoreLine(place=place, store=names.get(one["store_id"], ""), **one)
        for place, one in enumerate(sorted(found, key=order), start=1)
    ]


async def _record(
    tx: Tx, action: str, statement_id: UUID, *, reason: str = "", after: dict[str, object] | None = None
) -> None:
    entry = audit.AuditEntry(
        action=action, subject_kind="statement", subject_id=str(statement_id), reason=reason, after=after
    )
    await audit.record(tx, entry)
