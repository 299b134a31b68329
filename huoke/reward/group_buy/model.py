"""What a group buy is: customers who buy one thing together, each in a seat that is reserved before it is paid.

A group is complete when every seat is paid: then all get the benefit, in one transaction, or nobody does. Where it does
not fill in time, or is stopped, every paid seat gets its points back in their own lots and its cash by the cashier.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from huoke.kernel.money import FEN_MAX
from huoke.reward.grants import Delivery
from huoke.reward.group_buy.refusals import (
    Ended,
    GroupClosed,
    GroupFull,
    LimitReached,
    NotStarted,
    PriceChanged,
    ProgrammeUnfit,
    SeatTaken,
)

SOURCE = "group_buy"
"""The source kind in grants, the ledger and payments. Nobody answers for it in grants: no customer claims unpaid."""
NAME_MAX, RULES_MAX = 40, 1_000
SIZE_MIN, SIZE_MAX = 2, 20
HOURS_MAX = 168
PAY_MINUTES_MIN, PAY_MINUTES_MAX = 5, 60
STOCK_MAX = 1_000_000
LIMIT_MAX = 20
PRICE_FEN_MAX = 10_000_000
HOLD_SPARE_SECONDS = 7 * 86_400
"""A hold outlives its seat by so long: only the seat's own end frees the points."""
REFUND_LINE = 1
"""The burn of a seat's points is line 0 of the seat; the refund of it line 1."""


class ProgrammeState(StrEnum):
    """Submitted waits for its approval; stopped and refused do not come back."""

    SUBMITTED = "submitted"
    LIVE = "live"
    STOPPED = "stopped"
    REFUSED = "refused"


class PartyState(StrEnum):
    """A group: open has free seats, full waits for payments. Complete, expired and stopped are ends; refunded is an
    expired or stopped one whose money is all back.
    """

    OPEN = "open"
    FULL = "full"
    COMPLETE = "complete"
    EXPIRED = "expired"
    STOPPED = "stopped"
    REFUNDED = "refunded"


OPEN = frozenset({PartyState.OPEN, PartyState.FULL})


class SeatState(StrEnum):
    """reserved → paid → delivered, or released (never paid), or refunding → refunded."""

    RESERVED = "reserved"
    PAID = "paid"
    DELIVERED = "delivered"
    RELEASED = "released"
    REFUNDING = "refunding"
    REFUNDED = "refunded"


SEAT_NEXT: Mapping[SeatState, frozenset[SeatState]] = {
    SeatState.RESERVED: frozenset({SeatState.PAID, SeatState.RELEASED, SeatState.REFUNDING, SeatState.REFUNDED}),
    SeatState.PAID: frozenset({SeatState.DELIVERED, SeatState.REFUNDING, SeatState.REFUNDED}),
    SeatState.DELIVERED: frozenset({SeatState.REFUNDING, SeatState.REFUNDED}),
    SeatState.REFUNDING: frozenset({SeatState.REFUNDED}),
    SeatState.RELEASED: frozenset(),
    SeatState.REFUNDED: frozenset(),
}
SITTING = frozenset({SeatState.RESERVED, SeatState.PAID, SeatState.DELIVERED})
"""States in which a seat counts for its group and for the person's limit."""


class NewGroupBuy(msgspec.Struct, frozen=True, kw_only=True):
    """A group buy to be approved: `size` customers each pay `points` and/or `cash_fen` for one of a published SKU.

    A group has `hours` to fill, a seat `pay_minutes` to be paid. `stock` counts seats; a natural person takes at most
    `person_limit` of them. Units come from `pool_id` (None makes new ones), the cost is paid by `budget_id`.
    """

    name: str
    title: str
    title_en: str = ""
    rules: str
    rules_en: str = ""
    sku_id: UUID
    size: int = 3
    points: int = 0
    currency: str = "POINTS"
    cash_fen: int = 0
    hours: int = 24
    pay_minutes: int = 15
    stock: int
    person_limit: int = 1
    valid_days: int = 30
    budget_id: UUID
    pool_id: UUID | None = None
    opens_at: datetime
    closes_at: datetime
    request_no: str | None = None


