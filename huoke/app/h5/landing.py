"""What a campaign's page says to one visitor: the decision is pure, the loading beside it."""

from datetime import datetime
from enum import StrEnum

import msgspec

from huoke.reward.grants import OfferItem, OfferState


class Landing(StrEnum):
    """What the page of a campaign says; only `OPEN` has a button."""

    OPEN = "open"
    SIGN_IN = "sign_in"
    NOT_ELIGIBLE = "not_eligible"
    NOT_STARTED = "not_started"
    ENDED = "ended"
    STOPPED = "stopped"
    PAUSED = "paused"
    SOLD_OUT = "sold_out"
    FULL = "full"
    CLAIMED = "claimed"


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How one visitor stands towards an offer, or towards all offers of a bundle together.

    `invited`: granted by push and not claimed, or meant by pull. `payable`: the budget pays for one more.
    """

    signed_in: bool
    invited: bool
    claimed: int
    left: int | None
    """Units that are left to this visitor; None where one is kept (push)."""
    payable: bool = True


def decide(offer: OfferItem, standing: Standing, now: datetime) -> Landing:
    """What to say. The campaign's own state comes first, then who is asking, then stock.

    A refusal of the person never says which fact it rests on.
    """
    if closed := _closed(offer, now):
        return closed
    gone = _gone(standing)
    if not standing.signed_in:
        return gone or Landing.SIGN_IN
    if standing.claimed >= (offer.choose or offer.person_limit) or (standing.claimed and not standing.invited):
        return Landing.CLAIMED
    if not standing.invited:
        return Landing.NOT_ELIGIBLE
    return gone or Landing.OPEN


def _gone(standing: Standing) -> Landing | None:
    """Whether nothing is left to claim: no unit in stock, or no budget that pays for one (the stock shown stays true,
    rule L7).
    """
    if standing.left == 0:
        return Landing.SOLD_OUT
    return None if standing.left is None or standing.payable else Landing.FULL


def _closed(offer: OfferItem, now: datetime) -> Landing | None:
    """Why nobody can claim at this instant, or None."""
    if offer.state is OfferState.PAUSED:
        return Landing.PAUSED
    if offer.state is OfferState.STOPPED:
        return Landing.STOPPED
    if offer.state is not OfferState.OPEN or now >= offer.closes_at:
        return Landing.ENDED
    return Landing.NOT_STARTED if now < offer.opens_at else None
