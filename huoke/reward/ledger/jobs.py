"""What the ledger does by the clock: holds and lots run out."""

from huoke.kernel.jobs import Pace, Sweep, every
from huoke.reward import ledger


@every("ledger.expire", seconds=60)
async def expire(sweep: Sweep) -> None:
    """Free holds, then empty lots, chunk by chunk, each in a transaction of its own, until nothing is due."""
    for run_out in (ledger.expire_holds, ledger.expire_lots):
        pace, left = Pace(*ledger.EXPIRED_AT_ONCE), 1
        while left:
            with pace.chunk() as limit:
                async with sweep.database.begin(sweep.tenant) as tx:
                    left = await run_out(tx, limit=limit)
