"""What a kit is: a scenario declared once, and what an operator adds to it; pure."""

from collections.abc import Callable
from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, Invalid, NotFound
from huoke.reach import campaigns
from huoke.reward import plays

NAME_LENGTH_MAX = 30
BENEFITS_MAX = 6
Expression = dict[str, Any]


class Words(msgspec.Struct, frozen=True):
    """A text in both languages."""

    zh: str
    en: str


class Threshold(msgspec.Struct, frozen=True, kw_only=True):
    """The one number that says where a kit's audience begins; one of `choices` where they are given."""

    label: Words
    unit: Words
    default: int
    least: int = 1
    most: int = 1_000_000_000
    choices: tuple[int, ...] = ()


class Circle(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a part of the kit is for: a rule on what is already so, never told as something to reach.

    `basis` registers why facts about deposits or assets may be looked at (rule B1); it is empty where none are.
    """

    name: Words
    expression: Callable[[date, int], Expression]
    basis: Words | None = None


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """What one does to get the benefit: saved as a condition, so that rule B1 is asked of it."""

    name: Words
    expression: Expression


class VisitService(msgspec.Struct, frozen=True, kw_only=True):
    """The visit of a branch that a kit lets its customers book."""

    name: Words
    acceptance: Words
    move_until_hours: int = 2
    no_shows_max: int = 1
    valid_days: int = 60


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign of the kit, for one of its circles, giving one of the benefits chosen, or `choose` out of all.

    `benefit` is the place of its benefit in the form; the last one chosen where there are fewer.
    """

    draft: campaigns.Draft
    circle: int = 0
    benefit: int = 0
    choose: int = 0
    acted: bool = False
    """Whether the kit's act has to be done to claim it."""
    visit: bool = False
    """Whether it gives the kit's visit instead of a benefit that was chosen."""
    controlled: bool = True
    """Whether it has a control group. Of two offers to the same people the first one has it: who was left alone by that
    one never gets as far as the second (rule E1)."""


class Game(msgspec.Struct, frozen=True, kw_only=True):
    """A play of the kit. `odds_ppm` are those of the benefits chosen, in their order; the rest wins nothing."""

    draft: plays.Draft
    odds_ppm: tuple[int, ...]
    nothing: Words = Words("谢谢参与", "Not this time")


class Kit(msgspec.Struct, frozen=True, kw_only=True):
    """A scenario as the house declares it."""

    key: str
    name: Words
    summary: Words
    rewarded: Words
    """What the benefit is for, in a sentence: a kit that looks at deposits or assets rewards another act (B1, B4)."""
    measured: Words
    threshold: Threshold | None = None
    benefits_min: int = 1
    circles: tuple[Circle, ...] = ()
    act: Act | None = None
    offers: tuple[Offer, ...] = ()
    game: Game | None = None
    visit: VisitService | None = None
    asks_profile: bool = False
    """Whether customers fill in their own profile: its fields are asked from then on."""
    days: int = 30


class PartKind(StrEnum):
    """What a kit makes."""

    SEGMENT = "segment"
    BUNDLE = "bundle"
    SERVICE = "service"
    CAMPAIGN = "campaign"
    PLAY = "play"


class Stage(StrEnum):
    """How far a kit is: its parts' states, taken together."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RUNNING = "running"
    ENDED = "ended"


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """A benefit and how many of it there are to be, out of a pool."""

    sku_id: UUID
    pool_id: UUID
    stock: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]


class VisitPlan(msgspec.Struct, frozen=True, kw_only=True):
    """At which branches a visit can be booked, on which weekdays (1 is Monday; empty is every one), at what times, for
    how many minutes, by how many at a time.
    """

    unit_ids: list[int]
    weekdays: list[int] = []
    times: list[time]
    minutes: int = 30
    capacity: int = 2


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator adds to a kit. Amounts in fen; `control_percent` of each audience is left alone (rule E1).

    `basis_confirmed`: the registered basis of a kit that looks at deposits or assets was read and holds here. `visit`
    is asked by a kit whose customers book one.
    """

    key: str
    name: str
    benefits: Annotated[list[Chosen], msgspec.Meta(max_length=BENEFITS_MAX)]
    budget_id: UUID
    budget_fen: Annotated[int, msgspec.Meta(ge=0)]
    opens_at: datetime
    closes_at: datetime
    threshold: int | None = None
    control_percent: Annotated[int, msgspec.Meta(ge=0, le=50)] = 10
    basis_confirmed: bool = False
    visit: VisitPlan | None = None


class NewSetup(Terms, frozen=True, kw_only=True):
    """A kit to set up; `unit_id` None is the maker's own unit."""

    unit_id: int | None = None
    request_no: str | None = None


class KitView(msgspec.Struct, frozen=True, kw_only=True):
    """A kit in the gallery. `missing` are facts its rules ask for that this bank does not have."""

    key: str
    name: str
    name_en: str
    summary: str
    summary_en: str
    rewarded: str
    rewarded_en: str
    measured: str
    measured_en: str
    threshold: Threshold | None
    benefits_min: int
    basis: str
    basis_en: str
    days: int
    makes: list[PartKind]
    books_visits: bool
    missing: list[str]
    setups: int


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with one field of the form: its JSON pointer, a stable code, a sentence, the numbers."""

    pointer: str
    code: str
    detail: str
    data: dict[str, Any] = {}


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """How many customers one circle of a kit has today."""

    name: str
    name_en: str
    customers: int


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """A kit as it would be set up: whom it reaches, what it costs at most (fen), what is missing."""

    reach: list[Reach]
    most_fen: int
    problems: list[Gap]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a kit made. `done` and `total` are grants of a campaign's reach, or draws of a play (total 0)."""

    kind: PartKind
    id: UUID
    name: str
    state: str
    change_id: UUID | None = None
    reached: int = 0
    done: int = 0
    metric: str | None = None
    control_percent: int = 0


class SetupRow(msgspec.Struct, frozen=True, kw_only=True):
    """A kit that was set up, as a list shows it."""

    id: UUID
    key: str
    name: str
    unit_id: int
    unit: str
    stage: Stage
    budget_fen: int
    opens_at: datetime
    closes_at: datetime
    created_by: str
    created_at: datetime


class Setup(SetupRow, frozen=True, kw_only=True):
    """A kit that was set up, with its parts as they stand and what may be done with it."""

    terms: Terms
    parts: list[Part]
    can: list[str]


class KitUnknown(NotFound):
    """No such kit, or none that was set up in the caller's scope."""

    code = "kits.unknown"


class KitUnfit(Invalid):
    """The form has something that cannot be; `problems` says each field."""

    code = "kits.unfit"


class WrongStage(Conflict):
    """The kit's parts are past what was asked: a draft can be taken back, a running kit be stopped."""

    code = "kits.wrong_stage"


class KitSetUp(Event, frozen=True):
    """A kit's drafts were made."""

    name = "kits.set_up"
    setup_id: UUID
    key: str


class KitStopped(Event, frozen=True):
    """All of a kit that ran was stopped."""

    name = "kits.stopped"
    setup_id: UUID


class KitRemoved(Event, frozen=True):
    """A kit that was no more than drafts was taken back."""

    name = "kits.removed"
    setup_id: UUID


_ENDED = frozenset({"ended", "stopped"})
_LIVE = frozenset({"approved", "running", "paused", "live"})


def stage_of(states: list[str]) -> Stage:
    """How far a kit is by the states of its campaigns and plays: running as soon as one is, over when all are."""
    if states and all(state in _ENDED for state in states):
        return Stage.ENDED
    if any(state in _LIVE or state in _ENDED for state in states):
        return Stage.RUNNING
    return Stage.SUBMITTED if "submitted" in states else Stage.DRAFT
