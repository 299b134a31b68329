"""Deciding: the right person, what they were shown, the rules once more, then the next stage or the change itself."""

from uuid import UUID

import msgspec

from huoke.govern import people
from huoke.govern.approvals import store
from huoke.govern.approvals.model import (
    ChangeApplied,
    ChangeClosed,
    ChangeDecided,
    ChangeState,
    CommentMissing,
    DecidedBefore,
    NotYourStage,
    OwnChange,
    Stale,
    StoredChange,
    Verdict,
    due,
    failed,
)
from huoke.govern.approvals.submit import close, locked, port_of, record, refusal_of
from huoke.kernel.tx import ActorKind, Tx

_CLOSED = {Verdict.RETURN: ChangeState.RETURNED, Verdict.REJECT: ChangeState.REJECTED}


async def decide(tx: Tx, change_id: UUID, verdict: Verdict, comment: str, diff_hash: str) -> ChangeState:
    """Decide the current stage as the transaction's actor; returns where the change stands then.

    `OwnChange`, `DecidedBefore`, `NotYourStage`; `ChangeClosed`; `CommentMissing` for return and reject; `Stale` where
    `diff_hash` is not that of the change, or applying would do something else; `CheckFailed` where a rule says no now.
    After a refusal the change stands as before.
    """
    change = await locked(tx, change_id)
    if change.state is not ChangeState.PENDING:
        raise ChangeClosed(f"The change is {change.state}; there is nothing to decide.", state=change.state)
    checker_id = await _require_checker(tx, change)
    if diff_hash != change.diff_hash:
        raise Stale("You were shown another version of this change; load it again.", pointer="/diff_hash")
    word = comment.strip()[:2000]
    if verdict is not Verdict.APPROVE and len(word) < 2:
        raise CommentMissing("Say to the maker what is to be done.", pointer="/comment")
    if verdict is Verdict.APPROVE:
        await _check_again(tx, change)
    await store.add_decision(tx, change, checker_id, verdict, word)
    state = await (_advance(tx, change) if verdict is Verdict.APPROVE else _close(tx, change, _CLOSED[verdict]))
    tx.emit(
        ChangeDecided(
            change_id=change.id,
            kind=change.kind,
            subject_id=change.subject_id,
            stage=change.stage,
            verdict=verdict,
            state=state,
        )
    )
    stage = change.stages[change.stage].key
    await record(
        tx, f"approvals.{verdict}", change.id, change.unit_id, reason=word, after={"stage": stage, "state": state}
    )
    return state


async def apply_due(tx: Tx) -> int:
    """Apply approved changes whose time has come; says how many. One that a rule now forbids goes back to its maker."""
    due_ids = await store.due_changes(tx)
    for change_id in due_ids:
        change = await locked(tx, change_id)
        if failed(await port_of(change.kind).check(tx, change.subject_id)):
            await close(tx, change, ChangeState.RETURNED)
            await record(tx, "approvals.return", change.id, change.unit_id, reason="A rule says no at its time.")
        else:
            await _apply(tx, change)
    return len(due_ids)


async def _require_checker(tx: Tx, change: StoredChange) -> UUID:
    if tx.actor.kind is not ActorKind.STAFF:
        raise NotYourStage("Only a member of staff decides.")
    checker_id = UUID(tx.actor.id)
    if checker_id == change.maker_id:
        raise OwnChange("You asked for this change; another person decides it.", rule="D5")
    if any(decision.checker_id == checker_id for decision in await store.decisions(tx, change.id)):
        raise DecidedBefore("You decided an earlier stage; another person decides this one.", rule="D5")
    person = await people.staff.get(tx, checker_id)
    stage = change.stages[change.stage]
    if not person.active or not await people.staff.holds(tx, person, stage.role, change.unit_id):
        raise NotYourStage(f"The stage '{stage.name_en}' needs the role {stage.role} over this unit.", stage=stage.key)
    return checker_id


async def _check_again(tx: Tx, change: StoredChange) -> None:
    """The world may have moved since it was submitted: rules and effects are worked out anew."""
    port = port_of(change.kind)
    checks = await port.check(tx, change.subject_id)
    if no := failed(checks):
        raise refusal_of(no)
    simulation = await port.simulate(tx, change.subject_id)
    await store.put_effects(tx, change.id, msgspec.structs.replace(simulation, simulated_at=tx.now), checks)


async def _advance(tx: Tx, change: StoredChange) -> ChangeState:
    following = change.stage + 1
    if following < len(change.stages):
        due_at = due(change.stages[following], tx.now)
        await store.put_progress(tx, change.id, ChangeState.PENDING, following, due_at, None)
        return ChangeState.PENDING
    if change.apply_at and change.apply_at > tx.now:
        await store.put_progress(tx, change.id, ChangeState.APPROVED, following, None, None)
        return ChangeState.APPROVED
    await _apply(tx, msgspec.structs.replace(change, stage=following))
    return ChangeState.APPLIED


async def _apply(tx: Tx, change: StoredChange) -> None:
    await port_of(change.kind).apply(tx, change.subject_id, change.diff_hash)
    await store.put_progress(tx, change.id, ChangeState.APPLIED, change.stage, None, tx.now)
    tx.emit(ChangeApplied(change_id=change.id, kind=change.kind, subject_id=change.subject_id))
    await record(tx, "approvals.apply", change.id, change.unit_id)


async def _close(tx: Tx, change: StoredChange, state: ChangeState) -> ChangeState:
    await close(tx, change, state)
    return state
