"""Models for tests: a bank whose customers sign in and pay, some of whom are about to leave."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from huoke.govern import tenants
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import Seq, TenantId, new_id
from huoke.kernel.tx import Database
from huoke.know import customers, events
from tests.make import customers as make_customers

DAYS = 200


async def past(
    database: Database, feed: Database, clickhouse: ClickHouse, tenant: TenantId, now: datetime, count: int,
    *, days: int = DAYS,
) -> list[Seq]:  # fmt: skip
    """So many customers with their seqs ascending: each has a pace of their own, slows down, and one day stops."""
    rows = [{"customer_no": f"M{n}", "unit_code": "N1", "age": 20 + n % 60} for n in range(count)]
    await make_customers.import_rows(database, tenant, rows, {"age": "integer"})
    await make_customers.ship(feed, clickhouse)
    async with database.begin(tenant) as tx:
        known = await customers.find_by_no(tx, [row["customer_no"] for row in rows])
    seqs = [known[row["customer_no"]] for row in rows]
    table = happenings(np.array(seqs, dtype=np.uint32), now, days)
    await events.load_archive(database, clickhouse, tenant, table)
    return sorted(Seq(seq) for seq in seqs)


def happenings(seqs: Any, now: datetime, past_days: int = DAYS) -> pa.Table:
    """Signing in and paying over so many days; the same seqs give the same past."""
    random = np.random.default_rng(7)
    pace = random.gamma(1.5, 0.12, len(seqs)) + 0.02
    leaves = np.where(random.random(len(seqs)) < 0.6, random.uniform(0, past_days + 100, len(seqs)), 10_000)
    days = np.arange(past_days)
    rate = pace[:, None] * np.clip((leaves[:, None] - days) / 40, 0, 1)
    counts = random.poisson(rate)
    who, day = np.nonzero(counts)
    repeated = np.repeat(np.arange(len(who)), counts[who, day])
    who, day = who[repeated], day[repeated]
    start_ms = int((now - timedelta(days=past_days)).timestamp() * 1000)
    at = start_ms + day * 86_400_000 + random.integers(0, 86_400_000, len(day))
    paid = random.random(len(who)) < 0.5
    return pa.table(
        {
            "seq": seqs[who],
            "name": np.where(paid, "payment.made", "app.login"),
            "at": pa.array(at, pa.timestamp("ms", tz="UTC")),
            "amount_fen": np.where(paid, random.integers(500, 50_000, len(who)), 0),
            "p_channel": np.where(random.random(len(who)) < 0.7, "app", "web"),
        }
    )


async def tags_count_at_once(database: Database, tenant: TenantId) -> None:
    """Whether versions of tags count as soon as they are handed in."""
    async with database.begin(tenant) as tx:
        await tenants.set_setting(tx, "tags.without_approval", True, "tests")


async def granted(clickhouse: ClickHouse, tenant: TenantId, seqs: Any, now: datetime, days: int) -> None:
    """A grant to everybody every ten days or so, used within days by whoever has an even number, seldom by others."""
    random = np.random.default_rng(11)
    who = np.repeat(np.array(seqs, dtype=np.uint32), days // 10)
    start_ms = int((now - timedelta(days=days)).timestamp() * 1000)
    given = start_ms + random.integers(0, days * 86_400_000, len(who))
    used = random.random(len(who)) < np.where(who % 2 == 0, 0.5, 0.05)
    ids = [str(new_id()) for _ in who]
    await clickhouse.command(
        tenant,
        "CREATE TABLE IF NOT EXISTS grant_step (at DateTime64(6, 'UTC'), grant_id UUID, seq UInt32,"
        " previous LowCardinality(String), state LowCardinality(String)) ENGINE = MergeTree ORDER BY at",
    )
    steps = pa.table(
        {
            "at": pa.array(np.concatenate([given, given[used] + 2 * 86_400_000]), pa.timestamp("ms", tz="UTC")),
            "grant_id": ids + [one for one, did in zip(ids, used, strict=True) if did],
            "seq": np.concatenate([who, who[used]]),
            "previous": [""] * len(who) + ["granted"] * int(used.sum()),
            "state": ["granted"] * len(who) + ["used"] * int(used.sum()),
        }
    )
    await clickhouse.insert_arrow(tenant, "grant_step", steps, "granted")
