"""What the same thing cost different customers, which registered reason explains it, and what none explains. Pure.

Rule P5 (个人信息保护法第二十四条): the same benefit costs the same; a price may differ only by a registered objective
reason.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from huoke.kernel.refusals import Invalid
from huoke.kernel.sets import CustomerSet

DAYS_MAX = 366


class Kind(StrEnum):
    """What is sold or exchanged, and what comes off or is given."""

    MALL = "mall"
    GROUP_BUY = "group_buy"
    EXCHANGE = "exchange"
    REDUCTION = "reduction"
    BUNDLE = "bundle"


class By(StrEnum):
    """How customers are told apart: the tier they stood on then, a band of the grid, in or out of one segment."""

    TIER = "tier"
    WEALTH = "wealth"
    LIFE = "life"
    OCCUPATION = "occupation"
    SEGMENT = "segment"


class Why(StrEnum):
    """Why a price was what it was. `OPEN` is the price for everybody, `NONE` what nothing registered explains."""

    OPEN = "open"
    TIER = "tier"
    REDUCTION = "reduction"
    VARIANT = "variant"
    TIME = "time"
    AMOUNT = "amount"
    CHOICE = "choice"
    NONE = "none"


class Status(StrEnum):
    """One price for all; more than one, each with its reason; or at least one without."""

    UNEXPLAINED = "unexplained"
    EXPLAINED = "explained"
    EVEN = "even"


class PeriodUnfit(Invalid):
    """The days asked for are none, or too many."""

    code = "prices.period_unfit"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Days of the bank, both included."""

    since_on: date
    until_on: date
    by: By = By.TIER
    kind: Kind | None = None
    q: str = ""

    def check(self) -> None:
        """Raise `PeriodUnfit`."""
        if not 0 <= (self.until_on - self.since_on).days < DAYS_MAX:
            raise PeriodUnfit(f"Ask for 1 to {DAYS_MAX} days.", days=DAYS_MAX, pointer="/until_on")


class Group(msgspec.Struct, frozen=True):
    """Customers told apart from others."""

    key: str
    name: str
    name_en: str
    members: CustomerSet


class Paid(msgspec.Struct, frozen=True, kw_only=True):
    """Prices counted together: of one thing in one unit, by a group, or by the terms (`source`) that made them."""

    kind: Kind
    thing_id: UUID
    unit: str
    group: str | None = None
    source: str | None = None
    why: Why | None = None
    note: str | None = None
    count: int
    low: float
    median: float
    high: float
    first_at: datetime
    last_at: datetime


class PriceLine(msgspec.Struct, frozen=True, kw_only=True):
    """What a thing cost a group; `group` is empty for everybody, whose line says why prices differ and how many do not
    fit any reason.

    `unit` is `fen`, a type of points with its name, or `per_1000`: points put in for a thousand of what comes out.
    """

    kind: Kind
    thing_id: UUID
    name: str
    name_en: str
    unit: str
    unit_name: str
    unit_name_en: str
    group: str
    group_name: str
    group_name_en: str
    count: int
    low: float
    median: float
    high: float
    spread: float
    status: Status
    why: list[Why]
    notes: list[str]
    unexplained: int


def reasons(sources: Sequence[Paid]) -> dict[Why, int]:
    """How many prices each reason explains, of one thing by the terms that made them.

    Terms for everybody that differ are explained by time alone: they did not hold at once. Within one source every
    price follows its terms; where they differ, it is by how much was exchanged, or what was chosen.
    """
    found: dict[Why, int] = {}
    for one in sources:
        for why in _why(one, sources):
            found[why] = found.get(why, 0) + one.count
    return found


def _why(one: Paid, sources: Iterable[Paid]) -> list[Why]:
    own = one.why or Why.OPEN
    if own is not Why.OPEN:
        return [own] + ([_within(one)] if own is not Why.NONE and one.low < one.high else [])
    others = [two for two in sources if two.why is Why.OPEN and two.source != one.source and _differ(one, two)]
    if any(one.first_at <= two.last_at and two.first_at <= one.last_at for two in others):
        return [Why.NONE]
    return [Why.OPEN] + ([Why.TIME] if others else []) + ([_within(one)] if one.low < one.high else [])


def _differ(one: Paid, two: Paid) -> bool:
    return (one.low, one.high) != (two.low, two.high)


def _within(one: Paid) -> Why:
    if one.kind is Kind.BUNDLE:
        return Why.CHOICE
    return Why.AMOUNT if one.kind is Kind.EXCHANGE or one.why is Why.REDUCTION else Why.NONE


def status_of(whole: Paid, why: dict[Why, int]) -> Status:
    """What is to be said of a thing."""
    if why.get(Why.NONE):
        return Status.UNEXPLAINED
    return Status.EXPLAINED if whole.low < whole.high else Status.EVEN
