"""Customers on their way to ClickHouse: one wide table a bank, a column for each of its attributes."""

from typing import TYPE_CHECKING

from huoke.kernel.ids import TenantId
from huoke.kernel.log import Shipped, Stream
from huoke.know.customers.model import Attribute, AttributeType
from huoke.know.customers.sealing import C2, FLOOR

if TYPE_CHECKING:
    from huoke.kernel.log.append import Connection

COLUMN_PREFIX = "a_"
"""Attribute columns are named a_<attribute>, so that none meets a column of our own."""
DECIMAL_SCALE = 10_000
"""Decimals are shipped as whole ten-thousandths."""

BAND_PREFIX = "b_"
"""Of an attribute of class C2 only the band is shipped, as b_<attribute>."""

_SHIPPED = {
    AttributeType.TEXT: ("Nullable(String)", "{value}"),
    AttributeType.INTEGER: ("Nullable(Int64)", "({value})::bigint"),
    AttributeType.DECIMAL: ("Nullable(Int64)", f"(({{value}})::numeric * {DECIMAL_SCALE})::bigint"),
    AttributeType.DATE: ("Nullable(Date32)", "({value})::date"),
    AttributeType.BOOLEAN: ("Nullable(Bool)", "({value})::boolean"),
}


def column_of(attribute: Attribute) -> str:
    """The ClickHouse column of an attribute; of one of class C2 that of its bands."""
    return (BAND_PREFIX if attribute.data_class == C2 else COLUMN_PREFIX) + attribute.name


async def _attribute_columns(feed: "Connection", tenant: TenantId) -> list[Shipped]:
    rows = await feed.fetch(
        "SELECT name, type, data_class, cardinality(bands) > 0 AS banded FROM customers.attribute"
        " WHERE tenant_id = $1 ORDER BY name",
        tenant,
    )
    columns = []
    for row in rows:
        name, private = row["name"], row["data_class"] == C2
        if private and not row["banded"]:
            continue
        type_name, select = _SHIPPED[AttributeType(row["type"])]
        value = f"s.attributes -> '{name}' ->> '{FLOOR}'" if private else f"s.attributes ->> '{name}'"
        prefix = BAND_PREFIX if private else COLUMN_PREFIX
        columns.append(Shipped(prefix + name, type_name, select.format(value=value)))
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
