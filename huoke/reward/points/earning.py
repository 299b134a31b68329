"""Earn rules: what customers do that gives them points or growth, how much, how often, until when. Pure.

A rule looks at one event. Points are fixed, or so many for every so much of the event's amount, rounded down to whole
amounts. Of all multipliers that hold for an event the highest counts; points are rounded down after it. Caps cut in the
order day, month, person, budget, in the order events arrived.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, Invalid, NotFound
from huoke.know.language import Op, Where

NAME_MAX = 40
POINTS_MAX = 1_000_000
PERCENT_MAX = 2_000
MULTIPLIERS_MAX = 10
PENDING_MAX = 366
BUDGET_MAX = 10**12
SOLD = frozenset({"product.bought", "product.matured"})
"""Events that tell of financial products; which one stands in their property `kind`."""
PROTECTED = frozenset({"deposit", "wealth", "fund", "insurance"})
"""Kinds of products no reward may hang on (rules B1, B4)."""


class Target(StrEnum):
    """What a rule gives."""

    POINTS = "points"
    GROWTH = "growth"


class Multiplier(msgspec.Struct, frozen=True, kw_only=True):
    """`percent` of the points (200: twice as many) for `who`, on days from-to, weekdays (1 Monday), days of the month.

    What is empty does not limit.
    """

    percent: int
    who: Any = None
    from_on: date | None = None
    until_on: date | None = None
    weekdays: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()


class Caps(msgspec.Struct, frozen=True, kw_only=True):
    """The most a natural person gets of the rule in a day, a month, in all; and everybody together. None is no cap."""

    day: int | None = None
    month: int | None = None
    person: int | None = None
    budget: int | None = None


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """Another event of the same customer that carries the same value of property `key`."""

    event: str
    key: str


class EarnRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule. `points` for the event itself, or for every `per_fen` of its amount.

    Points wait `pending_days` (the type's own days where None), or for `confirmed_by`, and `reversed_by` takes them
    back in the share that its amount has of the event's.
    """

    name: str
    name_en: str
    event: str
    target: Target = Target.POINTS
    type: str = ""
    points: int
    per_fen: int = 0
    where: tuple[Where, ...] = ()
    who: Any = None
    multipliers: tuple[Multiplier, ...] = ()
    caps: Caps = Caps()
    from_on: date | None = None
    until_on: date | None = None
    pending_days: int | None = None
    confirmed_by: Link | None = None
    reversed_by: Link | None = None

    @property
    def key(self) -> str | None:
        """The property by which another event names what was earned."""
        link = self.confirmed_by or self.reversed_by
        return link.key if link else None

    @property
    def events(self) -> frozenset[str]:
        """Every event it listens to."""
        links = (self.confirmed_by, self.reversed_by)
        return frozenset([self.event, *(link.event for link in links if link)])


class RuleState(StrEnum):
    """A rule that ended gives nothing more; what waits becomes active, what is reversed is taken back."""

    LIVE = "live"
    ENDED = "ended"


class WantedRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule as it is to be, or its end."""

    id: UUID
    rule: EarnRule
    state: RuleState = RuleState.LIVE


class RuleStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A rule as it stands; `given` is what it gave so far."""

    id: UUID
    rule: EarnRule
    state: RuleState
    given: int
    changed_at: datetime


class RulesChanged(Event, frozen=True, kw_only=True):
    """An earn rule went live, was changed or ended."""

    name: ClassVar[str] = "points.rules_changed"
    request_id: UUID


class PointsEarned(Event, frozen=True, kw_only=True):
    """A batch of events gave points; `waiting` of them are not active yet."""

    name: ClassVar[str] = "points.earned"
    earnings: int
    points: int
    waiting: int


class RuleUnfit(Invalid):
    """An earn rule cannot be like this."""

    code = "points.rule_unfit"


class RuleForbidden(Invalid):
    """No reward may hang on buying or holding wealth products, funds, insurance or deposits (rules B1, B4)."""

    code = "points.rule_forbidden"


