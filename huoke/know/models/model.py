"""What is foretold, what a version of a model is, and what may become of it. Pure."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.ids import Seq
from huoke.kernel.refusals import Conflict, Invalid, NotFound

CALIBRATION_ERROR_MAX = 0.015
"""A model whose told shares are farther from the seen ones is not proposed."""
DRIFT_MAX = 0.25
"""Above it (population stability index) a feature's customers are others than those the model learned from."""
STANDING_MAX = 10


class TaskName(StrEnum):
    """What models foretell."""

    CHURN_30 = "churn_30"
    CHURN_90 = "churn_90"
    RESPONSE = "response"
    VALUE = "value"


class Band(msgspec.Struct, frozen=True, kw_only=True):
    """Those from `low` upwards, below the band before it."""

    value: str
    label: str
    label_en: str
    low: float


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What is foretold: within `horizon_days` after a cut-off. A share 0…1, or fen.

    `choosing`: told so that marketing may choose by it; who switched that off is told nothing of (rule P4).
    """

    name: TaskName
    label: str
    label_en: str
    meaning: str
    meaning_en: str
    unit: str
    horizon_days: int
    bands: tuple[Band, ...]
    choosing: bool = False

    @property
    def tag(self) -> str:
        """The model tag that holds its bands, where the bank has it."""
        return f"model_{self.name}"


def _bands(*lows: float) -> tuple[Band, ...]:
    words = (("high", "高", "High"), ("medium", "中", "Medium"), ("low", "低", "Low"))
    return tuple(
        Band(value=value, label=label, label_en=label_en, low=low)
        for (value, label, label_en), low in zip(words, (*lows, 0.0), strict=True)
    )


TASKS = {
    task.name: task
    for task in (
        Task(
            name=TaskName.CHURN_30, label="30 天流失概率", label_en="Churn within 30 days", unit="share",
            horizon_days=30, bands=_bands(0.6, 0.3),
            meaning="近 90 天有主动行为的客户，今后 30 天不再有任何主动行为的概率",
            meaning_en="Of customers active in 90 days: the probability of no action of their own in the next 30",
        ),
        Task(
            name=TaskName.CHURN_90, label="90 天流失概率", label_en="Churn within 90 days", unit="share",
            horizon_days=90, bands=_bands(0.6, 0.3),
            meaning="近 90 天有主动行为的客户，今后 90 天不再有任何主动行为的概率",
            meaning_en="Of customers active in 90 days: the probability of no action of their own in the next 90",
        ),
        Task(
            name=TaskName.RESPONSE, label="权益响应概率", label_en="Response to a benefit", unit="share",
            horizon_days=30, bands=_bands(0.4, 0.15), choosing=True,
            meaning="如果现在发放一份权益，客户在 30 天内使用它的概率",
            meaning_en="If a benefit were granted now: the probability that the customer uses it within 30 days",
        ),
        Task(
            name=TaskName.VALUE, label="未来一年支付额", label_en="Payments of the coming year", unit="fen",
            horizon_days=364, bands=_bands(5_000_000.0, 1_000_000.0),
            meaning="客户今后 52 周预计的支付金额，按每周 0.1% 折现",
            meaning_en="What the customer will probably pay in the next 52 weeks, discounted by 0.1 % a week",
        ),
    )
}  # fmt: skip


class State(StrEnum):
    """The life of a version: draft → pending → champion, which the next champion makes a challenger → retired."""

    DRAFT = "draft"
    PENDING = "pending"
    CHAMPION = "champion"
    CHALLENGER = "challenger"
    RETIRED = "retired"


class Weighed(msgspec.Struct, frozen=True, kw_only=True):
    """A feature and its weight: the mean distance it moves a customer's log-odds; shares add up to 1."""

    name: str
    label: str
    label_en: str
    unit: str
    standing: bool
    share: float


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """One of ten equal groups by what was told: the mean told, and what was then seen."""

    told: float
    seen: float
    rows: int


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """A model as it is registered. `metrics` by name (auc, calibration_error, log_loss, brier, top_tenth_lift; of
    value: total_error, correlation); `recommended` is the best of those learned together that may be proposed.
    """

    id: UUID
    task: TaskName
    number: int
    algorithm: str
    state: State
    recommended: bool
    features: list[Weighed]
    groups: list[Group]
    metrics: dict[str, float]
    rows: int
    outcomes: int
    cut_offs: list[date]
    judged_on: date
    data_hash: str
    text_hash: str
    text_bytes: int
    code_version: str
    made_by: str
    made_at: datetime
    change_id: UUID | None
    approved_at: datetime | None
    retired_at: datetime | None


