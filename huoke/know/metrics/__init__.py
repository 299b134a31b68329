"""Metrics: what a customer did in a window of time, as one number each; the yardsticks of campaigns.

metric = metrics.get("payment_amount")
values = await metrics.values(clickhouse, tenant, metric, members.array(), begin, end)      one number a customer
"""

from huoke.know.metrics.built_in import BUILT_IN
from huoke.know.metrics.model import Aggregate, Direction, Metric, MetricUnknown, Source, Unit
from huoke.know.metrics.read import find, get, known_since, readers_of, values

__all__ = [
    "BUILT_IN",
    "Aggregate",
    "Direction",
    "Metric",
    "MetricUnknown",
    "Source",
    "Unit",
    "find",
    "get",
    "known_since",
    "readers_of",
    "values",
]
