"""Questions about metrics: which there are, and what customers come to."""

from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Tx
from huoke.know.events import EventUse
from huoke.know.metrics import store
from huoke.know.metrics.built_in import BUILT_IN
from huoke.know.metrics.model import Metric, MetricUnknown


def find() -> list[Metric]:
    """Every metric, in the order a page lists them."""
    return list(BUILT_IN.values())


def get(metric_id: str) -> Metric:
    """One metric; `MetricUnknown`."""
    if metric_id not in BUILT_IN:
        raise MetricUnknown(f"There is no metric '{metric_id}'.", pointer="/metric")
    return BUILT_IN[metric_id]


async def readers_of(_tx: Tx, event: str) -> list[EventUse]:
    """The metrics that count events of a name."""
    return [
        EventUse(kind="metric", id=one.id, title=one.name, title_en=one.name_en)
        for one in BUILT_IN.values()
        if event in one.events
    ]


async def values(
    clickhouse: ClickHouse,
    tenant: TenantId,
    metric: Metric,
    seqs: NDArray[np.uint32],
    begin: datetime,
    end: datetime,
) -> NDArray[np.float64]:
    """The metric of each of `seqs` (ascending) from `begin` until before `end`: 0 or 1, a number, or fen."""
    found = np.zeros(len(seqs))
    if not len(seqs) or not await store.has_table(clickhouse, tenant, metric.source):
        return found
    rows: Any = await store.by_customer(clickhouse, tenant, metric, (int(seqs[0]), int(seqs[-1])), begin, end)
    who, value = rows.column("seq").to_numpy(), rows.column("value").to_numpy()
    where = np.searchsorted(who, seqs)
    where[where == len(who)] = 0
    if len(who):
        meant = who[where] == seqs
        found[meant] = value[where[meant]]
    return found


async def known_since(clickhouse: ClickHouse, tenant: TenantId, metric: Metric) -> datetime | None:
    """When the bank's records of a metric begin; None before there are any."""
    if not await store.has_table(clickhouse, tenant, metric.source):
        return None
    return await store.first_at(clickhouse, tenant, metric)
