"""Values that were seen of attributes and of events' properties, where there are few enough to choose from."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from huoke.kernel.engines import ClickHouse
from huoke.kernel.tx import Tx
from huoke.know.customers import COLUMN_PREFIX, CUSTOMERS, Attribute, AttributeType
from huoke.know.segments.sql_behaviour import TABLE, event_rows

VALUES_SHOWN = 60
"""A text with more values than that is typed, not chosen."""
SEEN_WITHIN = timedelta(days=3)


async def values_of_attributes(clickhouse: ClickHouse, tx: Tx, attributes: Sequence[Attribute]) -> dict[str, list[str]]:
    """The values seen of each text attribute that may be shown and has few."""
    names = [one.name for one in attributes if one.type is AttributeType.TEXT and one.data_class != "C2"]
    present = await clickhouse.query(
        tx.tenant,
        "SELECT name FROM system.columns WHERE database = currentDatabase() AND table = {table:String}",
        {"table": CUSTOMERS.name},
    )
    columns = set(present.column("name").to_pylist())
    shown = [name for name in names if COLUMN_PREFIX + name in columns]
    if not shown:
        return {}
    some = f"groupUniqArray({VALUES_SHOWN + 1})"
    listed = ", ".join(f"{some}({COLUMN_PREFIX}{name}) AS v{n}" for n, name in enumerate(shown))
    row = (await clickhouse.query(tx.tenant, f"SELECT {listed} FROM {CUSTOMERS.name}")).to_pylist()[0]
    return {name: values for n, name in enumerate(shown) if (values := _few(row[f"v{n}"]))}


async def values_of_events(clickhouse: ClickHouse, tx: Tx) -> dict[tuple[str, str], list[str]]:
    """Of the last days only: a new channel shows at once, and the scan stays small."""
    if await event_rows(clickhouse, tx.tenant) is None:
        return {}
    found = await clickhouse.query(
        tx.tenant,
        f"SELECT name, key, groupUniqArray({VALUES_SHOWN + 1})(value) AS found"
        f" FROM (SELECT name, properties FROM {TABLE}"
        " WHERE at >= {since:DateTime64(3, 'UTC')} LIMIT 100000)"
        " ARRAY JOIN mapKeys(properties) AS key, mapValues(properties) AS value GROUP BY name, key",
        {"since": (tx.now - SEEN_WITHIN).strftime("%Y-%m-%d %H:%M:%S.000")},
    )
    return {(row["name"], row["key"]): few for row in found.to_pylist() if (few := _few(row["found"]))}


def _few(values: Sequence[Any]) -> list[str]:
    return [str(value) for value in values if value] if len(values) <= VALUES_SHOWN else []
