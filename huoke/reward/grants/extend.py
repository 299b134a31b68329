"""A later end: for an offer, for what it reserved that nobody claimed yet, for one customer's benefit."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from huoke.kernel.clock import CHINA
from huoke.kernel.refusals import Conflict, Refusal
from huoke.kernel.tx import Tx
from huoke.reward import card_codes
from huoke.reward.grants import store, store_extend
from huoke.reward.grants.events import ValidityExtended
from huoke.reward.grants.model import OPEN, Grant, Handover, OfferFacts, OfferState, State
from huoke.reward.grants.refusals import Ended, Expired, UnknownGrant, UnknownOffer, WrongState

CHUNK_MAX = 5_000


class BeyondSupplier(Conflict):
    """A card code is good for as long as its supplier says, and no longer."""

    code = "grants.beyond_supplier"


class ShorterWindow(Conflict):
    """An offer's end is only ever moved later (rule L3)."""

    code = "grants.shorter_window"


class Fixed(StrEnum):
    """Why a benefit's end is not moved."""

    USED = "used"
    CREDITED = "credited"
    SEEN = "seen"
    ORDERED = "ordered"
    DELIVERED = "delivered"
    EXPIRED = "expired"
    OVER = "over"


class Longer(msgspec.Struct, frozen=True):
    """A benefit that is to be good until later."""

    grant_id: UUID
    until_at: datetime


async def extend_offer(tx: Tx, offer_id: UUID, closes_at: datetime) -> None:
    """Let an offer that is open or paused close later; its reserved grants follow by `extend_reserved`.

    Raises `UnknownOffer`, `Ended` once it is over, `ShorterWindow`.
    """
    offer = (await store.lock_offers(tx, [offer_id])).get(offer_id)
    if offer is None:
        raise UnknownOffer(f"There is no offer {offer_id}.")
    if offer.state not in {OfferState.OPEN, OfferState.PAUSED} or offer.closes_at <= tx.now:
        raise Ended("The offer is over; it cannot be extended.")
    if closes_at < offer.closes_at:
        raise ShorterWindow("An offer's end is only ever moved later.", pointer="/closes_at")
    await store_extend.extend_offer(tx, offer_id, closes_at)


async def extend_reserved(tx: Tx, offer_id: UUID, *, limit: int = CHUNK_MAX) -> int:
    """Let at most `limit` reserved grants live until their offer closes; returns how many. Again until it says 0."""
    return await store_extend.extend_reserved(tx, offer_id, limit)


def fixed(state: State, handover: Handover, expires_at: datetime | None, now: datetime) -> Fixed | None:
    """Why the end of a benefit is not moved, or None: it waits to be claimed, collected, redeemed or looked at."""
    if state is State.USED:
        used = {Handover.CREDIT: Fixed.CREDITED, Handover.CARD_CODE: Fixed.SEEN, Handover.ORDER: Fixed.DELIVERED}
        return used.get(handover, Fixed.USED)
    if state in (State.ISSUED, State.FULFILLING):
        return Fixed.ORDERED
    if state is State.EXPIRED or (state in OPEN and (expires_at is None or expires_at <= now)):
        return Fixed.EXPIRED
    return None if state in OPEN else Fixed.OVER


async def latest_ends(tx: Tx, grant_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """When what a supplier set aside for grants runs out: no card code is good for longer than its supplier says."""
    days = await card_codes.last_days(tx, grant_ids)
    return {grant_id: datetime.combine(day + timedelta(days=1), time(), CHINA) for grant_id, day in days.items()}


async def extend_validity(tx: Tx, wanted: Sequence[Longer]) -> list[UUID | Refusal]:
    """Let benefits that are not used yet be good until later; what was asked before is a retry.

    A pushed one that waits for its claim can be claimed until then, also after its offer closed (not if it was
    stopped). In order: the id, `UnknownGrant`, `WrongState` (used, on its way, or taken back), `Expired`, `Ended` (the
    offer was stopped), `BeyondSupplier` (a card code is not good for so long), `ShorterWindow`.
    """
    locked = await store.lock_grants(tx, {item.grant_id for item in wanted})
    offers = await store.offers(tx, {grant.offer_id for grant in locked.values()})
    ends = await latest_ends(tx, list(locked))
    answers: list[UUID | Refusal] = []
    for item in wanted:
        grant = locked.get(item.grant_id)
        refusal: Refusal | None = UnknownGrant(f"There is no grant {item.grant_id}.")
        if grant is not None:
            refusal = _refusal(grant, offers[grant.offer_id], item.until_at, ends.get(grant.id), tx.now)
        answers.append(item.grant_id if refusal is None else refusal)
        if grant is not None and refusal is None:
            tx.emit(ValidityExtended(grant_id=grant.id, until_at=item.until_at.isoformat()), seq=grant.seq)
    done = {
        item.grant_id: item.until_at for item, answer in zip(wanted, answers, strict=True) if answer == item.grant_id
    }
    await store_extend.set_ends(tx, done)
    return answers


def _refusal(
    grant: Grant, offer: OfferFacts, until_at: datetime, latest: datetime | None, now: datetime
) -> Refusal | None:
    why = fixed(grant.state, offer.handover, grant.expires_at, now)
    if why is Fixed.EXPIRED:
        return Expired("This benefit has expired already.")
    if why is not None:
        return WrongState(f"The end of a benefit that is {why} is not moved.", state=grant.state.value)
    if grant.state is State.RESERVED and offer.state is OfferState.STOPPED:
        return Ended("The offer was stopped; what nobody claimed is taken back.")
    if latest is not None and until_at > latest:
        return BeyondSupplier("Its supplier set an earlier end.", pointer="/until_at", until_at=latest.isoformat())
    if grant.expires_at is not None and until_at < grant.expires_at:
        return ShorterWindow("A benefit's end is only ever moved later.", pointer="/until_at")
    return None
