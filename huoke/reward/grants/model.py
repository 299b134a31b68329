"""What a grant is: its states and where each keeps stock and money, offers, claims; the pure decision over a batch."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from huoke.kernel.money import FEN_MAX
from huoke.kernel.refusals import Refusal
from huoke.know.customers import NotEligible
from huoke.reward.grants.refusals import (
    AlreadyChosen,
    BudgetExhausted,
    Ended,
    LimitReached,
    NotStarted,
    Paused,
    SoldOut,
)


class State(StrEnum):
    """The life of a grant."""

    RESERVED = "reserved"
    ISSUED = "issued"
    FULFILLING = "fulfilling"
    FULFILLED = "fulfilled"
    USED = "used"
    FAILED = "failed"
    EXPIRED = "expired"
    REVOKED = "revoked"
    RETURNED = "returned"


class Shelf(StrEnum):
    """Where a grant's unit stands in its pool, and its cost in its budget (there `used` is called committed)."""

    AVAILABLE = "available"
    RESERVED = "reserved"
    USED = "used"


NEXT: Mapping[State | None, frozenset[State]] = {
    None: frozenset({State.RESERVED, State.FULFILLING, State.FULFILLED, State.USED}),
    State.RESERVED: frozenset(
        {
            State.ISSUED,
            State.FULFILLING,
            State.FULFILLED,
            State.USED,
            State.FAILED,
            State.EXPIRED,
            State.REVOKED,
            State.RETURNED,
        }
    ),
    State.ISSUED: frozenset({State.FULFILLING, State.FAILED, State.EXPIRED, State.REVOKED, State.RETURNED}),
    State.FULFILLING: frozenset({State.USED, State.FAILED, State.FULFILLED}),
    State.FULFILLED: frozenset({State.USED, State.EXPIRED, State.REVOKED, State.RETURNED, State.FULFILLING}),
    State.USED: frozenset({State.FULFILLED, State.RETURNED}),
    State.FAILED: frozenset(),
    State.EXPIRED: frozenset(),
    State.REVOKED: frozenset(),
    State.RETURNED: frozenset(),
}
"""Which state may follow which; None is before the grant. Where the bank itself delivers, a claim passes `issued` and
`fulfilling` at once, so those edges go straight to their end. What needs a supplier's order waits in `fulfilling`; its
delivery passes `fulfilled` at once, for nothing follows it. used → fulfilled is an undo. What the cashier takes off a
payment waits in `fulfilling` while its customer pays, and is back in `fulfilled` where they do not."""

OPEN = frozenset({State.RESERVED, State.ISSUED, State.FULFILLING, State.FULFILLED})
"""States that something still follows by itself: a deadline, a delivery, a redemption."""
FORGIVEN = frozenset({State.FAILED, State.REVOKED, State.RETURNED})
"""States that give the person's limit back; an expired grant had its chance."""


def shelf(state: State | None) -> Shelf:
    """Where a grant in `state` keeps its unit of stock and its money: every movement of either follows from this."""
    if state in OPEN:
        return Shelf.RESERVED
    return Shelf.USED if state is State.USED else Shelf.AVAILABLE


class BenefitKind(StrEnum):
    """What is granted, as `catalogue.SkuKind`."""

    VOUCHER = "voucher"
    TOPUP = "topup"
    PHYSICAL = "physical"
    POINTS = "points"
    FINANCIAL = "financial"


class Handover(StrEnum):
    """How it gets to the customer, as `catalogue.Handover`: what follows a claim.

    Counter: a right to redeem. Card code: a supplier's code is set aside, and used when its customer sees it. Order:
    waits for a supplier's order. Credit: done at once. Cashier: taken off a payment.
    """

    COUNTER = "counter"
    CARD_CODE = "card_code"
    ORDER = "order"
    CREDIT = "credit"
    CASHIER = "cashier"


HANDOVERS: Mapping[BenefitKind, tuple[Handover, ...]] = {
    BenefitKind.VOUCHER: (Handover.COUNTER, Handover.CARD_CODE, Handover.CASHIER),
    BenefitKind.TOPUP: (Handover.ORDER,),
    BenefitKind.PHYSICAL: (Handover.ORDER, Handover.COUNTER),
    BenefitKind.POINTS: (Handover.CREDIT,),
    BenefitKind.FINANCIAL: (Handover.COUNTER, Handover.ORDER),
}
"""The ways each kind may take, the usual one first."""


