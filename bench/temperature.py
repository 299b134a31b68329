"""A day of temperature for ten million customers and three million signals: read, step, keep.

Baseline: the same in ClickHouse SQL, from the same inputs to the same outputs. Inputs are yesterday's state and today's
signals by customer number, both in memory (arrays here, tables of engine Memory there). Outputs are today's state and
every column that is shown, in memory again; ClickHouse may use as
much of it as that takes. Counted on both sides: finding each signal's customer, the typical heat
(the median of the same sample), and the step. Not counted on either: reading events, loading and storing; they are in
the figure of the whole day. Each side is the best of three. Both must come to the same temperatures, stages and
lifecycles.
"""

import copy
import math
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import psutil
import pyarrow as pa

from bench.segment_live import analytics_of
from bench.tags import pid_of
from huoke.kernel.engines import ClickHouse
from huoke.kernel.engines.sidecar import MEMORY_BYTES_MAX
from huoke.kernel.ids import TenantId
from huoke.know.temperature import USUAL, engine, loops, sql_states
from huoke.know.temperature.engine import Component, Reading, Signals, State
from huoke.know.temperature.refresh import placed
from huoke.know.temperature.sql_states import CARRIED, PARTS, SHOWN

CUSTOMERS = 1_000_000
SIGNALS_EACH = 0.3
BANK = TenantId(1)
DAY = date(2026, 3, 1)
TODAY = sql_states.day_number(DAY)
SEED = 20_261_122
BYTES_EACH = 600
"""So much ClickHouse may use for each customer: two tables in memory, and the join of a day."""
REPEATS = 3
COMPUTE_MAX, WHOLE_MAX, RATIO_MIN = 2.0, 30.0, 10.0
EDGE_SHARE = 1e-5
"""Float32 here, doubles there: so many may stand on the other side of an edge."""
FULL = 10_000_000
"""The seconds are promised at so many customers."""


async def run(size: int | None = None) -> list[dict[str, Any]]:
    """A day of `size` customers (a million)."""
    count = size or CUSTOMERS
    state = _state(count)
    engine.step(_state(10), Signals.of([]))
    async with analytics_of(max(MEMORY_BYTES_MAX, count * BYTES_EACH)) as (sidecar, analytics):
        clickhouse = analytics.clickhouse
        await clickhouse.create_database(BANK)
        await sql_states.ensure(clickhouse, BANK)
        await _events(clickhouse, count)
        columns = _columns(state)
        await sql_states.put(clickhouse, BANK, DAY - timedelta(days=1), columns)
        whole = time.perf_counter()
        loaded = await sql_states.load(clickhouse, BANK, DAY - timedelta(days=1))
        found = await sql_states.signals(clickhouse, BANK, USUAL, DAY, DAY, datetime(2026, 3, 2, tzinfo=UTC))
        before = time.perf_counter()
        times = [_ours(copy.deepcopy(state), loaded["seq"], found)[0] for _ in range(REPEATS - 1)]
        spent, cpu_s = time.perf_counter() - before, time.process_time()
        last, signals, reading = _ours(state, loaded["seq"], found)
        cpu_s = time.process_time() - cpu_s
        shown = {name: np.zeros(count, kind) for name, kind in SHOWN.items()} | {"temperature": reading.temperature}
        await sql_states.put(clickhouse, BANK, DAY, {**_columns(state), **shown})
        took = time.perf_counter() - whole - spent
        ours = min(*times, last)
        baseline, baseline_cpu_s, theirs = await _sql(clickhouse, psutil.Process(pid_of(sidecar)), found, count)
    assert len(loaded["seq"]) == count, "all of yesterday came back"
    agree = float(np.max(np.abs(theirs["temperature"] - reading.temperature)))
    others = {name: int(np.count_nonzero(theirs[name] != getattr(reading, name))) for name in ("stage", "lifecycle")}
    return [
        {
            "name": "temperature",
            "ours": round(ours, 3),
            "unit": f"s a day's step, {count:,} customers, {len(signals.places):,} signals",
            "baseline": "the same in ClickHouse SQL, from tables in memory to a table in memory",
            "baseline_value": round(baseline, 3),
            "ratio": round(baseline / ours, 1),
            "cpu_s": round(cpu_s, 3),
            "baseline_cpu_s": round(baseline_cpu_s, 3),
            "load_step_store_s": round(took, 1),
            "largest_difference": round(agree, 4),
            "beyond_an_edge": others,
            "checks": {
                f"at least {RATIO_MIN:.0f} times the baseline": baseline / ours >= RATIO_MIN,
                "the same temperatures": agree < 0.05,
                "the same stages and lifecycles, but at an edge": max(others.values()) <= count * EDGE_SHARE,
                "the step within its share of 2 s": ours <= COMPUTE_MAX * max(count / FULL, 0.1),
                "with load and store within its share of 30 s": took <= WHOLE_MAX * max(count / FULL, 0.1),
            },
        }
    ]


