"""The ClickHouse SQL of temperature: what warmed whom, the state of every customer by day, and what changed when.

A day is a partition; the latest two are kept. Which of them counts is said by PostgreSQL once a day is whole, so nobody
ever sees half a day.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.know import customers, events
from huoke.know.temperature.loops import NEVER
from huoke.know.temperature.model import COMPLAINT, FOLLOWED, NEED_DAYS, NEED_TIMES_MIN, NEEDS, USUAL, Scale

ZONE = "Asia/Shanghai"
EPOCH = date(1970, 1, 1)
TABLE, STEPS, DAYS = "temperature", "temperature_step", "temperature_day"
CHUNK = 1 << 20
PARTS = ("activity", "money", "human")
CARRIED = {
    "since": np.int32, "last": np.int32, "ever": np.uint8, "stage": np.uint8, "staged": np.int32, "fell": np.int32,
    "told": np.float32, "signs": np.uint8, "lifecycle": np.uint8,
    **{f"{kind}_{part}": np.float32 for kind in ("heat", "mean") for part in PARTS},
}  # fmt: skip
"""What one day hands to the next, by column."""
SHOWN = {
    "temperature": np.float32, "confidence": np.float32, "need": np.uint8,
    **{f"change_{days}": np.float32 for days in (7, 30)},
    **{f"score_{part}": np.float32 for part in PARTS},
}  # fmt: skip
_KINDS = {np.int32: "Int32", np.uint8: "UInt8", np.float32: "Float32"}
_COLUMNS = ", ".join(f"{name} {_KINDS[kind]}" for name, kind in {**CARRIED, **SHOWN}.items())
_DDL = (
    (
        f"CREATE TABLE IF NOT EXISTS {TABLE} (day Date, seq UInt32, {_COLUMNS}) ENGINE = MergeTree"
        " PARTITION BY day ORDER BY seq"
    ),
    (
        f"CREATE TABLE IF NOT EXISTS {STEPS} (seq UInt32, day Date, temperature Float32, was_stage UInt8, stage UInt8,"
        " was_lifecycle UInt8, lifecycle UInt8, was_temperature Float32 DEFAULT nan) ENGINE = ReplacingMergeTree"
        " PARTITION BY toYYYYMM(day) ORDER BY (seq, day)"
    ),
    (
        f"CREATE TABLE IF NOT EXISTS {DAYS} (day Date, unit_id UInt32, stage UInt8, lifecycle UInt8, customers UInt32,"
        " total Float64) ENGINE = MergeTree PARTITION BY toYYYYMM(day) ORDER BY (day, unit_id)"
    ),
    f"ALTER TABLE {TABLE} ADD COLUMN IF NOT EXISTS change_7 Float32, ADD COLUMN IF NOT EXISTS change_30 Float32",
    f"ALTER TABLE {STEPS} ADD COLUMN IF NOT EXISTS was_temperature Float32 DEFAULT nan",
)
MONEY = tuple(rule.event for rule in USUAL.signals if rule.part == "money")
SALARY = "salary.received"
UNPAID_DAYS, PAID_DAYS, PAID_TIMES = 35, 215, 3
Columns = dict[str, NDArray[Any]]


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - EPOCH).days


async def ensure(clickhouse: ClickHouse, tenant: TenantId) -> None:
    """Make the tables where they are missing."""
    for statement in _DDL:
        await clickhouse.command(tenant, statement)


async def is_there(clickhouse: ClickHouse, tenant: TenantId, table: str = TABLE) -> bool:
    """Whether the bank has a table."""
    found = await clickhouse.query(
        tenant, f"SELECT 1 FROM system.tables WHERE database = currentDatabase() AND name = '{table}'"
    )
    return len(found) > 0


async def people(clickhouse: ClickHouse, tenant: TenantId, since: str, due: str, today: date) -> Columns:
    """Every active customer ascending: seq, since (`NEVER` when unknown), unit_id, and whether something falls due in
    30 days.

    `since` and `due` name date attributes; one the bank does not have tells nothing.
    """
    have = await clickhouse.query(
        tenant,
        "SELECT name FROM system.columns WHERE database = currentDatabase()"
        f" AND table = '{customers.CUSTOMERS.name}' AND type = 'Nullable(Date32)'",
    )
    names = set(have.column("name").to_pylist())
    begun, ends = customers.COLUMN_PREFIX + since, customers.COLUMN_PREFIX + due
    begun_sql = f"ifNull(toInt32({begun}), {NEVER})" if begun in names else f"toInt32({NEVER})"
    ends_sql = (
        f"toUInt8(ifNull(toInt32({ends}) BETWEEN {day_number(today)} AND {day_number(today) + 30}, 0))"
        if ends in names
        else "toUInt8(0)"
    )
    found = await clickhouse.query(
        tenant,
        f"SELECT seq, {begun_sql} AS since, {ends_sql} AS due, unit_id FROM {customers.CUSTOMERS.name} FINAL"
        " WHERE status = 'active' ORDER BY seq",
    )
    return {name: found.column(name).to_numpy() for name in ("seq", "since", "due", "unit_id")}


async def first_days(clickhouse: ClickHouse, tenant: TenantId) -> Columns:
    """The day of each customer's first event: seq, day."""
    found = await clickhouse.query(
        tenant, f"SELECT seq, toInt32(min(toDate(at, '{ZONE}'))) AS day FROM {events.EVENT.name} GROUP BY seq"
    )
    return {name: found.column(name).to_numpy() for name in ("seq", "day")}


