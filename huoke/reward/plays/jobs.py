"""What plays do by the clock: end when their time is over, and look every day whether the odds are as stated."""

from huoke.kernel.jobs import Sweep, every
from huoke.reward import plays


@every("plays.end", seconds=30)
async def end(sweep: Sweep) -> None:
    """End what is over, and reveal its seed."""
    async with sweep.database.begin(sweep.tenant) as tx:
        await plays.end_due(tx)


@every("plays.check_odds", seconds=3_600)
async def check_odds(sweep: Sweep) -> None:
    """Compare every live play's outcomes with its stated odds; the last look of a day stands."""
    async with sweep.database.begin(sweep.tenant) as tx:
        found = [play for play in await plays.live(tx) if play.drawn]
    for play in found:
        async with sweep.database.begin(sweep.tenant) as tx:
            await plays.check_odds(tx, play)
