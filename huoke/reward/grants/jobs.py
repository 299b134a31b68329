"""What grants do by the clock: those whose time has run out expire."""

from huoke.kernel.jobs import Sweep, every
from huoke.reward import grants


@every("grants.expire", seconds=60)
async def expire(sweep: Sweep) -> None:
    """Expire chunk by chunk, each in a transaction of its own, until nothing is due."""
    while True:
        async with sweep.database.begin(sweep.tenant) as tx:
            if not await grants.expire(tx):
                return
