"""What a report of a campaign says: its effect, its ways in, its customers one by one, what a plan could show."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.decide.experiments import Baseline, Effect, Estimate, Gap, Plan, SampleRatio
from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, Forbidden, NotFound
from huoke.know.customers import CustomerRow
from huoke.know.metrics import Metric


class Breakdown(StrEnum):
    """How the customers of a campaign are parted: by branch, or by what they did before it."""

    BRANCH = "branch"
    BEFORE = "before"


class PartEffect(msgspec.Struct, frozen=True, kw_only=True):
    """The effect on one part. Intervals are widened so that all parts of a breakdown cover together in 95 of 100 cases
    (Bonferroni); `key` is the unit's id, or active, quiet.
    """

    key: str
    name: str
    effect: Effect


class Breakdowns(msgspec.Struct, frozen=True, kw_only=True):
    """The effect in parts."""

    branch: list[PartEffect] = []
    before: list[PartEffect] = []


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What the campaign spent, in fen, and what one more customer (or time, or yuan) cost; None with what is missing.

    For an amount it is the cost of one more fen, without unit.
    """

    spent_fen: int
    per_incremental: Estimate | None
    gap: Gap | None


class CampaignEffect(msgspec.Struct, frozen=True, kw_only=True):
    """The effect of a campaign on its metric, from `begin` until before `end`, by natural persons.

    `provisional`: the window is still open, and numbers may move until `closes_at`. `before_begin` is where the time
    before begins that CUPED looks at, None where the bank's records do not reach so far.
    """

    campaign_id: UUID
    name: str
    state: str
    metric: Metric | None
    metric_days: int
    begin: datetime | None
    end: datetime | None
    closes_at: datetime | None
    before_begin: datetime | None
    provisional: bool
    data_at: datetime | None
    effect: Effect
    sample_ratio: SampleRatio | None
    cost: Cost
    parts: Breakdowns


class EffectPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What control groups of several sizes could show. `baseline` is what the audience did in the `history_days`
    before; None where the bank has no records of the metric, and then there is no plan either.
    """

    metric: str
    metric_days: int
    persons: int
    history_days: int
    baseline: Baseline | None
    plans: list["PercentPlan"]


class PercentPlan(Plan, frozen=True, kw_only=True):
    """The plan of one size of control group."""

    percent: int


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One entry point, in customers: who came through it, and who went on whose last visit before claiming was there.

    The code is empty for customers who claimed without having come through any.
    """

    entry_code: str
    name: str
    kind: str
    visited: int
    claimed: int
    redeemed: int


class BenefitFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One benefit of a campaign, in grants; amount of what was redeemed, in fen."""

    offer_id: UUID
    name: str
    name_en: str
    granted: int
    claimed: int
    redeemed: int
    redeemed_fen: int
    stock: int
    stock_reserved: int
    stock_used: int


class Ways(msgspec.Struct, frozen=True, kw_only=True):
    """From message to redemption, for the campaign as a whole and by entry point and benefit; up to `data_at`.

    `reached`: whom the message was sent to; without a message, who was granted something or is meant. `delivered` is
    None without a message.
    """

    data_at: datetime | None
    reached: int
    delivered: int | None
    visited: int
    claimed: int
    redeemed: int
    entry_points: list[Way]
    benefits: list[BenefitFigures]


class Stage(StrEnum):
    """A number on the board whose customers can be listed."""

    GRANTED = "granted"
    VISITED = "visited"
    CLAIMED = "claimed"
    REDEEMED = "redeemed"


class Narrowed(msgspec.Struct, frozen=True, kw_only=True):
    """What of a number is asked for: a unit with all below it, an entry point, an offer, a time."""

    unit_id: int | None = None
    entry_code: str | None = None
    offer_id: UUID | None = None
    begin: datetime | None = None
    end: datetime | None = None


class Drilled(CustomerRow, frozen=True, kw_only=True):
    """A customer behind a number, masked, with when it happened last."""

    at: datetime


class Language(StrEnum):
    """The language of a paper."""

    ZH = "zh-CN"
    EN = "en"


class PaperFormat(StrEnum):
    """One page to print, or a workbook."""

    PDF = "pdf"
    XLSX = "xlsx"


class NewPaper(msgspec.Struct, frozen=True, kw_only=True):
    """A report to make."""

    format: PaperFormat = PaperFormat.PDF
    language: Language = Language.ZH


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A report being made; `file_id` once it can be fetched, `error` when it could not be made."""

    id: UUID
    state: str
    file_id: UUID | None
    error: str


class PaperRequested(Event, frozen=True, kw_only=True):
    """Somebody asked for a report of a campaign."""

    name: ClassVar[str] = "reports.paper_requested"
    paper_id: UUID
    campaign_id: UUID
    format: str
    language: str
    staff_id: UUID


class CustomersClosed(Forbidden):
    """The caller may read numbers, not customers."""

    code: ClassVar[str] = "reports.customers_closed"


class PaperUnknown(NotFound):
    """No such report was asked for of this campaign."""

    code: ClassVar[str] = "reports.paper_unknown"


class PdfUnavailable(Conflict):
    """This machine lacks what draws a PDF; the package to install is named."""

    code: ClassVar[str] = "reports.pdf_unavailable"
