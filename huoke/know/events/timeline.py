"""A customer's timeline: what they did, with what others tell of them, read from ClickHouse."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import Seq, TenantId
from huoke.know.events import store_timeline as store
from huoke.know.events.model import Happening
from huoke.know.events.standard import STANDARD


async def timeline(
    clickhouse: ClickHouse,
    tenant: TenantId,
    seq: Seq | Sequence[Seq],
    *,
    before: tuple[datetime, UUID | str] | None = None,
    limit: int = 50,
    names: Sequence[str] = (),
    kinds: Sequence[str] = (),
    channels: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    folded: Sequence[str] = (),
) -> list[Happening]:
    """What one customer (under one number or several) did and what happened to them, latest first.

    Strictly before (at, id) of the last line read; `names`, `kinds`, `channels` and [since, until) narrow it. All of a
    day that bear one of the names `folded` are one line with their number and sum. Properties of class C2 read ****.
    With `until` or `before` the latest months are looked at first, without them everything at once.
    Empty before anything was shipped.
    """
    asked = store.Asked(
        seqs=[seq] if isinstance(seq, int) else seq,
        before=(before[0], str(before[1])) if before else None,
        limit=limit,
        names=names,
        kinds=kinds,
        channels=channels,
        since=since,
        until=until,
        folded=folded,
    )
    return [_happening(row) for row in await store.happenings(clickhouse, tenant, asked)]


def _happening(row: dict[str, Any]) -> Happening:
    schema = STANDARD.get(row["name"])
    return Happening(
        at=row["latest"].astimezone(UTC),
        id=UUID(row["line"]),
        name=row["name"],
        kind=row["kind"],
        title=schema.title if schema else row["name"],
        title_en=schema.title_en if schema else row["name"],
        amount_fen=row["fen"],
        entry_code=row["entry"],
        properties=dict(row["said"]),
        times=row["times"],
    )
