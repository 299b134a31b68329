"""The arithmetic of effects: published examples to the digit, coverage, and silence where nothing can be said."""

import math

import numpy as np
import pytest
from scipy.special import ndtri

from huoke.decide.experiments import (
    Baseline,
    Estimate,
    Gap,
    Group,
    Method,
    Missing,
    Moments,
    Verdict,
    cost_per_incremental,
    detectable,
    mean_difference,
    mean_effect,
    mean_ratio,
    persons_for,
    plan,
    sample_ratio,
    share_difference,
    share_effect,
    share_ratio,
)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0528, 0.3382),
        ((9, 10, 3, 10), 0.1700, 0.8406),
        ((5, 56, 0, 29), -0.0326, 0.1933),
        ((0, 10, 0, 10), -0.2879, 0.2879),
        ((10, 10, 0, 20), 0.7156, 1.0),
    ],
)
def test_score_intervals_of_a_difference_are_those_newcombe_1998_prints_for_miettinen_and_nurminen(counts, low, high):
    found = share_difference(*counts)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_the_ratio_of_koopmans_example_is_his_but_for_the_small_sample_factor():
    found = share_ratio(36, 40, 16, 80)
    assert found is not None
    assert found.value == pytest.approx(4.5)
    assert (found.low, found.high) == pytest.approx((2.94, 7.15), abs=0.02)


def test_a_ratio_to_nobody_is_not_told():
    assert share_ratio(5, 100, 0, 100) is None
    assert share_ratio(0, 100, 5, 100).low == 0


def test_difference_and_ratio_agree_whether_there_is_an_effect():
    rng = np.random.default_rng(3)
    for _ in range(200):
        n, m = int(rng.integers(50, 500)), int(rng.integers(50, 500))
        counts = int(rng.integers(0, n)), n, int(rng.integers(1, m)), m
        difference, ratio = share_difference(*counts), share_ratio(*counts)
        if ratio is not None:
            assert (difference.low > 0) == (ratio.low > 1), counts
            assert (difference.high < 0) == (ratio.high < 1), counts


def test_a_welch_interval_of_symmetric_data_is_the_textbook_one():
    """Snedecor & Cochran's way of equal sizes, computed by hand: means 3 and 2.5, variances 2.5/5 each, 8 degrees."""
    treated, control = (Moments.of(np.array(x)) for x in ([1.0, 2, 3, 4, 5], [0.5, 1.5, 2.5, 3.5, 4.5]))
    found = mean_difference(treated, control)
    assert (found.value, found.low, found.high) == pytest.approx((0.5, 0.5 - 2.306004, 0.5 + 2.306004), abs=1e-6)


def test_fiellers_ratio_of_symmetric_data_solves_his_equation():
    treated, control = (Moments.of(np.array(x) + 20) for x in ([1.0, 2, 3, 4, 5], [0.5, 1.5, 2.5, 3.5, 4.5]))
    found = mean_ratio(treated, control)
    assert found is not None
    for ratio in (found.low, found.high):
        ours, theirs = treated.variance, ratio**2 * control.variance
        freedom = (ours + theirs) ** 2 / (ours**2 / 4 + theirs**2 / 4)
        from_zero = abs(treated.mean - ratio * control.mean) / math.sqrt(ours + theirs)
        assert from_zero == pytest.approx(_student(freedom), abs=2e-3)


def test_a_ratio_to_a_mean_near_nothing_has_no_end_and_is_not_told():
    around_nothing = np.array([-1.0, 1.0] * 20) + 0.1
    assert mean_ratio(Moments.of(around_nothing + 1), Moments.of(around_nothing)) is None


def test_equal_groups_pass_the_sample_ratio_check_and_a_lost_tenth_does_not():
    fair = sample_ratio(9_012, 988, 0.1)
    assert fair.p > 0.5
    assert not fair.alarm
    lost = sample_ratio(9_012, 870, 0.1)
    assert lost.p < 0.001
    assert lost.alarm
    assert sample_ratio(10, 0, 0.5).p == pytest.approx(2 * 0.5**10), "exact, both tails"


def test_planning_finds_fleiss_group_sizes_and_the_two_functions_are_inverse():
    assert persons_for(0.05, 50, Baseline(average=0.10)) == 1_372, "686 a group for 10 % against 15 %"
    assert persons_for(0.5, 50, Baseline(average=0, deviation=1.0)) == 126, "63 a group for half a deviation"
    for baseline in (Baseline(average=0.03), Baseline(average=120.0, deviation=900.0)):
        rise = detectable(90_000, 10_000, baseline)
        assert rise is not None
        assert persons_for(rise, 10, baseline) == pytest.approx(100_000, rel=1e-3)


def test_a_plan_without_control_or_without_room_to_rise_detects_nothing():
    assert plan(1_000, 0, Baseline(average=0.2)).detectable is None
    assert plan(20, 10, Baseline(average=0.99)).detectable is None
    assert persons_for(0.2, 10, Baseline(average=0.9)) is None


def test_what_the_past_explains_makes_smaller_effects_visible():
    plain = plan(10_000, 10, Baseline(average=100, deviation=300))
    helped = plan(10_000, 10, Baseline(average=100, deviation=300, variance_saved=0.75))
    assert helped.detectable == pytest.approx(plain.detectable / 2)


