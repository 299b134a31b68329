"""What the ledger does by the clock: holds and lots run out."""

from huoke.kernel.jobs import Sweep, every
from huoke.reward import ledger


@every("ledger.expire", seconds=60)
async def expire(sweep: Sweep) -> None:
    """Free holds, then empty lots, chunk by chunk, each in a transaction of its own, until nothing is due."""
    for run_out in (ledger.expire_holds, ledger.expire_lots):
        while True:
            async with sweep.database.begin(sweep.tenant) as tx:
                if not await run_out(tx):
                    break
