"""The ClickHouse SQL of timelines."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.know.events.streams import EVENT, TIMELINE

_COLUMNS = "at, name, id, kind, amount_fen, entry_code, properties"
_TABLES = "SELECT name FROM system.tables WHERE database = currentDatabase() AND name IN {tables:Array(String)}"


async def happenings(
    clickhouse: ClickHouse,
    tenant: TenantId,
    seq: int,
    told: Mapping[str, tuple[str, str]],
    *,
    before: tuple[datetime, UUID] | None,
    limit: int,
    names: Sequence[str],
    kinds: Sequence[str],
    since: datetime | None,
    until: datetime | None,
) -> list[dict[str, Any]]:
    """Lines of one customer, latest first."""
    wanted = {kind: one for kind, one in told.items() if not kinds or kind in kinds}
    tables = [TIMELINE.name, *(table for table, _ in wanted.values())]
    found = set((await clickhouse.query(tenant, _TABLES, {"tables": tables})).column("name").to_pylist())
    parts = [f"SELECT {_COLUMNS} FROM {TIMELINE.name} WHERE seq = {{seq:UInt32}}"] if TIMELINE.name in found else []
    parts += [
        "SELECT toDateTime64(at, 3, 'UTC') AS at, toString(name) AS name, id, "
        f"'{kind}' AS kind, amount_fen, '' AS entry_code, properties FROM ({sql})"
        for kind, (table, sql) in wanted.items()
        if table in found
    ]
    if not parts:
        return []
    values: dict[str, Any] = {"seq": seq, "limit": limit}
    conditions = _conditions(values, before=before, names=names, kinds=kinds, since=since, until=until)
    rows = await clickhouse.query(
        tenant,
        "SELECT at, name, toString(id) AS id, kind, amount_fen, entry_code, properties"
        f" FROM ({' UNION ALL '.join(parts)})"
        f" WHERE {conditions} ORDER BY at DESC, id DESC LIMIT {{limit:UInt32}}",
        values,
    )
    lines: list[dict[str, Any]] = rows.to_pylist()
    return lines


def _conditions(
    values: dict[str, Any],
    *,
    before: tuple[datetime, UUID] | None,
    names: Sequence[str],
    kinds: Sequence[str],
    since: datetime | None,
    until: datetime | None,
) -> str:
    conditions = ["1"]
    if before:
        values |= {"before_at": before[0], "before_id": str(before[1])}
        conditions.append("(at, toString(id)) < ({before_at:DateTime64(3, 'UTC')}, {before_id:String})")
    if names:
        values["names"] = list(names)
        conditions.append("name IN {names:Array(String)}")
    if kinds:
        values["kinds"] = list(kinds)
        conditions.append("kind IN {kinds:Array(String)}")
    if since:
        values["since"] = since
        conditions.append("at >= {since:DateTime64(3, 'UTC')}")
    if until:
        values["until"] = until
        conditions.append("at < {until:DateTime64(3, 'UTC')}")
    return " AND ".join(conditions)


async def ids_between(clickhouse: ClickHouse, tenant: TenantId, first: datetime, last: datetime) -> NDArray[np.uint8]:
    """The ids of all events within [first, last], 16 bytes each."""
    found = await clickhouse.query(
        tenant,
        f"SELECT UUIDToNum(id) AS id FROM {EVENT.name}"
        " WHERE at >= {first:DateTime64(3, 'UTC')} AND at <= {last:DateTime64(3, 'UTC')}",
        {"first": first - timedelta(milliseconds=1), "last": last},
    )
    joined = b"".join(found.column("id").to_pylist())
    return np.frombuffer(joined, np.uint8).reshape(len(found), 16)
