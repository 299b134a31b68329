"""What somebody sees first: figures, what waits, what is wrong, and the first steps of a young bank."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from huoke.measure.figures.model import Money, StockLeft


class RunningCampaign(msgspec.Struct, frozen=True, kw_only=True):
    """A live campaign with how fast it burns."""

    id: UUID
    name: str
    state: str
    unit: str
    unit_en: str
    sku: str
    opens_at: datetime | None
    closes_at: datetime | None
    budget: Money
    stock: StockLeft
    granted: int
    claimed: int
    redeemed: int


class Todo(msgspec.Struct, frozen=True, kw_only=True):
    """Something that waits for the caller: its kind, how many, where to go."""

    kind: str
    """approvals, drafts, returned, failed_jobs, statements, cases, warnings_new, warnings_taken"""
    count: int
    path: str


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """Something that goes wrong unless somebody acts. `share_ppm` is what is spent or left, of the whole."""

    kind: str
    """budget_fast, stock_low, stock_out, feed_failed, feed_missing, play_odds, play_low, play_out, play_fallback,
    play_budget, refund_failed
    """
    name: str
    share_ppm: int
    path: str


class Recent(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign somebody changed lately."""

    id: UUID
    name: str
    state: str
    unit: str
    unit_en: str
    changed_at: datetime


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers on top: of all campaigns in scope."""

    campaigns_running: int
    granted_today: int
    claimed_today: int
    redeemed_today: int
    redeemed_today_fen: int


class WeekPoint(msgspec.Struct, frozen=True, kw_only=True):
    """Customers counted over the days up to the end of `on`, the bank's calendar."""

    on: date
    customers: int


class NorthStar(msgspec.Struct, frozen=True, kw_only=True):
    """Customers in scope who redeemed a benefit within `days` days: now, `days` ago, and at the end of twelve weeks."""

    days: int
    customers: int
    before: int
    weeks: list[WeekPoint]


class CounterToday(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller redeemed today and its face value, undone ones taken off; a merchant's clerk sees no cost."""

    redeemed: int
    face_value_fen: int


class PeopleNow(msgspec.Struct, frozen=True, kw_only=True):
    """Staff in scope: who may sign in, who may not, who never chose a password; live sessions; locked logins."""

    active: int
    disabled: int
    not_enrolled: int
    sessions: int
    locked: int


class TrailToday(msgspec.Struct, frozen=True, kw_only=True):
    """What the trail gained today: all entries, plaintext shown, files made, sign-ins refused."""

    entries: int
    reveals: int
    exports: int
    refused_sign_ins: int


class WorkNow(msgspec.Struct, frozen=True, kw_only=True):
    """Background work as it stands."""

    queued: int
    running: int
    failed: int


class DeskNow(msgspec.Struct, frozen=True, kw_only=True):
    """Cases of the service desk in scope: open, of them the caller's, closed today; compensations that wait."""

    open: int
    mine: int
    closed_today: int
    waiting: int


class PortfolioNow(msgspec.Struct, frozen=True, kw_only=True):
    """Customers the caller looks after; of these, early warnings nobody took and taken ones, and what is at risk."""

    customers: int
    warnings_new: int
    warnings_taken: int
    at_risk_fen: int


class GuideStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step from an empty bank to a first result; `done` is read off the bank itself, `yours` off the caller."""

    key: str
    """staff, import, segment, benefit, budget, campaign, approval, claim, redemption, effect"""
    done: bool
    yours: bool
    path: str


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody sees first after signing in, within their units and permissions; null is not theirs to see.

    `guide` is null once every step is done or the bank has put it away.
    """

    data_at: datetime | None
    totals: Totals
    running: list[RunningCampaign]
    todos: list[Todo]
    alarms: list[Alarm]
    recent: list[Recent]
    north_star: NorthStar | None
    counter: CounterToday | None
    people: PeopleNow | None
    trail: TrailToday | None
    work: WorkNow | None
    desk: DeskNow | None
    guide: list[GuideStep] | None
    portfolio: PortfolioNow | None
