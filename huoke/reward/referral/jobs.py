"""What referral does by the clock."""

from huoke.kernel.engines import ClickHouse
from huoke.kernel.jobs import Sweep, every
from huoke.reward.referral.advance import CHUNK_MAX, advance
from huoke.reward.referral.leftover import give_back_all


@every("referral.advance", seconds=30)
async def advance_invitations(sweep: Sweep) -> None:
    """Look at accepted invitations chunk by chunk, each in a transaction of its own, until none is due."""
    while True:
        async with sweep.database.begin(sweep.tenant) as tx:
            if await advance(tx, sweep.part(ClickHouse)) < CHUNK_MAX:
                return


@every("referral.leftover", seconds=3_600)
async def give_back_leftovers(sweep: Sweep) -> None:
    """What programmes that are over keep aside and nobody can get any more goes back to its budget."""
    async with sweep.database.begin(sweep.tenant) as tx:
        await give_back_all(tx)
