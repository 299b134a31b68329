"""A later end: for an offer, for what it reserved that nobody claimed yet, for one customer's benefit."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from huoke.kernel.refusals import Conflict, Refusal
from huoke.kernel.tx import Tx
from huoke.reward.grants import store, store_extend
from huoke.reward.grants.events import ValidityExtended
from huoke.reward.grants.model import Handover, OfferState, State
from huoke.reward.grants.refusals import Ended, Expired, UnknownGrant, UnknownOffer, WrongState

CHUNK_MAX = 5_000


class ShorterWindow(Conflict):
    """An offer's end is only ever moved later (rule L3)."""

    code = "grants.shorter_window"


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


async def extend_validity(tx: Tx, wanted: Sequence[Longer]) -> list[UUID | Refusal]:
    """Let claimed benefits that are not used yet be good until later; what was asked before is a retry.

    In order: the id, `UnknownGrant`, `WrongState` (used, on its way, or a card code, whose supplier set its end),
    `Expired`, `ShorterWindow`.
    """
    locked = await store.lock_grants(tx, {item.grant_id for item in wanted})
    offers = await store.offers(tx, {grant.offer_id for grant in locked.values()})
    answers: list[UUID | Refusal] = []
    for item in wanted:
        grant = locked.get(item.grant_id)
        if grant is None:
            answers.append(UnknownGrant(f"There is no grant {item.grant_id}."))
        elif grant.state is not State.FULFILLED or offers[grant.offer_id].handover is not Handover.COUNTER:
            answers.append(WrongState("Only a benefit that can be used is extended.", state=grant.state.value))
        elif grant.expires_at is None or grant.expires_at <= tx.now:
            answers.append(Expired("This benefit has expired already."))
        elif item.until_at < grant.expires_at:
            answers.append(ShorterWindow("A benefit's end is only ever moved later.", pointer="/until_at"))
        else:
            answers.append(grant.id)
            tx.emit(ValidityExtended(grant_id=grant.id, until_at=item.until_at.isoformat()), seq=grant.seq)
    done = {
        item.grant_id: item.until_at for item, answer in zip(wanted, answers, strict=True) if answer == item.grant_id
    }
    await store_extend.set_ends(tx, done)
    return answers
