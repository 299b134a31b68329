"""Reading files."""

from collections.abc import AsyncIterator
from uuid import UUID

from huoke.kernel.files import store
from huoke.kernel.files.model import CHUNK_BYTES, File, FileDamaged, FileId, FileMissing
from huoke.kernel.files.put import bound
from huoke.kernel.files.seal import keys_in_use
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database, Tx


async def get(tx: Tx, file_id: UUID) -> File:
    """A file's name, size and hash; raises `FileMissing`."""
    row = await store.get(tx, file_id)
    if row is None:
        raise FileMissing("There is no such file, or it has expired.")
    return File(**dict(row))


async def open_(tx: Tx, file_id: FileId) -> AsyncIterator[bytes]:
    """The file's bytes, at most 1 MiB at a time, within a transaction; raises `FileMissing` and `FileDamaged`."""
    file = await get(tx, file_id)
    for number in range(-(-file.size_bytes // CHUNK_BYTES)):
        yield await _piece(tx, file_id, number)


async def stream(database: Database, tenant: TenantId, file_id: FileId) -> AsyncIterator[bytes]:
    """The file's bytes with a transaction for each MiB: for readers slower than the database."""
    async with database.begin(tenant) as tx:
        file = await get(tx, file_id)
    for number in range(-(-file.size_bytes // CHUNK_BYTES)):
        yield await piece(database, tenant, file_id, number)


async def piece(database: Database, tenant: TenantId, file_id: FileId, number: int) -> bytes:
    """The bytes of one MiB, numbered from 0, in a transaction of its own: for readers that jump."""
    async with database.begin(tenant) as tx:
        return await _piece(tx, file_id, number)


async def _piece(tx: Tx, file_id: UUID, number: int) -> bytes:
    sealed = await store.get_chunk(tx, file_id, number)
    if sealed is None:
        raise FileMissing("The file was removed while it was read.")
    try:
        return keys_in_use().open(tx.tenant, sealed, bound(file_id, number))
    except ValueError as error:
        raise FileDamaged(f"Part {number} of the file does not open: {error}.") from None
