"""What grants, pools, budgets and points should do, in plain Python and memory: what the machine is held against."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

RESERVED, FULFILLING, FULFILLED, USED = "reserved", "fulfilling", "fulfilled", "used"
EXPIRED, REVOKED, FAILED, RETURNED = "expired", "revoked", "failed", "returned"


class Purse(msgspec.Struct):
    """A budget or a pool: three piles, and for a pool what its children have."""

    parent: UUID | None
    available: int = 0
    reserved: int = 0
    spent: int = 0


class OfferTruth(msgspec.Struct):
    """An offer."""

    id: UUID
    push: bool
    points: int
    cost: int
    limit: int
    closes_at: datetime
    valid_days: int
    terms: dict[int, tuple[UUID, UUID]]
    order: bool = False
    bundle: UUID | None = None
    choose: int = 0
    state: str = "open"

    @property
    def claimed(self) -> str:
        """Where a claim leads."""
        return USED if self.points else FULFILLING if self.order else FULFILLED


class GrantTruth(msgspec.Struct):
    """A grant."""

    id: UUID
    offer: OfferTruth
    seq: int
    person: int
    budget: UUID
    pool: UUID
    state: str
    expires_at: datetime | None
    claimed_at: datetime | None = None
    redemption: UUID | None = None
    redeemed_at: datetime | None = None


class LotTruth(msgspec.Struct):
    """Points of one credit."""

    seq: int
    remaining: int
    expires_at: datetime


class Truth(msgspec.Struct):
    """Everything."""

    budgets: dict[UUID, Purse] = {}
    pools: dict[UUID, Purse] = {}
    offers: dict[UUID, OfferTruth] = {}
    grants: dict[UUID, GrantTruth] = {}
    requests: dict[str, tuple[UUID, int, UUID]] = {}
    lots: list[LotTruth] = []
    burns: dict[UUID, list[tuple[LotTruth, int]]] = {}
    owed: int = 0

    def taken(self, offer: OfferTruth, person: int) -> int:
        """How many grants of the offer count against the person."""
        return sum(
            1
            for grant in self.grants.values()
            if grant.offer is offer and grant.person == person and grant.state not in {REVOKED, FAILED, RETURNED}
        )

    def chosen(self, offer: OfferTruth, person: int) -> int:
        """How many benefits of the offer's bundle count against the person."""
        offers = [other for other in self.offers.values() if other.bundle == offer.bundle]
        return sum(self.taken(other, person) for other in offers)

    def refusal(self, offer: OfferTruth, now: datetime) -> str | None:
        """Why the offer is closed."""
        if offer.state == "paused":
            return "grants.paused"
        return "grants.ended" if offer.state != "open" or now >= offer.closes_at else None

    def pull(self, offer: OfferTruth, seq: int, person: int, unit: int, now: datetime) -> str:
        """The code of a pull claim's answer; the caller adds the grant."""
        if refusal := self.refusal(offer, now):
            return refusal
        if unit not in offer.terms:
            return "customers.not_eligible"
        budget, pool = offer.terms[unit]
        if self.taken(offer, person) >= offer.limit:
            return "grants.limit_reached"
        if offer.choose and self.chosen(offer, person) >= offer.choose:
            return "grants.already_chosen"
        if self.pools[pool].available < 1:
            return "grants.sold_out"
        if self.budgets[budget].available < offer.cost:
            return "grants.budget_exhausted"
        return "granted"

    def add(self, grant: GrantTruth, now: datetime) -> None:
        """A new grant, from stock and budget to where its state keeps them."""
        state, grant.state = grant.state, EXPIRED
        self.grants[grant.id] = grant
        self.move(grant, state, now)

    def move(self, grant: GrantTruth, state: str, now: datetime) -> None:
        """A grant changes state, and everything that follows from it."""
        before, after = pile(grant.state), pile(state)
        for purse, amount in ((self.pools[grant.pool], 1), (self.budgets[grant.budget], grant.offer.cost)):
            setattr(purse, before, getattr(purse, before) - amount)
            setattr(purse, after, getattr(purse, after) + amount)
        if not grant.offer.points:
            self.owed += grant.offer.cost * ((state == USED) - (grant.state == USED))
        elif state == USED:
            lot = LotTruth(grant.seq, grant.offer.points, now + timedelta(days=grant.offer.valid_days))
            self.lots.append(lot)
        if state in {FULFILLING, FULFILLED, USED}:
            grant.claimed_at = grant.claimed_at or now
        if state == FULFILLED:
            grant.expires_at = grant.claimed_at + timedelta(days=grant.offer.valid_days)
        elif state != RESERVED:
            grant.expires_at = None
        grant.state = state

    def push_pass(self, offer: OfferTruth, chunk: list[tuple[int, int, int]], ids: set[int]) -> dict[str, list[int]]:
        """One pass over (seq, unit, person): places in the chunk by verdict; granted ones are for the caller to add."""
        verdicts: dict[str, list[int]] = {}
        seen = {grant.seq for grant in self.grants.values() if grant.offer is offer}
        persons: dict[int, int] = {}
        stock: dict[UUID, int] = {}
        money: dict[UUID, int] = {}
        for place, (seq, unit, person) in enumerate(chunk):
            verdicts.setdefault(self._push_one(offer, seq, unit, person, seen, persons, stock, money), []).append(place)
            seen.add(seq)
        ids.update(verdicts.get("granted", []))
        return verdicts

    def _push_one(self, offer, seq, unit, person, seen, persons, stock, money) -> str:
        if seq in seen:
            return "exists"
        if unit not in offer.terms:
            return "not_eligible"
        budget, pool = offer.terms[unit]
        if self.taken(offer, person) >= offer.limit:
            return "limit_reached"
        if self.pools[pool].available < 1:
            return "sold_out"
        if self.budgets[budget].available < offer.cost:
            return "budget_exhausted"
        persons[person] = persons.get(person, 0) + 1
        if self.taken(offer, person) + persons[person] > offer.limit:
            return "limit_reached"
        stock[pool] = stock.get(pool, 0) + 1
        if stock[pool] > self.pools[pool].available:
            return "sold_out"
        money[budget] = money.get(budget, 0) + 1
        if money[budget] * offer.cost > self.budgets[budget].available:
            return "budget_exhausted"
        return "granted"

    def balance(self, seq: int) -> int:
        """Points of a customer."""
        return sum(lot.remaining for lot in self.lots if lot.seq == seq)

    def burn(self, source: UUID, seq: int, points: int) -> None:
        """First in, first out."""
        drawn = self.burns[source] = []
        for lot in self.lots:
            if lot.seq == seq and points:
                part = min(points, lot.remaining)
                lot.remaining -= part
                points -= part
                if part:
                    drawn.append((lot, part))

    def refund(self, source: UUID) -> int:
        """Everything back to where it came from."""
        drawn = self.burns.pop(source)
        for lot, part in drawn:
            lot.remaining += part
        return sum(part for _, part in drawn)

    def expire_lots(self, now: datetime, seq: int | None = None) -> None:
        """Lots that have run out are emptied."""
        for lot in self.lots:
            if lot.expires_at <= now and seq in (None, lot.seq):
                lot.remaining = 0


def pile(state: str) -> str:
    """Where a state keeps stock and money."""
    if state in {RESERVED, FULFILLING, FULFILLED}:
        return "reserved"
    return "spent" if state == USED else "available"
