"""Refreshing 300 statistics after one more day of events, against working them out for everybody.

Customers, some of whom do much more than others, with ninety days of events; windows are up to ninety days long. What
the refresh leaves must be what working everything out anew leaves, set by set, and a dozen tags what plain SQL over the
events says. Under load the ratio of processor seconds tells more than that of the clock.
"""

import asyncio
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import psutil

from bench.imports import postgres
from bench.segment_live import analytics_of
from bench.tags import BANK, SIZE, pid_of
from huoke.govern import tenants
from huoke.kernel import log
from huoke.kernel.clock import CHINA, SetClock
from huoke.kernel.engines import ClickHouse
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Database
from huoke.know import customers, events, tags
from huoke.know.language import SAMPLE_GROUPS, Analytics

EVENTS_A_DAY = 0.05
"""For each customer."""
DAYS = 90
STATISTICS = 300
TIMES_MAX = 5
PROVED = 12
A_FEW = {"max_block_size": 16}
"""Sets are large: no more rows of them are in memory at a time."""
ASIDE = "tag_bitmap_refreshed"
_GROUP_BITS = 20
NAMES = ("app.login", "page.viewed", "payment.made", "transaction.posted", "benefit.viewed")


async def run(size: int | None = None) -> list[dict[str, Any]]:
    """Fill 300 statistics of `size` customers, let a day of events come, and refresh."""
    count = size or SIZE
    async with postgres() as cluster, analytics_of() as (sidecar, analytics):
        clock = SetClock(datetime(2026, 3, 2, 9, 0, tzinfo=CHINA))
        database = await Database.connect(cluster.url("huoke_app"), clock=clock)
        await _happen(analytics.clickhouse, count, clock.now())
        defined = await _define(database)
        await tags.refresh(database, analytics, BANK)
        await tags.refresh(database, analytics, BANK)  # as a worker stands: machine code is loaded
        clock.advance(timedelta(days=1))
        await _day(analytics.clickhouse, count, clock.now(), DAYS + 1)
        processes = [psutil.Process(), psutil.Process(pid_of(sidecar))]
        ours, cpu, partly = await _refreshed(database, analytics, processes, whole=False)
        await _set_aside(analytics.clickhouse, count)
        true = [
            await _is_true(database, analytics.clickhouse, one, clock.now())
            for one in defined[:: len(defined) // PROVED]
        ]
        theirs, whole_cpu, _ = await _refreshed(database, analytics, processes, whole=True)
        unlike = await _unlike(analytics.clickhouse, count)
        await database.close()
    return [
        {
            "name": "tags-refresh",
            "ours": round(ours, 2),
            "unit": f"s for {STATISTICS} statistics and {int(count * EVENTS_A_DAY):,} new events, {count:,} customers",
            "baseline": "working them out for everybody",
            "baseline_value": round(theirs, 2),
            "ratio": round(theirs / ours, 1),
            "cpu_s": round(cpu, 2),
            "baseline_cpu_s": round(whole_cpu, 2),
            "cpu_ratio": round(whole_cpu / cpu, 1),
            "checks": {
                "at_least_8x": theirs / ours >= 8,
                "equal": unlike == 0,
                "a dozen tags are what plain SQL over the events says": all(true),
                "every tag only of those touched": partly.whole == 0 and partly.filled == STATISTICS,
            },
        }
    ]


async def _refreshed(
    database: Database, analytics: Analytics, processes: Sequence[psutil.Process], *, whole: bool
) -> tuple[float, float, tags.Ran]:
    """Seconds, seconds of processors of ours and of ClickHouse, and what was done."""

    def spent() -> float:
        return sum(sum(process.cpu_times()[:2]) for process in processes)

    began, before = time.perf_counter(), spent()
    ran = await tags.refresh(database, analytics, BANK, whole=whole)
    return time.perf_counter() - began, spent() - before, ran


async def _define(database: Database) -> list[tags.Definition]:
    """A spread of the families whose windows are at most 90 days long."""
    fitting = [
        one
        for one in tags.families(10_000)
        if one.statistic is not None and one.statistic.window_days is not None and one.statistic.window_days <= DAYS
        if one.values[0].low is not None and one.values[0].low <= TIMES_MAX
    ]
    chosen = fitting[:: len(fitting) // STATISTICS][:STATISTICS]
    for start in range(0, STATISTICS, 150):
        async with database.begin(BANK) as tx:
            await tenants.set_setting(tx, "tags.without_approval", True, "bench")
            part = chosen[start : start + 150]
            for outcome in await tags.save(tx, part):
                if isinstance(outcome, Refusal):
                    raise outcome
            await tags.submit(tx, [one.name for one in part])
    return chosen


async def _is_true(database: Database, clickhouse: ClickHouse, one: tags.Definition, at: datetime) -> bool:
    """Whether a tag that counts events lies there as plain SQL over the events, one customer after another, says."""
    said, low = one.statistic, one.values[0].low
    assert said is not None, "a statistic"
    end = datetime.combine(at.astimezone(CHINA).date() + timedelta(days=1), datetime.min.time(), CHINA)
    since = end - timedelta(days=said.window_days or DAYS)
    held = "".join(f" AND properties['{each.property}'] = '{each.value}'" for each in said.where)
    async with database.begin(BANK) as tx:
        [number] = await tags.numbers_of(tx, [one.name])
    plain = (
        f"SELECT seq FROM event WHERE name = '{said.event}' AND toUnixTimestamp64Milli(at) >= {_milli(since)}"
        f" AND toUnixTimestamp64Milli(at) < {_milli(end)}{held} GROUP BY seq HAVING count() >= {low or 0}"
    )
    lies = (
        "SELECT arrayJoin(bitmapToArray(bm)) AS seq FROM tag_bitmap FINAL"
        f" WHERE tag = {number} AND value = 1 AND `group` < {SAMPLE_GROUPS}"
    )
    asked = [f"SELECT count() AS n, sum(cityHash64(seq)) AS digest FROM ({sql})" for sql in (plain, lies)]
    sums = [
        (await clickhouse.query(BANK, sql, settings=settings)).to_pylist()
        for sql, settings in zip(asked, ({}, A_FEW), strict=True)
    ]
    return bool(sums[0] == sums[1])


def _milli(at: datetime) -> int:
    return int(at.timestamp() * 1_000)


async def _happen(clickhouse: ClickHouse, count: int, now: datetime) -> None:
    """Customers, and `DAYS` days of events up to now."""
    await clickhouse.create_database(BANK)
    await clickhouse.command(BANK, customers.CUSTOMERS.create_sql([*customers.CUSTOMERS.columns, *log.PLACE]))
    await clickhouse.command(
        BANK,
        "INSERT INTO customer (seq, unit_id, status, changed_at, xid, ordinal) SELECT number, 1 + number % 40,"
        f" 'active', now64(6), 1, number FROM numbers({count})",
    )
    await clickhouse.command(BANK, events.EVENT.create_sql([*events.EVENT.columns, *log.PLACE]))
    for day in range(DAYS):
        await _day(clickhouse, count, now - timedelta(days=day), DAYS - day, salt=day)


async def _day(clickhouse: ClickHouse, count: int, at: datetime, xid: int, salt: int = 1_000) -> None:
    """The events of one of the bank's days; some customers do much more than others."""
    midnight = datetime.combine(at.astimezone(CHINA).date(), datetime.min.time(), CHINA).astimezone(UTC)
    names = ", ".join(f"'{name}'" for name in NAMES)
    await clickhouse.command(
        BANK,
        "INSERT INTO event (seq, name, at, id, kind, amount_fen, properties, recorded_at, xid, ordinal) SELECT"
        f" toUInt32({count} * pow(cityHash64(number, {salt}, 1) / 18446744073709551616, 2)),"
        f" [{names}][1 + cityHash64(number, {salt}, 2) % {len(NAMES)}],"
        f" fromUnixTimestamp64Milli({int(midnight.timestamp() * 1000)} + toInt64(cityHash64(number, {salt}, 3)"
        f" % 86000000)), generateUUIDv4(), 'track', cityHash64(number, {salt}, 4) % 100000, map('channel',"
        f" ['app', 'qr', 'card'][1 + cityHash64(number, {salt}, 5) % 3], 'category',"
        f" ['餐饮', '超市', '出行', '网购'][1 + cityHash64(number, {salt}, 6) % 4], 'name',"
        f" ['首页', '账户', '理财', '权益'][1 + cityHash64(number, {salt}, 7) % 4], 'type',"
        f" ['转入', '转出', '取现'][1 + cityHash64(number, {salt}, 8) % 3]), now64(3), {xid}, number"
        f" + {salt} * 10000000 FROM numbers({int(count * EVENTS_A_DAY)})",
    )


async def _set_aside(clickhouse: ClickHouse, count: int) -> None:
    """Keep what lies there of every tag."""
    await clickhouse.command(
        BANK,
        f"CREATE TABLE {ASIDE} (`group` UInt16, tag UInt32, value UInt16, bm AggregateFunction(groupBitmap, UInt32))"
        " ENGINE = MergeTree ORDER BY (`group`, tag, value) SETTINGS index_granularity = 1",
    )
    for group in _groups(count):
        sets = f"SELECT `group`, tag, value, bm FROM tag_bitmap FINAL WHERE `group` = {group}"
        await clickhouse.command(BANK, f"INSERT INTO {ASIDE} {sets}", settings=A_FEW)


async def _unlike(clickhouse: ClickHouse, count: int) -> int:
    """How many sets have other members than they had when they were set aside, or lie in one place alone.

    One group after another: a question about all of them at once is worth minutes of a busy machine.
    """
    found = 0
    for group in _groups(count):
        one, other = (f"(SELECT * FROM {table} WHERE `group` = {group})" for table in ("tag_bitmap FINAL", ASIDE))
        asked = (
            f"SELECT count() AS n FROM {one} AS a FULL JOIN {other} AS b ON a.tag = b.tag AND a.value = b.value"
            " WHERE a.tag != b.tag OR a.value != b.value OR bitmapXorCardinality(a.bm, b.bm) > 0"
        )
        found += (await clickhouse.query(BANK, asked, settings=A_FEW)).to_pylist()[0]["n"]
    return found


def _groups(count: int) -> range:
    return range((count - 1 >> _GROUP_BITS) + 1)


if __name__ == "__main__":
    for row in asyncio.run(run(int(sys.argv[1]))):
        print(row)
