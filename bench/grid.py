"""Placing everybody in the grid of 112 cells, and ranking everybody within their branch by what they hold.

Customers and a month of logins lie in ClickHouse as they are shipped there; the usual axes are asked for, approved and
filled. Measured are filling the three axes, placing everybody (cells, units and sums, written to PostgreSQL), and the
first count of "the top 20 % by assets within the branch". Proved by plain SQL: customers by cell, and the rank's total.
"""

import resource
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import psutil

from bench.imports import UNITS, postgres
from bench.segment_live import analytics_of
from bench.tags import BANK, pid_of
from huoke.govern import approvals
from huoke.govern.people import NewStaff, Role, RoleScope, UnitKind, staff, units
from huoke.kernel import log
from huoke.kernel.engines import ClickHouse
from huoke.kernel.log import Shipped
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Actor, ActorKind, Database
from huoke.know import consent, customers, events, grid, language, segments, tags
from huoke.know.customers import Attribute, AttributeType
from huoke.know.grid import USUAL, AskedAxis, AxisName
from huoke.know.language import Analytics
from huoke.know.segments import Scope

SIZE = 1_000_000
FULL = 10_000_000
LOGIN_DAYS = 30
PERCENT = 20
RANK = {"kind": "rank", "by": {"kind": "attr", "name": "wealth_balance"}, "take": {"percent": PERCENT}}
STAGES = ("学生", "单身青年", "新婚", "育儿家庭", "成熟家庭", "空巢", "退休")
JOBS = ("企业职员", "公务员", "教师", "个体经营", "服务业", "学生")
ATTRIBUTES = {
    "deposit_average": AttributeType.DECIMAL, "wealth_balance": AttributeType.DECIMAL, "life_stage": AttributeType.TEXT,
    "job": AttributeType.TEXT, "has_card": AttributeType.BOOLEAN,
}  # fmt: skip
WEALTH = (6_000_000, 500_000, 50_000, 0)
"""Yuan at which the usual bands begin."""


async def run(size: int | None = None) -> list[dict[str, Any]]:
    """Place and rank `size` customers (a million)."""
    count = size or SIZE
    async with postgres() as cluster, analytics_of() as (sidecar, analytics):
        database = await Database.connect(cluster.url("huoke_app"))
        await _come(database, analytics.clickhouse, count)
        await _divide(database, analytics)
        filled, _ = await _timed(tags.refresh(database, analytics, BANK))
        process = psutil.Process(pid_of(sidecar))
        placing, placed = await _timed(grid.place(database, analytics.clickhouse, BANK))
        peak_mb, sidecar_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, process.memory_info().rss / 1e6
        right = await _cells(database) == await _true_cells(analytics.clickhouse)
        ranking, found = await _timed(_rank(database, analytics))
        true = await _true_rank(analytics.clickhouse)
        await database.close()
    return [
        {
            "name": "grid-placement",
            "ours": round(filled + placing, 2),
            "unit": f"s for {count:,} customers: axes filled, everybody placed, sums kept",
            "baseline": None,
            "baseline_value": None,
            "ratio": None,
            "axes_s": round(filled, 2),
            "placing_s": round(placing, 2),
            "peak_memory_mb": round(peak_mb),
            "clickhouse_memory_mb": round(sidecar_mb),
            "checks": {
                "everybody is placed": placed is not None and placed.customers == count,
                "customers by cell are those of plain SQL": right,
            },
        },
        {
            "name": "rank",
            "ours": round(ranking, 2),
            "unit": f"s, top {PERCENT} % by assets within the branch, first asked, {count:,} customers",
            "baseline": None,
            "baseline_value": None,
            "ratio": None,
            "checks": {"the total is that of plain SQL": found == true},
        },
    ]


async def _timed(work: Any) -> tuple[float, Any]:
    began = time.perf_counter()
    found = await work
    return time.perf_counter() - began, found


