"""Saved views, exports of lists, the refusals, and the port through which an export reads a list."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Protocol
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.principal import Principal
from huoke.kernel.refusals import Conflict, Invalid, NotFound
from huoke.kernel.tx import Tx

VIEWS_MAX = 50
"""So many views of one list has one person."""
PARAMS_MAX = 20
COLUMNS_MAX = 60
ROWS_MAX = 100_000
"""So many rows has an export at most (rule F3)."""

_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")


class ViewUnknown(NotFound):
    """No view of the caller's own has this id."""

    code = "views.unknown"


class ViewNameTaken(Conflict):
    """The caller has a view of that list and name."""

    code = "views.name_taken"


class ViewUnfit(Invalid):
    """A name, filter or column of the view cannot be kept."""

    code = "views.unfit"


class TooManyViews(Conflict):
    """The caller has as many views of the list as one may have."""

    code = "views.too_many"


class ListUnknown(NotFound):
    """No list of this name can be exported."""

    code = "views.list_unknown"


class ExportUnknown(NotFound):
    """The caller has no such export, or its file has expired."""

    code = "views.export_unknown"


class ExportUnfit(Invalid):
    """Columns or filters of the export do not fit the list."""

    code = "views.export_unfit"


class SavedView(msgspec.Struct, frozen=True, kw_only=True):
    """A named way to look at one list. `page` is its name in the console, `filters` are the address's.

    `columns` are the shown ones in order; empty is all.
    """

    id: UUID
    page: str
    name: str
    filters: dict[str, str]
    columns: list[str]
    shared: bool
    mine: bool
    owner: str
    can: list[str]


class NewView(msgspec.Struct, frozen=True, kw_only=True):
    """A view to keep; `shared` lets everybody of the caller's unit and below use it."""

    page: str
    name: str
    filters: dict[str, str] = {}
    columns: list[str] = []
    shared: bool = False


class ViewChange(msgspec.Struct, frozen=True, kw_only=True):
    """The whole new state of a view of one's own."""

    id: UUID
    name: str
    filters: dict[str, str] = {}
    columns: list[str] = []
    shared: bool = False


class CellFormat(StrEnum):
    """How a value is written: money comes in fen and leaves in yuan, instants in the bank's zone."""

    TEXT = "text"
    COUNT = "count"
    YUAN = "yuan"
    INSTANT = "instant"
    DAY = "day"


class ExportFormat(StrEnum):
    """The kind of file."""

    CSV = "csv"
    XLSX = "xlsx"


class ExportState(StrEnum):
    """queued → running → done; or failed, cancelled."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ExportColumn(msgspec.Struct, frozen=True, kw_only=True):
    """One column: its heading, the dotted path of its value in a row of the list, and words for coded values."""

    title: str
    field: str
    format: CellFormat = CellFormat.TEXT
    words: dict[str, str] = {}


class NewExport(msgspec.Struct, frozen=True, kw_only=True):
    """A file to make of a list: `operation` is the id of the API operation that answers it, `filters` are its query."""

    operation: str
    title: str
    columns: list[ExportColumn]
    reason: str
    filters: dict[str, str] = {}
    format: ExportFormat = ExportFormat.CSV


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """An export of the caller's own, as the job drawer shows it; `total` is 0 while it is unknown."""

    id: UUID
    job_id: UUID | None
    title: str
    format: ExportFormat
    state: ExportState
    done: int
    total: int
    error: str
    requested_at: datetime
    started_at: datetime | None
    can: list[str]


class ExportRequested(Event, frozen=True, kw_only=True):
    """Somebody asked for a file of a list."""

    name: ClassVar[str] = "views.export_requested"
    export_id: UUID


class Rows(Protocol):
    """A page of a list, read as plain values."""

    @property
    def items(self) -> list[dict[str, Any]]:
        """The rows, nested where the API nests them."""

    @property
    def next_cursor(self) -> str | None:
        """Where the next page begins; None on the last."""

    @property
    def total(self) -> int | None:
        """How many rows there are, where the list says so."""


class Listing(Protocol):
    """A list of the API that can be read without HTTP: the same permission, the same scope, the same masks."""

    @property
    def permission(self) -> str:
        """What one must hold; "any" for every member of staff."""

    def check(self, filters: Mapping[str, str]) -> None:
        """Raise `Invalid` for a filter that the list would refuse."""

    async def rows(
        self, tx: Tx, principal: Principal, parts: Mapping[str, object], filters: Mapping[str, str], cursor: str | None
    ) -> Rows:
        """A page of the largest size from a cursor on."""


class _Listings:
    bring: Callable[[], Mapping[str, Listing]] | None = None


def register_listings(bring: Callable[[], Mapping[str, Listing]]) -> None:
    """`app` says which operations are lists; asked when the first export needs one."""
    _Listings.bring = bring


def listing(operation: str) -> Listing:
    """The list of that operation; `ListUnknown`."""
    assert _Listings.bring is not None, "app registers the listings"
    found = _Listings.bring().get(operation)
    if found is None:
        raise ListUnknown(f"There is no list '{operation[:40]}' to export.", pointer="/operation")
    return found


def check_view(view: NewView | ViewChange) -> None:
    """Raise `ViewUnfit`."""
    if isinstance(view, NewView) and not _NAME.fullmatch(view.page):
        raise ViewUnfit("A page's name has 2 to 40 of a-z, 0-9 and _.", pointer="/page")
    if not 1 <= len(view.name.strip()) <= 40:
        raise ViewUnfit("A view's name has 1 to 40 characters.", pointer="/name")
    if len(view.filters) > PARAMS_MAX or any(len(k) > 40 or len(v) > 200 for k, v in view.filters.items()):
        raise ViewUnfit(f"A view has at most {PARAMS_MAX} filters of at most 200 characters.", pointer="/filters")
    if len(view.columns) > COLUMNS_MAX or any(len(column) > 40 for column in view.columns):
        raise ViewUnfit(f"A view has at most {COLUMNS_MAX} columns.", pointer="/columns")


def check_export(new: NewExport) -> None:
    """Raise `ExportUnfit`."""
    if not 1 <= len(new.title.strip()) <= 60:
        raise ExportUnfit("A title has 1 to 60 characters.", pointer="/title")
    if not 1 <= len(new.columns) <= COLUMNS_MAX:
        raise ExportUnfit(f"An export has 1 to {COLUMNS_MAX} columns.", pointer="/columns")
    if any(len(one.title) > 80 or not 1 <= len(one.field) <= 80 or len(one.words) > 200 for one in new.columns):
        raise ExportUnfit("A column has a heading and a field of at most 80 characters.", pointer="/columns")
