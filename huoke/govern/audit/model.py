"""What the audit trail holds: who did what, when, to what, why, and what changed."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.refusals import Invalid, NotFound

EXPORT_ROWS_MAX = 1_000_000
"""Rows of one exported file (rule F3)."""


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing somebody did or saw.

    `action` is `module.verb`, `subject_kind` a noun of the glossary. `before` and `after` hold the fields that changed
    and never a readable personal value: name the field and give its mask. The actor, the instant and the request come
    from the transaction.
    """

    action: str
    subject_kind: str
    subject_id: str
    reason: str = ""
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    unit_id: int | None = None


class AuditRow(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as read. `actor_name` is empty where the actor is no member of staff."""

    id: UUID
    at: datetime
    actor_kind: str
    actor_id: str
    actor_name: str
    action: str
    subject_kind: str
    subject_id: str
    unit_id: int | None
    reason: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    request_id: str


class AuditFilter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which entries: every given field must match; `action` may end in a dot to mean a whole module ("identity.")."""

    actor_id: str | None = None
    action: str | None = None
    subject_kind: str | None = None
    subject_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.since >= self.until:
            raise ValueError("since must lie before until")


class NewExport(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries to write into a file, and why."""

    reason: str
    filter: AuditFilter = msgspec.field(default_factory=AuditFilter)


class ExportState(StrEnum):
    """Where an export stands."""

    QUEUED = "queued"
    DONE = "done"
    CANCELLED = "cancelled"


class AuditExport(msgspec.Struct, frozen=True, kw_only=True):
    """An export: `file_id` once it is done."""

    id: UUID
    reason: str
    filter: AuditFilter
    requested_by: str
    requested_at: datetime
    state: ExportState
    row_count: int | None
    file_id: UUID | None
    finished_at: datetime | None


class ExportRequested(Event, frozen=True, kw_only=True):
    """Somebody asked for a file of the audit trail."""

    name: ClassVar[str] = "audit.export_requested"
    export_id: UUID


class ReasonMissing(Invalid):
    """The act needs a reason."""

    code = "audit.reason_missing"


class ExportNotFound(NotFound):
    """There is no such export in this bank."""

    code = "audit.export_not_found"


def require_reason(text: str, *, pointer: str = "/reason") -> str:
    """The reason without blanks around it; `ReasonMissing` under 2 characters or over 500."""
    reason = text.strip()
    if not 2 <= len(reason) <= 500:
        raise ReasonMissing("Say why in 2 to 500 characters.", pointer=pointer)
    return reason


def safe_cell(text: str) -> str:
    """Text for a spreadsheet cell that no program will take for a formula."""
    return "'" + text if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