def _ours(state: State, seqs: Any, found: dict[str, Any]) -> tuple[float, Signals, Reading]:
    """Seconds of the day here; `state` becomes that of its end."""
    began = time.perf_counter()
    signals = placed(seqs, found, TODAY)
    reading = engine.step(state, signals)
    return time.perf_counter() - began, signals, reading


def _state(count: int) -> State:
    random = np.random.default_rng(SEED)
    since = TODAY - random.integers(100, 4_000, count).astype(np.int32)
    state = State.blank(since, TODAY - 400)
    state.day = TODAY - 1
    for component in Component:
        state.mean[component] = random.gamma(2.0, 2.0, count) * 0.8
        state.heat[component] = state.mean[component] * random.lognormal(0, 0.6, count)
    state.ever[:] = 7
    state.last[:] = TODAY - random.integers(1, 200, count)
    state.stage[:] = random.integers(0, 4, count)
    state.staged[:] = TODAY - random.integers(1, 60, count)
    return state


def _columns(state: State) -> dict[str, Any]:
    count = len(state.since)
    columns = {name: np.zeros(count, kind) for name, kind in {**CARRIED, **SHOWN}.items()}
    columns |= {name: getattr(state, name) for name in ("since", "last", "ever", "stage", "staged", "fell")}
    for place, part in enumerate(PARTS):
        columns |= {f"heat_{part}": state.heat[place].copy(), f"mean_{part}": state.mean[place].copy()}
    return {"seq": np.arange(count, dtype=np.uint32), **columns}


async def _events(clickhouse: ClickHouse, count: int) -> None:
    """A day of events: one signal each of so many customers, of three kinds."""
    await clickhouse.command(
        BANK,
        "CREATE TABLE event (seq UInt32, name LowCardinality(String), at DateTime64(3, 'UTC'),"
        " recorded_at DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY (name, seq, at)",
    )
    await clickhouse.command(
        BANK,
        "INSERT INTO event SELECT toUInt32(cityHash64(number) % {count:UInt32}),"
        " ['app.login', 'payment.made', 'branch.visited'][number % 3 + 1],"
        " toDateTime64('2026-03-01 02:00:00', 3, 'UTC') + number % 40000,"
        " toDateTime64('2026-03-01 15:00:00', 3, 'UTC') FROM numbers({many:UInt64})",
        {"count": count, "many": int(count * SIGNALS_EACH)},
    )


