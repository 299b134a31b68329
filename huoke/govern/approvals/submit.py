"""Asking for a change: simulated and checked at once, stored as a diff with its hash, open for the first stage."""

from uuid import UUID

import msgspec

from huoke.govern import audit, people, tenants
from huoke.govern.approvals import store
from huoke.govern.approvals.model import (
    OPEN,
    Change,
    ChangeClosed,
    ChangeState,
    ChangeSubmitted,
    ChangeUnfit,
    ChangeUnknown,
    ChangeWithdrawn,
    Check,
    CheckFailed,
    Closing,
    NewChange,
    NotYourChange,
    Stage,
    StoredChange,
    diff_hash,
    due,
    failed,
)
from huoke.kernel.tx import ActorKind, Tx

CHECK_STAGE = Stage(key="check", name="复核", name_en="Check", role=people.Role.APPROVER)
REVIEW_STAGE = Stage(
    key="consumer_review", name="消保审查", name_en="Consumer-protection review", role=people.Role.CONSUMER_REVIEWER
)


class Stages(msgspec.Struct, frozen=True):
    """Ordered stages for each kind of change; kinds that are not named take `default`."""

    default: tuple[Stage, ...]
    kinds: dict[str, tuple[Stage, ...]] = {}

    def __post_init__(self) -> None:
        if not self.default or not all(self.kinds.values()):
            raise ValueError("every kind needs at least one stage")

    def of(self, kind: str) -> tuple[Stage, ...]:
        """The stages of a kind, in order."""
        return self.kinds.get(kind, self.default)


STAGES = tenants.declare(
    "approvals.stages",
    Stages,
    Stages(
        default=(CHECK_STAGE,),
        kinds=dict.fromkeys(("campaign", "campaign_change", "play", "play_amendment"), (REVIEW_STAGE, CHECK_STAGE)),
    ),
    rule="D6",
)

_ports: dict[str, Change] = {}


def register(port: Change) -> None:
    """Say who simulates, checks and applies changes of `port.kind`."""
    _ports[port.kind] = port


def port_of(kind: str) -> Change:
    """Who serves a kind of change."""
    assert kind in _ports, f"nobody registered changes of kind {kind}"
    return _ports[kind]


async def submit(tx: Tx, new: NewChange) -> UUID:
    """Ask for a change in the name of the transaction's actor; returns its id.

    `ChangeUnfit`, `ChangeOpen` where the subject has an open change, `CheckFailed` where a rule says no already.
    """
    if tx.actor.kind is not ActorKind.STAFF:
        raise ChangeUnfit("Only a member of staff can ask for a change.")
    if not 1 <= len(new.title.strip()) <= 120 or not new.diff:
        raise ChangeUnfit("A change has a title of 1 to 120 characters and changes something.", pointer="/title")
    port = port_of(new.kind)
    checks = await port.check(tx, new.subject_id)
    if no := failed(checks):
        raise refusal_of(no)
    simulation = await port.simulate(tx, new.subject_id)
    stages = (await tenants.setting(tx, STAGES)).of(new.kind)
    change_id = await store.add(
        tx,
        new,
        maker_id=UUID(tx.actor.id),
        diff_hash=diff_hash(new.diff),
        stages=stages,
        due_at=due(stages[0], tx.now),
        simulation=msgspec.structs.replace(simulation, simulated_at=tx.now),
        checks=checks,
    )
    tx.emit(ChangeSubmitted(change_id=change_id, kind=new.kind, subject_id=new.subject_id))
    await record(tx, "approvals.submit", change_id, new.unit_id, after={"kind": new.kind, "subject": new.subject_id})
    return change_id


async def withdraw(tx: Tx, change_id: UUID) -> None:
    """Take an open change back; `NotYourChange` for anybody but its maker, `ChangeClosed` once it is decided."""
    change = await locked(tx, change_id)
    if str(change.maker_id) != tx.actor.id:
        raise NotYourChange("Only its maker withdraws a change.")
    if change.state not in OPEN:
        raise ChangeClosed(f"The change is {change.state}; nothing is left to withdraw.", state=change.state)
    await close(tx, change, ChangeState.WITHDRAWN)
    tx.emit(ChangeWithdrawn(change_id=change.id, kind=change.kind, subject_id=change.subject_id))
    await record(tx, "approvals.withdraw", change.id, change.unit_id)


async def close(tx: Tx, change: StoredChange, state: ChangeState) -> None:
    """End a change that is not applied, and tell its port where it wants to know."""
    await store.put_progress(tx, change.id, state, change.stage, None, tx.now)
    port = port_of(change.kind)
    if isinstance(port, Closing):
        await port.close(tx, change.subject_id, state)


async def locked(tx: Tx, change_id: UUID) -> StoredChange:
    """A change, locked until the transaction ends; `ChangeUnknown`."""
    change = await store.get(tx, change_id, lock=True)
    if change is None:
        raise ChangeUnknown("There is no such change.")
    return change


def refusal_of(no: list[Check]) -> CheckFailed:
    """The rules that say no, as one refusal."""
    rules = ", ".join(check.rule for check in no)
    return CheckFailed(
        f"{rules}: {no[0].detail}",
        rules=[check.rule for check in no],
        checks=[msgspec.to_builtins(check) for check in no],
    )


async def record(
    tx: Tx, action: str, change_id: UUID, unit_id: int, *, reason: str = "", after: dict[str, object] | None = None
) -> None:
    """A line in the trail about a change."""
    entry = audit.AuditEntry(
        action=action, subject_kind="change", subject_id=str(change_id), unit_id=unit_id, reason=reason, after=after
    )
    await audit.record(tx, entry)
