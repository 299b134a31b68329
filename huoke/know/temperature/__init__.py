"""Temperature: how warm each relationship is, day by day, what it comes from, and who begins to cool.

await temperature.refresh(database, clickhouse, tenant)         the days since the last reading, for everybody
reading = await temperature.of(tx, clickhouse, seq)             with components, drivers in words, need and trend
await temperature.find_warnings(tx, scope=principal.units)      at least two signs, one of them new
"""

from huoke.know.temperature.engine import make_ready
from huoke.know.temperature.model import (
    NEEDS,
    USUAL,
    EarlyWarning,
    LifecycleName,
    Part,
    Scale,
    ScaleOpen,
    ScaleUnfit,
    Sign,
    SignalRule,
    StageName,
    WarningMoved,
    WarningState,
    WarningUnknown,
)
from huoke.know.temperature.movers import Asked as Moving
from huoke.know.temperature.movers import Mover, Movers, movers
from huoke.know.temperature.outcomes import Outcome, Outcomes, measure_warnings, outcomes
from huoke.know.temperature.personal import PersonalTemperature
from huoke.know.temperature.read import (
    DayShape,
    Driver,
    Shape,
    Temperature,
    TrendPoint,
    days,
    history,
    latest_day,
    members,
    of,
    shape,
)
from huoke.know.temperature.refresh import Ran, refresh
from huoke.know.temperature.scale import NewScale, ScaleApproval, ScalePreview, in_force, preview, request_scale
from huoke.know.temperature.sql_states import STEPS, TABLE
from huoke.know.temperature.turns import Turn
from huoke.know.temperature.warn import WarningStep
from huoke.know.temperature.warn import counts as count_warnings
from huoke.know.temperature.warn import find as find_warnings
from huoke.know.temperature.warn import move as move_warning

__all__ = [
    "NEEDS",
    "STEPS",
    "TABLE",
    "USUAL",
    "DayShape",
    "Driver",
    "EarlyWarning",
    "LifecycleName",
    "Mover",
    "Movers",
    "Moving",
    "NewScale",
    "Outcome",
    "Outcomes",
    "Part",
    "PersonalTemperature",
    "Ran",
    "Scale",
    "ScaleApproval",
    "ScaleOpen",
    "ScalePreview",
    "ScaleUnfit",
    "Shape",
    "Sign",
    "SignalRule",
    "StageName",
    "Temperature",
    "TrendPoint",
    "Turn",
    "WarningMoved",
    "WarningState",
    "WarningStep",
    "WarningUnknown",
    "count_warnings",
    "days",
    "find_warnings",
    "history",
    "in_force",
    "latest_day",
    "make_ready",
    "measure_warnings",
    "members",
    "move_warning",
    "movers",
    "of",
    "outcomes",
    "preview",
    "refresh",
    "request_scale",
    "shape",
]
