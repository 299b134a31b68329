"""Scores in the bank's ClickHouse: derived, written anew by every scoring, the latest one counts."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.know.models import sql_matrix
from huoke.know.models.model import Run
from huoke.know.models.sql_matrix import Seqs

TABLE = "model_score"


async def prepare(clickhouse: ClickHouse, tenant: TenantId) -> None:
    """Make the bank's table where it is missing."""
    await clickhouse.create_database(tenant)
    await clickhouse.command(
        tenant,
        f"CREATE TABLE IF NOT EXISTS {TABLE} (task LowCardinality(String), seq UInt32, at DateTime64(3, 'UTC'),"
        " value Float64, version UInt32, run UUID) ENGINE = ReplacingMergeTree(at) ORDER BY (task, seq)"
        " SETTINGS non_replicated_deduplication_window = 1000",
    )


async def write(
    clickhouse: ClickHouse, tenant: TenantId, run: Run, seqs: Seqs, values: NDArray[np.float64], part: int
) -> None:
    """Write a chunk of a scoring; the same chunk of the same scoring again writes nothing."""
    rows = pa.table(
        {
            "task": pa.array([run.task.value] * len(seqs)),
            "seq": pa.array(seqs),
            "at": pa.array([run.at] * len(seqs), pa.timestamp("ms", tz="UTC")),
            "value": pa.array(values),
            "version": pa.array(np.full(len(seqs), run.number, dtype=np.uint32)),
            "run": pa.array([str(run.id)] * len(seqs)),
        }
    )
    await clickhouse.insert_arrow(tenant, TABLE, rows, f"models/{run.id}/{part}")


async def read(
    clickhouse: ClickHouse, tenant: TenantId, runs: Sequence[Run], seqs: Sequence[int]
) -> list[tuple[str, int, float, int, datetime]]:
    """(task, seq, value, version, at) of customers in the scorings that count; nothing before the first."""
    if not runs or not seqs or not await sql_matrix.is_there(clickhouse, tenant, TABLE):
        return []
    # So many numbers do not fit into a request's address, where parameters travel.
    numbers = ", ".join(str(int(seq)) for seq in seqs)
    found = await clickhouse.query(
        tenant,
        f"SELECT task, seq, value, version, at FROM {TABLE} FINAL WHERE task IN {{tasks:Array(String)}}"
        f" AND seq IN ({numbers}) AND toString(run) IN {{runs:Array(String)}} ORDER BY task, seq",
        {"tasks": [run.task.value for run in runs], "runs": [str(run.id) for run in runs]},
    )
    return [(row["task"], row["seq"], row["value"], row["version"], row["at"]) for row in found.to_pylist()]


async def between(clickhouse: ClickHouse, tenant: TenantId, run: Run, low: float, high: float) -> Seqs:
    """Customers of a scoring with `low ≤ score < high`."""
    if not await sql_matrix.is_there(clickhouse, tenant, TABLE):
        return np.array([], dtype=np.uint32)
    found = await clickhouse.query(
        tenant,
        f"SELECT seq FROM {TABLE} FINAL WHERE task = {{task:String}} AND run = {{run:UUID}}"
        " AND value >= {low:Float64} AND value < {high:Float64} ORDER BY seq",
        {"task": run.task.value, "run": str(run.id), "low": low, "high": high},
    )
    seqs: Seqs = found.column("seq").to_numpy().astype(np.uint32)
    return seqs
