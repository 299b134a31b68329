"""Models for tests: a bank whose customers sign in and pay, some of whom are about to leave."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from huoke.govern import tenants
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import Seq, TenantId
from huoke.kernel.tx import Database
from huoke.know import customers, events
from tests.make import customers as make_customers

DAYS = 200


async def past(
    database: Database, feed: Database, clickhouse: ClickHouse, tenant: TenantId, now: datetime, count: int
) -> list[Seq]:
    """So many customers with their seqs ascending: each has a pace of their own, slows down, and one day stops."""
    rows = [{"customer_no": f"M{n}", "unit_code": "N1", "age": 20 + n % 60} for n in range(count)]
    await make_customers.import_rows(database, tenant, rows, {"age": "integer"})
    await make_customers.ship(feed, clickhouse)
    async with database.begin(tenant) as tx:
        known = await customers.find_by_no(tx, [row["customer_no"] for row in rows])
    seqs = [known[row["customer_no"]] for row in rows]
    table = happenings(np.array(seqs, dtype=np.uint32), now)
    await events.load_archive(database, clickhouse, tenant, table)
    return sorted(Seq(seq) for seq in seqs)


def happenings(seqs: Any, now: datetime) -> pa.Table:
    """Signing in and paying over `DAYS` days; the same seqs give the same past."""
    random = np.random.default_rng(7)
    pace = random.gamma(1.5, 0.12, len(seqs)) + 0.02
    leaves = np.where(random.random(len(seqs)) < 0.6, random.uniform(0, DAYS + 100, len(seqs)), 10_000)
    days = np.arange(DAYS)
    rate = pace[:, None] * np.clip((leaves[:, None] - days) / 40, 0, 1)
    counts = random.poisson(rate)
    who, day = np.nonzero(counts)
    repeated = np.repeat(np.arange(len(who)), counts[who, day])
    who, day = who[repeated], day[repeated]
    start_ms = int((now - timedelta(days=DAYS)).timestamp() * 1000)
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