async def signals(
    clickhouse: ClickHouse, tenant: TenantId, scale: Scale, first: date, last: date, horizon: datetime,
    seen: datetime | None = None,
) -> Columns:  # fmt: skip
    """What warmed whom within [first, last], recorded until `horizon`: seq, day, component, heat; caps applied.

    With `seen`, days before `last` tell only what was recorded after it.
    """
    counted = (
        f"countIf(recorded_at <= {{seen:DateTime64(3, 'UTC')}} AND at < toDateTime({{last:Date}}, '{ZONE}'))"
        if seen
        else "0"
    )
    found = await clickhouse.query(
        tenant,
        "SELECT seq, toInt32(day) AS day, component, toFloat32(sum(heat)) AS heat FROM ("
        f"SELECT seq, toDate(at, '{ZONE}') AS day, {_of('components', 'UInt8', 'toUInt8(9)')} AS component,"
        f" {_of('weights', 'Float64', '0.')} AS weight, {_of('caps', 'Float64', '0.')} AS cap,"
        f" least(count() * weight, cap) - least({counted} * weight, cap) AS heat"
        f" FROM {events.EVENT.name} WHERE name IN {{names:Array(String)}}"
        f" AND at >= toDateTime({{first:Date}}, '{ZONE}') AND at < toDateTime({{last:Date}} + 1, '{ZONE}')"
        " AND recorded_at <= {horizon:DateTime64(3, 'UTC')} GROUP BY seq, day, name HAVING heat > 0)"
        " GROUP BY seq, day, component ORDER BY day, seq, component",
        {**_scale(scale), "first": first, "last": last, "horizon": horizon, **({"seen": seen} if seen else {})},
    )
    return {name: found.column(name).to_numpy() for name in ("seq", "day", "component", "heat")}


def _of(array: str, kind: str, otherwise: str) -> str:
    return f"transform(toString(name), {{names:Array(String)}}, {{{array}:Array({kind})}}, {otherwise})"


def _scale(scale: Scale) -> dict[str, Any]:
    return {
        "names": [rule.event for rule in scale.signals],
        "components": [int(rule.part.component) for rule in scale.signals],
        "weights": [rule.weight for rule in scale.signals],
        "caps": [rule.cap for rule in scale.signals],
    }


async def needs(clickhouse: ClickHouse, tenant: TenantId, day: date, seq: int | None = None) -> pa.Table:
    """What was looked at most within `NEED_DAYS`: seq, need (its place in `NEEDS`, from 1), times, last day."""
    words = [(word, number) for number, need in enumerate(NEEDS, start=1) for word in need.words]
    properties = ", ".join(f"properties['{name}']" for name in ("category", "kind", "name", "title", "product"))
    return await clickhouse.query(
        tenant,
        "SELECT seq, argMax(wanted, (score, latest)) AS need, argMax(looked, (score, latest)) AS times,"
        " argMax(latest, (score, latest)) AS last_at FROM ("
        " SELECT seq, arrayFirst(n -> n > 0, arrayMap(w -> transform(w, {words:Array(String)}, {codes:Array(UInt8)},"
        f" toUInt8(0)), [{properties}])) AS wanted, sum(if(name = 'product.bought', 3, 1)) AS score, count() AS looked,"
        f" max(at) AS latest FROM {events.EVENT.name}"
        " WHERE name IN ('page.viewed', 'screen.viewed', 'product.viewed', 'product.bought')"
        f" AND at >= toDateTime({{day:Date}} - {NEED_DAYS - 1}, '{ZONE}')"
        f" AND at < toDateTime({{day:Date}} + 1, '{ZONE}') {'AND seq = {seq:UInt32}' if seq is not None else ''}"
        f" GROUP BY seq, wanted HAVING wanted > 0 AND looked >= {NEED_TIMES_MIN}) GROUP BY seq",
        {
            "words": [word for word, _ in words], "codes": [code for _, code in words], "day": day,
            **({"seq": seq} if seq is not None else {}),
        },
    )  # fmt: skip


