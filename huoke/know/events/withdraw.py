"""Taking back a load of events: what it brought, what of it still waits, and the ids it was known by."""

from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc

from huoke.kernel import archives
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database
from huoke.know.events import columns, store
from huoke.know.events.load import FED
from huoke.know.events.model import KNOWN_FOR

IDS_AT_ONCE = 10_000


async def withdraw(database: Database, clickhouse: ClickHouse, tenant: TenantId, load_id: UUID) -> int:
    """Take back every event that was loaded under `load_id`; returns how many.

    They are gone from timelines, segments and metrics at once, and from whatever is rebuilt later. The same messages
    may be loaded again. Attributes that their traits filled stay as they are. Begun again after a crash it goes on.
    """
    withdrawn = await archives.withdraw(database, clickhouse, tenant, load_id, FED)
    for archive in withdrawn:
        rows = await archives.rows_left(database, archive)
        if rows is not None:
            await _forget(database, tenant, rows)
            await archives.drop(database, archive)
    waited = await _drop_waiting(database, tenant, load_id)
    return sum(archive.rows for archive in withdrawn) + waited


async def _forget(database: Database, tenant: TenantId, rows: pa.Table) -> None:
    """Forget which messages of late these rows were."""
    since = pa.scalar(database.clock.now() - KNOWN_FOR, columns.INSTANT)
    ids = rows.column("id").filter(pc.greater(rows.column("at"), since)).to_pylist()
    for start in range(0, len(ids), IDS_AT_ONCE):
        async with database.begin(tenant) as tx:
            await store.forget_ids(tx, ids[start : start + IDS_AT_ONCE])


async def _drop_waiting(database: Database, tenant: TenantId, load_id: UUID) -> int:
    dropped, part = 0, IDS_AT_ONCE
    while part == IDS_AT_ONCE:
        async with database.begin(tenant) as tx:
            ids = await store.drop_waiting_of(tx, load_id, IDS_AT_ONCE)
            await store.forget_ids(tx, ids)
        part = len(ids)
        dropped += part
    return dropped