async def _sql(
    clickhouse: ClickHouse, process: psutil.Process, found: dict[str, Any], count: int
) -> tuple[float, float, Any]:
    """Seconds of the day in SQL, on the clock and of processors (the best of each), and the temperatures, stages and
    lifecycles it comes to, ascending by seq.
    """
    for table in ("today", "yesterday"):
        await clickhouse.command(BANK, f"DROP TABLE IF EXISTS {table}")
    await clickhouse.command(BANK, "CREATE TABLE signal (seq UInt32, component UInt8, heat Float32) ENGINE = Memory")
    rows = pa.table({name: found[name] for name in ("seq", "component", "heat")})
    await clickhouse.insert_arrow(BANK, "signal", rows, "signals")
    await clickhouse.command(
        BANK,
        f"CREATE TABLE yesterday ENGINE = Memory AS SELECT * FROM {sql_states.TABLE} WHERE day = {{day:Date}}",
        {"day": DAY - timedelta(days=1)},
    )
    await clickhouse.command(BANK, f"CREATE TABLE today AS {sql_states.TABLE} ENGINE = Memory")
    took = spent = math.inf
    for _ in range(REPEATS):
        await clickhouse.command(BANK, "TRUNCATE TABLE today")
        began, before = time.perf_counter(), sum(process.cpu_times()[:2])
        typical = await clickhouse.query(BANK, _TYPICAL, {"pace": max(1, count // engine.SAMPLE)})
        given = {f"typical_{part}": float(typical.column(part)[0].as_py()) for part in PARTS}
        await clickhouse.command(BANK, _STEP, given)
        took, spent = min(took, time.perf_counter() - began), min(spent, sum(process.cpu_times()[:2]) - before)
    told = await clickhouse.query(BANK, "SELECT temperature, stage, lifecycle FROM today ORDER BY seq")
    return took, spent, {name: told.column(name).to_numpy() for name in told.column_names}


_FADE = {part: 0.5 ** (1 / engine.HALF_LIVES[Component[part.upper()]]) for part in PARTS}
_SIGNALS = (
    "SELECT seq, "
    + ", ".join(f"sumIf(heat, component = {n}) AS heat_{part}" for n, part in enumerate(PARTS))
    + ", groupBitOr(toUInt8(bitShiftLeft(1, component))) AS ever, 1 AS seen FROM signal"
)


def _warmed(part: str) -> str:
    return (
        f"y.heat_{part} * {_FADE[part]} + s.heat_{part} AS new_heat_{part},"
        f" y.mean_{part} + (new_heat_{part} - y.mean_{part}) * {loops.FOLLOW} AS new_mean_{part}"
    )


_SETTLED = f"1 - exp2(-greatest(least({TODAY} - y.since, 400), 1) / {loops.BASELINE_HALF_LIFE}) AS settled"
_TYPICAL = (
    f"WITH {_SETTLED}, {', '.join(_warmed(part) for part in PARTS)} SELECT "
    + ", ".join(f"quantileExactInclusive(0.5)(new_mean_{part} / settled) AS {part}" for part in PARTS)
    + " FROM (SELECT * FROM yesterday WHERE seq % {pace:UInt32} = 0) AS y"
    f" LEFT JOIN ({_SIGNALS} WHERE seq % {{pace:UInt32}} = 0 GROUP BY seq) AS s ON s.seq = y.seq"
)


def _step() -> str:
    """The engine's step, written in SQL."""
    shares = dict(zip(PARTS, engine.USUAL.parts, strict=True))
    warmed = ", ".join(
        f"{_warmed(part)},"
        f" greatest(own * new_mean_{part} / settled / {{typical_{part}:Float64}} + (1 - own), {loops.TYPICAL_SHARE})"
        f" AS base_{part}, log2((new_heat_{part} / {{typical_{part}:Float64}} + {loops.FAINT})"
        f" / (base_{part} + {loops.FAINT})) AS doublings_{part},"
        f" least(greatest(50 + {loops.DOUBLING} * doublings_{part}"
        f" + {2 * loops.LEVEL} * (base_{part} / (base_{part} + 1) - 0.5), 0), 100) AS new_score_{part}"
        for part in PARTS
    )
    total = " + ".join(f"{shares[part]} * new_score_{part}" for part in PARTS)
    change = " + ".join(f"{shares[part]} * doublings_{part}" for part in PARTS)
    edges = ", ".join(str(edge) for edge in engine.USUAL.edges)
    above = f"arrayCount(e -> total >= e + {engine.USUAL.hysteresis}, [{edges}])"
    below = f"arrayCount(e -> total >= e - {engine.USUAL.hysteresis}, [{edges}])"
    out = {
        "since": "y.since", "last": "new_last", "ever": "bitOr(y.ever, s.ever)",
        "stage": "new_stage", "staged": f"if(new_stage != y.stage, {TODAY}, y.staged)",
        "fell": f"if(new_stage < y.stage, {TODAY}, y.fell)", "told": "y.told", "signs": "y.signs",
        "lifecycle": f"multiIf(days < {loops.NEW_DAYS}, 0,"
        f" least(days, {TODAY} - greatest(new_last, y.since - 1)) >= {loops.LOST_DAYS}, 4,"
        f" change < {loops.COOLING}, 3, change > {loops.GROWING}, 1, 2)",
        **{f"{kind}_{part}": f"new_{kind}_{part}" for kind in ("heat", "mean") for part in PARTS},
        "temperature": "total", "confidence": f"least(days / {loops.NEW_DAYS}, 1)", "need": "0",
        **{f"score_{part}": f"new_score_{part}" for part in PARTS},
    }  # fmt: skip
    return (
        f"INSERT INTO today (day, seq, {', '.join(out)}) WITH {TODAY} - y.since AS days,"
        f" if(s.seen, {TODAY}, y.last) AS new_last, days / (days + {loops.SETTLED_DAYS}) AS own,"
        f" {_SETTLED}, {warmed}, {total} AS total, {change} AS change,"
        f" if({TODAY} - y.staged >= {engine.USUAL.dwell_days}, least(greatest(y.stage, {above}), {below}), y.stage)"
        f" AS new_stage SELECT toDate({TODAY}), y.seq, {', '.join(out.values())} FROM yesterday AS y"
        f" LEFT JOIN ({_SIGNALS} GROUP BY seq) AS s ON s.seq = y.seq"
    )


_STEP = _step()
