"""The two engines under the house: PostgreSQL holds what cannot be recomputed, ClickHouse what can.

Both run as children of `huoke up` out of Python wheels, or somewhere else behind `DATABASE_URL` and `CLICKHOUSE_URL`.
"""

from huoke.kernel.engines.clickhouse import ClickHouse
from huoke.kernel.engines.place import Place, find_place
from huoke.kernel.engines.postgres import Cluster, find_binaries
from huoke.kernel.engines.process import Child, spawn
from huoke.kernel.engines.sidecar import Sidecar

__all__ = ["Child", "ClickHouse", "Cluster", "Place", "Sidecar", "find_binaries", "find_place", "spawn"]
