"""Files: whole or not there, sealed under their bank, gone when they expire."""

import hashlib
import os
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from huoke.kernel import files
from huoke.kernel.files import (
    BadFileName,
    FileDamaged,
    FileId,
    FileMissing,
    FileTooLarge,
    MasterKeys,
)
from huoke.kernel.files.jobs import remove_expired
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import SYSTEM, Database

MIB = 1 << 20


@pytest.fixture(autouse=True)
def keys() -> MasterKeys:
    master = MasterKeys(b"k" * 32)
    files.register_keys(master)
    return master


async def pieces(body: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


async def keep(database: Database, bank: TenantId, body: bytes, name: str = "客户.csv", days: int = 1) -> FileId:
    async with database.begin(bank) as tx:
        return await files.put(tx, name, "text/csv", body, tx.now + timedelta(days=days))


async def content(database: Database, bank: TenantId, file_id: FileId) -> bytes:
    async with database.begin(bank) as tx:
        return b"".join([piece async for piece in files.open(tx, file_id)])


@pytest.mark.parametrize("size", [0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB + 17])
async def test_what_is_put_is_what_is_read(database: Database, bank, size: int):
    body = os.urandom(size)
    file_id = await keep(database, bank, body)
    assert await content(database, bank, file_id) == body
    assert b"".join([piece async for piece in files.stream(database, bank, file_id)]) == body
    async with database.begin(bank) as tx:
        file = await files.get(tx, file_id)
        chunks = await tx.fetch_value("SELECT count(*) FROM files.chunk WHERE file_id = $1", file_id)
    assert (file.name, file.content_type, file.size_bytes) == ("客户.csv", "text/csv", size)
    assert file.sha256 == hashlib.sha256(body).hexdigest()
    assert chunks == -(-size // MIB)


@pytest.mark.parametrize("piece", [777, 100_000, 5 * MIB])
async def test_an_upload_in_any_pieces_is_the_same_file(database: Database, bank, piece: int):
    body = os.urandom(2 * MIB + 5)
    expires = database.clock.now() + timedelta(days=1)
    file_id = await files.upload(database, bank, SYSTEM, "a.bin", "application/x", pieces(body, piece), expires)
    assert await content(database, bank, file_id) == body


async def test_a_file_that_is_too_large_is_refused_and_leaves_nothing(database: Database, bank):
    before = await _counts(database, bank)
    expires = database.clock.now() + timedelta(days=1)
    with pytest.raises(FileTooLarge) as refusal:
        await files.upload(
            database, bank, SYSTEM, "a.bin", "x/y", pieces(bytes(3 * MIB), MIB), expires, size_bytes_max=2 * MIB
        )
    assert (refusal.value.status, refusal.value.data) == (413, {"size_bytes_max": 2 * MIB})
    assert await _counts(database, bank) == before
    with pytest.raises(FileTooLarge):
        async with database.begin(bank) as tx:
            await files.put(tx, "a.bin", "x/y", bytes(3 * MIB), expires, size_bytes_max=2 * MIB)
    assert await _counts(database, bank) == before


async def test_a_broken_upload_is_never_seen_and_removed_a_day_later(database: Database, bank, clock):
    async def breaks() -> AsyncIterator[bytes]:
        yield bytes(2 * MIB)
        raise ConnectionError

    before = await _counts(database, bank)
    with pytest.raises(ConnectionError):
        await files.upload(database, bank, SYSTEM, "a.bin", "x/y", breaks(), clock.now() + timedelta(days=9))
    async with database.begin(bank) as tx:
        [row] = await tx.fetch("SELECT id FROM files.file WHERE state = 'writing'")
        with pytest.raises(FileMissing):
            await files.get(tx, row["id"])
    assert await remove_expired(database, bank) == 0
    clock.advance(timedelta(days=1))
    assert await remove_expired(database, bank) >= 1
    after = await _counts(database, bank)
    assert after[0] <= before[0]
    assert after[1] <= before[1]


async def test_an_expired_file_is_gone_and_then_removed(database: Database, bank, clock):
    file_id = await keep(database, bank, b"x" * MIB, days=2)
    clock.advance(timedelta(days=2))
    with pytest.raises(FileMissing):
        await content(database, bank, file_id)
    assert await remove_expired(database, bank) >= 1
    async with database.begin(bank) as tx:
        assert await tx.fetch_value("SELECT count(*) FROM files.chunk WHERE file_id = $1", file_id) == 0


async def test_another_banks_file_is_not_there(database: Database, bank, other_bank):
    file_id = await keep(database, bank, b"secret")
    with pytest.raises(FileMissing):
        await content(database, other_bank, file_id)


async def test_what_lies_in_the_database_is_unreadable_and_bound_to_its_place(owner: Database, database, bank):
    body = b"138 0013 8000 " * 1000
    file_id, other = await keep(database, bank, body), await keep(database, bank, body)
    async with owner.pool.acquire() as connection:
        sealed = await connection.fetchval("SELECT body FROM files.chunk WHERE file_id = $1", file_id)
        assert b"138 0013" not in sealed
        assert sealed[:2] == b"\x01\x01"
        theirs = await connection.fetchval("SELECT body FROM files.chunk WHERE file_id = $1", other)
        assert sealed != theirs
        await connection.execute("UPDATE files.chunk SET body = $2 WHERE file_id = $1", file_id, theirs)
    with pytest.raises(FileDamaged):
        await content(database, bank, file_id)
    assert await content(database, bank, other) == body


def test_a_bank_cannot_open_what_another_sealed(keys: MasterKeys):
    sealed = keys.seal(TenantId(1), b"text", b"here")
    assert keys.open(TenantId(1), sealed, b"here") == b"text"
    for tenant, place, changed in ((2, b"here", sealed), (1, b"there", sealed), (1, b"here", sealed[:-1] + b"\x00")):
        with pytest.raises(ValueError):
            keys.open(TenantId(tenant), changed, place)
    with pytest.raises(ValueError):
        MasterKeys(b"z" * 32).open(TenantId(1), sealed, b"here")


@pytest.mark.parametrize("name", ["", "a/b", "a\\b", "x" * 201, "a\nb", "a\x00b"])
async def test_a_bad_name_is_refused(database: Database, bank, name: str):
    before = await _counts(database, bank)
    with pytest.raises(BadFileName):
        await keep(database, bank, b"x", name)
    assert await _counts(database, bank) == before


async def _counts(database: Database, bank: TenantId) -> tuple[int, int]:
    async with database.begin(bank) as tx:
        row = await tx.fetch_row(
            "SELECT (SELECT count(*) FROM files.file) AS files, (SELECT count(*) FROM files.chunk) AS chunks"
        )
    assert row is not None
    return row["files"], row["chunks"]