def test_no_control_few_persons_and_few_events_are_said_with_what_would_be_enough():
    nobody, some = Group(np.zeros(0)), Group(np.ones(5_000))
    assert share_effect(some, nobody).gap == Gap(code=Missing.NO_CONTROL, have=0, enough=100)
    assert share_effect(some, Group(np.ones(99))).gap == Gap(code=Missing.TOO_FEW_PERSONS, have=99, enough=100)
    quiet = np.zeros(5_000)
    quiet[:9] = 1
    found = share_effect(Group(quiet), Group(np.zeros(500)))
    assert found.verdict is Verdict.NOT_ENOUGH_DATA
    assert found.gap == Gap(code=Missing.TOO_FEW_EVENTS, have=9, enough=10)
    assert found.difference is None
    assert found.incremental is None


def test_groups_of_the_wrong_size_are_not_compared_whatever_the_difference():
    found = share_effect(Group(_hits(4_500, 9_000)), Group(_hits(100, 700)), sample_ratio(9_000, 700, 0.1))
    assert found.verdict is Verdict.NOT_COMPARABLE
    assert isinstance(cost_per_incremental(100_00, found), Gap)


def test_the_effect_of_a_share_counts_the_customers_it_brought():
    found = share_effect(Group(_hits(4_180, 10_000)), Group(_hits(361, 1_000)), sample_ratio(10_000, 1_000, 1 / 11))
    assert found.verdict is Verdict.RAISED
    assert found.method is Method.SCORE
    assert found.difference.value == pytest.approx(0.057)
    assert found.incremental == found.difference.times(10_000)
    assert found.incremental.value == pytest.approx(570)
    cost = cost_per_incremental(32_129_00, found)
    assert isinstance(cost, Estimate)
    assert cost.value == pytest.approx(32_129_00 / 570)
    assert cost.low == pytest.approx(32_129_00 / found.incremental.high)
    assert cost.high == pytest.approx(32_129_00 / found.incremental.low)


def test_a_cost_has_no_interval_where_the_effect_may_be_none():
    found = share_effect(Group(_hits(1_000, 10_000)), Group(_hits(98, 1_000)))
    assert found.verdict is Verdict.NO_DIFFERENCE_SEEN
    assert found.enough > 11_000, "so small a difference needs more persons"
    cost = cost_per_incremental(1_000_00, found)
    assert cost == Gap(code=Missing.NO_EFFECT_TO_DIVIDE_BY, have=11_000, enough=found.enough)


def test_heavy_tails_are_capped_and_light_ones_are_not():
    rng = np.random.default_rng(5)
    heavy = mean_effect(Group(np.exp(rng.normal(5, 2, 9_000))), Group(np.exp(rng.normal(5, 2, 1_000))))
    assert heavy.cap is not None
    assert heavy.treated_average < math.exp(5 + 2)
    light = mean_effect(Group(rng.poisson(3, 9_000).astype(float)), Group(rng.poisson(3, 1_000).astype(float)))
    assert light.cap is None


def test_the_past_is_used_where_it_helps_and_only_there():
    rng = np.random.default_rng(6)
    habits = [rng.gamma(1, 4, size) for size in (9_000, 1_000)]
    now = [rng.poisson(habit * 1.1).astype(float) for habit in habits]
    helped = mean_effect(*(Group(n, rng.poisson(h).astype(float)) for n, h in zip(now, habits, strict=True)))
    alone = mean_effect(*(Group(n, rng.poisson(4, len(n)).astype(float)) for n in now))
    assert alone.variance_saved == 0
    assert helped.variance_saved > 0.5
    assert _width(helped.difference) < 0.75 * _width(alone.difference)


def test_ninety_five_in_a_hundred_intervals_cover_and_a_narrow_one_is_found_out():
    covered, narrow = _coverage(400)
    assert 0.925 <= covered <= 0.975
    assert narrow < 0.90, "an interval of four fifths of the width covers too rarely, and this test sees it"


def _coverage(campaigns: int) -> tuple[float, float]:
    rng = np.random.default_rng(8)
    hits = np.zeros(2)
    for number in range(campaigns):
        if number % 2:
            p = rng.uniform(0.02, 0.5)
            estimate = share_difference(int(rng.binomial(9_000, p)), 9_000, int(rng.binomial(1_000, p)), 1_000)
        else:
            values = [np.exp(rng.normal(0, 1.8, n)) * (rng.random(n) < 0.2) for n in (4_500, 500)]
            estimate = mean_effect(*(Group(value) for value in values)).difference
        hits += [estimate.low <= 0 <= estimate.high, _squeezed(estimate).low <= 0 <= _squeezed(estimate).high]
    return float(hits[0] / campaigns), float(hits[1] / campaigns)


def _squeezed(estimate: Estimate) -> Estimate:
    centre, half = (estimate.low + estimate.high) / 2, 0.4 * (estimate.high - estimate.low)
    return Estimate(value=estimate.value, low=centre - half, high=centre + half)


def _hits(count: int, n: int) -> np.ndarray:
    values = np.zeros(n)
    values[:count] = 1
    return values


def _width(estimate: Estimate) -> float:
    return estimate.high - estimate.low


def _student(freedom: float) -> float:
    """The 97.5 % quantile by Cornish and Fisher's expansion of the normal one."""
    z = float(ndtri(0.975))
    return (
        z
        + (z**3 + z) / (4 * freedom)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)
    )
