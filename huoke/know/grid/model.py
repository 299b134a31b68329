"""What the grid is made of: three axes of ordered bands, cells between them, months of who stood where.

A cell is one number: the bands of the three axes, counted from 1, as digits to the base `BASE`; band 0 is unknown.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from math import prod
from typing import Any, ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.ids import UnitId
from huoke.kernel.refusals import Conflict, Invalid, NotFound

BANDS_MIN, BANDS_MAX = 2, 12
CELLS_MAX = 400
BASE = BANDS_MAX + 1
ABSENT = 0xFFFF
"""Stands for a number that was no customer then."""
_BAND = re.compile(r"[a-z][a-z0-9_]{0,30}")
_CODE = re.compile(r"\d{1,2}-\d{1,2}-\d{1,2}")


class AxisName(StrEnum):
    """The three axes, in the order in which a cell is named."""

    WEALTH = "wealth"
    LIFE = "life"
    OCCUPATION = "occupation"

    @property
    def tag(self) -> str:
        """The tag that keeps who stands in which band."""
        return f"grid_{self.value}"


AXES = tuple(AxisName)


class Band(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One band of an axis: a name that stays, words in both languages, and the expression that is true of it."""

    name: str
    label: str
    label_en: str
    expression: dict[str, Any]


class NewAxis(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An axis somebody wants. The first band whose expression is true counts; who fits none is unknown."""

    axis: AxisName
    label: str
    label_en: str
    bands: tuple[Band, ...]


class BandWord(msgspec.Struct, frozen=True, kw_only=True):
    """A band as a month remembers it."""

    name: str
    label: str
    label_en: str


class AxisWord(msgspec.Struct, frozen=True, kw_only=True):
    """An axis as a month remembers it. `deposit`: it looks at deposit facts (rule B1)."""

    name: AxisName
    label: str
    label_en: str
    deposit: bool
    bands: tuple[BandWord, ...]


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """Who stood where at the end of a month, or until `day` of the month that runs. A month that is over stays."""

    month: date
    day: date
    placement_id: UUID
    axes: tuple[AxisWord, ...]
    customers: int
    placed_at: datetime


class Measures(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured of the customers of a cell, as sums. Money in fen; each with how many it is known of."""

    customers: int = 0
    aum_fen: int = 0
    valued: int = 0
    active: int = 0
    products: int = 0
    warmth: float = 0.0
    hot: int = 0
    warm: int = 0
    cool: int = 0
    cold: int = 0
    cost_fen: int = 0

    @property
    def warmed(self) -> int:
        """Of how many the temperature is known."""
        return self.hot + self.warm + self.cool + self.cold


class FillState(StrEnum):
    """A task to find out what is unknown runs, or was closed."""

    OPEN = "open"
    CLOSED = "closed"


class FillTask(msgspec.Struct, frozen=True, kw_only=True):
    """A unit's task to find out what is unknown of some customers; `filled` of `customers` are known by now."""

    id: UUID
    axis: AxisName
    unit_id: UnitId
    unit_name: str
    due_on: date
    note: str
    customers: int
    filled: int
    state: FillState
    created_by: str
    created_at: datetime


class NewFillTask(msgspec.Struct, frozen=True, kw_only=True):
    """A task for a unit: to find out, of its customers and those of units below, where they stand on an axis."""

    axis: AxisName
    unit_id: UnitId
    due_on: date
    note: str = ""


class GridPlaced(Event, frozen=True, kw_only=True):
    """Everybody was placed."""

    name: ClassVar[str] = "grid.placed"
    month: date
    customers: int


class AxisUnfit(Invalid):
    """An axis that divides nothing, or into too much."""

    code = "grid.axis_unfit"


class AxisOpen(Conflict):
    """Another version of the axis waits for its decision."""

    code = "grid.axis_open"


class MonthUnknown(NotFound):
    """Nobody was placed in that month."""

    code = "grid.month_unknown"


class MonthOver(Conflict):
    """The month is over: what it holds stays as it was."""

    code = "grid.month_over"


class CellUnknown(NotFound):
    """The month has no such cell."""

    code = "grid.cell_unknown"


class FillTaskUnknown(NotFound):
    """No such task in this bank, or none in the caller's units."""

    code = "grid.task_unknown"


class FillTaskUnfit(Invalid):
    """A task nobody could do."""

    code = "grid.task_unfit"


def cell_of(places: Sequence[int]) -> int:
    """The number of a cell by the places of its bands."""
    wealth, life, occupation = places
    return (wealth * BASE + life) * BASE + occupation


def places_of(cell: int) -> tuple[int, int, int]:
    """The places of a cell's bands; 0 is unknown."""
    return cell // BASE // BASE, cell // BASE % BASE, cell % BASE


def code_of(cell: int) -> str:
    """A cell as people name it: 3-4-1."""
    return "-".join(map(str, places_of(cell)))


def read_code(code: str, axes: Sequence[AxisWord]) -> int:
    """The number of a cell from its name; `CellUnknown`."""
    places = tuple(map(int, code.split("-"))) if _CODE.fullmatch(code) else ()
    if len(places) != len(axes) or any(place > len(axis.bands) for place, axis in zip(places, axes, strict=True)):
        raise CellUnknown("A cell is named by three bands, such as 3-4-1.", pointer="/cell")
    return cell_of(places)


def is_known(cell: int) -> bool:
    """Whether a cell is one of the map: every band is known."""
    return all(places_of(cell))


def check_axis(new: NewAxis, others: Mapping[AxisName, int]) -> None:
    """Raise `AxisUnfit` for too few or many bands, doubled or badly named ones, or more than `CELLS_MAX` cells.

    `others` says how many bands the other axes have.
    """
    if not BANDS_MIN <= len(new.bands) <= BANDS_MAX:
        raise AxisUnfit(f"An axis has {BANDS_MIN} to {BANDS_MAX} bands.", pointer="/bands")
    for place, band in enumerate(new.bands):
        if not _BAND.fullmatch(band.name):
            raise AxisUnfit("A band's name has a to z, digits and _.", pointer=f"/bands/{place}/name")
        if band.name in {one.name for one in new.bands[:place]}:
            raise AxisUnfit(f"'{band.name}' stands here twice.", pointer=f"/bands/{place}/name")
        if not band.label.strip() or not band.label_en.strip():
            raise AxisUnfit("A band is named in both languages.", pointer=f"/bands/{place}/label")
    cells = len(new.bands) * prod(count for axis, count in others.items() if axis is not new.axis)
    if cells > CELLS_MAX:
        raise AxisUnfit(f"The grid would have {cells} cells, more than {CELLS_MAX}: take bands out.", pointer="/bands")


def translation(was: Sequence[AxisWord], now: Sequence[AxisWord]) -> dict[int, int]:
    """Every cell of an earlier month as a cell of a later one, by the names of bands; what is gone is unknown."""
    by_axis = []
    for before, after in zip(was, now, strict=True):
        places = {band.name: place for place, band in enumerate(after.bands, start=1)}
        by_axis.append([0, *(places.get(band.name, 0) for band in before.bands)])
    return {
        cell_of((w, f, o)): cell_of((by_axis[0][w], by_axis[1][f], by_axis[2][o]))
        for w in range(len(by_axis[0]))
        for f in range(len(by_axis[1]))
        for o in range(len(by_axis[2]))
    }
