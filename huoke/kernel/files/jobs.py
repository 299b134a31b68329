"""Removing what has expired."""

from huoke.kernel.files import store
from huoke.kernel.ids import TenantId
from huoke.kernel.jobs import Sweep, every
from huoke.kernel.tx import Database

FILES_AT_ONCE = 4
"""Each may be hundreds of MiB."""


async def remove_expired(database: Database, tenant: TenantId) -> int:
    """Remove a bank's expired files and unfinished uploads, a few at a time; returns how many."""
    removed = 0
    while True:
        async with database.begin(tenant) as tx:
            expired = await store.find_expired(tx, FILES_AT_ONCE)
            if not expired:
                return removed
            await store.remove(tx, expired)
            removed += len(expired)


@every("files.remove_expired", seconds=600)
async def remove_expired_files(sweep: Sweep) -> None:
    """What expired or was never finished does not lie about for long."""
    await remove_expired(sweep.database, sweep.tenant)