class Drifted(msgspec.Struct, frozen=True, kw_only=True):
    """How far a feature's customers moved since the model learned."""

    name: str
    label: str
    label_en: str
    index: float


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One scoring of everybody. `shares`: how many fell into each tenth from 0 to 1 (of value: by the bands' edges)."""

    id: UUID
    task: TaskName
    number: int
    at: datetime
    ended_at: datetime
    rows: int
    average: float
    bands: dict[str, int]
    drift: list[Drifted]
    alarm: bool


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """What a champion told of a customer at `at`: a share, or fen."""

    task: TaskName
    seq: Seq
    value: float
    band: str
    version: int
    at: datetime


class Driver(msgspec.Struct, frozen=True, kw_only=True):
    """Why a score is what it is: a feature, the customer's value of it, and whether it raises or lowers the score.

    `share`: of all that moved this customer's score. `value` None: unknown.
    """

    name: str
    label: str
    label_en: str
    unit: str
    value: float | None
    direction: str
    share: float


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """A score in words."""

    score: Score
    label: str
    label_en: str
    unit: str
    band_label: str
    band_label_en: str
    drivers: list[Driver]


class TrainingAsked(Event, frozen=True, kw_only=True):
    """Somebody wants a task learned anew."""

    name: ClassVar[str] = "models.training_asked"
    task: str
    standing: tuple[str, ...] = ()


class ScoringAsked(Event, frozen=True, kw_only=True):
    """Somebody wants everybody scored by a champion."""

    name: ClassVar[str] = "models.scoring_asked"
    task: str


class Trained(Event, frozen=True, kw_only=True):
    """Versions were learned."""

    name: ClassVar[str] = "models.trained"
    task: str
    numbers: tuple[int, ...]


class ChampionChosen(Event, frozen=True, kw_only=True):
    """A second person approved: this version tells the scores from now on."""

    name: ClassVar[str] = "models.champion_chosen"
    task: str
    number: int


class Scored(Event, frozen=True, kw_only=True):
    """Everybody has a new score."""

    name: ClassVar[str] = "models.scored"
    task: str
    number: int
    rows: int


class DriftAlarm(Event, frozen=True, kw_only=True):
    """Features of a champion left the population it learned from."""

    name: ClassVar[str] = "models.drift_alarm"
    task: str
    number: int
    features: tuple[str, ...]


class ModelUnknown(NotFound):
    """There is no such version."""

    code = "models.unknown"


class NoChampion(NotFound):
    """No version of the task is approved."""

    code = "models.no_champion"


class StateUnfit(Conflict):
    """The version is not in a state in which that can be done."""

    code = "models.state_unfit"


class FeatureLeaks(Invalid):
    """A feature looks past its cut-off."""

    code = "models.leak"


class StandingUnfit(Invalid):
    """An attribute that cannot be a feature."""

    code = "models.standing_unfit"


class NothingHappened(Invalid):
    """No events have come yet that anything could be learned from."""

    code = "models.nothing_happened"


class Damaged(Conflict):
    """A version's text is not the one that was registered."""

    code = "models.damaged"


def band_of(task: Task, value: float) -> Band:
    """The band a score falls into."""
    return next(band for band in task.bands if value >= band.low or band is task.bands[-1])


def recommended(judged: Sequence[dict[str, float]]) -> int | None:
    """The place of the best by AUC among those whose told shares are near the seen ones; None when none is."""
    fit = [place for place, one in enumerate(judged) if one["calibration_error"] <= CALIBRATION_ERROR_MAX]
    return max(fit, key=lambda place: judged[place]["auc"], default=None)
