"""Monthly partitions of the log and of every other table declared with `partition_by`.

Months are UTC. Partitions stand three months ahead; what falls outside them lands in the DEFAULT partition, which
should stay empty: `strays` is its alarm, and `ensure` moves its rows home once their month exists.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from huoke.kernel.log.append import Connection
    from huoke.kernel.tx import Database

MONTHS_AHEAD = 3


class _Parted(NamedTuple):
    schema: str
    name: str
    column: str


_PARTED = """
SELECT n.nspname AS schema, c.relname AS name, a.attname AS column FROM pg_partitioned_table AS p
JOIN pg_class AS c ON c.oid = p.partrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0] WHERE p.partstrat = 'r' ORDER BY 1, 2
"""


async def ensure(owner: "Database") -> list[str]:
    """Make the partitions of this month and the three after it; returns the names of the new ones.

    `owner` is a database opened as huoke_owner. Each partition is made in a transaction of its own.
    """
    made = []
    async with owner.pool.acquire() as connection:
        for table in await _partitioned(connection):
            for first, after in _months(owner.clock.now(), MONTHS_AHEAD + 1):
                name = f"{table.name}_{first:%Y%m}"
                known = await connection.fetchval("SELECT to_regclass($1)", f"{table.schema}.{name}")
                if known is None:
                    await _make(connection, table, name, first, after)
                    made.append(f"{table.schema}.{name}")
    return made


async def strays(owner: "Database") -> list[str]:
    """The DEFAULT partitions that hold rows: each is an alarm, for its months were not made in time."""
    async with owner.pool.acquire() as connection:
        return [
            f"{table.schema}.{table.name}_default"
            for table in await _partitioned(connection)
            if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {table.schema}.{table.name}_default)")
        ]


async def _make(connection: "Connection", table: _Parted, name: str, first: datetime, after: datetime) -> None:
    column = table.column
    parent, bounds = f"{table.schema}.{table.name}", f"'{first.isoformat()}' AND {column} < '{after.isoformat()}'"
    async with connection.transaction():
        await connection.execute(f"CREATE TABLE {table.schema}.{name} (LIKE {parent} INCLUDING ALL)")
        await connection.execute(
            f"WITH moved AS (DELETE FROM {parent}_default WHERE {column} >= {bounds} RETURNING *)"
            f" INSERT INTO {table.schema}.{name} SELECT * FROM moved"
        )
        await connection.execute(
            f"ALTER TABLE {parent} ATTACH PARTITION {table.schema}.{name}"
            f" FOR VALUES FROM ('{first.isoformat()}') TO ('{after.isoformat()}')"
        )


async def _partitioned(connection: "Connection") -> list[_Parted]:
    """Every table parted by month, as the database has it: whichever modules this process has imported."""
    return [_Parted(row["schema"], row["name"], row["column"]) for row in await connection.fetch(_PARTED)]


def _months(now: datetime, count: int) -> Iterator[tuple[datetime, datetime]]:
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for _ in range(count):
        after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
        yield first, after
        first = after
