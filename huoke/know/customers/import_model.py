"""What an import is, and why one may be refused."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel.refusals import Conflict, Invalid, NotFound
from huoke.know.customers.report import ImportReport


class ImportStatus(StrEnum):
    """queued → running → done, refused (the whole file) or cancelled; what is in may be undone: undoing → undone."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    UNDOING = "undoing"
    UNDONE = "undone"


class CountUnfit(Invalid):
    """The file has another number of rows than its control file says; nothing of it was taken."""

    code = "customers.count"


class ImportUnknown(NotFound):
    """No such import in this bank."""

    code = "customers.import_unknown"


class NoRejects(NotFound):
    """The import refused no row, or its reject file has expired."""

    code = "customers.no_rejects"


class ImportEndedAlready(Conflict):
    """The import has ended: there is nothing to cancel."""

    code = "customers.import_ended"


def declared_by(import_id: UUID) -> str:
    """How the consent ledger names an import."""
    return f"import/{import_id}"


class NewImport(msgspec.Struct, frozen=True, kw_only=True):
    """A file to import: uploaded before, with the mapping itself or the name of a saved one."""

    file_id: UUID
    mapping: dict[str, Any] | None = None
    mapping_name: str = ""
    dry_run: bool = False
    name: str = ""
    request_no: str | None = None


class NewDatabase(msgspec.Struct, frozen=True, kw_only=True):
    """A PostgreSQL database to read from; `address` is host:port/database, `password` None keeps the one there is.

    `encrypted` False is for this machine only. The user should be one that may read the tables it needs and no more.
    """

    name: str
    address: str
    login: str
    password: str | None = None
    encrypted: bool = True

    def __repr__(self) -> str:
        return f"NewDatabase({self.name})"


class Arrived(msgspec.Struct, frozen=True, kw_only=True):
    """The day of a feed an import is for: values of an earlier day never overwrite those of a later one."""

    series: UUID
    as_of: date
    attempt: int = 1
    rows_expected: int | None = None


class SavedMapping(msgspec.Struct, frozen=True, kw_only=True):
    """A mapping under a name."""

    name: str
    mapping: dict[str, Any]
    saved_at: datetime | None = None
    saved_by: str = ""


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """Why the whole file was refused."""

    code: str
    detail: str
    data: dict[str, Any] = {}


class Import(msgspec.Struct, frozen=True, kw_only=True):
    """An import with its counts; `report` once it has ended."""

    id: UUID
    name: str
    file_id: UUID
    file_name: str
    dry_run: bool
    status: ImportStatus
    rows_read: int
    rows_added: int
    rows_changed: int
    rows_same: int
    rows_refused: int
    rejects_file_id: UUID | None
    created_by: str
    created_at: datetime
    ended_at: datetime | None
    refusal: Refused | None
    can: list[str]
    entity: str = "customers"
    series: UUID | None = None
    as_of: date | None = None
    rows_expected: int | None = None
    rows_total: int | None = None
    """Known once the file was read through."""
    share_ppm: int = 0
    """How much of what it does now is done: of the file's bytes while `rows_total` is unknown, then of its rows."""
    seconds_left: int | None = None
    """At the pace up to here; None while there is none."""
    rows_older: int = 0
    rows_undone: int = 0
    rows_kept: int = 0
    consents_undone: int = 0
    consents_kept: int = 0
    undone_by: str | None = None
    undone_at: datetime | None = None
    mapping: dict[str, Any] | None = None
    report: ImportReport | None = None
