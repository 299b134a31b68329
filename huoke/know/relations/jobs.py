"""Relations in the background: every night employers are read from salaries, and rings from the graph."""

from datetime import date, datetime, time, timedelta
from typing import Any

from huoke.kernel import jobs
from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import Seq, TenantId
from huoke.kernel.jobs import JobContext, Sweep, every, job
from huoke.kernel.tx import Database, Tx
from huoke.know.relations import rings, sql_lively, store
from huoke.know.relations.model import Kind, NewEdge

READ_FROM = time(3, 30)
TITLE = "客户关系 · Relations"
WINDOW_DAYS = 400
EDGES_AT_ONCE = 5_000
_EPOCH = date(1970, 1, 1)


@every("relations.schedule", seconds=300)
async def schedule(sweep: Sweep) -> None:
    """Enqueue a night's reading once."""
    async with sweep.database.begin(sweep.tenant) as tx:
        local = tx.now.astimezone(CHINA)
        if local >= datetime.combine(local.date(), READ_FROM, CHINA):
            await ask_refresh(tx, str(local.date()))


async def ask_refresh(tx: Tx, key: str) -> None:
    """Have the graph read in the background; once for a key."""
    await jobs.enqueue(tx, "relations.refresh", {}, title=TITLE, unique_key=f"relations/{key}")


@job("relations.refresh", at_once_max=1)
async def refresh_relations(context: JobContext, _payload: dict[str, Any]) -> None:
    """Read employers, then rings."""
    clickhouse = context.part(ClickHouse)
    await read_employers(context.database, clickhouse, context.tenant)
    await rings.refresh(context.database, clickhouse, context.tenant)


async def read_employers(database: Database, clickhouse: ClickHouse, tenant: TenantId) -> int:
    """Payroll edges of the salaries received within 400 days; how many are new."""
    today = database.clock.now().astimezone(CHINA).date()
    table = await sql_lively.salaries(clickhouse, tenant, today - timedelta(days=WINDOW_DAYS))
    rows = table.to_pylist()
    added = 0
    for start in range(0, len(rows), EDGES_AT_ONCE):
        part = rows[start : start + EDGES_AT_ONCE]
        async with database.begin(tenant) as tx:
            known = await store.payroll_of(tx, [row["seq"] for row in part])
            edges = [
                NewEdge(
                    kind=Kind.PAYROLL, seq=Seq(row["seq"]), hub=row["employer"], weight=row["times"],
                    since=known.get((row["seq"], row["employer"]), _EPOCH + timedelta(days=row["first"])),
                )
                for row in part
            ]  # fmt: skip
            new, _ = await store.put(tx, edges, "salary.received", None)
            added += new
    return added
