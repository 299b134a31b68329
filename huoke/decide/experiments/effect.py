"""The effect of a campaign: treated against control, by intention to treat, one value per natural person."""

import msgspec
import numpy as np

from huoke.decide.experiments import means
from huoke.decide.experiments.balance import SampleRatio
from huoke.decide.experiments.means import Floats, Moments, mean_difference, mean_ratio
from huoke.decide.experiments.outcome import Effect, Estimate, Gap, Method, Missing, Verdict
from huoke.decide.experiments.plan import Baseline, persons_for
from huoke.decide.experiments.shares import share_difference, share_ratio

PERSONS_MIN = 100
"""Persons a group needs before anything is said of it."""
EVENTS_MIN = 10
"""Persons who did something, in both groups together, below which nothing is said: the score interval holds from there
on (`huoke bench effect`, family rare)."""
NORMAL_MIN = 30
"""Persons who did and who did not, in each group, from which a share may be adjusted by its past like a mean."""


class Group(msgspec.Struct, frozen=True):
    """One group: the metric of each person in the window, and the same before the campaign, in the same order."""

    values: Floats
    before: Floats | None = None

    def __len__(self) -> int:
        return len(self.values)


def share_effect(
    treated: Group, control: Group, ratio: SampleRatio | None = None, *, confidence: float = 0.95
) -> Effect:
    """The effect on a share; values are 0 or 1."""
    if gap := _gap(treated, control):
        return _silent(treated, control, gap)
    if adjusted := _adjusted_share(treated, control):
        return _told(treated, control, _of_means(adjusted, None, confidence), ratio)
    counts = (int(treated.values.sum()), len(treated), int(control.values.sum()), len(control), confidence)
    found = _Found(share_difference(*counts), share_ratio(*counts), Method.SCORE)
    return _told(treated, control, found, ratio)


def mean_effect(
    treated: Group, control: Group, ratio: SampleRatio | None = None, *, confidence: float = 0.95
) -> Effect:
    """The effect on a count or an amount per person; heavy tails are capped, the past is taken out where it helps."""
    if gap := _gap(treated, control):
        return _silent(treated, control, gap)
    cap = means.cap_of(treated.values, control.values)
    if cap is not None:
        treated, control = _capped(treated, cap), _capped(control, cap)
    now, now_control, saved = treated.values, control.values, 0.0
    if treated.before is not None and control.before is not None:
        before, before_control = _both_capped(treated.before, control.before)
        now, now_control, saved = means.adjust(now, now_control, before, before_control)
    return _told(treated, control, _of_means((now, now_control, saved), cap, confidence), ratio)


def cost_per_incremental(cost_fen: int, effect: Effect) -> Estimate | Gap:
    """What one more customer cost, in fen, with its interval.

    The cost is what was spent, a known number, so Fieller's set (JRSS B 16, 1954) is cost ÷ each end of the incremental
    interval; where that reaches 0 the set has no end, and the answer is what is missing.
    """
    found = effect.incremental
    if found is None or effect.verdict in {Verdict.NOT_ENOUGH_DATA, Verdict.NOT_COMPARABLE}:
        return effect.gap or Gap(code=Missing.NO_EFFECT_TO_DIVIDE_BY)
    if found.low <= 0:
        return Gap(code=Missing.NO_EFFECT_TO_DIVIDE_BY, have=effect.treated + effect.control, enough=effect.enough or 0)
    return Estimate(value=cost_fen / found.value, low=cost_fen / found.high, high=cost_fen / found.low)


