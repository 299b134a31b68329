"""What is said of the grid: the map, a cell, moves, a customer's months."""

from datetime import date

import msgspec

from huoke.know.grid.model import AxisName, AxisWord, BandWord


class CellFigures(msgspec.Struct, frozen=True, kw_only=True):
    """A cell of the map; every figure is None where the cell is too small to be told.

    Money in fen, shares 0 to 1, `temperature` the average of those known; None also for what nobody is known of.
    """

    cell: str
    places: list[int]
    customers: int | None
    change: int | None
    aum_fen: int | None
    active: float | None
    temperature: float | None
    cost_fen: int | None


class UnknownBand(msgspec.Struct, frozen=True, kw_only=True):
    """Of how many customers an axis says nothing."""

    axis: AxisName
    customers: int


class Unknowns(msgspec.Struct, frozen=True, kw_only=True):
    """Who stands in no cell of the map, by axis (who is unknown on two counts in both), and against the other month."""

    customers: int
    change: int | None
    axes: list[UnknownBand]


class MonthWord(msgspec.Struct, frozen=True, kw_only=True):
    """A month one may look at, and the day whose end it shows."""

    month: date
    day: date


class GridMap(msgspec.Struct, frozen=True, kw_only=True):
    """The map of a month, with net changes against another month; `month` is None before anybody was placed."""

    months: list[MonthWord]
    month: MonthWord | None
    against: MonthWord | None
    axes: list[AxisWord]
    customers: int
    cells: list[CellFigures]
    unknown: Unknowns


class CellFlow(msgspec.Struct, frozen=True, kw_only=True):
    """Customers who came from a cell, or went to it; None stands for who was, or is, no customer."""

    cell: str | None
    known: bool
    customers: int


class CellPage(msgspec.Struct, frozen=True, kw_only=True):
    """One cell. Changes are against the other month; `came` and `went` are whole, the flows their largest parts.

    Everything is None or empty where the cell is too small to be told. `expression` selects its customers.
    """

    cell: str
    bands: list[BandWord]
    deposit: bool
    customers: int | None
    share: float | None
    change: int | None
    active: float | None
    active_change: float | None
    aum_fen: int | None
    """A customer's, on average of those whose assets are known."""
    aum_change: float | None
    """As a share of what it was."""
    products: float | None
    products_change: float | None
    temperature: float | None
    stages: dict[str, int]
    cost_fen: int | None
    came: int | None
    went: int | None
    came_from: list[CellFlow]
    went_to: list[CellFlow]
    expression: dict[str, object]


class Stay(msgspec.Struct, frozen=True, kw_only=True):
    """Where one customer stood at the end of a month; an unknown band is None."""

    month: date
    day: date
    cell: str
    bands: list[BandWord | None]


class BandFlow(msgspec.Struct, frozen=True, kw_only=True):
    """Customers of one band of an axis, and where they are now; place 0 is unknown, None no customer.

    `customers` is None where there are too few to be told.
    """

    axis: AxisName
    was: int | None
    place: int | None
    customers: int | None
