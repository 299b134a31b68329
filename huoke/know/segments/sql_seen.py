"""Values that were seen of attributes and of events' properties, where there are few enough to choose from."""

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Tx
from huoke.know.customers import COLUMN_PREFIX, CUSTOMERS, DECIMAL_SCALE, Attribute, AttributeType
from huoke.know.language import TABLE, event_rows

TOLD_APART = 8
"""So many of the most frequent values of a text are told apart in a portrait."""
VALUES_SHOWN = 60
"""A text with more values than that is typed, not chosen."""
SEEN_WITHIN = timedelta(days=3)


class Spread(msgspec.Struct, frozen=True):
    """How an attribute spreads: the most frequent values of a text with few, the quintiles of a number."""

    values: tuple[str, ...] = ()
    edges: tuple[float, ...] = ()


_SPREAD = {
    AttributeType.TEXT: f"topK({TOLD_APART})({{column}}) AS v{{n}}, uniqUpTo({VALUES_SHOWN})({{column}}) AS u{{n}}",
    AttributeType.BOOLEAN: "any({column}) AS v{n}",
    AttributeType.INTEGER: "quantiles(0.2, 0.4, 0.6, 0.8)({column}) AS v{n}",
    AttributeType.DECIMAL: f"quantiles(0.2, 0.4, 0.6, 0.8)({{column}} / {DECIMAL_SCALE}) AS v{{n}}",
}


async def spreads_of_attributes(
    clickhouse: ClickHouse, tenant: TenantId, attributes: Sequence[Attribute]
) -> dict[str, Spread]:
    """By name, of those that may be told (class C1), are no dates and, as texts, have few values."""
    columns = await _columns(clickhouse, tenant)
    asked = [
        one
        for one in attributes
        if one.type in _SPREAD and one.data_class != "C2" and COLUMN_PREFIX + one.name in columns
    ]
    if not asked:
        return {}
    listed = ", ".join(_SPREAD[one.type].format(column=COLUMN_PREFIX + one.name, n=n) for n, one in enumerate(asked))
    sql = f"SELECT {listed} FROM {CUSTOMERS.name} WHERE status = 'active'"
    row = (await clickhouse.query(tenant, sql)).to_pylist()[0]
    spreads = {}
    for n, one in enumerate(asked):
        found = row[f"v{n}"]
        if one.type is AttributeType.TEXT and row[f"u{n}"] <= VALUES_SHOWN:
            spreads[one.name] = Spread(values=tuple(str(value) for value in found if value))
        elif one.type is AttributeType.BOOLEAN and found is not None:
            spreads[one.name] = Spread()
        elif one.type in (AttributeType.INTEGER, AttributeType.DECIMAL):
            spreads[one.name] = Spread(edges=tuple(edge for edge in found if math.isfinite(edge)))
    return spreads


async def values_of_attributes(clickhouse: ClickHouse, tx: Tx, attributes: Sequence[Attribute]) -> dict[str, list[str]]:
    """The values seen of each text attribute that may be shown and has few."""
    names = [one.name for one in attributes if one.type is AttributeType.TEXT and one.data_class != "C2"]
    columns = await _columns(clickhouse, tx.tenant)
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


async def _columns(clickhouse: ClickHouse, tenant: TenantId) -> set[str]:
    """The columns of customers that were shipped so far."""
    present = await clickhouse.query(
        tenant,
        "SELECT name FROM system.columns WHERE database = currentDatabase() AND table = {table:String}",
        {"table": CUSTOMERS.name},
    )
    return set(present.column("name").to_pylist())


def _few(values: Sequence[Any]) -> list[str]:
    return [str(value) for value in values if value] if len(values) <= VALUES_SHOWN else []
