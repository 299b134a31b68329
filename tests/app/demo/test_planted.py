from datetime import date, timedelta

import numpy as np
import pytest

from huoke.app.demo import behaviour, planted, population
from huoke.app.demo.behaviour import LOGIN, PAYMENT
from huoke.app.demo.planted import Aggregate, Effect, Window, outcomes, plant
from huoke.app.demo.population import Place
from huoke.app.demo.seasons import Span, instant_ms
from huoke.decide.experiments import control_arm

TODAY = date(2026, 11, 22)
PLACE = Place(region="990200", cities=("港湾市",), unit_codes=("B01",), unit_cities=(0,), unit_owners=("甲",))
WINDOW = Window(instant_ms(date(2026, 9, 1)) + 9 * 3_600_000, 14)


@pytest.fixture(scope="module")
def world() -> behaviour.World:
    return behaviour.World(
        people=population.draw(10_000, 3, PLACE, TODAY),
        span=Span(TODAY - timedelta(days=180), 180),
        merchants=["商户"],
        merchant_categories=[0],
        benefits=["SKU"],
    )


@pytest.fixture(scope="module")
def history(world: behaviour.World) -> dict[str, behaviour.Happenings]:
    return behaviour.history(world, 3)


def arms() -> tuple[np.ndarray, np.ndarray]:
    everyone = np.arange(9_000)
    control = control_arm("a campaign", 20, everyone)
    return everyone[~control], everyone[control]


@pytest.mark.parametrize(
    ("effect", "sign"),
    [
        (Effect(event=LOGIN, aggregate=Aggregate.ANY, responding=0.2, extra=2), 1),
        (Effect(event=PAYMENT, aggregate=Aggregate.COUNT, responding=0.5, extra=1), 1),
        (Effect(event=PAYMENT, aggregate=Aggregate.SUM, responding=0.1, extra=2, tail=1.7), 1),
        (Effect(event=LOGIN, aggregate=Aggregate.COUNT, lost=0.3), -1),
        (Effect(event=LOGIN, aggregate=Aggregate.COUNT), 0),
    ],
)
def test_the_truth_is_what_the_campaign_changed_and_lies_near_the_difference_seen(world, history, effect, sign):
    treated, control = arms()
    made = plant(np.random.default_rng(1), world, history, treated, WINDOW, effect)
    assert np.sign(made.truth) == sign
    seen = outcomes(made.happenings, treated, WINDOW, effect.aggregate)
    assert np.array_equal(seen, made.outcome)
    other = outcomes(made.happenings, control, WINDOW, effect.aggregate)
    error = np.sqrt(made.without.var() / len(treated) + other.var() / len(control))
    assert abs((seen.mean() - other.mean()) - made.truth) < 2.6 * error


def test_nobody_else_and_no_other_time_is_touched(world, history):
    treated, control = arms()
    effect = Effect(event=LOGIN, aggregate=Aggregate.COUNT, responding=0.5, extra=2, lost=0.2)
    made = plant(np.random.default_rng(1), world, history, treated, WINDOW, effect).happenings
    before = history[LOGIN]
    for window in (Window(WINDOW.start_ms - 40 * planted.DAY_MS, 40), Window(WINDOW.end_ms, 30)):
        for customers in (treated, control):
            assert np.array_equal(
                outcomes(made, customers, window, Aggregate.COUNT), outcomes(before, customers, window, Aggregate.COUNT)
            )
    assert np.array_equal(
        outcomes(made, control, WINDOW, Aggregate.COUNT), outcomes(before, control, WINDOW, Aggregate.COUNT)
    )
    # The negative control: the treated did change, so the comparison above can fail.
    assert not np.array_equal(
        outcomes(made, treated, WINDOW, Aggregate.COUNT), outcomes(before, treated, WINDOW, Aggregate.COUNT)
    )
