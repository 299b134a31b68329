"""Properties of events in columns of their own: who asks for one of them need not read all the others.

The map keeps every property. A column is made for those that somebody looks at again and again; ClickHouse fills it as
rows come in and, for what lay there before, in the background: until that is through it answers from the map. A table
that is rebuilt has no such column until the next question makes it.
"""

from collections.abc import Iterable

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.know.events.columns import PREFIX
from huoke.know.events.streams import EVENT

COLUMNS_MAX = 60
"""More would make every insert dearer than the questions it saves; properties past them are read from the map."""
_ARRIVAL = "arrival"
"""An index of what arrived when: whoever asks what is new since a place of the log passes over all older parts."""
_TYPE = "LowCardinality(Nullable(String))"


async def spread(clickhouse: ClickHouse, tenant: TenantId, wanted: Iterable[str]) -> frozenset[str]:
    """Give properties a column of their own, `p_<property>`, NULL where an event has none; says which ones have it.

    Nothing is made before the bank's first event was shipped. Names are registered ones.
    """
    found = await clickhouse.query(
        tenant,
        "SELECT name FROM system.columns WHERE database = currentDatabase() AND table = {table:String} UNION ALL"
        " SELECT name FROM system.data_skipping_indices WHERE database = currentDatabase() AND table = {table:String}",
        {"table": EVENT.name},
    )
    names = set(found.column("name").to_pylist())
    if not names:
        return frozenset()
    if _ARRIVAL not in names:
        await clickhouse.command(
            tenant, f"ALTER TABLE {EVENT.name} ADD INDEX IF NOT EXISTS {_ARRIVAL} xid TYPE minmax GRANULARITY 8"
        )
        await clickhouse.command(
            tenant, f"ALTER TABLE {EVENT.name} MATERIALIZE INDEX {_ARRIVAL}", settings={"mutations_sync": 0}
        )
    there = {name.removeprefix(PREFIX) for name in names if name.startswith(PREFIX)}
    missing = sorted(set(wanted) - there)[: max(COLUMNS_MAX - len(there), 0)]
    assert all(name.isidentifier() for name in missing), "a property's name is a plain identifier"
    if missing:
        columns = {f"`{PREFIX}{name}`": f"if(mapContains(properties, '{name}'), properties['{name}'], NULL)"
                   for name in missing}  # fmt: skip
        added = [f"ADD COLUMN IF NOT EXISTS {column} {_TYPE} MATERIALIZED {said}" for column, said in columns.items()]
        await clickhouse.command(tenant, f"ALTER TABLE {EVENT.name} {', '.join(added)}")
        filled = ", ".join(f"MATERIALIZE COLUMN {column}" for column in columns)
        await clickhouse.command(tenant, f"ALTER TABLE {EVENT.name} {filled}", settings={"mutations_sync": 0})
    return frozenset(there | set(missing))
