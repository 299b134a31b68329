"""Properties of events in columns of their own: who asks for one of them need not read all the others.

The map keeps every property. A column is made for those that somebody looks at again and again; ClickHouse fills it as
rows come in and, for what lay there before, in the background: until that is through it answers from the map. A table
that is rebuilt has no such column until the next question makes it.
"""

from collections.abc import Iterable

from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.know.events.columns import PREFIX
from huoke.know.events.streams import EVENT

GRANULARITY = 16
"""Of the sets by day so many are read at a time."""
COLUMNS_MAX = 60
"""More would make every insert dearer than the questions it saves; properties past them are read from the map."""
_ARRIVAL = "arrival"
"""An index of what arrived when: whoever asks what is new since a place of the log passes over all older parts."""
DAY = f"toDate(at, '{CHINA}')"
"""The bank's day of an event."""
_DAYS = "days"
"""Who did what on which day, kept beside the rows: whoever asks for the customers of a few days reads no events."""
_BY_DAY = f"name, {DAY}, bitShiftRight(seq, 20)"
_TYPE = "LowCardinality(Nullable(String))"


async def spread(clickhouse: ClickHouse, tenant: TenantId, wanted: Iterable[str]) -> frozenset[str]:
    """Give properties a column of their own, `p_<property>`, NULL where an event has none; says which ones have it.

    Nothing is made before the bank's first event was shipped. Names are registered ones.
    """
    found = await clickhouse.query(
        tenant,
        "SELECT name FROM system.columns WHERE database = currentDatabase() AND table = {table:String} UNION ALL"
        " SELECT name FROM system.data_skipping_indices WHERE database = currentDatabase() AND table = {table:String}"
        " UNION ALL SELECT name FROM system.projections WHERE database = currentDatabase() AND table = {table:String}",
        {"table": EVENT.name},
    )
    names = set(found.column("name").to_pylist())
    if not names:
        return frozenset()
    if _ARRIVAL not in names:
        await _alter(clickhouse, tenant, f"ADD INDEX IF NOT EXISTS {_ARRIVAL} xid TYPE minmax GRANULARITY 8")
        await _alter(clickhouse, tenant, f"MATERIALIZE INDEX {_ARRIVAL}")
    if _DAYS not in names:
        # Whatever takes rows away or merges them makes the sets of the part anew.
        await _alter(
            clickhouse,
            tenant,
            "MODIFY SETTING lightweight_mutation_projection_mode = 'rebuild',"
            " deduplicate_merge_projection_mode = 'rebuild'",
        )
        await _alter(
            clickhouse,
            tenant,
            f"ADD PROJECTION IF NOT EXISTS {_DAYS} (SELECT {_BY_DAY}, groupBitmapState(seq) GROUP BY {_BY_DAY})"
            f" WITH SETTINGS (index_granularity = {GRANULARITY})",
        )
        await _alter(clickhouse, tenant, f"MATERIALIZE PROJECTION {_DAYS}")
    there = {name.removeprefix(PREFIX) for name in names if name.startswith(PREFIX)}
    missing = sorted(set(wanted) - there)[: max(COLUMNS_MAX - len(there), 0)]
    assert all(name.isidentifier() for name in missing), "a property's name is a plain identifier"
    if missing:
        columns = {f"`{PREFIX}{name}`": f"if(mapContains(properties, '{name}'), properties['{name}'], NULL)"
                   for name in missing}  # fmt: skip
        added = [f"ADD COLUMN IF NOT EXISTS {column} {_TYPE} MATERIALIZED {said}" for column, said in columns.items()]
        await _alter(clickhouse, tenant, ", ".join(added))
        await _alter(clickhouse, tenant, ", ".join(f"MATERIALIZE COLUMN {column}" for column in columns))
    return frozenset(there | set(missing))


async def _alter(clickhouse: ClickHouse, tenant: TenantId, change: str) -> None:
    """Change the table of events; what has to be made for older rows is made in the background."""
    await clickhouse.command(tenant, f"ALTER TABLE {EVENT.name} {change}", settings={"mutations_sync": 0})
