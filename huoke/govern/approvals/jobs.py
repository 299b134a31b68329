"""Applying approved changes when their time has come."""

from huoke.govern.approvals.decide import apply_due
from huoke.kernel.jobs import Sweep, every


@every("approvals.apply_due", seconds=10)
async def apply_changes_due(sweep: Sweep) -> None:
    """One bank's changes whose `apply_at` has passed."""
    async with sweep.database.begin(sweep.tenant) as tx:
        await apply_due(tx)
