"""Changes: what is asked, what it would do, who decides, and why not."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Protocol, runtime_checkable
from uuid import UUID

import msgspec

from huoke.govern.people import Role
from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, Forbidden, Invalid, NotFound
from huoke.kernel.tx import Tx


class ChangeState(StrEnum):
    """pending → approved (waits for its time) → applied; or rejected, returned to the maker, withdrawn by the maker."""

    PENDING = "pending"
    APPROVED = "approved"
    APPLIED = "applied"
    REJECTED = "rejected"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({ChangeState.PENDING, ChangeState.APPROVED})


class Verdict(StrEnum):
    """What a checker says of a stage."""

    APPROVE = "approve"
    RETURN = "return"
    REJECT = "reject"


class FieldChange(msgspec.Struct, frozen=True, kw_only=True):
    """One field: `path` is stable ("budget/amount_fen"), `group` a key of the page ("money", "audience", "copy").

    `before` is None for something new; `unit` says how to write the values ("fen", "count", "instant", "text").
    """

    path: str
    label: str
    before: Any
    after: Any
    group: str = ""
    label_en: str = ""
    unit: str = "text"
    impact: str = ""


class SimulationRow(msgspec.Struct, frozen=True, kw_only=True):
    """One effect. `low` and `high` bound the 80 % interval; both None means a certain value."""

    key: str
    label: str
    unit: str
    before: int | float | None
    after: int | float | None
    label_en: str = ""
    low: float | None = None
    high: float | None = None
    note: str = ""


class Simulation(msgspec.Struct, frozen=True, kw_only=True):
    """What the change would do, worked out without doing it."""

    rows: tuple[SimulationRow, ...] = ()
    simulated_at: datetime | None = None


class CheckVerdict(StrEnum):
    """How a rule came out; `fail` stops the change."""

    PASS = "pass"  # noqa: S105
    WARN = "warn"
    FAIL = "fail"


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """A rule (its id in COMPLIANCE.md, or the module's own name), how it came out, and the numbers behind it."""

    rule: str
    verdict: CheckVerdict
    detail: str
    detail_en: str = ""
    data: dict[str, Any] = {}


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """One pair of eyes: who holds `role` over the change's unit decides within `hours`."""

    key: str
    name: str
    name_en: str
    role: Role
    hours: int = 24


class Change(Protocol):
    """What a module must do for its changes to be decided here; `app` registers one for each kind.

    All three may be called again at any time. `apply` compares `diff_hash` with that of what it is about to do and
    raises `Stale` when they differ; it runs in the transaction of the last approval, so bulk work only begins there.
    """

    kind: str

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """What applying would do now."""

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """How every rule comes out now."""

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Make it true; `Stale` when what would be applied is no longer what was approved."""


@runtime_checkable
class Closing(Protocol):
    """A `Change` that also wants to know when it was not applied (rejected, returned, withdrawn)."""

    async def close(self, tx: Tx, subject_id: str, state: ChangeState) -> None:
        """Take the subject back to where its maker can change it."""


class NewChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change to ask for. `unit_id` is whose it is; `apply_at` None applies with the last approval."""

    kind: str
    subject_id: str
    title: str
    diff: tuple[FieldChange, ...]
    unit_id: int
    unchanged_count: int = 0
    office_no: str = ""
    apply_at: datetime | None = None


class StoredChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change as stored."""

    id: UUID
    number: str
    kind: str
    subject_id: str
    title: str
    unit_id: int
    diff: tuple[FieldChange, ...]
    diff_hash: str
    unchanged_count: int
    stages: tuple[Stage, ...]
    maker_id: UUID
    office_no: str
    submitted_at: datetime
    apply_at: datetime | None
    state: ChangeState
    stage: int
    due_at: datetime | None
    simulation: Simulation
    checks: tuple[Check, ...]
    closed_at: datetime | None


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What one checker said of one stage."""

    stage: int
    checker_id: UUID
    verdict: Verdict
    comment: str
    decided_at: datetime


class ChangeSubmitted(Event, frozen=True, kw_only=True):
    """Somebody asked for a change."""

    name: ClassVar[str] = "approvals.change_submitted"
    change_id: UUID
    kind: str
    subject_id: str


class ChangeDecided(Event, frozen=True, kw_only=True):
    """A stage was decided; `state` is where the change stands now."""

    name: ClassVar[str] = "approvals.change_decided"
    change_id: UUID
    kind: str
    subject_id: str
    stage: int
    verdict: Verdict
    state: ChangeState


class ChangeApplied(Event, frozen=True, kw_only=True):
    """A change became true."""

    name: ClassVar[str] = "approvals.change_applied"
    change_id: UUID
    kind: str
    subject_id: str


class ChangeWithdrawn(Event, frozen=True, kw_only=True):
    """The maker took a change back."""

    name: ClassVar[str] = "approvals.change_withdrawn"
    change_id: UUID
    kind: str
    subject_id: str


class ChangeUnknown(NotFound):
    """There is no such change."""

    code = "approvals.unknown"


class ChangeOpen(Conflict):
    """The same thing already has a change that is not decided."""

    code = "approvals.already_open"


class ChangeClosed(Conflict):
    """The change is not in a state that allows it."""

    code = "approvals.closed"


class Stale(Conflict):
    """What would be applied is not what was shown or approved."""

    code = "approvals.stale"


class CheckFailed(Conflict):
    """A rule says no."""

    code = "approvals.check_failed"


class OwnChange(Forbidden):
    """The maker cannot decide (rule D5)."""

    code = "approvals.own_change"


class DecidedBefore(Forbidden):
    """One person cannot decide two stages of a change (rule D5)."""

    code = "approvals.decided_before"


class NotYourStage(Forbidden):
    """The stage needs another role, or the same over this unit."""

    code = "approvals.not_your_stage"


class NotYourChange(Forbidden):
    """Only the maker withdraws a change."""

    code = "approvals.not_your_change"


class CommentMissing(Invalid):
    """Returning or rejecting needs a word to the maker."""

    code = "approvals.comment_missing"


class ChangeUnfit(Invalid):
    """The change has no title, changes nothing, or comes from no person."""

    code = "approvals.unfit"


def diff_hash(diff: Sequence[FieldChange]) -> str:
    """SHA-256 (hex) of the fields' paths and values in the order of their paths; labels and impacts do not count."""
    values = sorted((change.path, _plain(change.before), _plain(change.after)) for change in diff)
    return hashlib.sha256(msgspec.json.encode(values)).hexdigest()


def failed(checks: Sequence[Check]) -> list[Check]:
    """The rules that say no."""
    return [check for check in checks if check.verdict is CheckVerdict.FAIL]


def due(stage: Stage, now: datetime) -> datetime:
    """When a stage that begins now should be decided."""
    return now + timedelta(hours=stage.hours)


def _plain(value: Any) -> str:
    return msgspec.json.encode(value, enc_hook=str, order="deterministic").decode()
