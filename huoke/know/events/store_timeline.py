"""The ClickHouse SQL of timelines."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.know.events.streams import EVENT, TIMELINE

WINDOWS_DAYS = (31, 190)
"""How far back is looked at first: the latest lines mostly lie within a month, and a month is one partition."""
_COLUMNS = "at, name, id, kind, amount_fen, entry_code, properties"
_TABLES = "SELECT name FROM system.tables WHERE database = currentDatabase() AND name IN {tables:Array(String)}"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Whose lines are wanted, which of them, and how many. `before`: strictly below this (at, id as text)."""

    seqs: Sequence[int]
    before: tuple[datetime, str] | None = None
    limit: int = 50
    names: Sequence[str] = ()
    kinds: Sequence[str] = ()
    channels: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    folded: Sequence[str] = ()
    """Names of which a day's lines are one."""


async def happenings(clickhouse: ClickHouse, tenant: TenantId, asked: Asked) -> list[dict[str, Any]]:
    """Lines, latest first, each with how many it stands for; none before anything was shipped."""
    if not (await clickhouse.query(tenant, _TABLES, {"tables": [TIMELINE.name]})).num_rows:
        return []
    conditions, values = _conditions(asked)
    sql = _page(f"SELECT {_COLUMNS} FROM {TIMELINE.name} WHERE seq IN {{seqs:Array(UInt32)}} AND {conditions}")
    rows: list[dict[str, Any]] = []
    for floor in _floors(asked):
        rows = (await clickhouse.query(tenant, sql, values | {"floor": floor})).to_pylist()
        if len(rows) >= asked.limit:
            break
    return rows


def _page(rows: str) -> str:
    """Whole days are folded, then what is below the cursor: so the next page forms no second line of the same day."""
    return (
        "SELECT max(at) AS latest, max((at, toString(id))).2 AS line, name, kind, sum(amount_fen) AS fen,"
        " any(entry_code) AS entry, if(count() = 1, any(properties), map()) AS said, toUInt32(count()) AS times"
        f" FROM ({rows}) GROUP BY name, kind, if(name IN {{folded:Array(String)}}, toString(toDate(at, '{CHINA.key}')),"
        " concat(toString(id), '/', toString(at)))"
        " HAVING (latest, line) < ({before_at:DateTime64(3, 'UTC')}, {before_id:String})"
        " ORDER BY latest DESC, line DESC LIMIT {limit:UInt32}"
    )


def _floors(asked: Asked) -> list[datetime]:
    """How far back each look goes, by whole days from the cursor or the end asked for, the last as far as was asked."""
    last = asked.since or datetime(1970, 1, 2, tzinfo=CHINA)
    bounds = [one for one in (asked.until, asked.before[0] if asked.before else None) if one]
    floors = [day_begun(min(bounds) - timedelta(days=days)) for days in WINDOWS_DAYS] if bounds else []
    return [*(floor for floor in floors if floor > last), last]


def day_begun(at: datetime) -> datetime:
    """The beginning of the bank's day."""
    return at.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)


def _conditions(asked: Asked) -> tuple[str, dict[str, Any]]:
    conditions = ["at >= {floor:DateTime64(3, 'UTC')}"]
    far = datetime(2200, 1, 1, tzinfo=CHINA)
    at, key = asked.before or (far, "")
    values: dict[str, Any] = {"seqs": list(asked.seqs), "limit": asked.limit, "folded": list(asked.folded)}
    values |= {"before_at": at, "before_id": key}
    if asked.before:
        values["ceiling"] = day_begun(at) + timedelta(days=1)
        conditions.append("at < {ceiling:DateTime64(3, 'UTC')}")
    if asked.names:
        values["names"] = list(asked.names)
        conditions.append("name IN {names:Array(String)}")
    if asked.kinds:
        values["kinds"] = list(asked.kinds)
        conditions.append("kind IN {kinds:Array(String)}")
    if asked.channels:
        values["channels"] = list(asked.channels)
        conditions.append("properties['channel'] IN {channels:Array(String)}")
    if asked.until:
        values["until"] = asked.until
        conditions.append("at < {until:DateTime64(3, 'UTC')}")
    return " AND ".join(conditions), values


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
