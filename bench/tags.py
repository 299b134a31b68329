"""Tags at scale: counted, profiled and stored, each against the plain way on the same engine.

A store of `TAGS` tags at a mean density of 8 %, a third of them values of exclusive families. tags-count: random
boolean expressions over 5 and 20 of them; baselines are rows (tag, customer) for 5 and wide columns for 20.
tags-profile: a tenth of all customers against every tag; baseline is ClickHouse's join of bitmaps. tags-store: bytes on
disk against one bit for each customer and tag.
"""

import asyncio
import random
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import psutil
from pyroaring import BitMap

from bench.drawn import dealt, strewn
from bench.segment_live import analytics_of
from huoke.kernel.engines import ClickHouse, Sidecar
from huoke.kernel.engines.clickhouse import OutOfMeans
from huoke.kernel.ids import TenantId
from huoke.kernel.sets import All, Any_, CustomerSet, Leaf, Not, Plan, SetServer, encode_group, keys
from huoke.kernel.sets.customer_set import split
from huoke.know.language import KNOWN, SAMPLE_GROUPS
from huoke.know.language.sql_tags import tag_source
from huoke.know.tags import sql_sets
from huoke.know.tags.sql_profile import count_all
from huoke.know.tags.sql_sets import Written

SIZE = 1_000_000
TAGS = 7_000
FAMILY = 8
"""Values of an exclusive family; together two thirds of the customers have one."""
DENSITY = 0.08
COHORT = 65_536
COHORT_SHAPE = 0.5
"""How unlike the cohorts are: of the gamma distribution of their shares."""
PICKED = 20
EXPRESSIONS = 5
REPEATS = 7
SECONDS_EACH = 1.0
"""A side is asked for so long, then the other: as somebody asks who changes a segment and looks again."""
FIRST = 3
BANK = TenantId(1)
ALL = "everyone"
TAGS_AT_ONCE = 100
JOINS_AT_ONCE = 2
EXACT_SECONDS_MAX, SAMPLED_SECONDS_MAX, MEMORY_MAX = 8.0, 2.0, 1_500_000_000
_GROUP_BITS = 20


class _Taken(msgspec.Struct):
    """Milliseconds each way took; `after_scan` are the first few warm ones after the baseline went over its columns."""

    warm: list[float] = []
    after_scan: list[float] = []
    cold: list[float] = []
    baseline_once: list[float] = []
    baseline: list[float] = []


async def run_sets(size: int | None = None) -> list[dict[str, Any]]:
    """Fill a store of `TAGS` tags of `size` customers, then count, profile and weigh it."""
    count = size or SIZE
    async with analytics_of() as (sidecar, analytics):
        clickhouse = analytics.clickhouse
        await sql_sets.prepare(clickhouse, BANK)
        picked = await _fill(clickhouse, count)
        rows = [await _store_row(clickhouse, count)]
        rows += await _count_rows(clickhouse, analytics.sets, picked, count)
        rows += await _profile_rows(clickhouse, psutil.Process(pid_of(sidecar)), count)
    return rows


def pid_of(sidecar: Sidecar) -> int:
    """The process of a sidecar that runs."""
    assert sidecar.child is not None, "it runs"
    return sidecar.child.pid


