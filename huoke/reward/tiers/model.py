"""What a tier is: growth that adds up by month, tiers with thresholds, a period after which each is looked at again.

Growth is no money and no points: nobody can spend it, and it never comes from what somebody has on deposit or holds in
wealth products (rules B1, B4). A tier is reached at once and held to the end of its period. Then growth of the period
decides: enough, and it is held for another; too little, and after the days of protection it goes down.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec
import numpy as np
from numpy.typing import NDArray

from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, Invalid, NotFound

LEVELS_MAX = 12
BENEFITS_MAX = 8
GROWTH_MAX = 10**12
PROTECTION_MAX = 180
SOURCES = frozenset({"earn_rule", "mission", "play", "referral", "group_buy", "mall", "payment", "campaign", "care"})
"""What growth may come from. A balance, its growth or a holding is none of them (rules B1, B4)."""

_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}")
Ints = NDArray[np.int64]


class Outcome(StrEnum):
    """What became of one credit of growth."""

    POSTED = "posted"
    EXISTS = "exists"
    """A retry: this source and line was credited before, and nothing moved."""
    BAD_VALUE = "bad_value"
    SOURCE_UNFIT = "source_unfit"
    """Growth comes from what customers do, never from what they hold (rules B1, B4)."""


class GrowthCredit(msgspec.Struct, frozen=True, kw_only=True):
    """Growth somebody earned; a negative `value` takes back what was earned. Named by `(source_id, line)`."""

    seq: int
    value: int
    source_kind: str
    source_id: UUID
    line: int
    at: datetime


class Period(StrEnum):
    """How long a tier is held: to the end of the calendar year, or for twelve months from the day it was reached."""

    CALENDAR_YEAR = "calendar_year"
    ROLLING_YEAR = "rolling_year"


class Rhythm(StrEnum):
    """When a tier's benefit is given: once on reaching it, or in every month somebody is on it."""

    REACHED = "reached"
    MONTHLY = "monthly"


class TierBenefit(msgspec.Struct, frozen=True, kw_only=True):
    """A published benefit that comes with a tier, and what pays for it; it can be used for `valid_days`."""

    sku_id: UUID
    budget_id: UUID
    pool_id: UUID
    rhythm: Rhythm = Rhythm.REACHED
    valid_days: int = 30


ATTRIBUTE = "tier"
"""The tier of a customer, as rules and segments read it."""


class Tier(msgspec.Struct, frozen=True, kw_only=True):
    """A tier: whoever has `threshold` growth in a period reaches it. `key` stays when the names change."""

    key: str
    name: str
    name_en: str
    threshold: int
    benefits: tuple[TierBenefit, ...] = ()


class Scheme(msgspec.Struct, frozen=True, kw_only=True):
    """The tiers of a bank, lowest first; the lowest begins at 0, so that everybody is on one.

    After a period with too little growth a tier is held for `protection_days` more. `gradual`: then one tier down,
    and one more after the next period; else at once to the tier that growth is enough for.
    """

    period: Period = Period.CALENDAR_YEAR
    protection_days: int = 30
    gradual: bool = True
    tiers: tuple[Tier, ...]

    @property
    def keys(self) -> list[str]:
        """The keys of the tiers, lowest first."""
        return [tier.key for tier in self.tiers]

    @property
    def thresholds(self) -> list[int]:
        """Where tiers begin, lowest first."""
        return [tier.threshold for tier in self.tiers]


class Cause(StrEnum):
    """Why somebody came to another tier."""

    REACHED = "reached"
    PERIOD = "period"
    SCHEME = "scheme"


class TiersChanged(Event, frozen=True, kw_only=True):
    """Customers came to another tier: `members` of the event are who."""

    name: ClassVar[str] = "tiers.changed"
    was: str
    tier: str
    up: bool
    cause: str
    count: int


class SchemeChanged(Event, frozen=True, kw_only=True):
    """Another scheme holds from now on."""

    name: ClassVar[str] = "tiers.scheme_changed"
    scheme_id: UUID


class SchemeOpen(Conflict):
    """Another request for a scheme waits for its decision."""

    code = "tiers.scheme_open"


class SchemeUnfit(Invalid):
    """Levels, thresholds or benefits that cannot be."""

    code = "tiers.scheme_unfit"


class NoScheme(NotFound):
    """This bank has no tiers yet."""

    code = "tiers.no_scheme"


