"""What channels ship to ClickHouse: every step of every message, the facts behind delivery figures."""

from huoke.kernel.log import Shipped, Stream

DELIVERIES = Stream(
    name="delivery",
    source="channels.step",
    columns=(
        Shipped("message_id", "UUID"),
        Shipped("seq", "UInt32"),
        Shipped("unit_id", "Int32"),
        Shipped("source_id", "UUID"),
        Shipped("state", "LowCardinality(String)"),
        Shipped("reason", "LowCardinality(String)"),
        Shipped("segments", "UInt8"),
        Shipped("at", "DateTime64(6, 'UTC')"),
    ),
    order_by="(source_id, state, seq, at)",
    partition_by="toYYYYMM(at)",
)
