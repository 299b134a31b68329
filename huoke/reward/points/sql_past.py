"""The ClickHouse SQL of what happened: a name's latest events, row by row as `earn` takes them or as columns."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pyarrow as pa

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.know.events import Taken
from huoke.know.language import event_rows

ZONE = "Asia/Shanghai"
_HAPPENED = (
    "FROM event WHERE name = {name:String} AND at >= {since:DateTime64(3, 'UTC')} AND at < {until:DateTime64(3, 'UTC')}"
)
_LATEST = " ORDER BY at DESC, id LIMIT {limit:UInt32}"


async def columns(
    clickhouse: ClickHouse,
    tenant: TenantId,
    name: str,
    since: datetime,
    until: datetime,
    *,
    limit: int,
    properties: Sequence[str],
) -> tuple[int, pa.Table | None]:
    """How many events of a name happened in [since, until), and the latest of them, oldest first; None where none did.

    Columns: seq, day (ordinal), amount_fen, entry_code, and `p0`, `p1`, … for the properties asked for, null where an
    event has none of that name.
    """
    if await event_rows(clickhouse, tenant) is None:
        return 0, None
    given = _given(name, since, until)
    asked = "".join(
        f", if(mapContains(properties, {{n{place}:String}}), properties[{{n{place}:String}}], NULL) AS p{place}"
        for place in range(len(properties))
    )
    found = await clickhouse.query(
        tenant,
        f"SELECT seq, toInt64(toInt32(toDate(at, '{ZONE}'))) + {datetime(1970, 1, 1, tzinfo=UTC).toordinal()} AS day,"
        f" amount_fen, entry_code{asked} {_HAPPENED}{_LATEST}",
        given | {"limit": limit} | {f"n{place}": name for place, name in enumerate(properties)},
    )
    if not len(found):
        return 0, None
    total = len(found)
    if total == limit:
        counted = await clickhouse.query(tenant, f"SELECT count() AS n {_HAPPENED}", given)
        total = counted.column("n")[0].as_py()
    return total, found.take(pa.array(range(len(found) - 1, -1, -1)))


async def happened(
    clickhouse: ClickHouse,
    tenant: TenantId,
    name: str,
    since: datetime,
    until: datetime,
    limit: int,
    seqs: Sequence[int] | None = None,
) -> list[Taken]:
    """The latest `limit` events of a name in [since, until), oldest first, as `earn` takes them; of `seqs` or all."""
    if await event_rows(clickhouse, tenant) is None:
        return []
    among = "" if seqs is None else " AND seq IN {seqs:Array(UInt32)}"
    found = await clickhouse.query(
        tenant,
        f"SELECT toString(id) AS id, seq, at, amount_fen, entry_code, properties {_HAPPENED}{among}{_LATEST}",
        _given(name, since, until) | {"limit": limit} | ({} if seqs is None else {"seqs": [int(seq) for seq in seqs]}),
    )
    return [
        Taken(
            UUID(row["id"]),
            row["seq"],
            name,
            row["at"] if row["at"].tzinfo else row["at"].replace(tzinfo=UTC),
            row["amount_fen"],
            row["entry_code"],
            dict(row["properties"]),
            (0, place),
        )
        for place, row in enumerate(reversed(found.to_pylist()))
    ]


def _given(name: str, since: datetime, until: datetime) -> dict[str, Any]:
    return {
        "name": name,
        "since": since.astimezone(UTC).replace(tzinfo=None),
        "until": until.astimezone(UTC).replace(tzinfo=None),
    }
