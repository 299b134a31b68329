"""The story of a demo bank's customers, told slice by slice: who they are, what they did, what campaigns changed."""

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from huoke.app.demo import behaviour, population
from huoke.app.demo.behaviour import EVENTS_PER_CUSTOMER, Happenings, World
from huoke.app.demo.brands import BRANDS
from huoke.app.demo.plan import DemoBank
from huoke.app.demo.population import SLICE
from huoke.app.demo.seasons import Span

HISTORY_DAYS = 180


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
        """(place of the first customer, the people, their history), the same ones each time."""
        for first in range(0, self.customers, SLICE):
            world = self._world(first, min(SLICE, self.customers - first))
            seed = self.plan.seed + first
            yield first, world, behaviour.history(world, seed, self.events_per_customer)

    def _world(self, first: int, count: int) -> World:
        categories = [behaviour.CATEGORIES.index(brand.category) for brand in BRANDS]
        return World(
            people=population.draw(count, self.plan.seed, self.plan.place, self.today, first=first),
            span=self.span,
            merchants=[brand.name for brand in BRANDS],
            merchant_categories=categories,
            benefits=[product.code for product in self.plan.products],
        )
