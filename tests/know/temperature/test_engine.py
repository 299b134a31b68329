"""How warm a relationship is: bounded, rising with signals, falling with silence, and the same in whatever order."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huoke.know.temperature import engine, loops
from huoke.know.temperature.engine import Component, Lifecycle, Signals, Stage, State

TODAY = 20_000
CROWD = 40
SIGNAL = st.tuples(
    st.integers(0, 5), st.sampled_from(list(Component)), st.floats(0.25, 8, width=32), st.integers(0, 29)
)
"""Who of the first six, what warms, how much, on which day."""


def crowd(day=TODAY, since=None):
    return State.blank(np.full(CROWD, since if since is not None else day - 400, np.int32), day)


def usual(day):
    """What everybody does: one thing a day in turn, so that a typical customer exists."""
    component = list(Component)[day % 3]
    return [(place, component, 1.0, 0) for place in range(6, CROWD)]


def stage_of(temperature, stage, measure=engine.USUAL):
    _, up, down = (np.array(measure.edges) + beyond for beyond in measure.beyond())
    return loops.stage_of(temperature, stage, up, down)


def live(state, days, happened):
    """Days pass; `happened` are (who, component, heat, day) by the day they are of."""
    for day in range(days):
        rows = [(who, component, heat, 0) for who, component, heat, on in happened if on == day]
        reading = engine.step(state, Signals.of([*usual(day), *rows]))
    return reading


@settings(max_examples=40, deadline=None)
@given(st.lists(SIGNAL, max_size=30))
def test_every_reading_lies_between_its_bounds(happened):
    reading = live(crowd(), 30, happened)
    for values in (reading.temperature, reading.scores):
        assert np.isfinite(values).all()
        assert values.min() >= 0
        assert values.max() <= 100
    assert reading.confidence.min() >= 0
    assert reading.confidence.max() <= 1
    assert set(reading.stage) <= set(Stage)
    assert set(reading.lifecycle) <= set(Lifecycle)


@settings(max_examples=40, deadline=None)
@given(st.lists(SIGNAL, max_size=20), st.sampled_from(list(Component)), st.floats(0.5, 8, width=32))
def test_a_signal_today_never_cools(happened, component, heat):
    without, with_it = crowd(), crowd()
    before = live(without, 30, [one for one in happened if one[3] < 29])
    after = live(with_it, 30, [*(one for one in happened if one[3] < 29), (0, component, heat, 29)])
    assert after.scores[component, 0] >= before.scores[component, 0] - 1e-3
    assert after.temperature[0] >= before.temperature[0] - 1e-3


def test_silence_cools_and_ends_in_a_lost_relationship():
    state = crowd()
    busy = [(0, component, 3.0, day) for day in range(60) for component in Component]
    warm = live(state, 60, busy).temperature[0]
    readings = [live(state, 30, []) for _ in range(6)]
    seen = [float(reading.temperature[0]) for reading in readings]
    assert seen == sorted(seen, reverse=True)
    assert seen[0] < warm
    assert readings[-1].scores.min() == 0, "cut off, where the formula alone goes below"
    assert readings[-1].lifecycle[0] == Lifecycle.LOST
    assert readings[-1].stage[0] == Stage.COLD


@settings(max_examples=40, deadline=None)
@given(st.lists(SIGNAL, max_size=25), st.randoms(use_true_random=False), st.lists(st.integers(0, 9), min_size=25))
def test_the_order_and_the_day_of_arrival_change_nothing(happened, random, delays):
    in_time, late = crowd(), crowd()
    live(in_time, 30, happened)
    arrivals = [(min(29, one[3] + delay), one) for one, delay in zip(happened, delays, strict=False)]
    random.shuffle(arrivals)
    for day in range(30):
        rows = [(who, component, heat, day - on) for came, (who, component, heat, on) in arrivals if came == day]
        engine.step(late, Signals.of([*usual(day), *rows]))
    assert late.heat == pytest.approx(in_time.heat, rel=1e-4, abs=1e-4)
    assert late.mean == pytest.approx(in_time.mean, rel=1e-4, abs=1e-4)
    assert late.last.tolist() == in_time.last.tolist()


def test_one_who_is_late_but_counted_as_of_today_would_be_warmer():
    """The control of the test above: an age that is thrown away is seen."""
    right, wrong = crowd(), crowd()
    live(right, 29, [])
    live(wrong, 29, [])
    engine.step(right, Signals.of([(0, Component.ACTIVITY, 4.0, 20)]))
    engine.step(wrong, Signals.of([(0, Component.ACTIVITY, 4.0, 0)]))
    assert wrong.heat[Component.ACTIVITY, 0] > 4 * right.heat[Component.ACTIVITY, 0]


def test_a_stage_is_left_only_beyond_its_edge_and_after_a_week():
    assert [stage_of(seen, Stage.WARM) for seen in (42.1, 41.9, 62.9, 63.1, 20.0, 99.0)] == [2, 1, 2, 3, 0, 3]
    state = crowd()
    stages = [
        int(live(state, 1, [(0, c, 20.0, 0) for c in Component] if day == 8 else []).stage[0]) for day in range(20)
    ]
    moves = [day for day in range(1, 20) if stages[day] != stages[day - 1]]
    assert moves, "it moved at all"
    assert all(later - earlier >= engine.USUAL.dwell_days for earlier, later in itertools.pairwise(moves))


@pytest.mark.parametrize(
    ("component", "days"), [(Component.ACTIVITY, 7), (Component.MONEY, 30), (Component.HUMAN, 180)]
)
def test_heat_halves_in_7_30_and_180_days(component, days):
    state = crowd()
    engine.step(state, Signals.of([(0, component, 8.0, 0)]))
    assert state.heat[component, 0] == pytest.approx(8.0, rel=1e-6)
    for _ in range(days):
        engine.step(state, Signals.of([]))
    assert state.heat[component, 0] == pytest.approx(4.0, rel=1e-4)


def test_each_is_measured_against_their_own_usual():
    state = crowd()
    little, much = 1.0, 8.0

    def lived(days, share):
        for day in range(days):
            rows = [(0, Component.ACTIVITY, little * share, 0), (1, Component.ACTIVITY, much * share, 0)]
            reading = engine.step(state, Signals.of([*usual(day), *rows]))
        return reading

    always = lived(720, 1.0)
    assert engine.doublings(state, Component.ACTIVITY)[:2] == pytest.approx(0, abs=0.15)
    assert always.scores[Component.ACTIVITY, 1] - always.scores[Component.ACTIVITY, 0] < loops.LEVEL
    lived(30, 0.5)
    half = engine.doublings(state, Component.ACTIVITY)[:2]
    assert half == pytest.approx(-0.85, abs=0.15)
    assert np.ptp(half) < 0.15


def test_a_stage_stands_for_a_week_whatever_happens():
    state = crowd()
    live(state, 60, [])
    state.stage[0], state.staged[0] = Stage.HOT, state.day
    seen = [int(engine.step(state, Signals.of(usual(day))).stage[0]) for day in range(7)]
    assert seen == [Stage.HOT] * 6 + [Stage.COLD]


def test_who_does_more_than_usual_grows_and_who_does_less_cools():
    state = crowd()
    live(state, 90, [(who, part, 1.0, day) for who in (0, 1) for part in Component for day in range(90)])
    reading = live(state, 60, [(0, part, 6.0, day) for part in Component for day in range(60)])
    assert reading.lifecycle[:2].tolist() == [Lifecycle.GROWING, Lifecycle.COOLING]


def test_a_bank_may_set_its_own_stages():
    strict = engine.Measure(edges=(30.0, 60.0, 90.0), hysteresis=5.0, dwell_days=0)
    assert [stage_of(seen, Stage.WARM, strict) for seen in (55.1, 54.9, 94.9, 95.0)] == [2, 1, 2, 3]
    state = crowd()
    readings = [engine.step(state, Signals.of(usual(day)), strict) for day in range(30)]
    assert [int(one.stage[6]) for one in readings[-3:]] == [Stage.COOL] * 3


def test_one_who_does_as_always_stands_in_the_middle():
    state = crowd()
    reading = live(state, 720, [])
    assert reading.temperature[6:] == pytest.approx(50, abs=4)
    assert reading.lifecycle[6] == Lifecycle.MATURE


def test_confidence_grows_with_history_and_with_what_is_known():
    young, old = crowd(since=TODAY), crowd()
    some = [(0, Component.ACTIVITY, 1.0, 0)]
    fresh, known = live(young, 10, some), live(old, 10, some)
    assert fresh.confidence[6] == pytest.approx(known.confidence[6] * 10 / loops.NEW_DAYS)
    assert known.confidence[0] < known.confidence[6]
    assert fresh.lifecycle[0] == Lifecycle.NEW


def test_blocks_of_customers_do_not_know_of_each_other(monkeypatch):
    whole, split = crowd(), crowd()
    happened = [(who, Component.MONEY, 2.0, who) for who in range(6)]
    expected = live(whole, 30, happened)
    monkeypatch.setattr(engine, "BLOCK", 7)
    found = live(split, 30, happened)
    assert np.array_equal(expected.temperature, found.temperature)
    assert np.array_equal(expected.stage, found.stage)


def test_the_logarithm_is_that_of_the_library():
    values = np.concatenate([np.geomspace(1e-6, 1e6, 5_000), 2.0 ** np.arange(-20, 21)]).astype(np.float32)
    found = np.array([loops.log2(value) for value in values])
    assert np.abs(found - np.log2(values.astype(np.float64))).max() < 2e-6
    assert found.dtype == np.float32


def test_machine_code_reads_as_the_same_lines_do_in_python(monkeypatch):
    """And the control: a line that is changed is seen."""
    happened = [(who, Component(who % 3), 1.0 + who, day) for who in range(6) for day in range(0, 30, who + 1)]
    compiled, plain, changed = crowd(since=TODAY - 95), crowd(since=TODAY - 95), crowd(since=TODAY - 95)
    expected = live(compiled, 30, happened)
    moves = np.stack([engine.doublings(compiled, component) for component in Component])
    monkeypatch.setattr(loops, "compiled", lambda loop: loop)
    found = live(plain, 30, happened)
    monkeypatch.setattr(loops, "score", lambda *given, score=loops.score: (score(*given)[0] + 1, score(*given)[1]))
    other = live(changed, 30, happened)
    assert found.temperature == pytest.approx(expected.temperature, abs=1e-4)
    assert other.temperature != pytest.approx(expected.temperature, abs=0.5)
    assert np.stack([engine.doublings(plain, component) for component in Component]) == pytest.approx(moves, abs=1e-4)
    for name in ("scores", "confidence"):
        assert getattr(found, name) == pytest.approx(getattr(expected, name), abs=1e-4)
    for name in ("last", "ever", "stage", "staged", "fell"):
        assert getattr(plain, name).tolist() == getattr(compiled, name).tolist()
    assert found.lifecycle.tolist() == expected.lifecycle.tolist()


def test_numbers_are_found_among_those_there_are():
    seqs = np.array([2, 3, 5, 8, 13], np.uint32)
    wanted = np.array([0, 2, 5, 9, 13, 40, 3, 8, 8, 1], np.uint32)
    assert engine.places_of(seqs, wanted).tolist() == [-1, 0, 2, -1, 4, -1, 1, 3, 3, -1]
    assert engine.places_of(seqs[:0], wanted[:2]).tolist() == [-1, -1]
    assert engine.places_of(seqs, wanted[:0]).tolist() == []
    random = np.random.default_rng(4)
    many = np.flatnonzero(random.random(5_000) < 0.97).astype(np.uint32)
    asked = np.sort(random.integers(0, 5_100, 2_000)).astype(np.uint32)
    stood = {seq: place for place, seq in enumerate(many.tolist())}
    assert engine.places_of(many, asked).tolist() == [stood.get(seq, -1) for seq in asked.tolist()]


def test_columns_from_arrow_and_our_own_go_through_the_same_machine_code():
    engine.make_ready()
    made = [loops.compiled(loop) for loop in (loops.find, loops.take)]
    ours = np.arange(3, dtype=np.uint32)
    arrows = ours.copy()
    arrows.flags.writeable = False
    for seqs, wanted in itertools.product((ours, arrows), repeat=2):
        assert engine.places_of(seqs, wanted).tolist() == [0, 1, 2]
    state = State.blank(np.zeros(1, np.int32), 0)
    heats = np.ones(1, np.float32)
    heats.flags.writeable = False
    signals = Signals.of([(0, Component.ACTIVITY, 1.0, 0)])
    engine.step(state, Signals(signals.places, signals.components, heats, signals.ages))
    assert [len(loop.signatures) for loop in made] == [1, 1]
    assert ours.flags.writeable