def baseline_of(group: Group, control_percent: int, *, share: bool) -> Baseline:
    """What persons do without a campaign, as planning needs it; `before` is a time as long before that of `values`."""
    values, before, saved = group.values, group.before, 0.0
    if share:
        return Baseline(average=float(values.mean()))
    smaller = max(len(values) * control_percent // 100, 1)
    cap = means.cap_expected(values, smaller)
    values = values if cap is None else np.minimum(values, cap)
    if before is not None and before.std() > 0 and values.std() > 0:
        cap = means.cap_expected(before, smaller)
        explained = float(np.corrcoef(values, before if cap is None else np.minimum(before, cap))[0, 1]) ** 2
        saved = explained if explained >= means.SAVED_MIN else 0.0
    return Baseline(average=float(values.mean()), deviation=float(values.std()), variance_saved=saved)


def silent(treated: int, control: int, gap: Gap) -> Effect:
    """No effect is told, for a reason that is known before any value is read."""
    return Effect(
        treated=treated,
        control=control,
        treated_average=None,
        control_average=None,
        difference=None,
        relative=None,
        incremental=None,
        method=None,
        cap=None,
        variance_saved=0.0,
        verdict=Verdict.NOT_ENOUGH_DATA,
        gap=gap,
    )


def _gap(treated: Group, control: Group) -> Gap | None:
    if not len(control):
        return Gap(code=Missing.NO_CONTROL, enough=PERSONS_MIN)
    smaller = min(len(treated), len(control))
    if smaller < PERSONS_MIN:
        return Gap(code=Missing.TOO_FEW_PERSONS, have=smaller, enough=PERSONS_MIN)
    events = int(np.count_nonzero(treated.values) + np.count_nonzero(control.values))
    if events < EVENTS_MIN:
        return Gap(code=Missing.TOO_FEW_EVENTS, have=events, enough=EVENTS_MIN)
    return None


def _silent(treated: Group, control: Group, gap: Gap) -> Effect:
    told = silent(len(treated), len(control), gap)
    return msgspec.structs.replace(told, treated_average=_mean(treated), control_average=_mean(control))


def _mean(group: Group) -> float | None:
    return float(group.values.mean()) if len(group) else None


def _adjusted_share(treated: Group, control: Group) -> tuple[Floats, Floats, float] | None:
    if treated.before is None or control.before is None:
        return None
    for group in (treated, control):
        hits = int(group.values.sum())
        if min(hits, len(group) - hits) < NORMAL_MIN:
            return None
    found = means.adjust(treated.values, control.values, treated.before, control.before)
    return found if found[2] else None


def _capped(group: Group, cap: float) -> Group:
    return Group(np.minimum(group.values, cap), group.before)


def _both_capped(before: Floats, before_control: Floats) -> tuple[Floats, Floats]:
    cap = means.cap_of(before, before_control)
    return (before, before_control) if cap is None else (np.minimum(before, cap), np.minimum(before_control, cap))


class _Found(msgspec.Struct, frozen=True):
    """Difference and ratio, and the way they were found."""

    difference: Estimate
    quotient: Estimate | None
    method: Method
    cap: float | None = None
    saved: float = 0.0


def _of_means(adjusted: tuple[Floats, Floats, float], cap: float | None, confidence: float) -> _Found:
    now, now_control, saved = adjusted
    ours, theirs = Moments.of(now), Moments.of(now_control)
    return _Found(
        mean_difference(ours, theirs, confidence), mean_ratio(ours, theirs, confidence), Method.WELCH, cap, saved
    )


def _told(treated: Group, control: Group, found: _Found, ratio: SampleRatio | None) -> Effect:
    verdict = _verdict(found.difference, ratio)
    unseen = verdict is Verdict.NO_DIFFERENCE_SEEN
    return Effect(
        treated=len(treated),
        control=len(control),
        treated_average=_mean(treated),
        control_average=_mean(control),
        difference=found.difference,
        relative=_less_one(found.quotient),
        incremental=found.difference.times(len(treated)),
        method=found.method,
        cap=found.cap,
        variance_saved=found.saved,
        verdict=verdict,
        enough=_enough(treated, control, found.difference.value, found.saved) if unseen else None,
    )


def _verdict(difference: Estimate, ratio: SampleRatio | None) -> Verdict:
    if ratio is not None and ratio.alarm:
        return Verdict.NOT_COMPARABLE
    if difference.low > 0:
        return Verdict.RAISED
    return Verdict.LOWERED if difference.high < 0 else Verdict.NO_DIFFERENCE_SEEN


def _less_one(quotient: Estimate | None) -> Estimate | None:
    if quotient is None:
        return None
    return Estimate(value=quotient.value - 1, low=quotient.low - 1, high=quotient.high - 1)


def _enough(treated: Group, control: Group, difference: float, saved: float) -> int | None:
    share = round(100 * len(control) / (len(treated) + len(control)))
    baseline = Baseline(
        average=float(control.values.mean()), deviation=float(control.values.std()), variance_saved=saved
    )
    return persons_for(abs(difference), max(share, 1), baseline)
