"""Sets that are laid beside the tags for one question, under an id of their own, and taken away after it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId, new_id

ASKED_TABLE = "tag_asked"
MOVED_TABLE = "tag_moved"
CAME, WENT = 0, 1
Row = tuple[int, int, int, int, int]
"""(group, tag, value, version, `CAME` or `WENT`)"""


@asynccontextmanager
async def laid(clickhouse: ClickHouse, tenant: TenantId, sets: Mapping[tuple[int, int], bytes]) -> AsyncIterator[UUID]:
    """Have sets lie in ClickHouse: (group, part) → groupBitmap bytes; the id they lie under."""
    asked = new_id()
    await clickhouse.command(
        tenant,
        f"CREATE TABLE IF NOT EXISTS {ASKED_TABLE} (id UUID, `group` UInt16, part UInt8,"
        " bm AggregateFunction(groupBitmap, UInt32)) ENGINE = MergeTree PARTITION BY id ORDER BY (`group`, part)",
    )
    columns: dict[str, Sequence[int] | Sequence[str]] = {
        "id": [str(asked)] * len(sets),
        "`group`": [group for group, _ in sets],
        "part": [part for _, part in sets],
    }
    await clickhouse.put_bitmaps(tenant, ASKED_TABLE, columns, list(sets.values()), f"asked/{asked}")
    try:
        yield asked
    finally:
        await clickhouse.command(tenant, f"ALTER TABLE {ASKED_TABLE} DROP PARTITION '{asked}'")


@asynccontextmanager
async def moved(clickhouse: ClickHouse, tenant: TenantId, rows: Mapping[Row, bytes]) -> AsyncIterator[UUID]:
    """Have who came to sets of tags, and who went, lie in ClickHouse as groupBitmap bytes; the id they lie under."""
    asked = new_id()
    await clickhouse.command(
        tenant,
        f"CREATE TABLE IF NOT EXISTS {MOVED_TABLE} (id UUID, `group` UInt16, tag UInt32, value UInt16, ver UInt64,"
        " way UInt8, bm AggregateFunction(groupBitmap, UInt32)) ENGINE = MergeTree PARTITION BY id"
        " ORDER BY (way, `group`, tag, value)",
    )
    columns: dict[str, Sequence[int] | Sequence[str]] = {"id": [str(asked)] * len(rows)}
    for place, name in enumerate(("`group`", "tag", "value", "ver", "way")):
        columns[name] = [row[place] for row in rows]
    await clickhouse.put_bitmaps(tenant, MOVED_TABLE, columns, list(rows.values()), f"moved/{asked}")
    try:
        yield asked
    finally:
        await clickhouse.command(tenant, f"ALTER TABLE {MOVED_TABLE} DROP PARTITION '{asked}'")


def members_sql(asked: str, part: int) -> str:
    """The customers of one part of the sets under the id that a placeholder stands for."""
    return f"SELECT arrayJoin(bitmapToArray(bm)) FROM {ASKED_TABLE} WHERE id = {asked} AND part = {part}"