async def unpaid(clickhouse: ClickHouse, tenant: TenantId, day: date) -> NDArray[np.uint32]:
    """Whose salary came at least `PAID_TIMES` in `PAID_DAYS` and not for `UNPAID_DAYS` now, at most twice as long."""
    found = await clickhouse.query(
        tenant,
        f"SELECT seq FROM {events.EVENT.name} WHERE name = '{SALARY}'"
        f" AND at >= toDateTime({{day:Date}} - {PAID_DAYS}, '{ZONE}') AND at < toDateTime({{day:Date}} + 1, '{ZONE}')"
        f" GROUP BY seq HAVING count() >= {PAID_TIMES} AND dateDiff('day', toDate(max(at), '{ZONE}'), {{day:Date}})"
        f" BETWEEN {UNPAID_DAYS} AND {2 * UNPAID_DAYS} ORDER BY seq",
        {"day": day},
    )
    return np.asarray(found.column("seq").to_numpy(), np.uint32)


async def did(
    clickhouse: ClickHouse, tenant: TenantId, names: Sequence[str], day: date, days: int
) -> NDArray[np.uint32]:
    """Who did any of these within so many days, the last of which is `day`; ascending."""
    found = await clickhouse.query(
        tenant,
        f"SELECT DISTINCT seq FROM {events.EVENT.name} WHERE name IN {{names:Array(String)}}"
        f" AND at >= toDateTime({{day:Date}} - {days - 1}, '{ZONE}') AND at < toDateTime({{day:Date}} + 1, '{ZONE}')"
        " ORDER BY seq",
        {"names": list(names), "day": day},
    )
    return np.asarray(found.column("seq").to_numpy(), np.uint32)


async def heard(clickhouse: ClickHouse, tenant: TenantId, first: date, last: date) -> Columns:
    """Who complained, or followed something up, on which days of [first, last]: seq, day (since 1970), complained."""
    found = await clickhouse.query(
        tenant,
        f"SELECT DISTINCT seq, toInt32(toDate(at, '{ZONE}')) AS day, name = '{COMPLAINT}' AS complained"
        f" FROM {events.EVENT.name} WHERE name IN {{names:Array(String)}}"
        f" AND at >= toDateTime({{first:Date}}, '{ZONE}') AND at < toDateTime({{last:Date}} + 1, '{ZONE}')",
        {"names": [*FOLLOWED, COMPLAINT], "first": first, "last": last},
    )
    return {name: found.column(name).to_numpy() for name in ("seq", "day", "complained")}


async def changes(clickhouse: ClickHouse, tenant: TenantId, day: date) -> Columns:
    """Of whoever was told anew within 30 days, what was told 7 and 30 days before: seq, was_7, was_30 (NaN: as now)."""
    found = await clickhouse.query(
        tenant,
        "SELECT seq, if(countIf(day > {day:Date} - 7) = 0, nan, argMinIf(was_temperature, day, day > {day:Date} - 7))"
        f" AS was_7, argMin(was_temperature, day) AS was_30 FROM {STEPS}"
        " WHERE day > {day:Date} - 30 AND day <= {day:Date} GROUP BY seq",
        {"day": day},
    )
    return {name: found.column(name).to_numpy() for name in ("seq", "was_7", "was_30")}


