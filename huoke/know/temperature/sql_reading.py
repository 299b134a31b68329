"""The ClickHouse SQL of what is shown: one customer's reading, what it comes from, and the bank as a whole."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import msgspec
import pyarrow as pa

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId, UnitId
from huoke.know import customers, events
from huoke.know.temperature.model import Scale
from huoke.know.temperature.sql_states import CARRIED, DAYS, SHOWN, STEPS, TABLE, ZONE

_WITHIN = f"seq IN (SELECT seq FROM {customers.CUSTOMERS.name} FINAL WHERE unit_id IN {{units:Array(UInt32)}})"


async def row(clickhouse: ClickHouse, tenant: TenantId, seq: int, day: date) -> dict[str, Any] | None:
    """All that stands of one customer on a day; None for nobody."""
    found = await clickhouse.query(
        tenant,
        f"SELECT {', '.join([*CARRIED, *SHOWN])} FROM {TABLE} WHERE day = {{day:Date}} AND seq = {{seq:UInt32}}",
        {"day": day, "seq": seq},
    )
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows[0] if rows else None


async def steps(clickhouse: ClickHouse, tenant: TenantId, seq: int, since: date) -> list[dict[str, Any]]:
    """How one customer's temperature changed, earliest first."""
    found = await clickhouse.query(
        tenant,
        f"SELECT toString(day) AS told_on, temperature, was_stage, stage, was_lifecycle, lifecycle FROM {STEPS} FINAL"
        " WHERE seq = {seq:UInt32} AND day >= {since:Date} ORDER BY day",
        {"seq": seq, "since": since},
    )
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


async def happened(
    clickhouse: ClickHouse, tenant: TenantId, seq: int, scale: Scale, first: date, last: date
) -> pa.Table:
    """What warmed one customer: name, day (days since 1970), times."""
    return await clickhouse.query(
        tenant,
        f"SELECT toString(name) AS name, toInt32(toDate(at, '{ZONE}')) AS day, count() AS times"
        f" FROM {events.EVENT.name} WHERE seq = {{seq:UInt32}} AND name IN {{names:Array(String)}}"
        f" AND at >= toDateTime({{first:Date}}, '{ZONE}') AND at < toDateTime({{last:Date}} + 1, '{ZONE}')"
        " GROUP BY name, day ORDER BY name, day",
        {"seq": seq, "names": [rule.event for rule in scale.signals], "first": first, "last": last},
    )


async def shape(
    clickhouse: ClickHouse, tenant: TenantId, day: date, units: Iterable[UnitId] | None
) -> list[dict[str, Any]]:
    """Customers by stage, lifecycle and tenth of the scale: stage, lifecycle, tenth, customers, total."""
    found = await clickhouse.query(
        tenant,
        "SELECT stage, lifecycle, toUInt8(least(floor(temperature / 5), 19)) AS tenth, count() AS customers,"
        f" sum(temperature) AS total FROM {TABLE} WHERE day = {{day:Date}} {_scope(units)}"
        " GROUP BY stage, lifecycle, tenth",
        {"day": day, **_units(units)},
    )
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


async def standing(clickhouse: ClickHouse, tenant: TenantId, day: date, stages: Iterable[int]) -> list[int]:
    """Who stands in one of these stages on a day, ascending."""
    found = await clickhouse.query(
        tenant,
        f"SELECT seq FROM {TABLE} WHERE day = {{day:Date}} AND stage IN {{stages:Array(UInt8)}} ORDER BY seq",
        {"day": day, "stages": sorted(stages)},
    )
    seqs: list[int] = found.column("seq").to_pylist()
    return seqs


async def flows(
    clickhouse: ClickHouse, tenant: TenantId, day: date, days: int, units: Iterable[UnitId] | None
) -> list[dict[str, Any]]:
    """Who came from which stage into which other within so many days: was, stage, customers."""
    found = await clickhouse.query(
        tenant,
        "SELECT was, now AS stage, count() AS customers FROM ("
        f" SELECT seq, argMin(was_stage, day) AS was, argMax(stage, day) AS now FROM {STEPS} FINAL"
        f" WHERE day > {{since:Date}} AND day <= {{day:Date}} AND stage != was_stage {_scope(units)}"
        " GROUP BY seq HAVING was != now) GROUP BY was, now ORDER BY was, now",
        {"day": day, "since": day - timedelta(days=days), **_units(units)},
    )
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


