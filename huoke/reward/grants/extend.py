"""A later end for an offer, and for what it reserved that nobody claimed yet."""

from datetime import datetime
from uuid import UUID

from huoke.kernel.refusals import Conflict
from huoke.kernel.tx import Tx
from huoke.reward.grants import store, store_extend
from huoke.reward.grants.model import OfferState
from huoke.reward.grants.refusals import Ended, UnknownOffer

CHUNK_MAX = 5_000


class ShorterWindow(Conflict):
    """An offer's end is only ever moved later (rule L3)."""

    code = "grants.shorter_window"


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
