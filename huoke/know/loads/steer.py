"""Stopping a load, and taking one back."""

from uuid import UUID

from huoke.govern import audit
from huoke.kernel.tx import Tx
from huoke.know.loads import store
from huoke.know.loads.model import LoadEnded, LoadEndedAlready, LoadStatus, NotWithdrawn, WithdrawalAsked
from huoke.know.loads.read import get


async def cancel(tx: Tx, load_id: UUID) -> None:
    """Have a load stop after its present batch; what it brought by then is taken back. `LoadUnknown`,
    `LoadEndedAlready`.
    """
    found = await get(tx, load_id)
    if not await store.cancel(tx, load_id):
        raise LoadEndedAlready(f"The load is {found.status} already.")
    tx.emit(LoadEnded(load_id=load_id, status=LoadStatus.CANCELLED.value))
    await _record(tx, "loads.cancel", load_id, found.name)


async def withdraw(tx: Tx, load_id: UUID) -> None:
    """Have everything a load brought taken back; runs as a job. `LoadUnknown`, `NotWithdrawn`."""
    found = await get(tx, load_id)
    if not await store.ask_withdrawal(tx, load_id):
        raise NotWithdrawn(f"This load is {found.status}, and there is nothing of it to take back.")
    tx.emit(WithdrawalAsked(load_id=load_id))
    await _record(tx, "loads.withdraw", load_id, found.name)


async def _record(tx: Tx, action: str, load_id: UUID, file_name: str) -> None:
    entry = audit.AuditEntry(
        action=action, subject_kind="event_load", subject_id=str(load_id), after={"file": file_name}
    )
    await audit.record(tx, entry)
