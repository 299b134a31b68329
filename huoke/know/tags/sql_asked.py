"""Sets that are laid beside the tags for one question, under an id of their own, and taken away after it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId, new_id

ASKED_TABLE = "tag_asked"


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


def members_sql(asked: str) -> str:
    """The customers of the sets under the id that a placeholder stands for."""
    return f"SELECT arrayJoin(bitmapToArray(bm)) FROM {ASKED_TABLE} WHERE id = {asked}"
