"""Writing rows as an archive, and reading them again."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from huoke.kernel import files
from huoke.kernel.archives import store
from huoke.kernel.archives.model import KEPT, ROWS_MAX, Archive, from_parquet, to_parquet
from huoke.kernel.files import FileId
from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.tx import SYSTEM, Database

AT_ONCE_BYTES = 16 << 20
"""A file up to so large is written in one transaction: a commit for each MiB costs more than the bytes."""
_PARQUET = "application/vnd.apache.parquet"


async def put(
    database: Database,
    tenant: TenantId,
    source: str,
    origin: str,
    rows: pa.Table,
    *,
    at: str,
    load_id: UUID | None = None,
) -> Archive:
    """Keep rows for good as an archive of `source`; the same rows again are the archive there is.

    `at` names the column that tells the first and the last instant. At most `ROWS_MAX` rows. Rows of a load, whose
    column `xid` is the load's place, can be withdrawn together.
    """
    archive, body = await _packed(database, tenant, source, origin, rows, at)
    archive = msgspec.structs.replace(archive, load_id=load_id)
    async with database.begin(tenant) as tx:
        if known := await store.by_hash(tx, source, archive.sha256):
            return known
    written = await write(database, archive, body)
    async with database.begin(tenant) as tx:
        if await store.add(tx, written):
            return written
        known = await store.by_hash(tx, source, archive.sha256)
        assert known is not None, "whoever was quicker has written the same"
        return known


async def pack(database: Database, tenant: TenantId, source: str, origin: str, rows: pa.Table, *, at: str) -> Archive:
    """Write rows to the file store and say what the archive would be; it is none before it is added."""
    return await write(database, *await _packed(database, tenant, source, origin, rows, at))


async def read(database: Database, archive: Archive) -> pa.Table:
    """The rows of an archive; `ArchiveDamaged`."""
    pieces = [piece async for piece in files.stream(database, archive.tenant, FileId(archive.file_id))]
    return await asyncio.to_thread(from_parquet, archive, b"".join(pieces))


async def write(database: Database, archive: Archive, body: bytes) -> Archive:
    """Put the file away, sealed under the bank's key."""
    name = f"{archive.source}-{archive.month:%Y%m}-{archive.sha256.hex()[:12]}.parquet"
    expires_at = database.clock.now() + KEPT
    if len(body) <= AT_ONCE_BYTES:
        async with database.begin(archive.tenant) as tx:
            file_id = await files.put(tx, name, _PARQUET, body, expires_at)
    else:
        file_id = await files.upload(database, archive.tenant, SYSTEM, name, _PARQUET, _pieces(body), expires_at)
    return msgspec.structs.replace(archive, file_id=file_id)


async def _packed(
    database: Database, tenant: TenantId, source: str, origin: str, rows: pa.Table, at: str
) -> tuple[Archive, bytes]:
    assert 0 < rows.num_rows <= ROWS_MAX, "an archive has one row at least and 500,000 at most"
    body = await asyncio.to_thread(to_parquet, rows)
    ends = pc.min_max(rows.column(at)).as_py()
    first, last = _instant(ends["min"]), _instant(ends["max"])
    archive = Archive(
        id=new_id(),
        tenant=tenant,
        source=source,
        origin=origin,
        month=first.date().replace(day=1),
        rows=rows.num_rows,
        sha256=sha256(body).digest(),
        file_id=new_id(),
        first_at=first,
        last_at=last,
        made_at=database.clock.now(),
    )
    return archive, body


def _instant(value: datetime) -> datetime:
    return value.astimezone(UTC)


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 1 << 20):
        yield body[start : start + (1 << 20)]
