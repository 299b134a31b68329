"""Counting any boolean combination of 20 sets of millions of customers: bitmaps against ClickHouse's wide columns.

Both sides hold the same 20 random tags of the same customers on the same sidecar. Ours: one groupBitmap per tag and
group of 1,048,576 customers. Baseline: one row per customer with 20 UInt8 columns, counted by `countIf` of the same
expression. Warm: the set server holds the bitmaps. Cold: it fetches them from ClickHouse, decodes and combines them.
"""

import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huoke.kernel.engines import ClickHouse, Sidecar
from huoke.kernel.ids import TenantId
from huoke.kernel.sets import All, Any_, CustomerSet, Leaf, Not, Plan, SetServer, Source, keys, to_groups

SIZE = 10_000_000
TAGS = 20
EXPRESSIONS = 5
REPEATS = 7
BANK = TenantId(1)
ALL = "everyone"
_ROWS_AT_ONCE = 1_000_000


async def run(size: int = SIZE) -> list[dict[str, Any]]:
    """Time `EXPRESSIONS` random expressions over all 20 tags of `size` customers; medians of `REPEATS` runs each."""
    with tempfile.TemporaryDirectory(prefix="huoke bench ") as folder:
        async with _engines(Path(folder)) as (clickhouse, server):
            await _fill(clickhouse, size)
            everyone = CustomerSet.of(BANK, np.arange(size, dtype=np.uint32)).to_bytes()
            await server.put(BANK, {ALL: everyone})
            warm: list[float] = []
            cold: list[float] = []
            baseline: list[float] = []
            for seed in range(EXPRESSIONS):
                plan, sql = _expression(random.Random(seed))
                assert len(keys(plan) - {ALL}) == TAGS
                for repeat in range(REPEATS + 1):  # side by side, so that a busy machine slows both; not the first
                    counts = [
                        await _time(_count_if(clickhouse, sql), baseline if repeat else []),
                        await _time(_cold(server, plan, size), cold if repeat else []),
                        await _time(_warm(server, plan), warm if repeat else []),
                    ]
                    assert min(counts) == max(counts) > 0, f"the sides count differently: {counts}"
            return [_row("warm", size, warm, baseline, 50), _row("cold", size, cold, baseline, 5)]


async def _time(work: Awaitable[int], into: list[float]) -> int:
    began = time.perf_counter()
    count = await work
    into.append((time.perf_counter() - began) * 1000)
    return count


async def _warm(server: SetServer, plan: Plan) -> int:
    return (await server.evaluate(BANK, plan)).total


async def _cold(server: SetServer, plan: Plan, size: int) -> int:
    await server.drop(BANK, [f"t{tag}" for tag in range(TAGS)])
    middle = (size >> 20) // 2 + 1
    wanted = [int(key[1:]) for key in await server.missing(BANK, keys(plan))]
    assert len(wanted) == TAGS
    await server.fetch(BANK, [_source(wanted, f"{half} {middle}") for half in ("<", ">=")])
    return (await server.evaluate(BANK, plan)).total


def _source(tags: list[int], groups: str) -> Source:
    listed = ", ".join(map(str, tags))
    sql = f"SELECT tag AS key, bm AS bitmap FROM tag_bitmap FINAL WHERE `group` {groups} AND tag IN ({listed})"
    return Source(sql, {tag: f"t{tag}" for tag in tags})


async def _count_if(clickhouse: ClickHouse, sql: str) -> int:
    found = await clickhouse.query(BANK, f"SELECT countIf({sql}) AS n FROM wide")
    return int(found.column("n")[0].as_py())


def _row(name: str, size: int, ours: list[float], baseline: list[float], ratio_min: int) -> dict[str, Any]:
    mine, theirs = statistics.median(ours), statistics.median(baseline)
    return {
        "name": f"sets-{name}",
        "ours": round(mine, 2),
        "unit": "ms",
        "baseline": "ClickHouse countIf over 20 UInt8 columns",
        "baseline_value": round(theirs, 2),
        "ratio": round(theirs / mine, 1),
        "checks": {
            "customers": size,
            "counts_equal": True,
            "expressions": EXPRESSIONS,
            f"at_least_{ratio_min}x": theirs / mine >= ratio_min,
        },
    }


