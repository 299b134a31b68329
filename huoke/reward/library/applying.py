"""Carrying a catalogue that was looked at into the library, stopping it, and taking it back."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import msgspec

from huoke.govern import audit
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Actor, Database, Tx
from huoke.reward.library import store_import
from huoke.reward.library.import_model import (
    CatalogueEnded,
    CatalogueQueued,
    Counts,
    ImportState,
    PriceState,
    StepUnfit,
)
from huoke.reward.library.reading import CHUNKS_AT_ONCE, Progress, locked
from huoke.reward.library.store_import import Chunk

LINES_AT_ONCE = 5_000
BEFORE_FIRST = -(2**31)


async def apply(tx: Tx, import_id: UUID, *, gone: bool = False) -> UUID:
    """Have a catalogue that was read carried into the library; prices of known listings are asked for by themselves.

    Where more is gone than the bounds allow, nothing is taken out unless `gone` says so. `ImportUnknown`, `StepUnfit`.
    """
    row = await locked(tx, import_id)
    if row["state"] != ImportState.READY:
        raise StepUnfit("Only a catalogue that was read and is not applied yet can be applied.", state=row["state"])
    counts = msgspec.convert(row["counts"], Counts)
    allowed = gone or not counts.gone_held
    changed = {"state": ImportState.APPLYING.value, "counts": msgspec.structs.replace(counts, gone_held=not allowed)}
    await store_import.change(tx, import_id, changed)
    await _tell(tx, import_id, "apply", {"gone": gone})
    tx.emit(CatalogueQueued(import_id=import_id, step="apply"))
    return import_id


async def cancel(tx: Tx, import_id: UUID) -> UUID:
    """Stop a catalogue before it is applied; nothing of it stays. `ImportUnknown`, `StepUnfit`."""
    row = await locked(tx, import_id)
    if row["state"] not in (ImportState.QUEUED, ImportState.READING, ImportState.READY):
        raise StepUnfit("It is applied already; take it back instead.", state=row["state"])
    await store_import.change(tx, import_id, {"state": ImportState.CANCELLED.value, "ended_at": tx.now})
    await _tell(tx, import_id, "cancel", {})
    tx.emit(CatalogueEnded(import_id=import_id, state=ImportState.CANCELLED.value))
    return import_id


async def undo(tx: Tx, import_id: UUID) -> UUID:
    """Have a catalogue taken back: what it brought is gone, what it changed is as it was. `ImportUnknown`, `StepUnfit`.

    Only the latest catalogue of a supplier, and not while its prices wait for somebody's decision.
    """
    row = await locked(tx, import_id)
    if row["state"] != ImportState.DONE or row["price_state"] in (PriceState.SUBMITTED, PriceState.APPROVED):
        raise StepUnfit("It is not applied, or its prices are being decided.", state=row["state"])
    if await store_import.later(tx, import_id):
        raise StepUnfit("A later catalogue of this supplier stands on it; take that back first.", state=row["state"])
    await store_import.change(tx, import_id, {"state": ImportState.UNDOING.value})
    await _tell(tx, import_id, "undo", {})
    tx.emit(CatalogueQueued(import_id=import_id, step="undo"))
    return import_id


async def run_apply(database: Database, tenant: TenantId, import_id: UUID, *, actor: Actor, progress: Progress) -> None:
    """Carry on with an applying import, some chunks at a time; begun again it goes on with what is not applied."""
    async with database.begin(tenant, actor) as tx:
        row = await store_import.get(tx, import_id)
    if row is None or row["state"] != ImportState.APPLYING:
        return
    counts = msgspec.convert(row["counts"], Counts)
    gone = not counts.gone_held
    total = counts.new + counts.changed + (counts.gone if gone else 0)
    await _carry_in(database, tenant, actor, import_id, gone, progress, total)
    async with database.begin(tenant, actor) as tx:
        await _end(tx, import_id, ImportState.DONE, {"counts": msgspec.structs.replace(counts, applied=total)})


async def _carry_in(
    database: Database, tenant: TenantId, actor: Actor, import_id: UUID, gone: bool, progress: Progress, total: int
) -> None:
    """Apply chunk after chunk, `CHUNKS_AT_ONCE` of them side by side: their lines are not each other's."""
    at_work: list[asyncio.Task[int]] = []
    done, after = 0, BEFORE_FIRST

    async def apply_one(chunk: Chunk) -> int:
        async with database.begin(tenant, actor) as tx:
            await store_import.apply(tx, import_id, chunk)
        return len(chunk.changes)

    async def next_chunk() -> Chunk:
        async with database.begin(tenant, actor) as tx:
            return await store_import.next_chunk(tx, import_id, after, LINES_AT_ONCE, gone=gone)

    try:
        while (chunk := await next_chunk()).changes or at_work:
            if chunk.changes:
                at_work.append(asyncio.create_task(apply_one(chunk)))
                after = max(chunk.changes)
            if len(at_work) == CHUNKS_AT_ONCE or not chunk.changes:
                done += await at_work.pop(0)
                await progress(min(done, total), total)
    finally:
        await asyncio.gather(*at_work, return_exceptions=True)


async def run_undo(database: Database, tenant: TenantId, import_id: UUID, *, actor: Actor, progress: Progress) -> None:
    """Carry on with an import that is being taken back; doing a chunk again changes nothing."""
    async with database.begin(tenant, actor) as tx:
        row = await store_import.get(tx, import_id)
    if row is None or row["state"] != ImportState.UNDOING:
        return
    total = msgspec.convert(row["counts"], Counts).applied
    await chunks(
        database,
        tenant,
        actor,
        lambda tx, after: store_import.undo(tx, import_id, after, LINES_AT_ONCE),
        progress,
        total,
    )
    async with database.begin(tenant, actor) as tx:
        await _end(tx, import_id, ImportState.UNDONE, {"price_state": PriceState.NONE.value})


async def chunks(
    database: Database,
    tenant: TenantId,
    actor: Actor,
    step: Callable[[Tx, int], Awaitable[int | None]],
    progress: Progress,
    total: int,
) -> None:
    """Do one chunk after the other, each in a transaction of its own, until there is none."""
    done = 0
    after: int | None = BEFORE_FIRST
    while after is not None:
        async with database.begin(tenant, actor) as tx:
            after = await step(tx, after)
        done = min(done + LINES_AT_ONCE, total)
        await progress(done, total)


async def _end(tx: Tx, import_id: UUID, state: ImportState, row: dict[str, object]) -> None:
    await store_import.change(tx, import_id, {"state": state.value, "ended_at": tx.now, **row})
    tx.emit(CatalogueEnded(import_id=import_id, state=state.value))


async def _tell(tx: Tx, import_id: UUID, what: str, after: dict[str, object]) -> None:
    entry = audit.AuditEntry(
        action=f"library.{what}", subject_kind="catalogue_import", subject_id=str(import_id), after=after
    )
    await audit.record(tx, entry)
