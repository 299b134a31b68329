"""Working a difference to its end: somebody says how, and where money moves somebody else says yes."""

from uuid import UUID

from asyncpg import Record

from huoke.govern import audit
from huoke.kernel.tx import Tx
from huoke.reward.supply import Told
from huoke.settle.reconciliation import store
from huoke.settle.reconciliation.accept import accept
from huoke.settle.reconciliation.bring import recount
from huoke.settle.reconciliation.model import (
    About,
    DifferenceClosed,
    DifferenceState,
    DifferenceUnknown,
    DifferenceWrongState,
    NotFinal,
    Resolution,
    SecondPersonNeeded,
)


async def resolve(tx: Tx, difference_id: UUID, resolution: Resolution, reason: str) -> None:
    """Say how a difference ends. Standing by ours closes it; accepting the supplier's side waits for a second person.

    `DifferenceUnknown`, `DifferenceWrongState`, `NotFinal`, `audit.ReasonMissing`.
    """
    why = audit.require_reason(reason)
    row = await _locked(tx, difference_id, DifferenceState.OPEN)
    if resolution is Resolution.ACCEPT_THEIRS and row["theirs"] == Told.PROCESSING.value:
        raise NotFinal("The supplier itself is still at it; bring its next file.")
    values = {"resolution": resolution.value, "reason": why, "proposed_by": tx.actor.id, "proposed_at": tx.now}
    if resolution is Resolution.ACCEPT_THEIRS:
        await store.put_difference(tx, difference_id, {**values, "state": DifferenceState.PROPOSED.value})
        await _record(tx, "reconciliation.propose", row, why)
        return
    await store.put_difference(tx, difference_id, values)
    await _close(tx, row, resolution, why)


async def confirm(tx: Tx, difference_id: UUID) -> None:
    """The second person: the supplier's side is booked and the difference closed.

    `DifferenceUnknown`, `DifferenceWrongState`, `SecondPersonNeeded`, `MovedSince`, `fulfilment.PrepaymentShort`.
    """
    row = await _locked(tx, difference_id, DifferenceState.PROPOSED)
    if row["proposed_by"] == tx.actor.id:
        raise SecondPersonNeeded("You proposed it; somebody else confirms where money moves.", rule="D5")
    await accept(tx, row)
    await _close(tx, row, Resolution(row["resolution"]), row["reason"])
    await recount(tx, row["day_file_id"], row["supplier_id"], row["business_on"], About(row["about"]))


async def take_back(tx: Tx, difference_id: UUID, reason: str) -> None:
    """A proposal is not followed: the difference is open again."""
    why = audit.require_reason(reason)
    row = await _locked(tx, difference_id, DifferenceState.PROPOSED)
    cleared = {"state": DifferenceState.OPEN.value, "resolution": "", "reason": why, "proposed_by": None}
    await store.put_difference(tx, difference_id, {**cleared, "proposed_at": None})
    await _record(tx, "reconciliation.take_back", row, why)


async def _locked(tx: Tx, difference_id: UUID, state: DifferenceState) -> Record:
    row = await store.lock_difference(tx, difference_id)
    if row is None:
        raise DifferenceUnknown("There is no such difference.")
    if row["state"] != state:
        raise DifferenceWrongState(f"The difference is {row['state']}.", state=row["state"])
    return row


async def _close(tx: Tx, row: Record, resolution: Resolution, reason: str) -> None:
    closed = {"state": DifferenceState.CLOSED.value, "closed_by": tx.actor.id, "closed_at": tx.now}
    await store.put_difference(tx, row["id"], closed)
    tx.emit(DifferenceClosed(difference_id=row["id"], supplier_id=row["supplier_id"], resolution=resolution.value))
    await _record(tx, "reconciliation.close", row, reason)


async def _record(tx: Tx, action: str, row: Record, reason: str) -> None:
    entry = audit.AuditEntry(
        action=action,
        subject_kind="difference",
        subject_id=str(row["id"]),
        reason=reason,
        before={"number": row["number"], "kind": row["kind"], "ours": row["ours"], "theirs": row["theirs"]},
    )
    await audit.record(tx, entry)
