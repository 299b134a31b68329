"""Removing what has expired."""

from typing import Any

from huoke.kernel.files import store
from huoke.kernel.ids import TenantId
from huoke.kernel.jobs import JobContext, job
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


@job("files.remove_expired")
async def remove_expired_files(context: JobContext, _payload: dict[str, Any]) -> None:
    """The nightly job of each bank."""
    removed = await remove_expired(context.database, context.tenant)
    await context.progress(removed, removed)
