"""Looking after the shelves."""

from huoke.kernel.jobs import Sweep, every
from huoke.reward import outlets


@every("outlets.watch_gifts", seconds=60)
async def watch_gifts(sweep: Sweep) -> None:
    """Raise and clear alarms for gifts that run low."""
    async with sweep.database.begin(sweep.tenant) as tx:
        await outlets.watch_gifts(tx)
