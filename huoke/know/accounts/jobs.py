"""What follows from a maturity that has passed: the customer's next one."""

from huoke.kernel.clock import CHINA
from huoke.kernel.jobs import Sweep, every
from huoke.know.accounts import store
from huoke.know.accounts.loading import set_derived

HOLDINGS_AT_ONCE = 5_000


@every("accounts.mature", seconds=600)
async def roll(sweep: Sweep) -> None:
    """Set the next maturity of customers whose last one is over."""
    marked = HOLDINGS_AT_ONCE
    while marked:
        async with sweep.database.begin(sweep.tenant) as tx:
            seqs = await store.just_matured(tx, tx.now.astimezone(CHINA).date(), HOLDINGS_AT_ONCE)
            await set_derived(tx, seqs)
            marked = len(seqs)