class RuleOpen(Conflict):
    """Another request for this rule waits for its decision."""

    code = "points.rule_open"


class RuleUnknown(NotFound):
    """This bank has no such earn rule."""

    code = "points.rule_unknown"


def check_rule(rule: EarnRule) -> None:
    """Raise `RuleUnfit`, naming the field; what needs the bank's vocabulary is checked where it is compiled."""
    caps = (rule.caps.day, rule.caps.month, rule.caps.person, rule.caps.budget)
    for fit, field, detail in (
        (0 < len(rule.name.strip()) <= NAME_MAX, "name", f"A name has 1 to {NAME_MAX} characters."),
        (0 < len(rule.name_en.strip()) <= NAME_MAX, "name_en", f"A name has 1 to {NAME_MAX} characters."),
        (1 <= rule.points <= POINTS_MAX, "points", f"An event gives 1 to {POINTS_MAX} points."),
        (0 <= rule.per_fen <= POINTS_MAX * 100, "per_fen", "per_fen is 0, or the amount that gives the points."),
        (bool(rule.type) == (rule.target is Target.POINTS), "type", "Points have a type; growth has none."),
        (len(rule.multipliers) <= MULTIPLIERS_MAX, "multipliers", f"At most {MULTIPLIERS_MAX} multipliers."),
        (
            all(100 <= one.percent <= PERCENT_MAX for one in rule.multipliers),
            "multipliers",
            f"A multiplier is 100 to {PERCENT_MAX} percent.",
        ),
        (
            all(set(one.weekdays) <= set(range(1, 8)) for one in rule.multipliers),
            "multipliers",
            "Weekdays are 1 (Monday) to 7.",
        ),
        (
            all(set(one.month_days) <= set(range(1, 32)) for one in rule.multipliers),
            "multipliers",
            "Days of a month are 1 to 31.",
        ),
        (all(cap is None or 1 <= cap <= BUDGET_MAX for cap in caps), "caps", "A cap is at least 1."),
        (_ordered(rule.from_on, rule.until_on), "until_on", "The last day is not before the first."),
        (
            all(_ordered(m.from_on, m.until_on) for m in rule.multipliers),
            "multipliers",
            "A season ends after it begins.",
        ),
        (rule.pending_days is None or 0 <= rule.pending_days <= PENDING_MAX, "pending_days", "0 to 366 days."),
        (
            rule.confirmed_by is None or rule.reversed_by is None or rule.confirmed_by.key == rule.reversed_by.key,
            "reversed_by",
            "Confirmed and reversed by the same key.",
        ),
        (
            rule.target is Target.POINTS or rule.reversed_by is None,
            "reversed_by",
            "Growth is not taken back by events.",
        ),
    ):
        if not fit:
            raise RuleUnfit(detail, pointer=f"/rule/{field}")
    check_products(rule.event, rule.where, "/rule/where")


def check_products(event: str, where: tuple[Where, ...], pointer: str) -> None:
    """Raise `RuleForbidden` for an event of products unless it is held to kinds that may be rewarded (rule B4)."""
    if event not in SOLD:
        return
    kinds: set[str] = set()
    for one in where:
        if one.property == "kind" and one.op in (Op.EQUAL, Op.IN):
            kinds |= set(one.value if isinstance(one.value, list | tuple) else [one.value])
    if not kinds or kinds & PROTECTED:
        raise RuleForbidden(
            "Buying wealth products, funds, insurance or deposits earns nothing: hold the event to other kinds of"
            " products (kind = card, say).",
            pointer=pointer,
            rule="B4",
        )


def _ordered(first: date | None, last: date | None) -> bool:
    return first is None or last is None or first <= last


def due_at(rule: EarnRule, pending_days: int, happened_at: datetime) -> datetime | None:
    """When what was earned becomes active by itself; None where it waits for an event."""
    if rule.confirmed_by is not None:
        return None
    days = pending_days if rule.pending_days is None else rule.pending_days
    return happened_at + timedelta(days=days)
