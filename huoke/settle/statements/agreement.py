"""Agreeing on a merchant's statement: the merchant agrees or says what differs, the bank answers; then it is paid."""

from collections.abc import Collection
from uuid import UUID

from asyncpg import Record

from huoke.govern import audit
from huoke.kernel.tx import Tx
from huoke.settle.statements import store
from huoke.settle.statements.model import (
    NotMerchants,
    ReferenceMissing,
    SamePerson,
    StatementAnswered,
    StatementPaid,
    StatementState,
    StatementUnknown,
    WrongState,
)

REFERENCE_MAX = 64


async def agree(tx: Tx, statement_id: UUID, merchants: Collection[UUID]) -> None:
    """Somebody of its merchant agrees to a draft; again, nothing happens. `StatementUnknown`, `WrongState`."""
    row = await _of_merchant(tx, statement_id, merchants)
    if row["agreed_at"] is not None:
        return
    await store.put(tx, statement_id, agreed_by=tx.actor.id, agreed_at=tx.now)
    await _tell(tx, statement_id, "agreed", "")


async def dispute(tx: Tx, statement_id: UUID, merchants: Collection[UUID], reason: str) -> None:
    """Somebody of its merchant says what differs; the bank answers, or reverses it and makes another.

    `StatementUnknown`, `WrongState` once it was agreed to, `audit.ReasonMissing`.
    """
    why = audit.require_reason(reason)
    row = await _of_merchant(tx, statement_id, merchants)
    if row["agreed_at"] is not None:
        raise WrongState("It was agreed to before.", state="agreed")
    await store.put(tx, statement_id, dispute=why, answer="")
    await _tell(tx, statement_id, "disputed", why)


async def answer(tx: Tx, statement_id: UUID, text: str) -> None:
    """The bank answers what a merchant said. `StatementUnknown`, `WrongState` without anything said."""
    told = audit.require_reason(text)
    row = await _draft(tx, statement_id)
    if not row["dispute"]:
        raise WrongState("The merchant said nothing that could be answered.", state=row["state"])
    await store.put(tx, statement_id, answer=told)
    await _tell(tx, statement_id, "answered", told)


async def pay(tx: Tx, statement_id: UUID, reference: str) -> None:
    """Write that a confirmed statement was paid, and by which transfer; by another than its maker (rule D5).

    `StatementUnknown`, `WrongState` (not confirmed, paid before), `SamePerson`, `ReferenceMissing`.
    """
    told = reference.strip()
    if not 4 <= len(told) <= REFERENCE_MAX:
        raise ReferenceMissing(f"A reference has 4 to {REFERENCE_MAX} characters.", pointer="/reference")
    row = await store.get(tx, statement_id, lock=True)
    if row is None:
        raise StatementUnknown("There is no such statement.")
    if row["state"] != StatementState.CONFIRMED or row["paid_at"] is not None:
        state = "paid" if row["paid_at"] else row["state"]
        raise WrongState(f"The statement is {state}; only a confirmed one is paid, once.", state=state)
    if row["created_by"] == tx.actor.id:
        raise SamePerson("Somebody else than its maker pays a statement.", rule="D5")
    await store.put(tx, statement_id, paid_by=tx.actor.id, paid_at=tx.now, paid_reference=told)
    tx.emit(StatementPaid(statement_id=statement_id))
    entry = audit.AuditEntry(
        action="statements.pay", subject_kind="statement", subject_id=str(statement_id), after={"reference": told}
    )
    await audit.record(tx, entry)


async def _of_merchant(tx: Tx, statement_id: UUID, merchants: Collection[UUID]) -> Record:
    row = await _draft(tx, statement_id)
    if row["merchant_id"] not in merchants:
        raise StatementUnknown("There is no such statement.")
    return row


async def _draft(tx: Tx, statement_id: UUID) -> Record:
    row = await store.get(tx, statement_id, lock=True)
    if row is None:
        raise StatementUnknown("There is no such statement.")
    if row["merchant_id"] is None:
        raise NotMerchants("Only a merchant's statement is agreed to.")
    if row["state"] != StatementState.DRAFT:
        raise WrongState(f"The statement is {row['state']}; only a draft is agreed to.", state=row["state"])
    return row


async def _tell(tx: Tx, statement_id: UUID, told: str, reason: str) -> None:
    tx.emit(StatementAnswered(statement_id=statement_id, told=told))
    entry = audit.AuditEntry(
        action=f"statements.{told}", subject_kind="statement", subject_id=str(statement_id), reason=reason
    )
    await audit.record(tx, entry)
