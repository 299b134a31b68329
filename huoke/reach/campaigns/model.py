"""What a campaign is: the draft a maker edits, its states, its checks and simulation, and what it tells the log."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern.approvals import Check
from huoke.reach.campaigns.plan import EntryPlan, MessagePlan, Pilot, ReleasePlan
from huoke.reward.catalogue import Split

CHUNK_ROWS_MAX = 10_000
"""Customers of one transaction of a run."""


class CampaignState(StrEnum):
    """The life of a campaign; `approved` waits for its window to open."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"
    STOPPED = "stopped"


NEXT: Mapping[CampaignState, frozenset[CampaignState]] = {
    CampaignState.DRAFT: frozenset({CampaignState.SUBMITTED}),
    CampaignState.SUBMITTED: frozenset({CampaignState.DRAFT, CampaignState.APPROVED}),
    CampaignState.APPROVED: frozenset({CampaignState.RUNNING, CampaignState.STOPPED}),
    CampaignState.RUNNING: frozenset({CampaignState.PAUSED, CampaignState.STOPPED, CampaignState.ENDED}),
    CampaignState.PAUSED: frozenset({CampaignState.RUNNING, CampaignState.STOPPED, CampaignState.ENDED}),
    CampaignState.ENDED: frozenset(),
    CampaignState.STOPPED: frozenset(),
}
LIVE = frozenset({CampaignState.APPROVED, CampaignState.RUNNING, CampaignState.PAUSED})


class CampaignMode(StrEnum):
    """Push: granted to every customer reached, then claimed. Pull: taken from stock by whoever is eligible."""

    PUSH = "push"
    PULL = "pull"


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """What one branch may spend and give of a campaign: part of its budget and stock.

    Of a bundle it has `stocks`, units by SKU; `stock` is then 0.
    """

    unit_id: int
    amount_fen: int
    stock: int = 0
    stocks: dict[UUID, int] = {}


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One benefit of a bundle: how many there are of it, out of `pool_id` or new."""

    sku_id: UUID
    stock: int = 0
    pool_id: UUID | None = None


class PageText(msgspec.Struct, frozen=True, kw_only=True):
    """The words of the customers' page in one language."""

    title: str = ""
    subtitle: str = ""
    rules: str = ""


class PageTexts(msgspec.Struct, frozen=True, kw_only=True):
    """The customers' page, Chinese and English."""

    zh: PageText = PageText()
    en: PageText = PageText()


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a maker decides. May be incomplete until it is submitted.

    A segment is frozen as audience at submission; naming an `audience_id` uses that one. A pull campaign that is
    `published` is open to everybody and needs neither. `budget_id` is the budget that pays. `stock` is taken from
    `pool_id`, or is new stock of the SKU. Amounts in fen; `control_percent` 0 … 50.
    """

    name: str
    goal: str = ""
    segment_id: UUID | None = None
    audience_id: UUID | None = None
    condition_segment_id: UUID | None = None
    """A segment saved as condition that one must be in when claiming from a pull campaign (rule B1)."""
    sku_id: UUID | None = None
    bundle_id: UUID | None = None
    """A bundle instead of one SKU: each customer chooses; pull campaigns only."""
    lines: list[Line] = []
    """Stock of each SKU of the bundle, in its order; `stock` and `pool_id` are of a single SKU."""
    mode: CampaignMode = CampaignMode.PUSH
    published: bool = False
    person_limit: int = 1
    stock: int = 0
    pool_id: UUID | None = None
    budget_id: UUID | None = None
    budget_fen: int = 0
    shares: list[Share] = []
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    valid_days: int = 14
    control_percent: int = 10
    page_texts: PageTexts = PageTexts()
    metric: str | None = None
    """Id of the metric the effect is measured by, over `metric_days` after a customer was reached."""
    metric_days: int = 30
    message: MessagePlan | None = None
    entry_points: list[EntryPlan] = []
    pilot: Pilot | None = None
    releases: list[ReleasePlan] = []
    template: str | None = None
    """Where the draft came from: a template of the house by its key, or one of the bank's own by its id."""


class NewCampaign(Draft, frozen=True, kw_only=True):
    """A campaign to draft. `unit_id` is the maker's own unit when it is not given."""

    unit_id: int | None = None
    request_no: str | None = None


class CampaignChange(Draft, frozen=True, kw_only=True):
    """The whole new draft; `expected_version` is the one it was made from."""

    expected_version: int


