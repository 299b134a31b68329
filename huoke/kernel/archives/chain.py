"""The chain of seals across archives: closed months are hashed again where their numbers say, among what is left."""

from collections.abc import AsyncGenerator, Iterator, Sequence
from heapq import heappop, heappush
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc

from huoke.kernel import log
from huoke.kernel.archives import store
from huoke.kernel.archives.model import Archive
from huoke.kernel.archives.withdraw import rows_left
from huoke.kernel.ids import TenantId
from huoke.kernel.log import EVENTS, Sealed, Verdict
from huoke.kernel.tx import Database

ROWS_AT_ONCE = 5_000
Numbered = tuple[int, Sealed]


async def verify(database: Database, feed: Database, tenant: TenantId) -> Verdict:
    """Chain a bank's events again from the first, archives and PostgreSQL together, and compare with every seal.

    What a damaged archive held is missing, and its seal the first that is broken.
    """
    while True:
        listed = await _chained(database, tenant)
        verdict = await log.verify(feed, tenant, _events(database, listed))
        if await _chained(database, tenant) == listed:
            return verdict  # else a month was closed meanwhile


async def _chained(database: Database, tenant: TenantId) -> list[Archive]:
    async with database.begin(tenant) as tx:
        return [archive for archive in await store.find(tx, EVENTS.source) if archive.numbers]


async def _events(database: Database, archives: Sequence[Archive]) -> AsyncGenerator[Numbered, None]:
    """Events by number; an archive is read when its first number comes up, for at borders of months two interleave."""
    closed = sorted(archives, key=lambda archive: archive.numbers[0], reverse=True)
    opened: list[tuple[int, int, Sealed, Iterator[Numbered]]] = []
    while closed or opened:
        while closed and (not opened or closed[-1].numbers[0][0] <= opened[0][0]):
            rows = await rows_left(database, closed.pop())
            _advance(opened, len(closed), _rows(rows) if rows is not None else iter(()))
        if opened:
            number, place, event, rest = heappop(opened)
            yield number, event
            _advance(opened, place, rest)


def _advance(opened: list[tuple[int, int, Sealed, Iterator[Numbered]]], place: int, rest: Iterator[Numbered]) -> None:
    for number, event in rest:
        heappush(opened, (number, place, event, rest))
        return


def _rows(table: pa.Table) -> Iterator[Numbered]:
    """Rows of an archive as they were sealed."""
    instants = pc.cast(table.column("recorded_at"), pa.int64())
    table = table.append_column("us", instants).drop_columns(["recorded_at", "members"])
    for batch in table.to_batches(max_chunksize=ROWS_AT_ONCE):
        for row in batch.to_pylist():
            yield row["number"], _sealed(row)


def _sealed(row: dict[str, Any]) -> dict[str, Any]:
    raw = row["raw_members"]
    return {
        **row,
        "id": UUID(row["id"]),
        "seq": row["seq"] if row["seq"] >= 0 else None,
        "members": bytes.fromhex(raw) if raw is not None else None,
    }