async def _come(database: Database, clickhouse: ClickHouse, count: int) -> None:
    """Customers with what the axes look at, one in twelve unknown, and who signed in lately."""
    async with database.begin(BANK) as tx:
        known = [Attribute(name=name, label=name, label_en=name, type=kind) for name, kind in ATTRIBUTES.items()]
        await customers.define_attributes(tx, known)
        given = consent.Statement(
            purpose=consent.MARKETING,
            verdict=consent.Verdict.GIVEN,
            members=CustomerSet.of(BANK, np.arange(count, dtype=np.uint32)),
            basis=consent.Basis.CONSENT,
            text_version="1",
            channel="app",
        )
        await consent.record(tx, [given])
        branches = [int(unit.id) for unit in await units.tree(tx) if unit.kind is UnitKind.BRANCH]
    kinds = {AttributeType.DECIMAL: "Int64", AttributeType.TEXT: "String", AttributeType.BOOLEAN: "Bool"}
    own = [Shipped(customers.COLUMN_PREFIX + name, f"Nullable({kinds[kind]})") for name, kind in ATTRIBUTES.items()]
    await clickhouse.create_database(BANK)
    await clickhouse.command(BANK, customers.CUSTOMERS.create_sql([*customers.CUSTOMERS.columns, *own, *log.PLACE]))
    stages, jobs = (", ".join(f"'{word}'" for word in words) for words in (STAGES, JOBS))
    columns = ", ".join(one.name for one in own)
    await clickhouse.command(
        BANK,
        f"INSERT INTO customer (seq, unit_id, status, changed_at, {columns}, xid, ordinal) SELECT number,"
        f" {branches}[1 + cityHash64(number, 1) % {UNITS}], 'active', now64(6),"
        f" toInt64(exp(8 + 6 * (cityHash64(number, 2) % 10000) / 10000) * {customers.DECIMAL_SCALE}),"
        f" toInt64(exp(6 + 10 * (cityHash64(number, 3) % 100000) / 100000) * {customers.DECIMAL_SCALE}),"
        f" if(number % 12 = 5, NULL, [{stages}][1 + cityHash64(number, 4) % {len(STAGES)}]),"
        f" [{jobs}][1 + cityHash64(number, 5) % {len(JOBS)}], number % 3 > 0, 1, number FROM numbers({count})",
    )
    await clickhouse.command(BANK, events.EVENT.create_sql([*events.EVENT.columns, *log.PLACE]))
    since = int((datetime.now(UTC) - timedelta(days=LOGIN_DAYS)).timestamp() * 1_000)
    await clickhouse.command(
        BANK,
        "INSERT INTO event (seq, name, at, id, kind, amount_fen, recorded_at, xid, ordinal)"
        f" SELECT number, 'app.login', fromUnixTimestamp64Milli({since} + toInt64(cityHash64(number) % 2500000000)),"
        f" generateUUIDv4(), 'track', 0, now64(3), 1, number FROM numbers({count // 2})",
    )


async def _divide(database: Database, analytics: Analytics) -> None:
    """The usual axes, asked for by one person and approved by another."""
    approvals.register(grid.AxisApproval(analytics))
    async with database.begin(BANK) as tx:
        head = next(unit.id for unit in await units.tree(tx) if unit.kind is UnitKind.HEAD_OFFICE)
        new = [
            NewStaff(login=role.value, name=role.value, post="", unit_id=head, roles=[RoleScope(role, head)])
            for role in (Role.OPERATOR, Role.APPROVER)
        ]
        asks, decides = (Actor(ActorKind.STAFF, str(one)) for one in await staff.add(tx, new))
    for axis in USUAL.values():
        async with database.begin(BANK, asks) as tx:
            request_id = await grid.request_axis(tx, AskedAxis(axis=axis, reason="bench"))
            (change_id,) = [one.change_id for one in await grid.requests(tx) if one.id == request_id]
        assert change_id is not None, "an axis is always approved"
        async with database.begin(BANK, decides) as tx:
            change = await approvals.find_change(tx, change_id)
            await approvals.decide(tx, change_id, approvals.Verdict.APPROVE, "", change.diff_hash)


async def _cells(database: Database) -> dict[str, int]:
    async with database.begin(BANK) as tx:
        found = await grid.grid_map(tx, month=None, against=None, scope=None, small=True)
    return {cell.cell: cell.customers for cell in found.cells if cell.customers}


async def _true_cells(clickhouse: ClickHouse) -> dict[str, int]:
    scale = customers.DECIMAL_SCALE
    wealth = ", ".join(
        f"greatest(a_deposit_average, a_wealth_balance) >= {edge * scale}, {place}"
        for place, edge in enumerate(WEALTH, 1)
    )
    jobs = [band.expression.get("value") for band in USUAL[AxisName.OCCUPATION].bands]
    job = ", ".join(
        f"a_job IN ({', '.join(repr(one) for one in listed)}), {n}" for n, listed in enumerate(jobs, 1) if listed
    )
    stages = ", ".join(f"'{word}'" for word in STAGES)
    found = await clickhouse.query(
        BANK,
        f"SELECT concat(toString(multiIf({wealth}, 0)), '-',"
        f" toString(indexOf([{stages}], assumeNotNull(a_life_stage))), '-',"
        f" toString(multiIf({job}, {len(jobs)}))) AS cell, count() AS n FROM customer"
        " WHERE a_life_stage IS NOT NULL GROUP BY cell",
    )
    return dict(zip(found.column("cell").to_pylist(), found.column("n").to_pylist(), strict=True))


async def _rank(database: Database, analytics: Analytics) -> int:
    async with database.begin(BANK) as tx:
        rule = language.parse({**RANK, "within": "branch"})
        return (await segments.count(tx, analytics, rule, Scope())).total


async def _true_rank(clickhouse: ClickHouse) -> int:
    found = await clickhouse.query(
        BANK,
        "SELECT sum(length(arrayFilter(v -> v >= held[least], held))) AS n FROM (SELECT arrayReverseSort(groupArray("
        f"assumeNotNull(a_wealth_balance))) AS held, toUInt32(ceil(count() * {PERCENT} / 100)) AS least FROM customer"
        " GROUP BY unit_id)",
    )
    return int(found.column("n")[0].as_py())
