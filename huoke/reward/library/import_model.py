"""A catalogue on its way into the library: what may be asked, how far it is, and what it was refused for."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, Invalid, NotFound

PERCENT_MAX = 10_000


class ImportState(StrEnum):
    """queued → reading → ready (looked at) → applying → done → undoing → undone; or refused, cancelled."""

    QUEUED = "queued"
    READING = "reading"
    READY = "ready"
    APPLYING = "applying"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    UNDOING = "undoing"
    UNDONE = "undone"


class PriceState(StrEnum):
    """Prices of known listings: none, open (nobody asked yet), submitted → approved → applied, or refused."""

    NONE = "none"
    OPEN = "open"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    APPLIED = "applied"
    REFUSED = "refused"


class Change(StrEnum):
    """What a line of an import does."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """How far a catalogue may move by itself, in percent: one price, the median of all price changes, what is gone.

    Beyond the first a price is held; beyond the others all prices or all that is gone are, until somebody lets them go.
    """

    price_percent: int = 30
    median_percent: int = 10
    gone_percent: int = 20


class NewCatalogue(msgspec.Struct, frozen=True, kw_only=True):
    """A supplier's catalogue to take in, its file uploaded before. `whole`: what it does not name is gone."""

    supplier_id: UUID
    file_id: UUID
    whole: bool = True
    bounds: Bounds = Bounds()
    request_no: str | None = None


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the lines of a file. `held` are prices beyond the bounds; a duplicate counts as refused too."""

    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0
    refused: int = 0
    duplicate: int = 0
    price_up: int = 0
    price_down: int = 0
    held: int = 0
    median_percent: float = 0.0
    prices_held: bool = False
    gone_held: bool = False
    applied: int = 0


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """Lines refused for one and the same cause: how many, the first of them, and the mend."""

    code: str
    detail: str
    lines: int
    line: int


class CatalogueImport(msgspec.Struct, frozen=True, kw_only=True):
    """An import as read."""

    id: UUID
    supplier_id: UUID
    file_name: str
    whole: bool
    bounds: Bounds
    state: ImportState
    counts: Counts
    causes: list[Cause]
    rejects_file_id: UUID | None
    refusal: str
    price_state: PriceState
    change_id: UUID | None
    created_at: datetime
    created_by: str
    ended_at: datetime | None


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an import that changes something. `cost_before_fen` is given where the price changes."""

    line: int
    change: Change
    number: int | None
    code: str
    name: str
    brand: str
    cost_fen: int
    cost_before_fen: int | None
    held: bool
    applied: bool


class CatalogueQueued(Event, frozen=True, kw_only=True):
    """A catalogue is to be read, or a step of it is to be carried on."""

    name: ClassVar[str] = "library.catalogue_queued"
    import_id: UUID
    step: str
    """read, apply, price or undo."""


class CatalogueEnded(Event, frozen=True, kw_only=True):
    """A catalogue was applied, refused, cancelled or undone."""

    name: ClassVar[str] = "library.catalogue_ended"
    import_id: UUID
    state: str


class ImportUnknown(NotFound):
    """There is no such import in this bank."""

    code = "library.import_unknown"


class ImportAtWork(Conflict):
    """Another catalogue of this supplier is on its way."""

    code = "library.import_at_work"


class StepUnfit(Conflict):
    """The import does not stand where this can be done."""

    code = "library.step_unfit"


class CatalogueFileUnfit(Invalid):
    """The file as a whole is no catalogue."""

    code = "library.file_unfit"


class BoundsUnfit(Invalid):
    """Bounds that cannot be."""

    code = "library.bounds_unfit"


def check_bounds(bounds: Bounds) -> None:
    """Raise `BoundsUnfit` for a percentage outside 0 to 10,000."""
    for name in Bounds.__struct_fields__:
        if not 0 <= getattr(bounds, name) <= PERCENT_MAX:
            raise BoundsUnfit(f"{name} is 0 to {PERCENT_MAX}.", pointer=f"/bounds/{name}")


def moved_percent(before_fen: int, after_fen: int) -> float:
    """By how much a price moves, in percent of what it was; from nothing to something is 100."""
    return (after_fen - before_fen) * 100 / before_fen if before_fen else 100.0 * (after_fen > 0)
