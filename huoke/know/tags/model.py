"""What a tag is: a definition in versions that never change, its values, and what filling it gave."""

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.refusals import Refusal
from huoke.know.language import YES_VALUE, AttributeUse, Where
from huoke.know.tags.refusals import DefinitionUnfit

NAME = re.compile(r"[a-z][a-z0-9_]{1,62}")
CATEGORY = re.compile(r"[a-z][a-z0-9_]{0,31}(/[a-z][a-z0-9_]{0,31}){0,5}")
VALUES_MAX = 200
CODE_MAX = 60_000
TEXT_MAX = 400


class Kind(StrEnum):
    """Where a tag's values come from."""

    RULE = "rule"
    """Expressions in order: the first that is true gives the value."""
    DERIVED = "derived"
    """The same, looking at other tags."""
    STATISTIC = "statistic"
    """A measure of a customer's events, cut into bands."""
    MODEL = "model"
    """Another part of the house sets it in bulk."""
    MANUAL = "manual"
    """People set it."""
    IMPORTED = "imported"
    """It comes with a file."""


KEPT = frozenset({"grid"})
"""Branches of the catalogue whose tags another room changes, under an approval of its own."""
FILLED_HERE = frozenset({Kind.RULE, Kind.DERIVED, Kind.STATISTIC})
"""Kinds that a refresh works out; the others are put."""
PUT_BY_PEOPLE = frozenset({Kind.MANUAL, Kind.IMPORTED})


class Taken(StrEnum):
    """What a statistic takes of a customer's events."""

    COUNT = "count"
    DAYS = "days"
    SUM = "sum"
    AVERAGE = "average"
    MAX = "max"
    MIN = "min"
    PERCENTILE = "percentile"
    INTERVAL = "interval"
    """Days between two of them, on average; known from the second on."""
    LAST_DAYS_AGO = "last_days_ago"
    FIRST_DAYS_AGO = "first_days_ago"
    TOP = "top"
    """The text of a property that occurs most often; of two the earlier in the alphabet."""


OF_NUMBERS = frozenset({Taken.SUM, Taken.AVERAGE, Taken.MAX, Taken.MIN, Taken.PERCENTILE})
NEVER_UNKNOWN = frozenset({Taken.COUNT, Taken.DAYS, Taken.SUM})
"""Nothing having happened is a number too."""
AGES = frozenset({Taken.LAST_DAYS_AGO, Taken.FIRST_DAYS_AGO})
"""They grow by themselves, a day a day."""


