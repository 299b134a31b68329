"""Exchange of points: rate cards, what a quote says, how an exchange stands. Pure.

A card says what may be exchanged for what: `takes` points of the source give `gives` of the target. Of the points a
customer puts in the fee is taken first; what is left is converted and rounded down. Everybody has the same rate, but
for registered tiers that have a better one (rules B1, P5).
"""

import re
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.reward.exchange.refusals import AmountUnfit, CardUnfit, LimitReached

NAME_MAX = 40
RATE_MAX = 1_000_000
POINTS_MAX = 10**9
FEE_MAX = 5_000
"""Half of what is put in, in hundredths of a percent."""
UNDO_HOURS_MAX = 72
COST_MAX_FEN = 10**12
REASON_MAX = 100
WHOLE = 10_000
CODE = re.compile(r"[A-Z][A-Z0-9_]{1,23}")


class Direction(StrEnum):
    """Between the bank's own types; to a partner; from a partner."""

    OWN = "own"
    OUT = "out"
    IN = "in"


class Bearer(StrEnum):
    """Who pays what the points that come in cost: the type's own funder, a budget the card names, or the partner."""

    TYPE = "type"
    BUDGET = "budget"
    PARTNER = "partner"


class TierRate(msgspec.Struct, frozen=True, kw_only=True):
    """A better rate for a tier of the bank's scheme, named by its key, and the objective reason for it (rule P5)."""

    tier: str
    takes: int
    gives: int
    reason: str = ""


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What may be exchanged for what, at which rate, from when until when (both days included).

    `source` and `target` are types of points; a partner's units are named by its own code. `fee_rate` is in hundredths
    of a percent of what is put in, rounded up, at least `fee_min`. Limits are points put in, 0 is none. What comes in
    may cost `cost_month_fen` a month of the bank, 0 is no cap; at `alarm_percent` of it the bank is warned.
    """

    name: str
    name_en: str
    direction: Direction = Direction.OWN
    source: str
    target: str
    partner: str = ""
    takes: int
    gives: int
    tiers: tuple[TierRate, ...] = ()
    fee_rate: int = 0
    fee_min: int = 0
    minimum: int = 1
    step: int = 1
    person_day: int = 0
    person_month: int = 0
    all_day: int = 0
    all_month: int = 0
    bearer: Bearer = Bearer.TYPE
    funder: UUID | None = None
    cost_month_fen: int = 0
    alarm_percent: int = 80
    undo_hours: int = 0
    from_on: date
    until_on: date | None = None

    def open_on(self, day: date) -> bool:
        """Whether it holds on a day of the bank."""
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)

    @property
    def costs(self) -> bool:
        """Whether what comes in is points the bank pays for."""
        return self.bearer is not Bearer.PARTNER and self.direction is not Direction.OUT

    def rate_of(self, tier: str) -> tuple[int, int]:
        """(takes, gives) for somebody on a tier."""
        return next(((one.takes, one.gives) for one in self.tiers if one.tier == tier), (self.takes, self.gives))


class CardState(StrEnum):
    """A card that ended takes no exchange; what is on its way is carried on."""

    LIVE = "live"
    ENDED = "ended"


class WantedCard(msgspec.Struct, frozen=True, kw_only=True):
    """A card as it is to be, or its end."""

    id: UUID
    card: Card
    state: CardState = CardState.LIVE


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What points put in come to: `fee` of them, and `gained` of the target for the rest."""

    points: int
    fee: int
    gained: int
    takes: int
    gives: int


class TradeState(StrEnum):
    """done ↔ undone for own types; asked → sent → (unknown) → done | failed with a partner.

    `reversing`: a partner says success after it had said no; it is asked to take it back. `borne`: it would not.
    """

    ASKED = "asked"
    SENT = "sent"
    UNKNOWN = "unknown"
    DONE = "done"
    FAILED = "failed"
    REVERSING = "reversing"
    BORNE = "borne"
    UNDONE = "undone"


ON_THE_WAY = frozenset({TradeState.ASKED, TradeState.SENT, TradeState.UNKNOWN})
COUNTED = ON_THE_WAY | {TradeState.DONE}
"""States that count in limits."""


class Trade(msgspec.Struct, frozen=True, kw_only=True):
    """An exchange as stored. Points in units of their own side; `number` is what a partner knows it by."""

    id: UUID
    card_id: UUID
    direction: Direction
    partner: str
    number: str
    seq: int
    source: str
    target: str
    points: int
    fee: int
    gained: int
    takes: int
    gives: int
    state: TradeState
    code: str
    reason: str
    attempts: int
    due_at: datetime | None
    asked_at: datetime
    ended_at: datetime | None
    undo_until: datetime | None


