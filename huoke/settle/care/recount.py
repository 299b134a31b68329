"""Counting compensations as the natural persons customers turned out to be (rule R1)."""

from collections.abc import Mapping

from huoke.kernel.tx import Tx
from huoke.settle.care import store_ask


async def recount(tx: Tx, persons: Mapping[int, int]) -> None:
    """Serves `customers.register_recount`: those of customers (seq → natural person) are those persons' from now on."""
    await store_ask.recount(tx, persons)
