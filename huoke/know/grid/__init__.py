"""The grid: every customer in one cell of wealth, life stage and occupation, month by month.

placed = await grid.place(database, clickhouse, tenant)                  everybody, over the running month
found = await grid.grid_map(tx, month=None, against=None, scope=principal.units, small=False)
stays = await grid.of(tx, seq)                                           where one customer stood
await grid.request_axis(tx, AskedAxis(axis=new, reason="…"))             another person approves

Each axis is a tag (`grid_wealth`, `grid_life`, `grid_occupation`): what the language, lineage and rule B1 know of tags
they know of the grid. A month that is over is never placed again.
"""

from huoke.know.grid.answers import BandFlow, CellFigures, CellFlow, CellPage, GridMap, Stay
from huoke.know.grid.axes import (
    AskedAxis,
    Axis,
    AxisApproval,
    AxisPreview,
    AxisRequest,
    BandCount,
    BandMove,
    in_force,
    preview,
    request_axis,
    requests,
)
from huoke.know.grid.fill import Unfilled, add_task, close_task, tasks, unfilled
from huoke.know.grid.measure import register_cost
from huoke.know.grid.model import (
    AxisName,
    AxisOpen,
    AxisUnfit,
    AxisWord,
    Band,
    BandWord,
    CellUnknown,
    FillTask,
    FillTaskUnfit,
    FillTaskUnknown,
    MonthOver,
    MonthUnknown,
    NewAxis,
    NewFillTask,
    check_axis,
    code_of,
)
from huoke.know.grid.personal import PersonalGrid
from huoke.know.grid.place import Placed, bring_month, place
from huoke.know.grid.read import band_flows, cell_page, grid_map, months, of
from huoke.know.grid.usual import USUAL

__all__ = [
    "USUAL",
    "AskedAxis",
    "Axis",
    "AxisApproval",
    "AxisName",
    "AxisOpen",
    "AxisPreview",
    "AxisRequest",
    "AxisUnfit",
    "AxisWord",
    "Band",
    "BandCount",
    "BandFlow",
    "BandMove",
    "BandWord",
    "CellFigures",
    "CellFlow",
    "CellPage",
    "CellUnknown",
    "FillTask",
    "FillTaskUnfit",
    "FillTaskUnknown",
    "GridMap",
    "MonthOver",
    "MonthUnknown",
    "NewAxis",
    "NewFillTask",
    "PersonalGrid",
    "Placed",
    "Stay",
    "Unfilled",
    "add_task",
    "band_flows",
    "bring_month",
    "cell_page",
    "check_axis",
    "close_task",
    "code_of",
    "grid_map",
    "in_force",
    "months",
    "of",
    "place",
    "preview",
    "register_cost",
    "request_axis",
    "requests",
    "tasks",
    "unfilled",
]