class Told(StrEnum):
    """What a partner says of an exchange. ABSENT is a query's "no such exchange": it proves nothing while calls travel.

    To an asked reversal it says REVERSED, or SUCCESS: it will not take it back.
    """

    PROCESSING = "processing"
    SUCCESS = "success"
    FAILED = "failed"
    REVERSED = "reversed"
    ABSENT = "absent"


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a partner says of one exchange, and of how many of its units."""

    told: Told
    units: int = 0
    code: str = ""
    reason: str = ""


class Step(StrEnum):
    """What follows from what a partner says."""

    NOTHING = "nothing"
    COMMIT = "commit"
    RELEASE = "release"
    ASK_BACK = "ask_back"
    CAME_BACK = "came_back"
    TAKE_AGAIN = "take_again"
    CONTRADICTS = "contradicts"


def heard(state: TradeState, told: Told) -> Step:
    """What to do when a partner says `told` of an exchange with it; everything not named here changes nothing.

    It is ended by success or failure, never by silence. Success after failure: the customer has both, so it is asked
    back; where the partner will not, the points are taken again.
    """
    if state in ON_THE_WAY:
        return {Told.SUCCESS: Step.COMMIT, Told.FAILED: Step.RELEASE, Told.REVERSED: Step.RELEASE}.get(
            told, Step.NOTHING
        )
    if state is TradeState.REVERSING:
        return {Told.REVERSED: Step.CAME_BACK, Told.FAILED: Step.CAME_BACK, Told.SUCCESS: Step.TAKE_AGAIN}.get(
            told, Step.NOTHING
        )
    if state is TradeState.FAILED and told is Told.SUCCESS:
        return Step.ASK_BACK
    contradicts = state is TradeState.DONE and told in {Told.FAILED, Told.REVERSED}
    return Step.CONTRADICTS if contradicts else Step.NOTHING


def back_off(attempts: int) -> timedelta:
    """The pause after the n-th call without an end (1 is the first): doubles from 5 s, at most an hour."""
    return timedelta(seconds=min(5 * 2 ** min(attempts - 1, 20), 3_600))


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """An exchange a customer asks for; `expected` is what they were shown they would get."""

    request_no: str
    seq: int
    card_id: UUID
    points: int
    expected: int


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """Points put in so far under a card: by the natural person and by everybody, on this day and in this month."""

    person_day: int = 0
    person_month: int = 0
    all_day: int = 0
    all_month: int = 0

    def left(self, card: Card) -> int:
        """How many points may still be put in; the largest number there is where nothing limits."""
        limits = ((getattr(card, name), getattr(self, name)) for name in LIMITS)
        return min([limit - used for limit, used in limits if limit], default=POINTS_MAX)

    def more(self, points: int) -> "Room":
        """After so many more."""
        return Room(**{name: getattr(self, name) + points for name in LIMITS})


LIMITS = ("person_day", "person_month", "all_day", "all_month")


def quote(card: Card, points: int, tier: str = "") -> Quote:
    """What so many points come to for somebody on a tier; never negative."""
    takes, gives = card.rate_of(tier)
    fee = max(-(-points * card.fee_rate // WHOLE), card.fee_min)
    return Quote(points=points, fee=fee, gained=max(points - fee, 0) * gives // takes, takes=takes, gives=gives)


class CardChanged(Event, frozen=True, kw_only=True):
    """A rate card came in force, changed or ended."""

    name: ClassVar[str] = "exchange.card_changed"
    request_id: UUID


class Exchanged(Event, frozen=True, kw_only=True):
    """Points were exchanged, or taken back; the customer is the event's member."""

    name: ClassVar[str] = "exchange.done"
    trade_id: UUID
    card_id: UUID
    source: str
    target: str
    points: int
    gained: int
    partner: str


class ExchangeUndone(Event, frozen=True, kw_only=True):
    """An exchange was taken back, or did not come about; the points are where they were."""

    name: ClassVar[str] = "exchange.undone"
    trade_id: UUID
    card_id: UUID
    partner: str
    code: str