def check_scheme(scheme: Scheme) -> None:
    """Raise `SchemeUnfit` unless tiers rise from 0 and each can be told from the others."""
    tiers = scheme.tiers
    if not 2 <= len(tiers) <= LEVELS_MAX:
        raise SchemeUnfit(f"A scheme has 2 to {LEVELS_MAX} tiers.", pointer="/scheme/tiers")
    if not 0 <= scheme.protection_days <= PROTECTION_MAX:
        raise SchemeUnfit(f"Protection is 0 to {PROTECTION_MAX} days.", pointer="/scheme/protection_days")
    if len(set(scheme.keys)) < len(tiers):
        raise SchemeUnfit("Two tiers have the same key.", pointer="/scheme/tiers")
    for place, tier in enumerate(tiers):
        _check_level(tier, place, tiers[place - 1].threshold if place else None)


def _check_level(tier: Tier, place: int, below: int | None) -> None:
    where = f"/scheme/tiers/{place}"
    if not _KEY.fullmatch(tier.key):
        raise SchemeUnfit("A key begins with a letter and has a-z, 0-9 and _.", pointer=f"{where}/key")
    if not (1 <= len(tier.name.strip()) <= 20 and 1 <= len(tier.name_en.strip()) <= 40):
        raise SchemeUnfit("A tier has a short name in Chinese and in English.", pointer=f"{where}/name")
    if below is None and tier.threshold != 0:
        raise SchemeUnfit("The lowest tier begins at 0.", pointer=f"{where}/threshold")
    if below is not None and not below < tier.threshold <= GROWTH_MAX:
        raise SchemeUnfit("Each tier begins above the one before.", pointer=f"{where}/threshold")
    if len(tier.benefits) > BENEFITS_MAX or (below is None and tier.benefits):
        raise SchemeUnfit(f"A tier has at most {BENEFITS_MAX} benefits, the lowest none.", pointer=f"{where}/benefits")
    if any(not 1 <= one.valid_days <= 366 for one in tier.benefits):
        raise SchemeUnfit("A benefit can be used for 1 to 366 days.", pointer=f"{where}/benefits")
    if len({one.sku_id for one in tier.benefits}) < len(tier.benefits):
        raise SchemeUnfit("A tier has each benefit once.", pointer=f"{where}/benefits")


def month_of(day: date) -> int:
    """A month as a number that counts on over years: 2026-01 is 24312."""
    return day.year * 12 + day.month - 1


def months_counted(period: Period, day: date) -> tuple[int, int]:
    """First and last month whose growth counts on a day: this year's, or this month and the eleven before."""
    last = month_of(day)
    return (day.year * 12 if period is Period.CALENDAR_YEAR else last - 11), last


def months_closed(ended: date) -> tuple[int, int]:
    """First and last month of the period that ended with a day: of either kind it lasted twelve."""
    return month_of(ended) - 11, month_of(ended)


def held_until(period: Period, day: date) -> date:
    """The last day of a period that begins on a day."""
    if period is Period.CALENDAR_YEAR:
        return date(day.year, 12, 31)
    try:
        return day.replace(year=day.year + 1) - timedelta(days=1)
    except ValueError:  # 29 February
        return date(day.year + 1, 2, 28)


def earned(scheme: Scheme, growth: Sequence[int] | Ints) -> Ints:
    """The tier that growth is enough for, as place in the scheme; growth below 0 is on the lowest."""
    found = np.searchsorted(np.asarray(scheme.thresholds, np.int64), np.asarray(growth, np.int64), side="right") - 1
    return np.maximum(found, 0).astype(np.int64)


class Review(msgspec.Struct, frozen=True):
    """Columns of equal length: the tier after a look at the end of a period, and whether it is held on protection."""

    tiers: Ints
    protected: NDArray[np.bool_]


def review(scheme: Scheme, tiers: Ints, protected: NDArray[np.bool_], growth: Ints) -> Review:
    """Decide for customers whose tier came to its end: held, protected, or down.

    `growth` is that of the period that ended, or, after protection, what the running one has where that is more.
    """
    enough = earned(scheme, growth)
    short = enough < tiers
    grace = short & ~protected & (scheme.protection_days > 0)
    lower = np.maximum(enough, tiers - 1) if scheme.gradual else enough
    after = np.where(short & ~grace, lower, np.maximum(tiers, enough))
    return Review(after, grace)