class Statistic(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A measure of a customer's events of one name that fulfil every `where`, in a window of the bank's days.

    `window_days` 1 is today, none is ever. `percent` belongs to the percentile. With `ranked` the bands are shares of
    the customers who have a measure at all: from 80 up to 100 are the highest fifth.
    """

    event: str
    take: Taken = Taken.COUNT
    property: str | None = None
    percent: int | None = None
    window_days: int | None = None
    where: tuple[Where, ...] = ()
    ranked: bool = False


class TagValue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One value. A rule has an expression; a statistic a band from `low` on and below `high`, or the text it `equals`.

    A statistic's measure is in the unit of the event: amounts are fen.
    """

    name: str
    label: str
    label_en: str
    expression: dict[str, Any] | None = None
    low: float | None = None
    high: float | None = None
    equals: str | None = None


class Schedule(StrEnum):
    """When a tag is filled again."""

    DAILY = "daily"
    HOURLY = "hourly"
    ON_DEMAND = "on_demand"


class WhenStale(StrEnum):
    """What those who use a tag get once it is older than it promises."""

    BLOCK = "block"
    LAST_GOOD = "last_good"
    UNKNOWN = "unknown"


class Definition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tag as it is written down: in the console, in a file, in the library.

    `wording` is what the customer reads of it; without one, or with `risk`, the customer is never shown it (rule P4).
    `purposes` are those it may be used for, none is every one. `fresh_hours` 0 promises nothing. A value that is not
    listed in order is not one: the first that fits counts. `history` keeps who had which value on any day, `announce`
    tells the house who enters and leaves.
    """

    name: str
    label: str
    label_en: str
    meaning: str
    meaning_en: str
    category: str
    kind: Kind
    values: tuple[TagValue, ...]
    statistic: Statistic | None = None
    wording: str = ""
    wording_en: str = ""
    owner: str = ""
    steward: str = ""
    purposes: tuple[str, ...] = ()
    risk: bool = False
    schedule: Schedule = Schedule.DAILY
    fresh_hours: int = 36
    when_stale: WhenStale = WhenStale.LAST_GOOD
    history: bool = False
    announce: bool = False
    sunset_on: date | None = None

    @property
    def boolean(self) -> bool:
        """Whether one has it or has not."""
        return len(self.values) == 1 and self.values[0].name == YES_VALUE

    @property
    def shown(self) -> bool:
        """Whether the customer may see it."""
        return bool(self.wording) and not self.risk


class TagState(StrEnum):
    """draft → active → frozen → active, or archived."""

    DRAFT = "draft"
    """No version was approved yet."""
    ACTIVE = "active"
    FROZEN = "frozen"
    """No longer filled; what uses it goes on with what it has."""
    ARCHIVED = "archived"


class VersionState(StrEnum):
    """draft → pending → approved; a draft again when it was not approved."""

    DRAFT = "draft"
    PENDING = "pending"
    APPROVED = "approved"


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """Why a tag could not be filled: a refusal's stable code, its sentence, and facts that words can be made with."""

    code: str
    detail: str
    facts: dict[str, Any]

    @classmethod
    def of(cls, refusal: Refusal) -> "Failure":
        """What a refusal says."""
        return cls(code=refusal.code, detail=refusal.detail, facts=refusal.data)


class Tag(msgspec.Struct, frozen=True, kw_only=True):
    """A tag as listed. `counts` are customers by value at the last filling, `known` of how many it can say anything.

    These are numbers of the whole bank: null to whoever sees some of its units, as a number outside them is theirs
    not to know (docs/decisions/0014).
    `version` is the approved one that counts, `latest` the last one saved.
    """

    id: UUID
    number: int
    name: str
    label: str
    label_en: str
    category: str
    kind: Kind
    state: TagState
    version: int | None
    latest: int
    latest_state: VersionState
    owner: str
    data_class: str
    deposit_derived: bool
    schedule: Schedule
    fresh: bool
    data_at: datetime | None
    known: int | None
    universe: int | None
    counts: dict[str, int] | None
    failure: Failure | None
    used: int
    sunset: datetime | None
    created_at: datetime
    changed_at: datetime


class TagVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One saved version."""

    version: int
    state: VersionState
    definition: Definition
    saved_by: str
    saved_at: datetime
    approved_at: datetime | None
    change_id: UUID | None


class TagFigure(msgspec.Struct, frozen=True, kw_only=True):
    """What a day's last filling gave. `drift` is the population stability index against the filling before."""

    day: date
    known: int
    universe: int
    counts: dict[str, int]
    drift: float | None


class TagRun(msgspec.Struct, frozen=True, kw_only=True):
    """One refresh. `touched`: customers worked out anew, over all tags; `filled` of `wanted` tags came to an end."""

    id: UUID
    job_id: UUID | None
    began_at: datetime
    ended_at: datetime
    wanted: int
    filled: int
    touched: int | None
    """Null to whoever sees some units only."""
    whole: int
    """Tags that were worked out for everybody."""
    failures: dict[str, Failure]


class TagUse(msgspec.Struct, frozen=True, kw_only=True):
    """Something that names a tag: a segment, another tag, a journey."""

    kind: str
    id: str
    name: str
    tag: str


class TagsApproved(Event, frozen=True, kw_only=True):
    """New versions of tags count from now on."""

    name: ClassVar[str] = "tags.approved"
    numbers: tuple[int, ...]


class RefreshAsked(Event, frozen=True, kw_only=True):
    """Somebody wants tags filled again; `whole` for everybody, not only those something happened to."""

    name: ClassVar[str] = "tags.refresh_asked"
    numbers: tuple[int, ...]
    whole: bool = False


class TagsRefreshed(Event, frozen=True, kw_only=True):
    """Tags were filled again; `rows` sets were written."""

    name: ClassVar[str] = "tags.refreshed"
    numbers: tuple[int, ...]
    rows: int


class TagEntered(Event, frozen=True, kw_only=True):
    """The customers in the event's set have a value they had not before."""

    name: ClassVar[str] = "tags.entered"
    tag: str
    value: str


class TagLeft(Event, frozen=True, kw_only=True):
    """The customers in the event's set have a value no longer."""

    name: ClassVar[str] = "tags.left"
    tag: str
    value: str


class TagHidden(Event, frozen=True, kw_only=True):
    """A customer deleted a tag of themselves (rule P4)."""

    name: ClassVar[str] = "tags.hidden"
    tag: str


class Derivation(msgspec.Struct, frozen=True, kw_only=True):
    """What a definition looks at, its class, and its way to a deposit fact, if it has one (rule B1)."""

    uses: list[AttributeUse]
    data_class: str
    deposit_path: tuple[str, ...]


def check_definition(one: Definition) -> None:
    """Raise `DefinitionUnfit` for a definition that makes no tag, whatever the bank's vocabulary."""
    if not NAME.fullmatch(one.name):
        raise DefinitionUnfit("A tag's name has 2 to 63 of a-z, 0-9 and _, a letter first.", pointer="/name")
    if not CATEGORY.fullmatch(one.category):
        raise DefinitionUnfit("A category is a path of at most six words, such as activity/app.", pointer="/category")
    for field in ("label", "label_en", "meaning", "meaning_en"):
        if not 1 <= len(getattr(one, field).strip()) <= TEXT_MAX:
            raise DefinitionUnfit(f"'{field}' has 1 to {TEXT_MAX} characters.", pointer=f"/{field}")
    if bool(one.wording) is not bool(one.wording_en):
        raise DefinitionUnfit(
            "What the customer reads is written in both languages, or not at all.", pointer="/wording"
        )
    if one.fresh_hours < 0:
        raise DefinitionUnfit("A promise has 0 hours (none) or more.", pointer="/fresh_hours")
    if (one.kind is Kind.STATISTIC) is (one.statistic is None):
        raise DefinitionUnfit("A statistic, and nothing else, says what it measures.", pointer="/statistic")
    _check_values(one)
    if one.statistic is not None:
        _check_statistic(one.statistic)


def content(one: Definition) -> bytes:
    """16 bytes that are the same for the same definition."""
    return hashlib.sha256(msgspec.json.encode(one, order="deterministic")).digest()[:16]


def codes_for(values: Sequence[TagValue], known: Mapping[str, int]) -> dict[str, int]:
    """The code of every value a tag ever had: a value keeps its own for good."""
    codes = dict(known)
    for value in values:
        codes.setdefault(value.name, max(codes.values(), default=0) + 1)
    return codes


def drift(before: Mapping[str, int], after: Mapping[str, int]) -> float | None:
    """The population stability index of two distributions over the same values; None where one of them is empty.

    Σ (a − b) · ln(a / b) over shares; empty shares count as half a customer (Yurdakul 2018, "Statistical properties of
    population stability index"). Below 0.1 nothing moved, above 0.25 much did.
    """
    total_before, total_after = sum(before.values()), sum(after.values())
    if not total_before or not total_after:
        return None
    index = 0.0
    for value in {*before, *after}:
        was = max(before.get(value, 0), 0.5) / total_before
        now = max(after.get(value, 0), 0.5) / total_after
        index += (now - was) * math.log(now / was)
    return round(index, 4)


def _check_values(one: Definition) -> None:
    if not 1 <= len(one.values) <= VALUES_MAX:
        raise DefinitionUnfit(f"A tag has 1 to {VALUES_MAX} values.", pointer="/values")
    for place, value in enumerate(one.values):
        pointer = f"/values/{place}"
        if not value.name or len(value.name) > 60 or value.name != value.name.strip():
            raise DefinitionUnfit("A value has a name of 1 to 60 characters.", pointer=f"{pointer}/name")
        if not value.label.strip() or not value.label_en.strip():
            raise DefinitionUnfit("A value is labelled in both languages.", pointer=f"{pointer}/label")
        ruled = one.kind in (Kind.RULE, Kind.DERIVED)
        if ruled is (value.expression is None):
            form = "an expression" if ruled else "no expression"
            raise DefinitionUnfit(f"A value of a {one.kind} has {form}.", pointer=f"{pointer}/expression")
        _check_band(one, value, pointer)
    if len({value.name for value in one.values}) < len(one.values):
        raise DefinitionUnfit("Every value stands once.", pointer="/values")


def _check_band(one: Definition, value: TagValue, pointer: str) -> None:
    top = one.statistic is not None and one.statistic.take is Taken.TOP
    if top is (value.equals is None):
        raise DefinitionUnfit(
            "A value of the most frequent text, and no other, equals one.", pointer=f"{pointer}/equals"
        )
    banded = value.low is not None or value.high is not None
    if banded is not (one.statistic is not None and not top):
        raise DefinitionUnfit("A value of a measure, and no other, has a band.", pointer=f"{pointer}/low")
    if value.low is not None and value.high is not None and value.low >= value.high:
        raise DefinitionUnfit("A band begins below its end.", pointer=f"{pointer}/low")


def _check_statistic(one: Statistic) -> None:
    needs = one.take in OF_NUMBERS or one.take is Taken.TOP
    if needs is (one.property is None):
        form = "a property" if needs else "no property"
        raise DefinitionUnfit(f"'{one.take}' takes {form}.", pointer="/statistic/property")
    if (one.take is Taken.PERCENTILE) is (one.percent is None):
        raise DefinitionUnfit("A percentile, and nothing else, has its percent.", pointer="/statistic/percent")
    if one.percent is not None and not 1 <= one.percent <= 99:
        raise DefinitionUnfit("A percentile lies between 1 and 99.", pointer="/statistic/percent")
    if one.ranked and one.take is Taken.TOP:
        raise DefinitionUnfit("Texts have no rank.", pointer="/statistic/ranked")