def check_card(card: Card) -> None:
    """Raise `CardUnfit`, naming the field."""
    partner, own = card.direction is not Direction.OWN, card.direction is Direction.OWN
    for fit, field, detail in (
        (0 < len(card.name.strip()) <= NAME_MAX, "name", f"A name has 1 to {NAME_MAX} characters."),
        (0 < len(card.name_en.strip()) <= NAME_MAX, "name_en", f"A name has 1 to {NAME_MAX} characters."),
        (CODE.fullmatch(card.source), "source", "A code has 2 to 24 of A-Z, 0-9 and _, a letter first."),
        (CODE.fullmatch(card.target), "target", "A code has 2 to 24 of A-Z, 0-9 and _, a letter first."),
        (card.source != card.target, "target", "Points are exchanged for points of another type."),
        (bool(card.partner) is partner, "partner", "A card to or from a partner names it; another does not."),
        (1 <= card.takes <= RATE_MAX, "takes", f"A rate is 1 to {RATE_MAX} for 1 to {RATE_MAX}."),
        (1 <= card.gives <= RATE_MAX, "gives", f"A rate is 1 to {RATE_MAX} for 1 to {RATE_MAX}."),
        (0 <= card.fee_rate <= FEE_MAX, "fee_rate", f"A fee is 0 to {FEE_MAX} hundredths of a percent."),
        (0 <= card.fee_min < card.minimum, "fee_min", "The least fee is below the least exchange."),
        (1 <= card.minimum <= POINTS_MAX, "minimum", f"The least exchange is 1 to {POINTS_MAX} points."),
        (1 <= card.step <= POINTS_MAX, "step", f"A step is 1 to {POINTS_MAX} points."),
        (card.minimum % max(card.step, 1) == 0, "minimum", "The least exchange is whole steps."),
        (
            quote(card, card.minimum).gained > 0 if card.takes > 0 else False,
            "minimum",
            "The least exchange brings at least one point.",
        ),
        (card.until_on is None or card.from_on <= card.until_on, "until_on", "It ends after it begins."),
        (
            0 <= card.undo_hours <= (UNDO_HOURS_MAX if own else 0),
            "undo_hours",
            "Own types only, up to 72 hours.",
        ),
        ((card.bearer is Bearer.BUDGET) is (card.funder is not None), "funder", "A budget that pays is named."),
        (card.bearer is not Bearer.PARTNER or partner, "bearer", "A partner pays only for cards with it."),
        (0 <= card.cost_month_fen <= COST_MAX_FEN, "cost_month_fen", f"A cap is 0 (none) to {COST_MAX_FEN} fen."),
        (not card.cost_month_fen or card.costs, "cost_month_fen", "Only what the bank pays for has a cap of cost."),
        (1 <= card.alarm_percent <= 100, "alarm_percent", "The bank is warned at 1 to 100 percent."),
    ):
        if not fit:
            raise CardUnfit(detail, pointer=f"/card/{field}")
    _check_limits(card)
    _check_tiers(card)


def _check_limits(card: Card) -> None:
    for field in LIMITS:
        limit = getattr(card, field)
        if limit and not card.minimum <= limit <= POINTS_MAX:
            raise CardUnfit(
                f"A limit is 0 (none) or between the least exchange and {POINTS_MAX}.", pointer=f"/card/{field}"
            )
    for day, month in (("person_day", "person_month"), ("all_day", "all_month")):
        if getattr(card, month) and getattr(card, day) > getattr(card, month):
            raise CardUnfit("A day's limit is at most the month's.", pointer=f"/card/{day}")


def _check_tiers(card: Card) -> None:
    if len({one.tier for one in card.tiers}) != len(card.tiers):
        raise CardUnfit("Each tier has one rate.", pointer="/card/tiers")
    for place, one in enumerate(card.tiers):
        if not (1 <= one.takes <= RATE_MAX and 1 <= one.gives <= RATE_MAX):
            raise CardUnfit(f"A rate is 1 to {RATE_MAX} for 1 to {RATE_MAX}.", pointer=f"/card/tiers/{place}")
        if one.gives * card.takes < card.gives * one.takes:
            raise CardUnfit("A tier's rate is no worse than everybody's.", pointer=f"/card/tiers/{place}")
        if not 1 <= len(one.reason.strip()) <= REASON_MAX:
            detail = f"A tier's rate has its objective reason, 1 to {REASON_MAX} characters (rule P5)."
            raise CardUnfit(detail, pointer=f"/card/tiers/{place}/reason")


def require_amount(card: Card, points: int, room: Room) -> None:
    """Raise `AmountUnfit` or `LimitReached`."""
    if points < card.minimum:
        raise AmountUnfit(f"At least {card.minimum} points.", pointer="/points", minimum=card.minimum)
    if points > POINTS_MAX or points % card.step:
        raise AmountUnfit(f"Whole steps of {card.step} points.", pointer="/points", step=card.step)
    if points > room.left(card):
        left = max(room.left(card), 0)
        raise LimitReached(f"{left} points may still be exchanged.", pointer="/points", left=left)


def undo_until(card: Card, at: datetime) -> datetime | None:
    """Until when the customer may take an exchange back."""
    return at + timedelta(hours=card.undo_hours) if card.undo_hours else None


def same(trade: Trade, wish: Wish) -> bool:
    """Whether a trade is what a wish of the same number asks for."""
    return (trade.card_id, trade.seq, trade.points) == (wish.card_id, wish.seq, wish.points)
