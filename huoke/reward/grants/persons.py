"""Counting what customers have as the natural persons they turned out to be (rule R1)."""

from collections.abc import Mapping

from huoke.kernel.tx import Tx
from huoke.reward.grants import store, store_persons


async def recount(tx: Tx, persons: Mapping[int, int]) -> None:
    """Count the grants of customers (seq → natural person) as those persons', in limits of offers and of bundles.

    Serves `customers.register_recount`. Nothing is taken back: whoever has more than one person may have keeps it, and
    gets no more. Whoever claims meanwhile waits at the offers, or for the persons themselves (`hold_persons`).
    """
    offers = await store_persons.offers_of(tx, persons)
    if offers:
        await store.lock_offers(tx, offers)
        await store_persons.count_as(tx, persons)
