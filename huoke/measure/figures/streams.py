"""The facts behind all figures of grants: every movement of a grant, as a ClickHouse table of each bank."""

from huoke.kernel.log import Shipped, Stream

STEPS = Stream(
    name="grant_step",
    source="grants.step",
    columns=(
        Shipped("at", "DateTime64(6, 'UTC')"),
        Shipped("source_id", "UUID"),
        Shipped("offer_id", "UUID"),
        Shipped("grant_id", "UUID"),
        Shipped("step", "Int16"),
        Shipped("seq", "UInt32"),
        Shipped("unit_id", "UInt32"),
        Shipped("previous", "LowCardinality(String)", "coalesce(s.previous, '')"),
        Shipped("state", "LowCardinality(String)"),
        Shipped("amount_fen", "Int64"),
    ),
    order_by="(source_id, at, grant_id, step)",
    partition_by="toYYYYMM(at)",
)
"""Facts: a row never changes. `previous` is empty for a grant's first step."""
