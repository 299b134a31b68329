"""The story of a demo bank's customers, told slice by slice: who they are, what they did, what campaigns changed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huoke.app.demo import behaviour, planted, population
from huoke.app.demo.behaviour import EVENTS_PER_CUSTOMER, Happenings, World
from huoke.app.demo.brands import BRANDS
from huoke.app.demo.plan import DemoBank, Plan
from huoke.app.demo.planted import Window
from huoke.app.demo.population import SLICE
from huoke.app.demo.seasons import UTC_AHEAD_MS, Span, instant_ms
from huoke.app.demo.truth import Truth
from huoke.app.demo.visits import Claims, visits

HISTORY_DAYS = 180
ROWS_MAX = 500_000
"""Rows of one archive."""


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of a bank: how many customers, the day it is told on, how much happened to each in the history."""

    plan: DemoBank
    customers: int
    today: date
    events_per_customer: float = EVENTS_PER_CUSTOMER

    @property
    def span(self) -> Span:
        """The days of the history: up to yesterday."""
        return Span(self.today - timedelta(days=HISTORY_DAYS), HISTORY_DAYS)

    def slices(self) -> Iterator[tuple[int, World, dict[str, Happenings]]]:
        """(place of the first customer, the people, their history without campaigns), the same ones each time."""
        for first in range(0, self.customers, SLICE):
            world = self._world(first, min(SLICE, self.customers - first))
            yield first, world, behaviour.history(world, self.plan.seed + first, self.events_per_customer)

    def _world(self, first: int, count: int) -> World:
        return World(
            people=population.draw(count, self.plan.seed, self.plan.place, self.today, first=first),
            span=self.span,
            merchants=[brand.name for brand in BRANDS],
            merchant_categories=[behaviour.CATEGORIES.index(brand.category) for brand in BRANDS],
            benefits=[product.code for product in (*self.plan.products, *self.plan.offers)],
        )


class Finished(msgspec.Struct, kw_only=True):
    """A campaign that was carried out, and what is known of its effect so far; seqs ascending."""

    campaign_id: UUID
    plan: Plan
    started_ms: int
    treated: NDArray[np.uint32]
    control: NDArray[np.uint32]
    codes: Sequence[str]
    """Its ways in, the one most came through first."""
    claims: Claims
    outcome: float = 0.0
    without: float = 0.0
    """Sums over the treated."""

    def truth(self, bank: str) -> Truth:
        """What it really did."""
        effect = self.plan.effect
        assert effect is not None, "a finished campaign has an effect, if only none"
        count = max(len(self.treated), 1)
        return Truth(
            bank=bank,
            campaign_id=self.campaign_id,
            name=self.plan.name,
            event=effect.event,
            aggregate=effect.aggregate,
            metric=self.plan.metric,
            days=self.plan.metric_days,
            treated=len(self.treated),
            control=len(self.control),
            with_=self.outcome / count,
            without=self.without / count,
        )


def tell(story: Story, seqs: NDArray[np.uint32], campaigns: Sequence[Finished]) -> Iterator[pa.Table]:
    """The history with every campaign's effect in it, as tables for `know.events.load_archive`, month by month.

    `seqs` are the customers' numbers in the order of the population. What the effects come to is added to `campaigns`.
    """
    for first, world, without in story.slices():
        own = seqs[first : first + len(world.people)]
        history: Mapping[str, Happenings] = without
        for place, campaign in enumerate(campaigns):
            history = _planted(np.random.default_rng([story.plan.seed, first, place]), world, history, own, campaign)
        yield from _tables(story.span, history, own)
    for place, campaign in enumerate(campaigns):
        random = np.random.default_rng([story.plan.seed, place])
        yield visits(
            random, campaign.campaign_id, campaign.codes, campaign.started_ms, campaign.treated, campaign.claims
        )


def _planted(
    random: np.random.Generator,
    world: World,
    history: Mapping[str, Happenings],
    seqs: NDArray[np.uint32],
    campaign: Finished,
) -> Mapping[str, Happenings]:
    effect = campaign.plan.effect
    assert effect is not None, "a finished campaign has an effect, if only none"
    treated = np.flatnonzero(np.isin(seqs, campaign.treated))
    window = Window(campaign.started_ms, campaign.plan.metric_days)
    made = planted.plant(random, world, history, treated, window, effect)
    campaign.outcome += float(made.outcome.sum())
    campaign.without += float(made.without.sum())
    return {**history, effect.event: made.happenings}


def _tables(span: Span, history: Mapping[str, Happenings], seqs: NDArray[np.uint32]) -> Iterator[pa.Table]:
    for start_ms, end_ms in _months(span):
        parts = [each.kept((each.at >= start_ms) & (each.at < end_ms)).table(seqs) for each in history.values()]
        month = pa.concat_tables(parts, promote_options="default")
        for start in range(0, len(month), ROWS_MAX):
            yield month.slice(start, ROWS_MAX)


def _months(span: Span) -> Iterator[tuple[int, int]]:
    """(first instant, first instant beyond) of each month (UTC, as the log's) of the span, in ms."""
    inner = [instant_ms(day) + UTC_AHEAD_MS for day in span.dates()[1:] if day.day == 1]
    yield from pairwise([span.start_ms, *inner, instant_ms(span.after)])
