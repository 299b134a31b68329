"""What a load is, and why one may be refused."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, NotFound
from huoke.know.events import FileMapping


class LoadStatus(StrEnum):
    """queued → running → done, refused (the whole file) or cancelled; done → withdrawing → withdrawn."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    WITHDRAWING = "withdrawing"
    WITHDRAWN = "withdrawn"


class NewLook(msgspec.Struct, frozen=True, kw_only=True):
    """A file to look into, uploaded before; with a mapping it is checked, else one is proposed."""

    file_id: UUID
    mapping: FileMapping | None = None


class NewLoad(msgspec.Struct, frozen=True, kw_only=True):
    """A file to load, uploaded before, as events of a source. NDJSON needs no mapping."""

    file_id: UUID
    source_id: UUID
    mapping: FileMapping | None = None
    request_no: str | None = None


class RefusedCause(msgspec.Struct, frozen=True, kw_only=True):
    """Rows refused for one and the same cause; `row` is the first of them."""

    code: str
    detail: str
    rows: int
    row: int


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """Why the whole file was refused."""

    code: str
    detail: str
    data: dict[str, Any] = {}


class EventLoad(msgspec.Struct, frozen=True, kw_only=True):
    """A file of events with what became of its rows.

    `share` of the file is read by now, 0 … 1. `waiting` rows are of customers the bank did not have when they came;
    `still_waiting` of them wait to this day. `traits_refused` rows were loaded but for a trait.
    """

    id: UUID
    name: str
    file_id: UUID
    source_id: UUID
    source: str
    size_bytes: int
    mapping: FileMapping
    status: LoadStatus
    share: float
    read: int
    loaded: int
    duplicate: int
    waiting: int
    refused: int
    traits_refused: int
    causes: list[RefusedCause]
    rejects_file_id: UUID | None
    refusal: Refused | None
    created_at: datetime
    created_by: str
    started_at: datetime | None
    ended_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    file_kept: bool
    """Whether the file is there still, so that it can be loaded again."""
    still_waiting: int = 0
    can: list[str] = []


class LoadQueued(Event, frozen=True, kw_only=True):
    """A file of events is to be loaded."""

    name: ClassVar[str] = "loads.queued"
    load_id: UUID


class LoadEnded(Event, frozen=True, kw_only=True):
    """A load has ended, as `status` says."""

    name: ClassVar[str] = "loads.ended"
    load_id: UUID
    status: str


class WithdrawalAsked(Event, frozen=True, kw_only=True):
    """A load is to be taken back."""

    name: ClassVar[str] = "loads.withdrawal_asked"
    load_id: UUID


class LoadWithdrawn(Event, frozen=True, kw_only=True):
    """Nothing of a load stands any more."""

    name: ClassVar[str] = "loads.withdrawn"
    load_id: UUID


class LoadUnknown(NotFound):
    """No such load in this bank."""

    code = "loads.unknown"


class LoadAtWork(Conflict):
    """The same file is being loaded in the same way just now."""

    code = "loads.at_work"


class LoadEndedAlready(Conflict):
    """The load has ended: there is nothing to cancel."""

    code = "loads.ended"


class NotWithdrawn(Conflict):
    """The load brought nothing, runs still, or was taken back already."""

    code = "loads.not_withdrawn"


class NoRejects(NotFound):
    """The load refused no row, or the list of them has expired."""

    code = "loads.no_rejects"