async def _fill(clickhouse: ClickHouse, count: int) -> list[int]:
    """Write every tag; returns the numbers of `PICKED` of them, spread over all."""
    waiting: list[Written] = []
    everyone = dict(split(BitMap(range(count)), _GROUP_BITS))
    for number, members in _tags(count):
        found = {(group, 1): bitmap for group, bitmap in split(members, _GROUP_BITS)} | {
            (group, KNOWN): bitmap for group, bitmap in everyone.items()
        }
        waiting.append(Written(number=number, version=1, sets=found))
        if len(waiting) == TAGS_AT_ONCE or number == TAGS:
            await sql_sets.write(clickhouse, BANK, waiting, f"bench/{number}")
            waiting = []
    return list(range(1, TAGS + 1, TAGS // PICKED))[:PICKED]


def _tags(count: int) -> Iterator[tuple[int, BitMap]]:
    """(number, members): two thirds independent of each other, a third values of families.

    Numbers are given in the order of joining, and every second of the independent tags has to do with when and where
    one joined: a share of its own in every `COHORT` customers. The others are strewn evenly, which nothing compresses.
    """
    generator = np.random.default_rng(7)
    alone = TAGS * 2 // 3
    densities = generator.beta(0.8, 0.8 * (1 / DENSITY - 1), alone)
    densities *= DENSITY / densities.mean()
    cohorts = -(-count // COHORT)
    for number, density in enumerate(np.clip(densities, 1e-5, 0.95).tolist(), start=1):
        unlike = generator.gamma(COHORT_SHAPE, 1 / COHORT_SHAPE, cohorts) if number % 2 else np.ones(cohorts)
        yield number, strewn(generator, count, np.clip(density * unlike, 1e-6, 0.95))
    for first in range(alone + 1, TAGS + 1, FAMILY):
        places = min(FAMILY, TAGS + 1 - first)
        yield from enumerate(dealt(generator, count, places, round(FAMILY / (FAMILY * DENSITY))), start=first)


async def _store_row(clickhouse: ClickHouse, count: int) -> dict[str, Any]:
    await clickhouse.merge(BANK, "tag_bitmap")
    found = await clickhouse.query(
        BANK,
        "SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE database = currentDatabase()"
        " AND table = 'tag_bitmap' AND active",
    )
    ours, theirs = int(found.column("bytes")[0].as_py()), count * TAGS // 8
    return {
        "name": "tags-store",
        "ours": round(ours / 1e6, 1),
        "unit": f"MB on disk, {TAGS:,} tags of {count:,} customers, sample and known sets included",
        "baseline": "one bit for each customer and tag",
        "baseline_value": round(theirs / 1e6, 1),
        "ratio": round(ours / theirs, 3),
        "checks": {"at_most_0.5x": ours / theirs <= 0.5},
    }


async def _count_rows(
    clickhouse: ClickHouse, server: SetServer, picked: Sequence[int], count: int
) -> list[dict[str, Any]]:
    await _baselines(clickhouse, picked, count)
    await server.put(BANK, {ALL: CustomerSet.of(BANK, np.arange(count, dtype=np.uint32)).to_bytes()})
    rows = []
    for many in (5, PICKED):
        taken = _Taken()
        for seed in range(EXPRESSIONS):
            chosen = random.Random(seed).sample(sorted(picked), many)
            plan, sql = _expression(random.Random(seed), chosen)
            asked = _by_rows(sql, chosen, count) if many < PICKED else f"SELECT countIf({sql}) AS n FROM wide"
            for repeat in range(REPEATS + 1):  # side by side, so that a busy machine slows both; not the first
                into = taken if repeat else _Taken()
                counts = set()
                for _ in range(FIRST):  # what is asked once is held against what is asked once
                    counts.add(await _time(_cold(server, plan, chosen), into.cold))
                    counts.add(await _time(_counted(clickhouse, asked), into.baseline_once))
                counts |= await _for_a_while(partial(_counted, clickhouse, asked), into.baseline)
                before = len(into.warm)
                counts |= await _for_a_while(partial(_warm, server, plan), into.warm)
                into.after_scan += into.warm[before : before + FIRST]
                assert len(counts) == 1, f"the sides count differently: {counts}"
                assert counts != {0}, "an expression selects nobody"
        rows.append(_count_row(many, count, taken))
    return rows


async def _for_a_while(ask: Callable[[], Awaitable[int]], into: list[float]) -> set[int]:
    """Ask again and again for `SECONDS_EACH`; what was answered."""
    counts: set[int] = set()
    until = time.perf_counter() + SECONDS_EACH
    while time.perf_counter() < until:
        counts.add(await _time(ask(), into))
    return counts


def _count_row(many: int, count: int, taken: "_Taken") -> dict[str, Any]:
    theirs, warm = statistics.median(taken.baseline), statistics.median(taken.warm)
    ratio, cold_ratio = theirs / warm, statistics.median(taken.baseline_once) / statistics.median(taken.cold)
    p95 = float(np.percentile(taken.warm, 95))
    large = count >= 10_000_000
    return {
        "name": f"tags-count-{many}",
        "ours": round(warm, 2),
        "unit": f"ms warm, any boolean of {many} of {TAGS:,} tags, {count:,} customers",
        "baseline": "ClickHouse rows (tag, customer)" if many < PICKED else "ClickHouse wide columns",
        "baseline_value": round(theirs, 2),
        "ratio": round(ratio, 1),
        "p95_ms": round(p95, 2),
        "after_scan_ms": round(statistics.median(taken.after_scan), 2),
        "cold_ms": round(statistics.median(taken.cold), 2),
        "baseline_once_ms": round(statistics.median(taken.baseline_once), 2),
        "cold_ratio": round(cold_ratio, 1),
        "checks": {
            "counts_equal": True,
            "warm_p95_at_most_30ms": p95 <= 30,
            **({"warm_at_least_100x": ratio >= 100, "cold_at_least_10x": cold_ratio >= 10} if large else {}),
        },
    }


async def _baselines(clickhouse: ClickHouse, picked: Sequence[int], count: int) -> None:
    """The picked tags as rows and as columns."""
    columns = ", ".join(f"t{number} UInt8" for number in picked)
    await clickhouse.command(BANK, f"CREATE TABLE wide (seq UInt32, {columns}) ENGINE = MergeTree ORDER BY seq")
    await clickhouse.command(BANK, "CREATE TABLE held (tag UInt32, seq UInt32) ENGINE = MergeTree ORDER BY (tag, seq)")
    numbers = ", ".join(map(str, picked))
    await clickhouse.command(
        BANK,
        "INSERT INTO held SELECT tag, arrayJoin(bitmapToArray(bm)) FROM tag_bitmap FINAL"
        f" WHERE tag IN ({numbers}) AND value = 1 AND `group` < {SAMPLE_GROUPS}",
    )
    chosen = ", ".join(f"max(tag = {number})" for number in picked)
    for start in range(0, count, SIZE):
        within = f"seq >= {start} AND seq < {start + SIZE}"
        await clickhouse.command(
            BANK,
            f"INSERT INTO wide SELECT seq, {chosen} FROM (SELECT tag, seq FROM held WHERE {within} UNION ALL SELECT 0,"
            f" number FROM numbers({start}, {min(SIZE, count - start)})) GROUP BY seq",
        )
    for table in ("held", "wide"):
        await clickhouse.merge(BANK, table)


def _by_rows(sql: str, chosen: Sequence[int], count: int) -> str:
    """The expression over rows: who has any of the tags is grouped, the others all have none."""
    flags = ", ".join(f"max(tag = {number}) AS t{number}" for number in chosen)
    none = sql
    for number in sorted(chosen, reverse=True):
        none = none.replace(f"t{number}", "0")
    listed = ", ".join(map(str, chosen))
    return (
        f"SELECT countIf({sql}) + if({none}, {count} - count(), 0) AS n FROM (SELECT seq, {flags} FROM held"
        f" WHERE tag IN ({listed}) GROUP BY seq)"
    )


def _expression(random_: random.Random, chosen: Sequence[int]) -> tuple[Plan, str]:
    """A random expression that names each tag once, as a plan and as SQL."""
    parts: list[tuple[Plan, str]] = [(Leaf(key=f"t{number}"), f"t{number}") for number in chosen]
    while len(parts) > 1:
        random_.shuffle(parts)
        count = min(random_.randint(2, 4), len(parts))
        taken, parts = parts[:count], parts[count:]
        kind = random_.choice(["all", "any", "any", "not"])
        if kind == "all":
            parts.append((All(parts=tuple(plan for plan, _ in taken)), f"({' AND '.join(sql for _, sql in taken)})"))
        else:
            either: Plan = Any_(parts=tuple(plan for plan, _ in taken))
            said = f"({' OR '.join(sql for _, sql in taken)})"
            parts.append((Not(part=either, within=Leaf(key=ALL)), f"(NOT {said})") if kind == "not" else (either, said))
    plan, sql = parts[0]
    return Any_(parts=(plan, Leaf(key=f"t{chosen[0]}"))), f"({sql} OR t{chosen[0]})"


async def _counted(clickhouse: ClickHouse, sql: str) -> int:
    return int((await clickhouse.query(BANK, sql)).column("n")[0].as_py())


async def _warm(server: SetServer, plan: Plan) -> int:
    return (await server.evaluate(BANK, plan)).total


async def _cold(server: SetServer, plan: Plan, chosen: Sequence[int]) -> int:
    await server.drop(BANK, [f"t{number}" for number in chosen])
    wanted = sorted(await server.missing(BANK, keys(plan)))
    assert len(wanted) == len(chosen)
    source = tag_source({f"t{number}": (number, 1) for number in chosen})
    await server.fetch(BANK, [source])
    return (await server.evaluate(BANK, plan)).total


async def _profile_rows(clickhouse: ClickHouse, sidecar: psutil.Process, count: int) -> list[dict[str, Any]]:
    """A tenth of all customers against every tag: exact, from the sample, and as a join."""
    generator = np.random.default_rng(11)
    members = CustomerSet(BANK, strewn(generator, count, np.full(-(-count // COHORT), 0.1)))
    universe = CustomerSet.of(BANK, np.arange(count, dtype=np.uint32))
    exact: list[float] = []
    sampled: list[float] = []
    joined: list[float] = []
    both = (sidecar, psutil.Process())
    for process in both:
        _forget_peak(process.pid)
    for _ in range(3):
        found = await _taken(count_all(clickhouse, BANK, members, universe), exact)
        guessed = await _taken(count_all(clickhouse, BANK, members, universe, from_sample=True), sampled)
    memory = sum(_peak_bytes(process.pid) for process in both)  # before the baseline, which takes what it can get
    for _ in range(3):
        theirs, whole = await _join(clickhouse, members, joined)
    ours = {tag: pair[0] for (tag, code), pair in found.items() if code == 1}
    errors = np.array([abs(guessed[tag, 1][0] - ours[tag]) for tag in ours]) / len(members)
    stated = 1.96 * 0.5 / (len(members) * 0.02) ** 0.5
    return [
        {
            "name": "tags-profile",
            "ours": round(min(exact), 2),
            "unit": f"s, {len(members):,} customers against {TAGS:,} tags, with those of all others",
            "baseline": "ClickHouse join of bitmaps"
            + ("" if whole else ", by group, since memory does not do for all"),
            "baseline_value": round(min(joined), 2),
            "ratio": round(min(joined) / min(exact), 2),
            "sampled_s": round(min(sampled), 2),
            "error": round(float(errors.max()), 4),
            "stated_error": round(stated, 4),
            "within_stated": round(float((errors <= stated).mean()), 4),
            "memory_peak_mb": memory // 1_000_000,
            "checks": {
                "equal": theirs == ours,
                "exact_at_most_8s": min(exact) <= EXACT_SECONDS_MAX,
                "sampled_at_most_2s": min(sampled) <= SAMPLED_SECONDS_MAX,
                "memory_at_most_1.5GB": memory <= MEMORY_MAX,
                "at_least_1.5x": min(joined) / min(exact) >= 1.5,
                "19 of 20 within the stated error": bool((errors <= stated).mean() >= 0.95),
            },
        }
    ]


def _forget_peak(pid: int) -> None:
    """Count the most memory a process holds from now on."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def _peak_bytes(pid: int) -> int:
    """The most memory a process held since its peak was forgotten."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("the kernel tells every process's peak")


async def _join(clickhouse: ClickHouse, members: CustomerSet, into: list[float]) -> tuple[dict[int, int], bool]:
    """The members of every tag by a join of all bitmaps with the segment's; True where it went at once.

    Where memory does not do for that, a join for each group, and among them those that fit side by side: its best case.
    """
    await clickhouse.command(
        BANK,
        "CREATE TABLE IF NOT EXISTS segment (`group` UInt16, bm AggregateFunction(groupBitmap, UInt32))"
        " ENGINE = MergeTree ORDER BY `group`",
    )
    await clickhouse.command(BANK, "TRUNCATE TABLE segment")
    payloads = {group: encode_group(bitmap) for group, bitmap in split(members.bitmap, _GROUP_BITS)}
    await clickhouse.put_bitmaps(
        BANK, "segment", {"`group`": list(payloads)}, list(payloads.values()), str(time.time())
    )
    with suppress(OutOfMeans):
        return await _taken(_joined(clickhouse, [f"`group` < {SAMPLE_GROUPS}"], 1), into), True
    parts = [f"`group` = {group}" for group in payloads]
    with suppress(OutOfMeans):
        return await _taken(_joined(clickhouse, parts, JOINS_AT_ONCE), into), False
    with suppress(OutOfMeans):
        return await _taken(_joined(clickhouse, parts, 1), into), False
    middle = TAGS // 2
    halves = [f"{part}{half}" for part in parts for half in (f" AND tag <= {middle}", f" AND tag > {middle}")]
    return await _taken(_joined(clickhouse, halves, 1), into), False


async def _joined(clickhouse: ClickHouse, parts: Sequence[str], at_once: int) -> dict[int, int]:
    """The joins of some parts of the groups, so many at once."""
    found: Counter[int] = Counter()
    for start in range(0, len(parts), at_once):
        queries = [
            "SELECT tag, sum(bitmapAndCardinality(t.bm, s.bm)) AS n FROM (SELECT `group`, tag, bm FROM tag_bitmap FINAL"
            f" WHERE value = 1 AND {part}) AS t JOIN segment AS s"
            " ON t.`group` = s.`group` GROUP BY tag"
            for part in parts[start : start + at_once]
        ]
        for answer in await asyncio.gather(*(clickhouse.query(BANK, sql) for sql in queries)):
            found.update(dict(zip(answer.column("tag").to_pylist(), answer.column("n").to_pylist(), strict=True)))
    return dict(found)


async def _taken(work: Awaitable[Any], into: list[float]) -> Any:
    """What the work comes to; its seconds, unless it came to nothing."""
    began = time.perf_counter()
    found = await work
    into.append(time.perf_counter() - began)
    return found


async def _time(work: Awaitable[int], into: list[float]) -> int:
    began = time.perf_counter()
    found = await work
    into.append((time.perf_counter() - began) * 1000)
    return found


if __name__ == "__main__":
    import sys

    for row in asyncio.run(run_sets(int(sys.argv[1]))):
        print(row)