def _expression(random_: random.Random) -> tuple[Plan, str]:
    """A random expression that names each tag once, as a plan and as SQL."""
    parts: list[tuple[Plan, str]] = [(Leaf(key=f"t{tag}"), f"t{tag}") for tag in range(TAGS)]
    while len(parts) > 1:
        random_.shuffle(parts)
        count = min(random_.randint(2, 4), len(parts))
        taken, parts = parts[:count], parts[count:]
        kind = random_.choice(["all", "any", "any", "not"])
        if kind == "all":
            parts.append((All(parts=tuple(plan for plan, _ in taken)), f"({' AND '.join(sql for _, sql in taken)})"))
        else:
            either: tuple[Plan, str] = (
                Any_(parts=tuple(plan for plan, _ in taken)),
                f"({' OR '.join(sql for _, sql in taken)})",
            )
            parts.append((Not(part=either[0], within=Leaf(key=ALL)), f"(NOT {either[1]})") if kind == "not" else either)
    return parts[0]


async def _fill(clickhouse: ClickHouse, size: int) -> None:
    await clickhouse.create_database(BANK)
    columns = ", ".join(f"t{tag} UInt8" for tag in range(TAGS))
    await clickhouse.command(BANK, f"CREATE TABLE wide (seq UInt32, {columns}) ENGINE = MergeTree ORDER BY seq")
    await clickhouse.command(
        BANK,
        "CREATE TABLE tag_bitmap (`group` UInt16, tag UInt32, ver UInt64, bm AggregateFunction(groupBitmap, UInt32))"
        " ENGINE = ReplacingMergeTree(ver) ORDER BY (`group`, tag) SETTINGS index_granularity = 4",
    )
    tags = [_members(tag, size) for tag in range(TAGS)]
    for start in range(0, size, _ROWS_AT_ONCE):
        end = min(start + _ROWS_AT_ONCE, size)
        rows = {f"t{tag}": members[start:end] for tag, members in enumerate(tags)}
        await clickhouse.insert_arrow(
            BANK, "wide", pa.table({"seq": np.arange(start, end, dtype=np.uint32), **rows}), f"rows {start}"
        )
    for tag, members in enumerate(tags):
        groups = to_groups(CustomerSet.of(BANK, np.flatnonzero(members)))
        values = {"group": list(groups), "tag": [tag] * len(groups), "ver": [1] * len(groups)}
        await clickhouse.put_bitmaps(BANK, "tag_bitmap", values, list(groups.values()), f"tag {tag}")
    await clickhouse.merge(BANK, "wide")


def _members(tag: int, size: int) -> NDArray[np.uint8]:
    """One random tag: from 2 % to 78 % of the customers have it."""
    share = 0.02 + 0.04 * tag
    chosen: NDArray[np.uint8] = (np.random.default_rng(tag).random(size, dtype=np.float32) < share).astype(np.uint8)
    return chosen


@asynccontextmanager
async def _engines(folder: Path) -> AsyncIterator[tuple[ClickHouse, SetServer]]:
    sidecar = Sidecar(folder / "clickhouse", log=folder / "clickhouse.log")
    sidecar.start()
    path = folder / "sets"
    environment = {**os.environ, "CLICKHOUSE_URL": sidecar.url}
    process = subprocess.Popen([sys.executable, "-m", "huoke.kernel.sets.server", path], env=environment)
    clickhouse = await ClickHouse.connect(sidecar.url)
    server = SetServer(str(path))
    try:
        while not path.exists():
            await asyncio.sleep(0.02)
        yield clickhouse, server
    finally:
        await server.close()
        await clickhouse.close()
        process.terminate()
        process.wait()
        sidecar.stop()