class Moving(msgspec.Struct, frozen=True, kw_only=True):
    """Who moved: by which column, whether down, by how many points at least, of which stage and lifecycle (codes)."""

    change: str
    sinks: bool
    points_min: int
    stage: int | None
    lifecycle: int | None
    among: tuple[int, ...] | None = None
    """Of these customers only; None for all."""

    @property
    def moved(self) -> str:
        """How far, the farthest first when descending."""
        return f"-{self.change}" if self.sinks else self.change

    def sql(self, units: Iterable[UnitId] | None) -> str:
        """The table with its condition."""
        more = "".join(
            f" AND {name} = {{{name}:UInt8}}" for name in ("stage", "lifecycle") if self.params.get(name) is not None
        )
        more += "" if self.among is None else " AND seq IN {among:Array(UInt32)}"
        return f"FROM {TABLE} WHERE day = {{day:Date}} AND {self.moved} >= {{points_min:Float32}}{more} {_scope(units)}"

    @property
    def params(self) -> dict[str, Any]:
        """Values of the condition's parameters."""
        given: dict[str, Any] = {"points_min": self.points_min, "stage": self.stage, "lifecycle": self.lifecycle}
        given["among"] = None if self.among is None else list(self.among)
        return {name: value for name, value in given.items() if value is not None}


async def moving(
    clickhouse: ClickHouse, tenant: TenantId, day: date, asked: Moving, units: Iterable[UnitId] | None,
    after: tuple[float, int] | None, limit: int,
) -> list[dict[str, Any]]:  # fmt: skip
    """Who moved most: seq, temperature, change, stage, lifecycle, need. `after`: change and seq of the one before."""
    beyond = f" AND ({asked.moved}, -toInt64(seq)) < ({{moved:Float32}}, -toInt64({{last:UInt32}}))" if after else ""
    found = await clickhouse.query(
        tenant,
        f"SELECT seq, toFloat64(temperature) AS temperature, toFloat64({asked.change}) AS change, stage, lifecycle,"
        f" need {asked.sql(units)}{beyond} ORDER BY {asked.moved} DESC, seq LIMIT {{limit:UInt32}}",
        {
            "day": day, "limit": limit, **asked.params, **_units(units),
            **({"moved": abs(after[0]), "last": after[1]} if after else {}),
        },
    )  # fmt: skip
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


async def count_moving(
    clickhouse: ClickHouse, tenant: TenantId, day: date, asked: Moving, units: Iterable[UnitId] | None
) -> int:
    """How many moved so."""
    found = await clickhouse.query(
        tenant, f"SELECT count() AS n {asked.sql(units)}", {"day": day, **asked.params, **_units(units)}
    )
    return int(found.column("n")[0].as_py())


async def days(
    clickhouse: ClickHouse, tenant: TenantId, since: date, until: date, units: Iterable[UnitId] | None
) -> list[dict[str, Any]]:
    """How many stood where by day: told_on, stage, lifecycle, customers, total; earliest first."""
    of = "" if units is None else " AND unit_id IN {units:Array(UInt32)}"
    found = await clickhouse.query(
        tenant,
        "SELECT toString(day) AS told_on, stage, lifecycle, sum(customers) AS customers, sum(total) AS total"
        f" FROM {DAYS} WHERE day >= {{since:Date}} AND day <= {{until:Date}}{of}"
        " GROUP BY day, stage, lifecycle ORDER BY day, stage, lifecycle",
        {"since": since, "until": until, **_units(units)},
    )
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


def _scope(units: Iterable[UnitId] | None) -> str:
    return "" if units is None else f"AND {_WITHIN}"


def _units(units: Iterable[UnitId] | None) -> dict[str, Any]:
    return {} if units is None else {"units": sorted(units)}
