"""Bringing rows of another entity: checked here, loaded by the entity, which may refuse some of them."""

import asyncio

import msgspec

from huoke.know.customers import store_import
from huoke.know.customers.entities import EntityLoaded, Place, entity
from huoke.know.customers.import_model import ImportStatus
from huoke.know.customers.prepare_rows import ReadyRows, RowPreparer
from huoke.know.customers.readers import open_reader
from huoke.know.customers.report import RowError
from huoke.know.customers.running import Work


async def carry_out(work: Work) -> None:
    """Load every chunk that is not in yet, and end the import.

    A chunk cut off between its loading and its note is loaded again: entities load the same rows to the same end.
    """
    target = entity(work.mapping.entity)
    place = Place(
        database=work.database,
        clickhouse=None if work.found.dry_run else work.clickhouse,
        tenant=work.tenant,
        actor=work.actor,
        import_id=work.import_id,
        source=work.mapping.source,
        as_of=work.found.as_of,
        series=work.found.series,
    )
    records = await asyncio.to_thread(open_reader, work.source, work.mapping)
    preparer = RowPreparer(work.mapping, records, target)
    steps = map(preparer.prepare, records.chunks())
    while (ready := await asyncio.to_thread(next, steps, None)) is not None:
        if ready.chunk.number < work.done:
            async with work.begin() as tx:
                kept = await store_import.flaws(tx, work.import_id, ready.chunk.number)
            preparer.refuse(ready.chunk, msgspec.convert(kept, list[RowError]))
        else:
            loaded = await target.load(place, ready.rows, dry_run=work.found.dry_run)
            flaws = preparer.errors_of(ready.rows, loaded)
            preparer.refuse(ready.chunk, flaws)
            if not await _note(work, ready, loaded, flaws):
                await work.end(None, preparer)
                return
        if not await work.go_on(len(ready.chunk)):
            await work.end(ImportStatus.CANCELLED, preparer)
            return
    await work.end(ImportStatus.DONE, preparer)


async def _note(work: Work, ready: ReadyRows, loaded: EntityLoaded, flaws: list[RowError]) -> bool:
    """Note that a chunk is in; False when somebody else ended the import or is ahead."""
    refused = len({flaw.line for flaw in flaws})
    counts = store_import.Counts(
        read=len(ready.chunk),
        added=loaded.added,
        changed=loaded.changed,
        same=loaded.same,
        older=loaded.older,
        refused=ready.refused + refused,
    )
    async with work.begin() as tx:
        if not await store_import.lock_chunk(tx, work.import_id, ready.chunk.number):
            return False
        await store_import.count_chunk(tx, work.import_id, counts)
        if not work.found.dry_run:
            told = msgspec.to_builtins(flaws)
            await store_import.keep_chunk(tx, work.import_id, ready.chunk.number, [], [], [], told)
    return True