async def values(clickhouse: ClickHouse, tenant: TenantId, seqs: Sequence[int], day: date) -> dict[int, int]:
    """What went through customers' hands in 30 days, in fen: the average of the 180 days before `day`."""
    return {seq: fen // 6 for seq, fen in (await moved(clickhouse, tenant, seqs, day, 180)).items()}


async def moved(clickhouse: ClickHouse, tenant: TenantId, seqs: Sequence[int], day: date, days: int) -> dict[int, int]:
    """What went through customers' hands in the `days` up to `day`, in fen."""
    found = await clickhouse.query(
        tenant,
        f"SELECT seq, toInt64(sum(abs(amount_fen))) AS fen FROM {events.EVENT.name}"
        " WHERE name IN {names:Array(String)} AND seq IN {seqs:Array(UInt32)}"
        f" AND at >= toDateTime({{day:Date}} - {days}, '{ZONE}') AND at < toDateTime({{day:Date}} + 1, '{ZONE}')"
        " GROUP BY seq",
        {"names": list(MONEY), "seqs": list(seqs), "day": day},
    )
    return dict(zip(found.column("seq").to_pylist(), found.column("fen").to_pylist(), strict=True))


async def load(clickhouse: ClickHouse, tenant: TenantId, day: date) -> Columns:
    """The state of all customers at the end of a day, ascending by seq; no rows when it is not there."""
    parts = []
    last = -1
    while True:
        found = await clickhouse.query(
            tenant,
            f"SELECT seq, {', '.join(CARRIED)} FROM {TABLE} WHERE day = {{day:Date}} AND seq > {{last:Int64}}"
            f" ORDER BY seq LIMIT {CHUNK}",
            {"day": day, "last": last},
        )
        parts.append(found)
        if len(found) < CHUNK:
            break
        last = found.column("seq")[-1].as_py()
    whole = pa.concat_tables(parts)
    return {name: whole.column(name).to_numpy().copy() for name in ("seq", *CARRIED)}


async def put(clickhouse: ClickHouse, tenant: TenantId, day: date, columns: Mapping[str, NDArray[Any]]) -> None:
    """Write a whole day, over what it had; days before the one before it are let go."""
    await clickhouse.command(tenant, f"ALTER TABLE {TABLE} DROP PARTITION '{day.isoformat()}'")
    count = len(columns["seq"])
    for start in range(0, count, CHUNK):
        part = {name: values[start : start + CHUNK] for name, values in columns.items()}
        days = pa.array(np.full(len(part["seq"]), np.datetime64(day)))
        await clickhouse.insert_arrow(tenant, TABLE, pa.table({"day": days, **part}), str(uuid4()))


async def let_go_before(clickhouse: ClickHouse, tenant: TenantId, day: date) -> None:
    """Forget days before `day`."""
    found = await clickhouse.query(
        tenant,
        "SELECT DISTINCT partition FROM system.parts WHERE active AND database = currentDatabase()"
        f" AND table = '{TABLE}'",
    )
    for partition in found.column("partition").to_pylist():
        if partition < day.isoformat():
            await clickhouse.command(tenant, f"ALTER TABLE {TABLE} DROP PARTITION '{partition}'")


async def put_steps(clickhouse: ClickHouse, tenant: TenantId, columns: Mapping[str, NDArray[Any]]) -> None:
    """Write what changed: seq, day, and temperature, stage and lifecycle with what they were."""
    for start in range(0, len(columns["seq"]), CHUNK):
        part = {name: pa.array(values[start : start + CHUNK]) for name, values in columns.items()}
        part["day"] = part["day"].cast(pa.int32()).cast(pa.date32())
        await clickhouse.insert_arrow(tenant, STEPS, pa.table(part), str(uuid4()))


async def put_days(clickhouse: ClickHouse, tenant: TenantId, rows: Mapping[str, NDArray[Any]], *, anew: bool) -> None:
    """Write how many stood where on some days: day (since 1970), unit_id, stage, lifecycle, customers, total.

    With `anew`, over what was written of the last of these days.
    """
    last = int(rows["day"].max())
    if anew:
        await clickhouse.command(
            tenant, f"ALTER TABLE {DAYS} DELETE WHERE toInt32(day) = {last} SETTINGS mutations_sync = 1"
        )
    part = {name: pa.array(values) for name, values in rows.items()}
    part["day"] = part["day"].cast(pa.int32()).cast(pa.date32())
    await clickhouse.insert_arrow(tenant, DAYS, pa.table(part), str(uuid4()))


async def forget_past(clickhouse: ClickHouse, tenant: TenantId) -> None:
    """Forget what changed, and how many stood where: it is told anew."""
    for table in (STEPS, DAYS):
        await clickhouse.command(tenant, f"TRUNCATE TABLE {table}")
