"""Forgetting codes of yesterday."""

from huoke.kernel.jobs import Sweep, every
from huoke.reach.sign_in import store
from huoke.reach.sign_in.model import KEPT


@every("sign_in.forget", seconds=3600)
async def forget(sweep: Sweep) -> None:
    """Drop what was asked for more than a day ago."""
    async with sweep.database.begin(sweep.tenant) as tx:
        await store.forget(tx, tx.now - KEPT)
