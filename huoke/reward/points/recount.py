"""Caps of earn rules count natural persons (rule R1): what customers earned is summed up anew when those change."""

from collections.abc import Mapping

from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward.points import store_earn


async def recount(tx: Tx, persons: Mapping[int, int]) -> None:
    """Count what customers (seq → natural person) earned as those persons', in the caps of earn rules.

    Serves `customers.register_recount`. Whoever got more as two than a cap allows one keeps it, and gets no more.
    Whoever earns meanwhile holds the rules, and is waited for.
    """
    await store_earn.rules(tx, lock=True)
    await store_earn.recount(tx, await customers.ever_one(tx, list(persons)))
