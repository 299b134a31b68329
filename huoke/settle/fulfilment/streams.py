"""What became of orders, as a ClickHouse table of each bank."""

from huoke.kernel.log import Shipped, Stream

STEPS = Stream(
    name="supplier_order_step",
    source="fulfilment.step",
    columns=(
        Shipped("at", "DateTime64(6, 'UTC')"),
        Shipped("order_id", "UUID"),
        Shipped("step", "Int16"),
        Shipped("supplier_id", "UUID"),
        Shipped("sku_id", "UUID"),
        Shipped("seq", "UInt32"),
        Shipped("previous", "LowCardinality(String)", "coalesce(s.previous, '')"),
        Shipped("state", "LowCardinality(String)"),
        Shipped("cause", "LowCardinality(String)"),
        Shipped("amount_fen", "Int64"),
    ),
    order_by="(supplier_id, at, order_id, step)",
    partition_by="toYYYYMM(at)",
)
"""Facts: a row never changes. `previous` is empty for an order's first step."""