class FieldProblem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with one field of a draft: its JSON pointer, a stable code, a sentence, the numbers."""

    pointer: str
    code: str
    detail: str
    data: dict[str, Any] = {}


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """The waterfall as approved and how far the run is, in customers; what became of `done` adds up to it."""

    audience: int
    no_consent: int
    suppressed: int
    control: int
    total: int
    done: int
    withheld: int
    granted: int
    exists: int
    sold_out: int
    budget_exhausted: int
    limit_reached: int
    not_eligible: int
    invited: int
    started_at: datetime | None
    finished_at: datetime | None


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """One step of an approved campaign: its share of the persons reached, its customers, and whether it is open."""

    percent: int
    pilot: bool = False
    after_hours: int | None = None
    customers: int
    opened_at: datetime | None = None
    opened_by: str | None = None
    held_at: datetime | None = None
    held_for: str = ""
    place: int = 0


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """Something a campaign refers to, by name."""

    id: str
    name: str
    name_en: str = ""


class SkuShown(msgspec.Struct, frozen=True, kw_only=True):
    """The benefit of a campaign, as a page shows it."""

    id: UUID
    name: str
    name_en: str
    brand: str
    brand_en: str
    kind: str
    face_value_fen: int
    cost_fen: int
    points: int
    supplier_id: UUID | None
    supplier: str
    supplier_en: str


class BundleShown(msgspec.Struct, frozen=True, kw_only=True):
    """The bundle of a campaign in the version that was submitted, before that the latest: `choose` of `skus`.

    Of one that is split, all SKUs there are, and the most that anybody may choose. `given`: those that a push gives to
    anybody at once.
    """

    id: UUID
    version: int
    name: str
    name_en: str
    choose: int
    skus: list[SkuShown]
    given: list[UUID] = []
    split: Split | None = None


class CampaignRow(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign in a list. Budget and stock as they stand; counts are grants. `sku` names its benefit or bundle."""

    id: UUID
    name: str
    state: CampaignState
    version: int
    unit_id: int
    unit: str
    mode: CampaignMode
    published: bool
    sku: str
    audience_size: int | None
    opens_at: datetime | None
    closes_at: datetime | None
    budget_fen: int
    committed_fen: int
    reserved_fen: int
    stock: int
    used: int
    reserved: int
    created_by: str
    changed_at: datetime
    can: list[str]


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """How a campaign stands beside others of its kind; counts are customers."""

    name: str
    state: CampaignState
    change_id: UUID | None
    reached: int
    granted: int
    metric: str | None
    control_percent: int


class Campaign(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign whole. `problems` says, field by field, what is missing before it can be submitted."""

    id: UUID
    state: CampaignState
    version: int
    unit_id: int
    unit: str
    draft: Draft
    segment: Named | None
    audience: Named | None
    audience_size: int | None
    sku: SkuShown | None
    bundle: BundleShown | None
    problems: list[FieldProblem]
    change_id: UUID | None
    offer_id: UUID | None
    budget_id: UUID | None
    entry_code: str | None
    entry_path: str | None
    progress: Progress | None
    created_by: str
    created_at: datetime
    changed_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    reason: str
    releases: list[Release]
    offers: list[Named]
    can: list[str]


class Waterfall(msgspec.Struct, frozen=True, kw_only=True):
    """From audience to reach, in customers: each step is what it takes away. `persons` are natural persons reached."""

    audience: int
    no_consent: int
    suppressed: int
    control: int
    reachable: int
    persons: int


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What a campaign may cost at most, against its own budget and what the paying budget has left.

    One SKU: stock × cost. A bundle: the dearest choices of every person it reaches, as far as stock goes;
    `unit_cost_fen` is then what one person may cost at most.
    """

    unit_cost_fen: int
    most_fen: int
    budget_fen: int
    available_fen: int | None


class Overlap(msgspec.Struct, frozen=True, kw_only=True):
    """Another live campaign that reaches some of the same customers."""

    id: UUID
    name: str
    customers: int


class Meeting(msgspec.Struct, frozen=True, kw_only=True):
    """Two campaigns and how many customers both reach."""

    one: UUID
    other: UUID
    customers: int


class Checks(msgspec.Struct, frozen=True, kw_only=True):
    """A draft as it would be approved: whom it reaches, what it costs, which rules it meets, whom it shares."""

    waterfall: Waterfall
    cost: Cost
    overlaps: list[Overlap]
    checks: list[Check]
    problems: list[FieldProblem]
    simulated_at: datetime


class StateReason(msgspec.Struct, frozen=True, kw_only=True):
    """Why a campaign is paused, resumed or stopped."""

    reason: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign's result from the books: grants by state, money and stock as they stand, in fen and units."""

    id: UUID
    name: str
    state: CampaignState
    progress: Progress
    granted: int
    claimed: int
    redeemed: int
    expired: int
    revoked: int
    limit_fen: int
    available_fen: int
    reserved_fen: int
    committed_fen: int
    stock: int
    stock_available: int
    stock_reserved: int
    stock_used: int
