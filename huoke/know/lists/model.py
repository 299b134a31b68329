"""Handing out a list of customers as a file: what is asked for, what becomes of it, and the rules of both."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from huoke.govern.views import ExportFormat
from huoke.kernel.events import Event
from huoke.kernel.refusals import Forbidden, Invalid, NotFound

ROWS_MAX = 200_000
"""No file has more rows, whoever asks (rule F3)."""
COLUMNS_MAX = 40
KEPT = timedelta(days=7)
CHANGE = "list_export"
"""The kind of change a list waits for."""


class ListState(StrEnum):
    """pending → approved → done (or cancelled); or returned, rejected, withdrawn."""

    PENDING = "pending"
    APPROVED = "approved"
    DONE = "done"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class ListColumn(msgspec.Struct, frozen=True, kw_only=True):
    """A column that a list may have: `personal` ones are masked unless `clear` is asked for and allowed."""

    name: str
    label: str
    label_en: str
    personal: bool = False


FIELDS = (
    ListColumn(name="customer_no", label="客户号", label_en="Customer no."),
    ListColumn(name="name", label="姓名", label_en="Name", personal=True),
    ListColumn(name="phone", label="手机号", label_en="Phone", personal=True),
    ListColumn(name="unit", label="归属机构", label_en="Unit"),
)
"""What every customer has; a bank's attributes of class C1 come after them. Id documents are never handed out."""


class NewListExport(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a segment's customers to ask for. `clear` wants names and phones readable, for the purpose in `reason`.

    `rows_max` is the cap the checker sees: at most that many customers, a fair sample where there are more.
    """

    segment_id: UUID
    columns: list[str]
    reason: str
    rows_max: int
    clear: bool = False
    format: ExportFormat = ExportFormat.XLSX
    request_no: str | None = None


class ListExport(msgspec.Struct, frozen=True, kw_only=True):
    """A list and how far it is."""

    id: UUID
    segment_id: UUID
    segment_version: int
    size: int
    name: str
    columns: list[str]
    clear: bool
    format: ExportFormat
    rows_max: int
    reason: str
    state: ListState
    asked_by: str
    asked_at: datetime
    change_id: UUID | None
    job_id: UUID | None
    rows: int | None
    left_out: int | None
    made_at: datetime | None
    expires_at: datetime | None
    can: list[str] = []


class ListUnknown(NotFound):
    """No such list, or it is another person's."""

    code = "lists.unknown"


class ListUnfit(Invalid):
    """A list without columns, with one there is not, or beyond the cap."""

    code = "lists.unfit"


class ClearNotAllowed(Forbidden):
    """Names and phones in clear need the permission to see them (rule F2)."""

    code = "lists.clear_not_allowed"


class ListApproved(Event, frozen=True):
    """A list may be made."""

    name = "lists.approved"
    list_id: UUID


class ListMade(Event, frozen=True):
    """A list was handed out: whom it named is in the event's members."""

    name = "lists.made"
    list_id: UUID
    segment_id: UUID
    rows: int
    clear: bool


class ByPeople(Forbidden):
    """Lists are handed out by people: a key asks for none."""

    code = "lists.by_people"


def check_new(new: NewListExport, known: dict[str, ListColumn]) -> None:
    """Raise `ListUnfit`."""
    if not 1 <= len(new.columns) <= COLUMNS_MAX or len(set(new.columns)) != len(new.columns):
        raise ListUnfit(f"A list has 1 to {COLUMNS_MAX} columns, each once.", pointer="/columns")
    for place, name in enumerate(new.columns):
        if name not in known:
            raise ListUnfit(f"There is no column '{name[:60]}'.", pointer=f"/columns/{place}")
    if not 1 <= new.rows_max <= ROWS_MAX:
        raise ListUnfit(f"The cap lies between 1 and {ROWS_MAX:,} rows (rule F3).", pointer="/rows_max")
    if new.clear and not any(known[name].personal for name in new.columns):
        raise ListUnfit("Nothing personal is in the list: leave it masked.", pointer="/clear")
