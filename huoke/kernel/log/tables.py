"""The log, who has read how far, what was handled, and the seals over it."""

from sqlalchemy import Column, DateTime, Index, Integer, LargeBinary, SmallInteger, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import BigInteger

from huoke.kernel.schema import APP_APPEND, Xid8, module_table, position_columns

event = module_table(
    "kernel",
    "event",
    Column("recorded_at", DateTime(timezone=True), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("version", SmallInteger, nullable=False),
    Column("data_class", Text, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("seq", Integer, comment="The customer it is about"),
    Column("members", LargeBinary, comment="The customers it is about, as a roaring bitmap"),
    Column("payload", JSONB, nullable=False),
    *position_columns(),
    Index("ix_event_position", "xid", "ordinal"),
    app=APP_APPEND,
    feed=True,
    partition_by="RANGE (recorded_at)",
    comment="Everything that happened, in the transaction that made it happen",
)

epoch = module_table(
    "kernel",
    "epoch",
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("system_identifier", BigInteger, nullable=False),
    Column("timeline", Integer, nullable=False),
    Column("began_at", DateTime(timezone=True), nullable=False),
    app="SELECT",
    feed=True,
    shared=True,
    comment="Lives of this log: a restore begins a new one",
)

subscription = module_table(
    "kernel",
    "subscription",
    Column("name", Text, primary_key=True),
    Column("xid", Xid8, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("moved_at", DateTime(timezone=True), nullable=False),
    Column("error", Text, nullable=False, server_default="", comment="Why it stands still; empty when it moves"),
    shared=True,
    comment="How far each subscriber has read",
)

handled = module_table(
    "kernel",
    "handled",
    Column("subscriber", Text, primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    Column("xid", Xid8, nullable=False, comment="The event's transaction: rows well behind the position are removed"),
    comment="Events a subscriber has done, so that a second delivery does nothing",
)

seal = module_table(
    "kernel",
    "seal",
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("events", BigInteger, nullable=False, comment="How many events the chain covers so far"),
    Column("hash", LargeBinary, nullable=False),
    Column("last_recorded_at", DateTime(timezone=True), nullable=False),
    Column("last_id", Uuid, nullable=False),
    Column("sealed_at", DateTime(timezone=True), nullable=False),
    app=APP_APPEND,
    feed=True,
    comment="Links of the hash chain over a bank's events",
)
