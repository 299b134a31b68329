"""Looking after bookings."""

from huoke.kernel.jobs import Sweep, every
from huoke.reward import bookings


@every("bookings.miss", seconds=300)
async def miss_bookings(sweep: Sweep) -> None:
    """Mark who did not come, and end benefits that were missed too often."""
    while True:
        async with sweep.database.begin(sweep.tenant) as tx:
            if not await bookings.miss_due(tx):
                return
