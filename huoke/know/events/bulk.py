"""Bulk event files: every row checked by itself, known again, and loaded past the log; unfit rows are told by line."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from uuid import UUID

import msgspec
import numpy as np
import pyarrow as pa

from huoke.kernel import archives
from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database
from huoke.know.events import columns, fill, store, waiting_room
from huoke.know.events.bulk_read import Source, check_mapping, propose, read_batches, shape_of
from huoke.know.events.examine import IDS_AT_ONCE, Examined, Part, Work, examine, is_null, late
from huoke.know.events.file_model import TIMEZONE, FileLoaded, FileMapping, Flaw
from huoke.know.events.load import FED, keep, seal_columns
from huoke.know.events.registry import registry

HASHED_BYTES = 1 << 20
Progress = Callable[[FileLoaded], Awaitable[bool]]
"""What became of the rows so far → whether to go on."""
Reject = Callable[[Sequence[Flaw], pa.Table, int], None]
"""Refused rows of a batch that begins at row `int`."""


class _Looked(msgspec.Struct, frozen=True):
    """One batch that was examined and is to be loaded."""

    batch: pa.Table
    start: int
    found: Examined
    flaws: list[Flaw]
    mapped: fill.Traits


async def load_file(
    database: Database,
    clickhouse: ClickHouse,
    tenant: TenantId,
    source: Source,
    mapping: FileMapping | None = None,
    *,
    timezone: str = TIMEZONE,
    source_id: UUID = columns.NOBODY,
    load_id: UUID | None = None,
    progress: Progress | None = None,
    reject: Reject | None = None,
) -> FileLoaded:
    """Load a file of events; the same file, or the same message ids, again are duplicates.

    Without a `mapping` columns are what they are called, and times without a zone of `timezone`. Under a `load_id` rows
    of customers the bank does not have yet wait for them, and all of it can be withdrawn; else they are refused.
    `reject` is told of refused rows batch by batch. It ends early where `progress` says so. Raises `Malformed` for a
    file that cannot be read, or a mapping that does not fit it.
    """
    shape = await asyncio.to_thread(shape_of, source)
    if mapping is None:
        mapping = msgspec.structs.replace(propose(shape.header), timezone=timezone)
    check_mapping(mapping, shape)
    work = Work(
        database,
        clickhouse,
        tenant,
        zone=mapping.zone,
        salt=await asyncio.to_thread(_digest, source),
        source_id=source_id,
        load_id=load_id,
        wait=load_id is not None,
    )
    await archives.prepare(clickhouse, tenant, FED)
    await archives.ship(database, clickhouse, tenant, FED)
    total, begun = FileLoaded(), 0
    keeping: asyncio.Task[bool] | None = None
    try:
        async for batch, share in _ahead(read_batches(source, shape, mapping)):
            looked = await _look(work, batch, begun)
            if keeping is not None and not await keeping:
                break
            begun += batch.num_rows
            keeping = asyncio.create_task(_finish(work, looked, total, share, progress, reject))
        if keeping is not None:
            await keeping
    finally:
        if keeping is not None:
            await asyncio.wait([keeping])
    return total


async def load_rows(
    database: Database, clickhouse: ClickHouse, tenant: TenantId, rows: pa.Table, *, load_id: UUID | None = None
) -> tuple[FileLoaded, list[Flaw]]:
    """Load rows whose customers are known: what became of them, and why some were refused (the first row is 1).

    Columns: `seq`, `name`, `at` (timestamp with tz), `message_id`, and where wanted `amount_fen` and `p_<property>`.
    The same message ids again are duplicates. At most 10,000 rows are one archive; few rows cost as much as many.
    What is loaded under a `load_id` can be withdrawn as a whole.
    """
    work = Work(database, clickhouse, tenant, zone=CHINA, load_id=load_id)
    await archives.prepare(clickhouse, tenant, FED)
    await archives.ship(database, clickhouse, tenant, FED)
    loaded = FileLoaded()
    looked = await _look(work, rows, 0)
    await _finish(work, looked, loaded, share=1.0)
    return loaded, looked.flaws


async def _look(work: Work, batch: pa.Table, start: int) -> _Looked:
    """Examine one batch that begins at row `start`, while the one before may still be on its way in."""
    async with work.database.begin(work.tenant) as tx:
        known, mapped = await registry(tx), await fill.declared(tx)
    found = await examine(work, batch, known, mapped, start)
    flaws, work.flaws = work.flaws, []
    return _Looked(batch, start, found, flaws, mapped)


async def _finish(
    work: Work,
    looked: _Looked,
    total: FileLoaded,
    share: float,
    progress: Progress | None = None,
    reject: Reject | None = None,
) -> bool:
    """Load one batch, add and tell what became of it; whether to go on."""
    await _load(work, looked, total)
    total.share = share
    if reject is not None and looked.flaws:
        reject(looked.flaws, looked.batch, looked.start)
    return progress is None or await progress(total)


async def _load(work: Work, looked: _Looked, total: FileLoaded) -> None:
    found, batch = looked.found, looked.batch
    theirs = [part.where(~is_null(part.table.column("seq"))) for part in found.parts]
    loaded = await _keep(work, [part for part in theirs if part.table.num_rows], looked.mapped)
    nobodys = [part.where(is_null(part.table.column("seq"))) for part in found.parts] if work.wait else []
    waiting = await waiting_room.admit(work, [part for part in nobodys if part.table.num_rows])
    total.read += batch.num_rows
    total.loaded += loaded
    total.waiting += waiting
    total.refused += found.refused
    total.traits_refused += found.traits_refused
    total.duplicate += batch.num_rows - loaded - waiting - found.refused


async def _keep(work: Work, parts: Sequence[Part], mapped: fill.Traits) -> int:
    """Put rows of known customers into an archive, into ClickHouse, and their traits into attributes."""
    if not parts:
        return 0
    whole = pa.concat_tables([await _formed(work, part) for part in parts]).combine_chunks()
    place = columns.FORM.index("ordinal")
    whole = whole.set_column(place, "ordinal", pa.array(np.arange(whole.num_rows, dtype=np.uint32)))
    await keep(work.database, work.clickhouse, work.tenant, whole, "file", work.load_id)
    await _remember(work, whole)
    for part in parts:
        said = fill.Columns(part.table.column("seq"), part.table.column("at"), part.ids, part.traits)
        await fill.apply_columns(work.database, work.tenant, mapped, said)
    return int(whole.num_rows)


async def _formed(work: Work, part: Part) -> pa.Table:
    sealed = await seal_columns(work.database, work.tenant, part.table.column("seq"), part.private)
    return await asyncio.to_thread(
        columns.to_form,
        part.table,
        part.shown,
        sealed,
        source_id=work.source_id,
        ids=part.ids,
        load_id=work.load_id,
    )


async def _remember(work: Work, formed: pa.Table) -> None:
    """Note the ids of what happened lately, so that the same messages sent live are duplicates."""
    ids = formed.column("id").filter(pa.array(late(work, formed))).to_pylist()
    for start in range(0, len(ids), IDS_AT_ONCE):
        async with work.database.begin(work.tenant) as tx:
            await store.remember(tx, ids[start : start + IDS_AT_ONCE])


async def _ahead(batches: Iterator[tuple[pa.Table, float]]) -> AsyncIterator[tuple[pa.Table, float]]:
    """The same batches, the next one being read in a thread while the caller works on the last."""
    coming = asyncio.ensure_future(asyncio.to_thread(next, batches, None))
    try:
        while (batch := await coming) is not None:
            coming = asyncio.ensure_future(asyncio.to_thread(next, batches, None))
            yield batch
    finally:
        await asyncio.wait([coming])


def _digest(source: Source) -> str:
    digest = hashlib.sha256()
    with source.seekable() as file:
        while piece := file.read(HASHED_BYTES):
            digest.update(piece)
    return digest.hexdigest()
