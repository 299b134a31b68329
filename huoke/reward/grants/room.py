"""What a batch may still take: asked by a source that decides for itself what to claim, such as a draw."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec

from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know.customers import NotEligible
from huoke.reward import ledger
from huoke.reward.grants import store
from huoke.reward.grants.model import EVERY_UNIT, Claim, Handover, Mode, OfferFacts, State, Stock, Terms, decide
from huoke.reward.grants.store import NewGrant


class Wanted(msgspec.Struct, frozen=True):
    """An offer that a customer may come to claim, with unit and natural person."""

    offer_id: UUID
    unit_id: int
    person: int


class Room:
    """Offers, pools and budgets as locked, counted down as they are taken; `claim_taken` writes what was taken."""

    def __init__(
        self,
        tx: Tx,
        offers: dict[UUID, OfferFacts],
        terms: dict[tuple[UUID, int], Terms],
        stock: Stock,
        lines: dict[tuple[UUID, int], int],
    ) -> None:
        self._tx, self._offers, self._terms, self._stock = tx, offers, terms, stock
        self._lines = lines

    def left(self, wanted: Wanted) -> int:
        """The units available to a customer of that unit."""
        terms = self._of(wanted)
        return 0 if terms is None else self._stock.pools[terms.pool_id]

    def take(self, wanted: Wanted) -> Refusal | None:
        """Take one unit, its cost and the person's place; or why that cannot be, and nothing is taken."""
        offer = self._offers.get(wanted.offer_id)
        if offer is None:
            return NotEligible()
        claim = Claim(request_no="", offer_id=offer.id, seq=wanted.person, unit_id=wanted.unit_id, person=wanted.person)
        if closed := offer.refusal(self._tx.now):
            return closed
        [verdict] = decide([claim], [offer], [self._of(wanted)], self._stock)
        return verdict if isinstance(verdict, Refusal) else None

    def may_lack(self, offer_ids: Iterable[UUID]) -> bool:
        """Whether claims of these offers can still be refused: a supplier's code may be gone that the pool counts."""
        return any(self._offers[offer_id].handover is Handover.CARD_CODE for offer_id in offer_ids)

    def grant(self, item: Claim, grant_id: UUID, until: datetime | None) -> NewGrant:
        """The grant of a unit that was taken, to be written in this transaction.

        Of a pushed offer it waits, reserved, for its customer's own claim `until` then; no `until`, no waiting.
        """
        offer, terms = self._offers[item.offer_id], self._of(Wanted(item.offer_id, item.unit_id, item.person))
        assert terms is not None, "what was taken has terms"
        person = (item.offer_id, item.person)
        self._lines[person] = self._lines.get(person, 0) + 1
        waits = offer.mode is Mode.PUSH and until is not None
        state = State.RESERVED if waits else offer.claimed_state
        return NewGrant(grant_id, item, offer, terms, self._lines[person], state, until if waits else None)

    def _of(self, wanted: Wanted) -> Terms | None:
        own = self._terms.get((wanted.offer_id, wanted.unit_id))
        return own or self._terms.get((wanted.offer_id, EVERY_UNIT))


async def room(tx: Tx, wanted: Iterable[Wanted]) -> Room:
    """Lock all that these might take, in the order a claim does: offers, pools, budgets."""
    asked = set(wanted)
    offers = await store.lock_offers(tx, {one.offer_id for one in asked})
    terms, pools = await store.lock_terms(tx, {(one.offer_id, one.unit_id) for one in asked})
    budgets = await ledger.lock_budgets(tx, {one.budget_id for one in terms.values()})
    taken = await store.taken(tx, {(one.offer_id, one.person) for one in asked})
    stock = Stock(pools, budgets, {person: count for person, (count, _) in taken.items()})
    return Room(tx, offers, terms, stock, {person: line for person, (_, line) in taken.items()})