class Mode(StrEnum):
    """Push: granted to an audience, then claimed by each. Pull: taken from stock by whoever is eligible."""

    PUSH = "push"
    PULL = "pull"


class OfferState(StrEnum):
    """Paused comes back; stopped and ended do not."""

    OPEN = "open"
    PAUSED = "paused"
    STOPPED = "stopped"
    ENDED = "ended"


OFFER_NEXT: Mapping[OfferState, frozenset[OfferState]] = {
    OfferState.OPEN: frozenset({OfferState.PAUSED, OfferState.STOPPED, OfferState.ENDED}),
    OfferState.PAUSED: frozenset({OfferState.OPEN, OfferState.STOPPED, OfferState.ENDED}),
    OfferState.STOPPED: frozenset(),
    OfferState.ENDED: frozenset(),
}

EVERY_UNIT = 0
"""The key in `Offer.unit_terms` that stands for every unit without terms of its own."""


class Terms(msgspec.Struct, frozen=True):
    """What pays for the customers of one unit, and what stock they draw from."""

    budget_id: UUID
    pool_id: UUID


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A benefit on offer, as approved: nothing in it changes after it is published but its state.

    `cost_fen` is what one grant takes from the budget and, once redeemed, what the supplier is owed. For points,
    `points` and `points_type` say what is credited, `valid_days` after how long the lot expires. `unit_terms` maps a
    customer's unit to budget and pool; `EVERY_UNIT` stands for the rest, and a unit without terms is not eligible.
    `handover` None is the usual one of the kind. `choose` > 0 is the choice limit of a bundle: a person gets at most
    that many of all the offers of this source together (the same number on each of them); pull offers only.
    """

    id: UUID
    source_kind: str
    source_id: UUID
    line: int = 0
    sku_id: UUID
    sku_version: int
    kind: BenefitKind
    handover: Handover | None = None
    mode: Mode
    title: str
    cost_fen: int
    face_value_fen: int = 0
    supplier_id: UUID | None = None
    points: int = 0
    points_type: str = "POINTS"
    person_limit: int
    choose: int = 0
    opens_at: datetime
    closes_at: datetime
    valid_days: int
    unit_terms: dict[int, Terms]
    state: OfferState = OfferState.OPEN


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Customers as columns of equal length: seq, owning unit, natural person (rule R1). At most 10,000."""

    seqs: Sequence[int]
    unit_ids: Sequence[int]
    persons: Sequence[int]


