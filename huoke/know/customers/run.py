"""Running an import: the file is read through once to see that it can be, then written chunk by chunk.

A chunk and the note that it is in are one transaction. Whoever takes an import up again reads the file from the top,
which brings the same chunks, and writes from the first one that is not in: nothing is done twice.
"""

import asyncio
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern.people import units
from huoke.kernel import files
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Actor, Database
from huoke.know import consent
from huoke.know.customers import run_customers, run_rows, store_import
from huoke.know.customers.entities import EntityUnknown, entity
from huoke.know.customers.import_model import CountUnfit, Import, ImportStatus, Refused
from huoke.know.customers.importing import get_import, remove_upload
from huoke.know.customers.mapping import CUSTOMERS, Mapping, MappingUnfit, check_columns
from huoke.know.customers.model import (
    AttributeNameUnfit,
    AttributeTypeFixed,
    BandsUnfit,
    DataClassFixed,
    DepositFactFixed,
    ImportEnded,
)
from huoke.know.customers.prepare import CustomerPreparer
from huoke.know.customers.prepare_rows import RowPreparer
from huoke.know.customers.readers import open_reader
from huoke.know.customers.reading import FileUnfit
from huoke.know.customers.running import Progress, Work
from huoke.know.customers.source import StoredSource

SHOWN_SECONDS = 1.0
_WHOLE_FILE = (
    FileUnfit,
    CountUnfit,
    MappingUnfit,
    EntityUnknown,
    AttributeNameUnfit,
    AttributeTypeFixed,
    DepositFactFixed,
    DataClassFixed,
    BandsUnfit,
    consent.PurposeUnknown,
    consent.PurposeTextMissing,
    files.FileMissing,
    files.FileDamaged,
)
"""Refusals of the file or mapping as a whole: they come before the first row is written."""


async def run_import(
    database: Database,
    tenant: TenantId,
    import_id: UUID,
    *,
    actor: Actor,
    progress: Progress | None = None,
    clickhouse: ClickHouse | None = None,
) -> Import:
    """Run an import to its end, from wherever an earlier run left it; an ended one is returned as it is.

    A whole file that cannot be read ends as `refused`, with nothing of it written. `clickhouse` is for entities whose
    rows go into archives.
    """
    async with database.begin(tenant, actor) as tx:
        done = await store_import.begin(tx, import_id)
        found = await get_import(tx, import_id)
        codes = {unit.code: int(unit.id) for unit in await units.tree(tx)}
    if done is None:
        return found
    try:
        async with database.begin(tenant, actor) as tx:
            file = await files.get(tx, found.file_id)
        work = Work(
            database=database,
            clickhouse=clickhouse,
            tenant=tenant,
            actor=actor,
            progress=progress or _onward,
            found=found,
            mapping=msgspec.convert(found.mapping, Mapping),
            source=StoredSource(database, tenant, file, asyncio.get_running_loop()),
            codes=codes,
            done=done,
        )
        await _read_through(work)
        if found.rows_expected is not None and work.rows_total != found.rows_expected:
            raise CountUnfit(
                f"{found.rows_expected:,} rows were announced, {work.rows_total:,} came; send the day again.",
                expected=found.rows_expected,
                rows=work.rows_total,
            )
        await (run_customers if work.mapping.entity == CUSTOMERS else run_rows).carry_out(work)
    except _WHOLE_FILE as refusal:
        await _refuse(database, tenant, actor, found, refusal)
    async with database.begin(tenant, actor) as tx:
        return await get_import(tx, import_id)


async def _onward(_done: int, _total: int) -> bool:
    return True


async def _read_through(work: Work) -> None:
    """Count the rows in a thread, and show now and then how much of the file was read; raises what refuses it whole."""
    counting = asyncio.create_task(asyncio.to_thread(_count, work))
    try:
        while not (await asyncio.wait([counting], timeout=SHOWN_SECONDS))[0]:
            share_ppm = min(work.source.bytes_read * 1_000_000 // max(work.source.size_bytes, 1), 1_000_000)
            async with work.begin() as tx:
                await store_import.show_reading(tx, work.import_id, share_ppm)
    finally:
        work.rows_total = await counting
    async with work.begin() as tx:
        await store_import.show_rows(tx, work.import_id, work.rows_total)


def _count(work: Work) -> int:
    """Read the file through: how many rows it has; raises what refuses it whole."""
    records = open_reader(work.source, work.mapping)
    check_columns(work.mapping, records.header)
    if work.mapping.entity == CUSTOMERS:
        CustomerPreparer(work.mapping, records, work.codes)
    else:
        RowPreparer(work.mapping, records, entity(work.mapping.entity))
    return records.count()


async def _refuse(database: Database, tenant: TenantId, actor: Actor, found: Import, refusal: Any) -> None:
    status = ImportStatus.REFUSED.value
    async with database.begin(tenant, actor) as tx:
        refused = Refused(code=refusal.code, detail=refusal.detail, data=refusal.data)
        ended = await store_import.end(tx, found.id, status, refusal=msgspec.to_builtins(refused))
        if ended:
            tx.emit(ImportEnded(import_id=found.id, status=status))
    if ended and not found.dry_run:
        async with database.begin(tenant, actor) as tx:
            await remove_upload(tx, found)
