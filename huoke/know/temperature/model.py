"""What a temperature is made of: signals with weight and cap, needs, readings, early warnings; events and refusals."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.ids import Seq, UnitId
from huoke.kernel.refusals import Conflict, Invalid, NotFound
from huoke.know.temperature.engine import USUAL as MEASURE
from huoke.know.temperature.engine import Component, Lifecycle, Stage

SIGNALS_MAX = 60
WEIGHT_MAX = 100.0
EDGE_MIN, EDGE_MAX = 5.0, 95.0
HYSTERESIS_MAX = 10.0
DWELL_DAYS_MAX = 60
SHARES_OFF_MAX = 0.001
"""Shares come as rounded numbers."""


class Part(StrEnum):
    """The component a signal warms."""

    ACTIVITY = "activity"
    MONEY = "money"
    HUMAN = "human"

    @property
    def component(self) -> Component:
        """Its place in the engine."""
        return Component[self.name]


class StageName(StrEnum):
    """Stages by name, coldest first."""

    COLD = "cold"
    COOL = "cool"
    WARM = "warm"
    HOT = "hot"


class LifecycleName(StrEnum):
    """Lifecycle stages by name."""

    NEW = "new"
    GROWING = "growing"
    MATURE = "mature"
    COOLING = "cooling"
    LOST = "lost"


STAGES = [StageName[stage.name] for stage in Stage]
LIFECYCLES = [LifecycleName[one.name] for one in Lifecycle]


class SignalRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event that warms a component by `weight` each time, by `cap` a day at most."""

    event: str
    part: Part
    weight: float
    cap: float


