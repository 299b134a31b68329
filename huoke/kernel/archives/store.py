"""The SQL of archives."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from asyncpg import Range, Record

from huoke.kernel.archives.model import Archive
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database, Tx

if TYPE_CHECKING:
    from huoke.kernel.log.append import Connection

_LISTED = (
    "id, tenant_id AS tenant, source, origin, month, rows, sha256, file_id, first_at, last_at, made_at, load_id,"
    " numbers"
)
LOCK_SECONDS = 1
_STANDS = "withdrawn_at IS NULL"
_ADD = """
INSERT INTO kernel.archive (tenant_id, id, source, origin, month, rows, sha256, file_id, first_at, last_at, made_at,
  load_id, numbers)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (tenant_id, source, sha256) WHERE withdrawn_at IS NULL DO NOTHING
"""


async def find(tx: Tx, source: str) -> list[Archive]:
    """A bank's archives of a source that stand, oldest first."""
    rows = await tx.fetch(
        f"SELECT {_LISTED} FROM kernel.archive WHERE source = $1 AND {_STANDS} ORDER BY first_at, id", source
    )
    return [_archive(row) for row in rows]


async def by_hash(tx: Tx, source: str, digest: bytes) -> Archive | None:
    """The archive of these very bytes."""
    row = await tx.fetch_row(
        f"SELECT {_LISTED} FROM kernel.archive WHERE source = $1 AND sha256 = $2 AND {_STANDS}", source, digest
    )
    return _archive(row) if row else None


async def stands(tx: Tx, archive_id: UUID) -> bool:
    """Whether an archive has not been withdrawn."""
    return bool(
        await tx.fetch_value(f"SELECT EXISTS (SELECT FROM kernel.archive WHERE id = $1 AND {_STANDS})", archive_id)
    )


async def withdraw(tx: Tx, load_id: UUID) -> list[Archive]:
    """Have the archives of a load stand no more; all of them, those withdrawn before included."""
    await tx.execute(f"UPDATE kernel.archive SET withdrawn_at = $2 WHERE load_id = $1 AND {_STANDS}", load_id, tx.now)
    rows = await tx.fetch(f"SELECT {_LISTED} FROM kernel.archive WHERE load_id = $1 ORDER BY made_at, id", load_id)
    return [_archive(row) for row in rows]


async def add(connection: "Connection | Tx", archive: Archive) -> bool:
    """Add an archive; False when these bytes are one already."""
    status = await connection.execute(
        _ADD,
        archive.tenant,
        archive.id,
        archive.source,
        archive.origin,
        archive.month,
        archive.rows,
        archive.sha256,
        archive.file_id,
        archive.first_at,
        archive.last_at,
        archive.made_at,
        archive.load_id,
        [Range(*one) for one in archive.numbers] or None,
    )
    return status in (1, "INSERT 0 1")


async def count_rows(feed: Database, source: str) -> dict[TenantId, int]:
    """Rows of a source in its table and its archives, by bank."""
    async with feed.pool.acquire() as connection:
        rows = await connection.fetch(
            "SELECT tenant_id, sum(n)::bigint AS n FROM"
            f" (SELECT tenant_id, count(*) AS n FROM {source} GROUP BY tenant_id UNION ALL"
            " SELECT tenant_id, sum(rows) FROM kernel.archive WHERE source = $1 AND withdrawn_at IS NULL"
            " GROUP BY tenant_id) AS p GROUP BY tenant_id ORDER BY tenant_id",
            source,
            timeout=600,
        )
    return {row["tenant_id"]: row["n"] for row in rows}


async def months(connection: "Connection", source: str) -> list[date]:
    """The months for which a source has a partition, oldest first."""
    rows = await connection.fetch(
        "SELECT right(inhrelid::regclass::text, 6) AS month FROM pg_inherits WHERE inhparent = $1::text::regclass"
        " AND inhrelid::regclass::text ~ '_[0-9]{6}$' ORDER BY 1",
        source,
    )
    return [date(int(row["month"][:4]), int(row["month"][4:]), 1) for row in rows]


async def replace_partition(connection: "Connection", source: str, partition: str, archives: Sequence[Archive]) -> None:
    """Put archives in the place of a partition, in the caller's transaction.

    Writers of the whole table wait for this lock, and it for every reader: it is given up after a moment
    (`asyncpg.LockNotAvailableError`).
    """
    await connection.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
    for archive in archives:
        assert await add(connection, archive), "a closed month is archived once"
    await connection.execute(f"LOCK TABLE {partition} IN SHARE MODE")
    held = await connection.fetchval(f"SELECT count(*) FROM {partition}")
    assert held == sum(archive.rows for archive in archives), (
        f"{partition} holds {held} rows, its archives another number"
    )
    await connection.execute(f"ALTER TABLE {source} DETACH PARTITION {partition}")
    await connection.execute(f"DROP TABLE {partition}")


async def taken_numbers(connection: "Connection", source: str, tenant: TenantId) -> list[tuple[int, int]]:
    """Which events of a bank's chain lie in archives already, as ranges [from, to)."""
    rows = await connection.fetch(
        "SELECT lower(r) AS first, upper(r) AS after FROM kernel.archive AS a, unnest(a.numbers) AS r"
        f" WHERE source = $1 AND tenant_id = $2 AND {_STANDS}",
        source,
        tenant,
    )
    return [(row["first"], row["after"]) for row in rows]


def _archive(row: Record) -> Archive:
    ranges = tuple((one.lower, one.upper) for one in row["numbers"] or ())
    return Archive(**{**dict(row), "numbers": ranges})


def note_table(stream: str) -> str:
    """The ClickHouse table that says which archives stand in a stream's table."""
    return f"{stream}_archive"


def create_notes_sql(stream: str) -> str:
    """The statement that makes it."""
    return (
        f"CREATE TABLE IF NOT EXISTS {note_table(stream)} (id UUID, rows UInt64) ENGINE = ReplacingMergeTree"
        " ORDER BY id SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1,"
        " fsync_part_directory = 1"
    )


def noted_sql(stream: str) -> str:
    """The statement that reads it."""
    return f"SELECT toString(id) AS id FROM {note_table(stream)} FINAL"


THERE_SQL = (
    "SELECT count() AS n FROM system.tables WHERE database = currentDatabase() AND name IN {names:Array(String)}"
)
"""How many of some tables are there."""


def everywhere_sql(streams: Sequence[str]) -> str:
    """The statement that reads which archives stand in the tables of all of these."""
    each = " UNION ALL ".join(f"SELECT DISTINCT id FROM {note_table(stream)}" for stream in streams)
    return f"SELECT toString(id) AS id FROM ({each}) GROUP BY id HAVING count() = {len(streams)}"


def as_ids(values: Sequence[str]) -> set[UUID]:
    """Ids as ClickHouse tells them."""
    return {UUID(value) for value in values}
