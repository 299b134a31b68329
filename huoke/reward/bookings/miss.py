"""Who did not come: the slot is over, and what that means for the benefit."""

from collections import Counter

from huoke.kernel.tx import Tx
from huoke.reward import catalogue, grants
from huoke.reward.bookings import store
from huoke.reward.bookings.book import tell
from huoke.reward.bookings.model import LATE, BookingState
from huoke.reward.catalogue import ServiceDetails

CHUNK = 500
REASON = "no show"


async def miss_due(tx: Tx, *, limit: int = CHUNK) -> int:
    """Mark bookings whose slot is over by an hour as missed; returns how many.

    The benefit may be booked again until it was missed more often than its terms allow: then it ends, and its stock
    and money go back.
    """
    overdue = await store.overdue(tx, tx.now - LATE, limit)
    await grants.hold_held(tx, overdue)
    held = await store.standing(tx, overdue)
    if not held:
        return 0
    await store.set_state(tx, [one.id for one in held.values()], BookingState.MISSED)
    tell(tx, list(held.values()), "missed")
    skus = await catalogue.skus(tx, {one.sku_id for one in held.values()})
    missed = Counter(one.grant_id for one in await store.of_grants(tx, held, BookingState.MISSED))
    over = []
    for key, one in held.items():
        details = skus[one.sku_id].details
        assert isinstance(details, ServiceDetails), "only services are booked"
        if missed[key] > details.no_shows_max:
            over.append(key)
    if over:
        await grants.forfeit(tx, over, REASON)
    return len(held)