class Scale(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a bank measures: its signals, how much each component counts (adding up to 1), and the stages: where
    cool, warm and hot begin, how many points beyond an edge a stage is left, and after how many days at the earliest.
    """

    signals: tuple[SignalRule, ...]
    shares: dict[Part, float] = msgspec.field(
        default_factory=lambda: {part: MEASURE.parts[part.component] for part in Part}
    )
    edges: tuple[float, float, float] = MEASURE.edges
    hysteresis: float = MEASURE.hysteresis
    dwell_days: int = MEASURE.dwell_days


def _signals(part: Part, *rows: tuple[str, float, float]) -> tuple[SignalRule, ...]:
    return tuple(SignalRule(event=event, part=part, weight=weight, cap=cap) for event, weight, cap in rows)


USUAL = Scale(
    signals=(
        *_signals(
            Part.ACTIVITY, ("app.login", 1, 1), ("page.viewed", 0.2, 1), ("screen.viewed", 0.2, 1),
            ("benefit.viewed", 0.5, 1.5), ("campaign.viewed", 0.5, 1), ("product.viewed", 0.5, 1.5),
            ("message.opened", 0.5, 1),
        ),
        *_signals(
            Part.MONEY, ("salary.received", 4, 4), ("transaction.posted", 0.5, 2), ("payment.made", 0.5, 2),
            ("transfer.made", 0.5, 2), ("bill.paid", 0.5, 1), ("product.bought", 3, 6), ("card.activated", 2, 2),
        ),
        *_signals(Part.HUMAN, ("branch.visited", 3, 3), ("call.made", 2, 2)),
    )
)  # fmt: skip
"""What counts until a bank says otherwise."""


class Need(msgspec.Struct, frozen=True):
    """Something a customer may look for, and the words by which pages and products tell of it."""

    name: str
    label: str
    label_en: str
    words: tuple[str, ...]


NEEDS = (
    Need("wealth", "理财", "Wealth products", ("理财", "wealth", "理财申购")),
    Need("fund", "基金", "Funds", ("基金", "fund")),
    Need("deposit", "定期存款", "Term deposits", ("定期", "存款", "term_deposit", "deposit")),
    Need("loan", "贷款", "Loans", ("贷款", "房贷", "消费贷", "loan")),
    Need("card", "信用卡", "Credit cards", ("信用卡", "credit_card", "card")),
    Need("insurance", "保险", "Insurance", ("保险", "insurance")),
    Need("benefit", "权益", "Benefits", ("权益", "benefit")),
    Need("living", "生活缴费", "Living and bills", ("生活缴费", "bill")),
)
NEED_DAYS = 30
NEED_TIMES_MIN = 2
"""So often within `NEED_DAYS` something is looked at before it counts as a need."""


class Sign(StrEnum):
    """What an early warning rests on."""

    COOLED = "cooled"
    QUIET = "quiet"
    MONEY_OUT = "money_out"
    SALARY_GONE = "salary_gone"
    DUE = "due"
    COMPLAINED = "complained"


OWNER = "owner"
"""The attribute that names the relationship manager, where a bank has one."""
COMPLAINT = "complaint.made"
FOLLOWED = ("call.made", "branch.visited", "product.bought")
"""Any of these follows up what falls due."""


class WarningState(StrEnum):
    """New, taken by somebody, done, or found to be none."""

    NEW = "new"
    TAKEN = "taken"
    DONE = "done"
    FALSE_ALARM = "false_alarm"


OPEN = (WarningState.NEW, WarningState.TAKEN)
ALLOWED = {
    WarningState.TAKEN: {WarningState.NEW},
    WarningState.DONE: {WarningState.NEW, WarningState.TAKEN},
    WarningState.FALSE_ALARM: {WarningState.NEW, WarningState.TAKEN},
}


class EarlyWarning(msgspec.Struct, frozen=True, kw_only=True):
    """A warning as listed. `value_fen`: what went through their hands in 30 days, of the 180 days before."""

    id: UUID
    seq: Seq
    customer_no: str
    name: str | None
    unit_id: UnitId
    unit_name: str
    owner: str
    day: date
    signs: list[Sign]
    temperature: float
    was_stage: StageName
    stage: StageName
    value_fen: int
    state: WarningState
    taken_by: str | None
    changed_at: datetime
    note: str


class TemperatureRead(Event, frozen=True, kw_only=True):
    """A day's temperatures stand."""

    name = "temperature.read"

    day: date
    customers: int
    moved: int
    warnings: int


class ScaleChanged(Event, frozen=True, kw_only=True):
    """Another scale holds: everybody is measured anew."""

    name = "temperature.scale_changed"

    scale_id: UUID


class ScaleUnfit(Invalid):
    """A scale that measures nothing, or not sensibly."""

    code = "temperature.scale_unfit"


class ScaleOpen(Conflict):
    """Another scale waits for its decision."""

    code = "temperature.scale_open"


class WarningUnknown(NotFound):
    """No such warning in this bank, or none in the caller's units."""

    code = "temperature.warning_unknown"


class WarningMoved(Conflict):
    """The warning is in a state from which this does not lead."""

    code = "temperature.warning_moved"


def check_scale(scale: Scale, events: Collection[str]) -> None:
    """Raise `ScaleUnfit` for no or too many signals, unknown or doubled events, weights that are no weights."""
    if not 1 <= len(scale.signals) <= SIGNALS_MAX:
        raise ScaleUnfit(f"A scale has 1 to {SIGNALS_MAX} signals.", pointer="/signals")
    seen: set[str] = set()
    for place, signal in enumerate(scale.signals):
        pointer = f"/signals/{place}"
        if signal.event not in events:
            raise ScaleUnfit(f"There is no event '{signal.event[:80]}'.", pointer=f"{pointer}/event")
        if signal.event in seen:
            raise ScaleUnfit(f"'{signal.event}' stands here twice.", pointer=f"{pointer}/event")
        seen.add(signal.event)
        if not 0 < signal.weight <= signal.cap <= WEIGHT_MAX:
            raise ScaleUnfit(
                f"A weight is above 0 and at most its cap, a cap at most {WEIGHT_MAX:.0f}.", pointer=f"{pointer}/weight"
            )
    if set(scale.shares) != set(Part) or any(not 0 <= share <= 1 for share in scale.shares.values()):
        raise ScaleUnfit("Each component counts between 0 and 1.", pointer="/shares")
    whole = sum(scale.shares.values())
    if abs(whole - 1) > SHARES_OFF_MAX:
        raise ScaleUnfit(
            f"The components count {whole:.0%} together: let them add up to 100%.", pointer="/shares", whole=whole
        )
    _check_stages(scale)


def _check_stages(scale: Scale) -> None:
    if not 0 <= scale.hysteresis <= HYSTERESIS_MAX:
        raise ScaleUnfit(f"A stage is left 0 to {HYSTERESIS_MAX:.0f} points beyond its edge.", pointer="/hysteresis")
    if not 0 <= scale.dwell_days <= DWELL_DAYS_MAX:
        raise ScaleUnfit(f"A stage stands for 0 to {DWELL_DAYS_MAX} days.", pointer="/dwell_days")
    low, middle, high = scale.edges
    apart = 2 * scale.hysteresis
    if not (low >= EDGE_MIN and middle - low > apart and high - middle > apart and high <= EDGE_MAX):
        raise ScaleUnfit(
            f"Stages begin at three points between {EDGE_MIN:.0f} and {EDGE_MAX:.0f}, rising by more than twice the"
            " points beyond an edge at which a stage is left.",
            pointer="/edges",
        )
