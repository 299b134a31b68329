"""What is said about an effect: estimates with their intervals, a verdict, and what is missing for one."""

from enum import StrEnum

import msgspec


class Verdict(StrEnum):
    """What the data say. `not_comparable`: the groups do not have the sizes they were drawn with."""

    RAISED = "raised"
    LOWERED = "lowered"
    NO_DIFFERENCE_SEEN = "no_difference_seen"
    NOT_ENOUGH_DATA = "not_enough_data"
    NOT_COMPARABLE = "not_comparable"


class Missing(StrEnum):
    """Why there is not enough data."""

    NO_METRIC = "no_metric"
    NO_CONTROL = "no_control"
    NOT_BEGUN = "not_begun"
    WINDOW_OPEN = "window_open"
    TOO_FEW_PERSONS = "too_few_persons"
    TOO_FEW_EVENTS = "too_few_events"
    NO_EFFECT_TO_DIVIDE_BY = "no_effect_to_divide_by"


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """What is missing: how many there are and how many would be enough (persons, or persons with the event)."""

    code: Missing
    have: int = 0
    enough: int = 0


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """A value and its 95 % interval."""

    value: float
    low: float
    high: float

    def times(self, factor: float) -> "Estimate":
        """The same in another unit; `factor` is not negative."""
        assert factor >= 0, "an interval keeps its ends"
        return Estimate(value=self.value * factor, low=self.low * factor, high=self.high * factor)


class Method(StrEnum):
    """How an interval was found: score test of two shares, or skewness-corrected Welch test of two means."""

    SCORE = "score"
    WELCH = "welch"


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """Treated against control by intention to treat; numbers are natural persons, means are per person.

    `cap`: every person's amount counts at most this much (heavy tails), None for no limit. `variance_saved`: the share
    of variance that the time before the campaign explains and that was taken out (CUPED), 0 where it was not used.
    `relative` is None where the control's mean is too near 0 to divide by. `incremental` = difference × treated
    persons. `enough`: persons in both groups at which a difference as large as the one seen would be told from 0 four
    times out of five; only where none is seen.
    """

    treated: int
    control: int
    treated_average: float | None
    control_average: float | None
    difference: Estimate | None
    relative: Estimate | None
    incremental: Estimate | None
    method: Method | None
    cap: float | None
    variance_saved: float
    verdict: Verdict
    gap: Gap | None = None
    enough: int | None = None
