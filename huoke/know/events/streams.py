"""Events on their way to ClickHouse: once by name for questions about many, once by customer for the timeline."""

from huoke.kernel.log import TEXT_MAP, Shipped, Stream

_SEQ = Shipped("seq", "UInt32")
_NAME = Shipped("name", "LowCardinality(String)")
_AT = Shipped("at", "DateTime64(3, 'UTC')")
_ID = Shipped("id", "UUID")
_KIND = Shipped("kind", "LowCardinality(String)")
_SAID = (
    Shipped("amount_fen", "Int64"),
    Shipped("entry_code", "LowCardinality(String)"),
    Shipped("properties", TEXT_MAP),
)

EVENT = Stream(
    name="event",
    source="events.event",
    columns=(
        _SEQ,
        _NAME,
        _AT,
        _ID,
        _KIND,
        *_SAID,
        Shipped("source_id", "UUID"),
        Shipped("recorded_at", "DateTime64(3, 'UTC')"),
        Shipped("sealed", "String", "coalesce(encode(s.sealed, 'hex'), '')"),
    ),
    order_by="(name, seq, at)",
    partition_by="toYYYYMM(at)",
    month_of="recorded_at",
)
"""Facts: a row never changes. `sealed` is hex, readable only with the customer's own key."""

TIMELINE = Stream(
    name="timeline",
    source="events.event",
    columns=(_SEQ, _AT, _NAME, _ID, _KIND, *_SAID),
    order_by="(seq, at)",
    partition_by="toYYYYMM(at)",
    granule_rows=1_024,
)
"""The same facts by customer, then time."""