class Programme(msgspec.Struct, frozen=True, kw_only=True):
    """A group buy as stored. `pool_id` holds what is free, `seat_pool_id` what seats keep until they are delivered."""

    id: UUID
    unit_id: int
    state: ProgrammeState
    terms: NewGroupBuy
    offer_id: UUID | None
    pool_id: UUID | None
    seat_pool_id: UUID | None
    budget_id: UUID | None
    change_id: UUID | None
    created_by: str
    created_at: datetime

    def closed(self, at: datetime) -> Ended | NotStarted | None:
        """Why no seat is reserved at this instant, or None."""
        if self.state is not ProgrammeState.LIVE or at >= self.terms.closes_at:
            return Ended("This group buy has ended.", closes_at=self.terms.closes_at.isoformat())
        if at < self.terms.opens_at:
            return NotStarted("This group buy has not begun.", opens_at=self.terms.opens_at.isoformat())
        return None


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """A group as stored; `code` is how friends find it."""

    id: UUID
    programme_id: UUID
    code: str
    state: PartyState
    size: int
    opened_by: int
    opened_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    reason: str


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    """One customer's place in a group, with what it costs them and where that stands."""

    id: UUID
    party_id: UUID
    programme_id: UUID
    seq: int
    person: int
    unit_id: int
    state: SeatState
    request_no: str
    points: int
    cash_fen: int
    payment_id: UUID | None
    grant_id: UUID | None
    reserved_at: datetime
    pay_by: datetime
    paid_at: datetime | None
    ended_at: datetime | None


class Reserve(msgspec.Struct, frozen=True, kw_only=True):
    """A customer takes a seat: in the group of `code`, or in a new one where it is empty; at the price they saw.

    `delivery` is where a supplier brings the benefit once the group is complete.
    """

    request_no: str
    programme_id: UUID
    seq: int
    code: str = ""
    expected_points: int = 0
    expected_cash_fen: int = 0
    delivery: Delivery | None = None


class Reserved(msgspec.Struct, frozen=True, kw_only=True):
    """The answer: the seat, its group's code, what is to be paid (None: points alone, paid at once)."""

    seat_id: UUID
    code: str
    payment_id: UUID | None = None
    exists: bool = False


class Sitting(msgspec.Struct, frozen=True):
    """Who sits where already: persons by group, and seats by person in the programme."""

    in_party: set[int]
    by_person: dict[int, int]


def refuse_seat(
    one: Reserve, person: int, programme: Programme, party: Party | None, sitting: Sitting, at: datetime
) -> Ended | NotStarted | PriceChanged | GroupClosed | GroupFull | SeatTaken | LimitReached | None:
    """Why a seat cannot be reserved, or None; `party` is None where a new group is to be opened."""
    terms = programme.terms
    if closed := programme.closed(at):
        return closed
    if (one.expected_points, one.expected_cash_fen) != (terms.points, terms.cash_fen):
        return PriceChanged("The price is another by now.", points=terms.points, cash_fen=terms.cash_fen)
    if party is not None and (refusal := _refuse_party(party, person, sitting, at)):
        return refusal
    if sitting.by_person.get(person, 0) >= terms.person_limit:
        return LimitReached("You already take part as often as one person can.", limit=terms.person_limit)
    return None


def _refuse_party(
    party: Party, person: int, sitting: Sitting, at: datetime
) -> GroupClosed | GroupFull | SeatTaken | None:
    if party.state not in OPEN or at >= party.expires_at:
        return GroupClosed("This group takes nobody any more.", state=party.state.value)
    if person in sitting.in_party:
        return SeatTaken("You sit in this group already.")
    if len(sitting.in_party) >= party.size:
        return GroupFull("Every seat of this group is taken; open one of your own.")
    return None


def party_end(terms: NewGroupBuy, opened_at: datetime) -> datetime:
    """Until when a group may fill."""
    return min(opened_at + timedelta(hours=terms.hours), terms.closes_at)


def check_terms(terms: NewGroupBuy, now: datetime) -> None:
    """Raise `ProgrammeUnfit` for what cannot be; nothing is looked up."""
    wrong = {
        **{field: not getattr(terms, field).strip() for field in ("name", "title", "rules", "currency")},
        "size": not SIZE_MIN <= terms.size <= SIZE_MAX,
        "points": not 0 <= terms.points <= FEN_MAX,
        "cash_fen": not 0 <= terms.cash_fen <= PRICE_FEN_MAX,
        "hours": not 1 <= terms.hours <= HOURS_MAX,
        "pay_minutes": not PAY_MINUTES_MIN <= terms.pay_minutes <= PAY_MINUTES_MAX,
        "stock": not terms.size <= terms.stock <= STOCK_MAX,
        "person_limit": not 1 <= terms.person_limit <= LIMIT_MAX,
        "valid_days": not 1 <= terms.valid_days <= 365,
        "closes_at": terms.closes_at <= max(terms.opens_at, now),
    }
    longest = {"name": NAME_MAX, "title": NAME_MAX, "title_en": 80, "rules": RULES_MAX, "rules_en": RULES_MAX}
    wrong |= {field: True for field, most in longest.items() if len(getattr(terms, field)) > most}
    for field, is_wrong in wrong.items():
        if is_wrong:
            raise ProgrammeUnfit(f"The {field} of a group buy cannot be like this.", pointer=f"/{field}")
    if not terms.points and not terms.cash_fen:
        raise ProgrammeUnfit("A seat costs something: points, cash or both.", pointer="/points")