class Pushed(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one chunk of a push, as counts that add up to its members; `exists` were granted before."""

    granted: int = 0
    exists: int = 0
    sold_out: int = 0
    budget_exhausted: int = 0
    limit_reached: int = 0
    not_eligible: int = 0


class PhoneDelivery(msgspec.Struct, frozen=True, kw_only=True, tag="phone"):
    """A mobile number to top up."""

    phone: str


class PostalDelivery(msgspec.Struct, frozen=True, kw_only=True, tag="postal"):
    """Where a gift is sent; `region` is a code of GB/T 2260 (6 digits), `address` all below it."""

    name: str
    phone: str
    region: str
    address: str


Delivery = PhoneDelivery | PostalDelivery


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """One customer's claim, with the facts the caller vouches for.

    `anew` takes from stock although the offer is pushed: for a pushed grant that definitely failed and gave all back.
    `choose` is how many this customer may choose of a bundle, None for what its offers say.
    """

    request_no: str
    offer_id: UUID
    seq: int
    unit_id: int
    person: int
    delivery: Delivery | None = None
    eligible: bool = True
    anew: bool = False
    choose: int | None = None


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """A grant as it stands. `steps` counts its movements; `expires_at` is None once nothing follows by itself.

    `supplier_id` is who delivers it where that is not its offer's own supplier. Of a used one's `amount_fen` the
    `back_fen` are available to its budget again: a part of what was paid with it went back.
    """

    id: UUID
    offer_id: UUID
    seq: int
    person: int
    unit_id: int
    state: State
    budget_id: UUID
    pool_id: UUID
    amount_fen: int
    steps: int
    granted_at: datetime
    claimed_at: datetime | None
    expires_at: datetime | None
    used_at: datetime | None
    supplier_id: UUID | None = None
    back_fen: int = 0


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a claim: `exists` says that it is the answer to a retry."""

    grant_id: UUID
    state: State
    expires_at: datetime | None
    exists: bool = False


class Movement(msgspec.Struct, frozen=True):
    """A grant, as locked, and the state it goes to."""

    grant: Grant
    state: State


class OfferFacts(msgspec.Struct, frozen=True, kw_only=True):
    """An offer as a batch needs it: without its terms, with its state."""

    id: UUID
    source_kind: str
    source_id: UUID
    sku_id: UUID
    sku_version: int
    kind: BenefitKind
    handover: Handover
    mode: Mode
    cost_fen: int
    supplier_id: UUID | None
    points: int
    points_type: str
    person_limit: int
    choose: int
    opens_at: datetime
    closes_at: datetime
    valid_days: int
    state: OfferState

    @property
    def claimed_state(self) -> State:
        """Where a claim leads at once."""
        match self.handover:
            case Handover.ORDER:
                return State.FULFILLING
            case Handover.CREDIT:
                return State.USED
            case _:
                return State.FULFILLED

    def refusal(self, at: datetime) -> Refusal | None:
        """Why nothing can be claimed at this instant, or None."""
        if self.state is OfferState.PAUSED:
            return Paused("This offer is paused; come back later.")
        if self.state is not OfferState.OPEN or at >= self.closes_at:
            return Ended("This offer has ended.", closes_at=self.closes_at.isoformat())
        if at < self.opens_at:
            return NotStarted("This offer has not started yet.", opens_at=self.opens_at.isoformat())
        return None

    def good_until(self, at: datetime) -> datetime:
        """When something claimed now expires."""
        return at + timedelta(days=self.valid_days)


class Stock(msgspec.Struct):
    """What a batch may still take, counted down as it decides: units by pool, fen by budget; who has how many of an
    offer, and of a source whose offers are a bundle.
    """

    pools: dict[UUID, int]
    budgets: dict[UUID, int]
    taken: dict[tuple[UUID, int], int]
    chosen: dict[tuple[UUID, int], int] = {}


def decide(
    claims: Sequence[Claim], offers: Sequence[OfferFacts], terms: Sequence[Terms | None], stock: Stock
) -> list[Terms | Refusal]:
    """Decide pull claims in order against what is left: the terms a grant falls under, or why there is none.

    Takes from `stock` as it goes, so that the same person, pool or budget twice in a batch is counted twice.
    """
    return [_decide(claim, offer, term, stock) for claim, offer, term in zip(claims, offers, terms, strict=True)]


def _decide(claim: Claim, offer: OfferFacts, terms: Terms | None, stock: Stock) -> Terms | Refusal:
    if not claim.eligible or terms is None:
        return NotEligible()
    person = (offer.id, claim.person)
    taken = stock.taken.get(person, 0)
    if taken >= offer.person_limit:
        return LimitReached("You already have what one person can get.", limit=offer.person_limit)
    choice = (offer.source_id, claim.person)
    chosen = stock.chosen.get(choice, 0)
    choose = offer.choose if claim.choose is None else claim.choose
    if offer.choose and chosen >= choose:
        return AlreadyChosen(f"You have already chosen {chosen}.", chosen=chosen, choose=choose)
    if stock.pools[terms.pool_id] < 1:
        return SoldOut("Everything is gone.")
    if stock.budgets[terms.budget_id] < offer.cost_fen:
        return BudgetExhausted("The budget of this offer is used up.")
    stock.taken[person] = taken + 1
    if offer.choose:
        stock.chosen[choice] = chosen + 1
    stock.pools[terms.pool_id] -= 1
    stock.budgets[terms.budget_id] -= offer.cost_fen
    return terms


def room(available_fen: int, cost_fen: int) -> int:
    """How many grants of `cost_fen` fit into `available_fen`; a grant that costs nothing always fits."""
    return available_fen // cost_fen if cost_fen else FEN_MAX
