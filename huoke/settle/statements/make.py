"""Making, confirming and reversing statements."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from huoke.govern import audit
from huoke.kernel import idempotency
from huoke.kernel.idempotency import Earlier, RequestKey
from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.reach import campaigns
from huoke.reward import grants, ledger, supply
from huoke.settle.statements import store
from huoke.settle.statements.model import (
    LedgerDiffers,
    NewStatement,
    NothingOwed,
    SamePerson,
    StatementConfirmed,
    StatementCreated,
    StatementLine,
    StatementReversed,
    StatementState,
    StatementUnknown,
    WrongState,
    period,
)

OPERATION = "statements.create"


async def create(tx: Tx, new: NewStatement) -> UUID:
    """Make a draft statement out of what was redeemed, equal to the ledger, and return its id.

    Raises `supply.SupplierUnknown`, `PeriodUnfit`, `PeriodTaken`, `NothingOwed`, `LedgerDiffers`, `RequestReused`.
    """
    keys = [RequestKey(new.request_no, idempotency.body_hash(new))] if new.request_no else []
    for earlier in await idempotency.remember(tx, OPERATION, keys):
        if isinstance(earlier, Earlier):
            return UUID(earlier.ref)
        if earlier is not None:
            raise earlier
    supplier = await supply.get(tx, new.supplier_id)
    number = await store.take_turn(tx, supplier.id)
    since_at, until_at = period(new.since_on, new.until_on, tx.now, await store.covered(tx, supplier.id))
    settled = await grants.settled_lines(tx, supplier.id, since_at, until_at)
    if not settled:
        raise NothingOwed("Nothing of this supplier was redeemed in the period.", pointer="/since_on")
    lines = lines_of(settled, await campaigns.names(tx, {line.source_id for line in settled}))
    amount_fen = sum(line.amount_fen for line in lines)
    owed_fen = await ledger.payable(tx, supplier.id, since_at, until_at)
    if owed_fen != amount_fen:
        raise LedgerDiffers(
            f"The redemptions come to {amount_fen} fen, the ledger's payables to {owed_fen}; look for why.",
            amount_fen=amount_fen,
            ledger_fen=owed_fen,
        )
    prepaid_fen = await ledger.drawn(tx, supplier.id, since_at, until_at)
    statement_id = new_id()
    code = f"ST-{supplier.code}-{new.since_on:%Y%m%d}-{number:03}"
    days = (new.since_on, new.until_on)
    await store.insert(tx, statement_id, code, supplier.id, days, (since_at, until_at), lines, prepaid_fen)
    await idempotency.settle(tx, OPERATION, dict.fromkeys(keys, str(statement_id)))
    tx.emit(StatementCreated(statement_id=statement_id, supplier_id=supplier.id, amount_fen=amount_fen))
    await _record(tx, "statements.create", statement_id, after={"number": code, "amount_fen": amount_fen})
    return statement_id


async def confirm(tx: Tx, statement_id: UUID) -> None:
    """Confirm a draft; `StatementUnknown`, `WrongState`, `SamePerson` for whoever made it (rule D5)."""
    row = await store.get(tx, statement_id, lock=True)
    if row is None:
        raise StatementUnknown("There is no such statement.")
    if row["state"] != StatementState.DRAFT:
        raise WrongState(f"The statement is {row['state']}; only a draft is confirmed.", state=row["state"])
    if row["created_by"] == tx.actor.id:
        raise SamePerson("Somebody else than its maker confirms a statement.", rule="D5")
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


async def _record(
    tx: Tx, action: str, statement_id: UUID, *, reason: str = "", after: dict[str, object] | None = None
) -> None:
    entry = audit.AuditEntry(
        action=action, subject_kind="statement", subject_id=str(statement_id), reason=reason, after=after
    )
    await audit.record(tx, entry)
