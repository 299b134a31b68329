"""Customers on their way to ClickHouse: one wide table a bank, a column for each of its attributes."""

from typing import TYPE_CHECKING

from huoke.kernel.ids import TenantId
from huoke.kernel.log import Shipped, Stream
from huoke.know.customers.model import AttributeType

if TYPE_CHECKING:
    from huoke.kernel.log.append import Connection

COLUMN_PREFIX = "a_"
"""Attribute columns are named a_<attribute>, so that none meets a column of our own."""
DECIMAL_SCALE = 10_000
"""Decimals are shipped as whole ten-thousandths."""

_SHIPPED = {
    AttributeType.TEXT: ("Nullable(String)", "s.attributes ->> '{name}'"),
    AttributeType.INTEGER: ("Nullable(Int64)", "(s.attributes ->> '{name}')::bigint"),
    AttributeType.DECIMAL: (
        "Nullable(Int64)",
        f"((s.attributes ->> '{{name}}')::numeric * {DECIMAL_SCALE})::bigint",
    ),
    AttributeType.DATE: ("Nullable(Date32)", "(s.attributes ->> '{name}')::date"),
    AttributeType.BOOLEAN: ("Nullable(Bool)", "(s.attributes ->> '{name}')::boolean"),
}


async def _attribute_columns(feed: "Connection", tenant: TenantId) -> list[Shipped]:
    rows = await feed.fetch("SELECT name, type FROM customers.attribute WHERE tenant_id = $1 ORDER BY name", tenant)
    columns = []
    for row in rows:
        type_name, select = _SHIPPED[AttributeType(row["type"])]
        columns.append(Shipped(COLUMN_PREFIX + row["name"], type_name, select.format(name=row["name"])))
    return columns


CUSTOMERS = Stream(
    name="customer",
    source="customers.customer",
    columns=(
        Shipped("seq", "UInt32"),
        Shipped("unit_id", "UInt32"),
        Shipped("status", "LowCardinality(String)"),
        Shipped("changed_at", "DateTime64(6, 'UTC')"),
    ),
    order_by="seq",
    engine="ReplacingMergeTree(xid)",
    columns_of=_attribute_columns,
)
"""The latest state of every customer; read with FINAL."""
