"""What exchange does by itself: carries what goes to partners, takes their day files."""

from datetime import time, timedelta

from huoke.kernel.clock import CHINA
from huoke.kernel.jobs import Sweep, every
from huoke.reward.exchange.carry import carry, fetch_files
from huoke.reward.exchange.connect import partners

FILES_FROM = time(2, 0)
"""A partner's file of a day is there by then."""


@every("exchange.carry", seconds=2)
async def carry_on(sweep: Sweep) -> None:
    """Make the calls that are due at every partner."""
    async with sweep.database.begin(sweep.tenant) as tx:
        codes = [one.code for one in await partners(tx) if one.enabled]
    for code in codes:
        while await carry(sweep.database, sweep.tenant, code):
            pass


@every("exchange.files", seconds=600)
async def take_files(sweep: Sweep) -> None:
    """Take every partner's file of each day that is over."""
    async with sweep.database.begin(sweep.tenant) as tx:
        local = tx.now.astimezone(CHINA)
        codes = [one.code for one in await partners(tx) if one.enabled]
    until = local.date() - timedelta(days=1 if local.time() >= FILES_FROM else 2)
    for code in codes:
        await fetch_files(sweep.database, sweep.tenant, code, until)
