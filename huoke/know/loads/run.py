"""Running a load, and taking one back.

A load that was cut short is taken back and begun anew, so that its counts are true however often it was tried. What is
cancelled is taken back as well: of a load stands all or nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import msgspec

from huoke.kernel import files
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Actor, Database
from huoke.know import events
from huoke.know.customers import StoredSource
from huoke.know.events import FileLoaded, FileMapping
from huoke.know.loads import store
from huoke.know.loads.model import EventLoad, LoadEnded, LoadStatus, LoadWithdrawn
from huoke.know.loads.read import get
from huoke.know.loads.rejects import Rejects

REJECTS_KEPT = timedelta(days=30)
PERMILLE = 1_000
Progress = Callable[[int, int], Awaitable[bool]]
"""(how much is done, of how much) → whether to go on."""


async def run_load(
    database: Database,
    clickhouse: ClickHouse,
    tenant: TenantId,
    load_id: UUID,
    *,
    actor: Actor,
    progress: Progress,
) -> None:
    """Load a file to its end, or as far as nobody cancels it."""
    async with database.begin(tenant, actor) as tx:
        row = await store.begin(tx, load_id)
        ended = await get(tx, load_id)
        file = await files.get(tx, row["file_id"]) if row else None
    if row is not None or ended.status is LoadStatus.CANCELLED:
        await events.withdraw(database, clickhouse, tenant, load_id)
    if row is None or file is None:
        return
    rejects, goes_on = Rejects(), True

    async def tell(so_far: FileLoaded) -> bool:
        nonlocal goes_on
        async with database.begin(tenant, actor) as tx:
            runs = await store.count(tx, load_id, msgspec.structs.asdict(so_far))
        goes_on = await progress(int(so_far.share * PERMILLE), PERMILLE) and runs
        return goes_on

    mapping = msgspec.convert(row["mapping"], FileMapping)
    try:
        await events.load_file(
            database,
            clickhouse,
            tenant,
            StoredSource(database, tenant, file, asyncio.get_running_loop()),
            mapping if mapping.columns else None,
            timezone=mapping.timezone,
            source_id=row["source_id"],
            load_id=load_id,
            progress=tell,
            reject=rejects.add,
        )
    except Refusal as refusal:
        await events.withdraw(database, clickhouse, tenant, load_id)
        await _end(database, tenant, actor, load_id, LoadStatus.REFUSED, rejects, refusal)
        return
    if not goes_on:
        await events.withdraw(database, clickhouse, tenant, load_id)
        await _end(database, tenant, actor, load_id, LoadStatus.CANCELLED, rejects)
        return
    await _end(database, tenant, actor, load_id, LoadStatus.DONE, rejects)


async def run_withdrawal(
    database: Database, clickhouse: ClickHouse, tenant: TenantId, load_id: UUID, *, actor: Actor
) -> EventLoad:
    """Take a load back to its end, from wherever an earlier run left it."""
    await events.withdraw(database, clickhouse, tenant, load_id)
    async with database.begin(tenant, actor) as tx:
        if await store.withdrawn(tx, load_id):
            tx.emit(LoadWithdrawn(load_id=load_id))
        return await get(tx, load_id)


async def _end(
    database: Database,
    tenant: TenantId,
    actor: Actor,
    load_id: UUID,
    status: LoadStatus,
    rejects: Rejects,
    refusal: Refusal | None = None,
) -> None:
    body = rejects.body()
    async with database.begin(tenant, actor) as tx:
        rejects_id = None
        if body is not None:
            name, kind = f"{load_id}-rejects.csv", "text/csv; charset=utf-8"
            rejects_id = await files.put(tx, name, kind, body, tx.now + REJECTS_KEPT)
        why = {"code": refusal.code, "detail": refusal.detail, "data": refusal.data} if refusal else None
        causes = [msgspec.to_builtins(one) for one in rejects.causes()]
        ended = await store.end(tx, load_id, status.value, causes=causes, rejects_file_id=rejects_id, refusal=why)
        if ended:
            tx.emit(LoadEnded(load_id=load_id, status=status.value))
