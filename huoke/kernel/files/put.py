"""Writing files."""

import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from uuid import UUID

from huoke.kernel.files import store
from huoke.kernel.files.model import SIZE_BYTES_MAX, FileId, check_name, chunked, too_large
from huoke.kernel.files.seal import keys_in_use
from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.tx import Actor, Database, Tx

Begin = Callable[[], AbstractAsyncContextManager[Tx]]


async def put(
    tx: Tx,
    name: str,
    content_type: str,
    source: bytes | AsyncIterator[bytes],
    expires_at: datetime,
    *,
    download_permission: str = "",
    size_bytes_max: int = SIZE_BYTES_MAX,
) -> FileId:
    """Write a file within a transaction: for what is at hand and small enough to be written in a moment.

    `download_permission` is the permission with which it may be fetched over HTTP; empty is nobody. Raises
    `FileTooLarge` and `BadFileName`; the caller's transaction then has nothing of it once it is rolled back.
    """

    @asynccontextmanager
    async def here() -> AsyncIterator[Tx]:
        yield tx

    return await _write(here, name, content_type, source, expires_at, download_permission, size_bytes_max)


async def upload(
    database: Database,
    tenant: TenantId,
    actor: Actor,
    name: str,
    content_type: str,
    source: AsyncIterator[bytes],
    expires_at: datetime,
    *,
    download_permission: str = "",
    size_bytes_max: int = SIZE_BYTES_MAX,
) -> FileId:
    """Write a file as it arrives, a transaction for each MiB: a slow sender holds nobody up.

    The file cannot be seen before it is whole; what an interrupted upload left is removed a day later.
    """

    def begin() -> AbstractAsyncContextManager[Tx]:
        return database.begin(tenant, actor)

    return await _write(begin, name, content_type, source, expires_at, download_permission, size_bytes_max)


async def _write(
    begin: Begin,
    name: str,
    content_type: str,
    source: bytes | AsyncIterator[bytes],
    expires_at: datetime,
    permission: str,
    size_bytes_max: int,
) -> FileId:
    file_id = FileId(new_id())
    digest, size, number = hashlib.sha256(), 0, 0
    async with begin() as tx:
        await store.begin(tx, file_id, check_name(name), content_type, permission, expires_at)
    async for piece in chunked(_one(source) if isinstance(source, bytes) else source):
        size += len(piece)
        if size > size_bytes_max:
            async with begin() as tx:
                await store.remove(tx, [file_id])
            raise too_large(size_bytes_max)
        digest.update(piece)
        async with begin() as tx:
            sealed = keys_in_use().seal(tx.tenant, piece, bound(file_id, number))
            await store.add_chunk(tx, file_id, number, sealed)
        number += 1
    async with begin() as tx:
        await store.finish(tx, file_id, size, digest.hexdigest())
    return file_id


async def remove(tx: Tx, file_id: UUID) -> None:
    """Remove a file and its bytes at once, before it expires; one that is gone already is no matter."""
    await store.remove(tx, [file_id])


def bound(file_id: UUID, number: int) -> bytes:
    """What a chunk is sealed to beside its bank: its file and its number."""
    return file_id.bytes + number.to_bytes(4, "big")


async def _one(body: bytes) -> AsyncIterator[bytes]:
    yield body
