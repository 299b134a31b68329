"""What a metric is: which events of a customer count, and how they become one number."""

from enum import StrEnum
from typing import ClassVar

import msgspec

from huoke.kernel.refusals import NotFound


class Unit(StrEnum):
    """What the number of one customer is: 0 or 1, a number of times, an amount in fen."""

    SHARE = "share"
    COUNT = "count"
    FEN = "fen"


class Aggregate(StrEnum):
    """How events become a number: whether there is any, how many, on how many days (China time), their sum."""

    ANY = "any"
    COUNT = "count"
    DAYS = "days"
    SUM = "sum"


class Direction(StrEnum):
    """Whether more or less of it is good."""

    UP = "up"
    DOWN = "down"


class Source(StrEnum):
    """Where it is counted: events of the customer, or redemptions of benefits."""

    EVENT = "event"
    REDEMPTION = "redemption"


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """A definition. `events` are names that count alike; one whose `without_property` has a value of `without` does
    not. `property` is what is summed. `deposit_derived`: it is a fact about deposits (rule B1), to be measured but
    never rewarded.
    """

    id: str
    name: str
    name_en: str
    definition: str
    definition_en: str
    unit: Unit
    aggregate: Aggregate
    direction: Direction = Direction.UP
    source: Source = Source.EVENT
    events: tuple[str, ...] = ()
    property: str | None = None
    without_property: str | None = None
    without: tuple[str, ...] = ()
    deposit_derived: bool = False


class MetricUnknown(NotFound):
    """No metric has this id."""

    code: ClassVar[str] = "metrics.unknown"
