"""Sunset: a tag that nobody uses is warned of, then frozen, then put away."""

from datetime import timedelta

from huoke.kernel.tx import Tx
from huoke.know.language import day_of
from huoke.know.tags import store
from huoke.know.tags.using import counts_of_uses

UNUSED = timedelta(days=90)
"""So long unused, a tag is warned of."""
WARNED = timedelta(days=30)
"""So long warned of, it is frozen; so long frozen, put away."""


async def grow_old(tx: Tx) -> list[str]:
    """Count uses and move what nobody uses one step on; says which tags moved."""
    await store.set_usage(tx, await counts_of_uses(tx))
    moved = await store.grow_old(tx, tx.now - UNUSED, tx.now - WARNED, day_of(tx.now))
    return [row["name"] for row in moved]
