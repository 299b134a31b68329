"""What referral does by the clock."""

from huoke.kernel.engines import ClickHouse
from huoke.kernel.jobs import Sweep, every
from huoke.reward.referral.advance import CHUNK_MAX, advance


@every("referral.advance", seconds=30)
async def advance_invitations(sweep: Sweep) -> None:
    """Look at accepted invitations chunk by chunk, each in a transaction of its own, until none is due."""
    while True:
        async with sweep.database.begin(sweep.tenant) as tx:
            if await advance(tx, sweep.part(ClickHouse)) < CHUNK_MAX:
                return
