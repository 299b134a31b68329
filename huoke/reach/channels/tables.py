"""Tables of channels: the gateway, what is written on whose behalf, each message, and every step it took."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from huoke.kernel.schema import APP_APPEND, module_table, position_columns

gateway = module_table(
    "channels",
    "gateway",
    Column("address", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("key", LargeBinary, nullable=False, comment="C3, under the bank's key; never shown"),
    Column("link_address", Text, nullable=False, comment="what a link in a message begins with"),
    Column("price_fen_per_thousand", BigInteger, nullable=False),
    Column("batch_max", Integer, nullable=False),
    Column("timeout_seconds", Integer, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("rest_until", DateTime(timezone=True), comment="no call before then: it did not answer"),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("price_fen_per_thousand >= 0", name="price_range"),
    comment="A bank's gateway of short messages; one a bank",
)

plan = module_table(
    "channels",
    "plan",
    Column("source_id", Uuid, primary_key=True),
    Column("source_kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("texts", JSONB, nullable=False),
    Column("link", Text, nullable=False),
    Column("variables", JSONB, nullable=False),
    Column("send_at", DateTime(timezone=True)),
    Column("until_at", DateTime(timezone=True)),
    Column("service", Boolean, nullable=False, server_default=text("false"), comment="asked for by its customer"),
    Column("state", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("state IN ('active', 'held', 'ended')", name="state_known"),
    comment="What is written to whom a campaign reaches",
)

message = module_table(
    "channels",
    "message",
    Column("id", Uuid, primary_key=True),
    Column("source_id", Uuid, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("language", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("segments", SmallInteger, nullable=False, server_default=text("0")),
    Column("steps", SmallInteger, nullable=False),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    Column("due_at", DateTime(timezone=True)),
    Column("queued_at", DateTime(timezone=True), nullable=False),
    Column("handed_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    Column("at_once", Boolean, nullable=False, server_default=text("false"), comment="its source may write again"),
    CheckConstraint(
        "state IN ('queued', 'sending', 'sent', 'unknown', 'delivered', 'failed', 'withheld')", name="state_known"
    ),
    Index("ix_message_due", "tenant_id", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    Index("ix_message_seq", "tenant_id", "seq", "handed_at"),
    Index("ix_message_source", "tenant_id", "source_id", "state"),
    Index("uq_message_source_seq", "tenant_id", "source_id", "seq", unique=True, postgresql_where=text("NOT at_once")),
    comment="Messages to customers, without text and without number",
)

step = module_table(
    "channels",
    "step",
    Column("message_id", Uuid, primary_key=True),
    Column("step", SmallInteger, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("source_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("segments", SmallInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    *position_columns(),
    Index("ix_step_position", "xid", "ordinal"),
    app=APP_APPEND,
    feed=True,
    comment="Every movement of a message from one state to the next; never changed",
)

trial_phone = module_table(
    "channels",
    "trial_phone",
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("phone", LargeBinary, nullable=False, comment="C2, under the bank's key"),
    Column("added_by", Text, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    comment="Colleagues' phones that messages may be tried on",
)

trial = module_table(
    "channels",
    "trial",
    Column("id", Uuid, primary_key=True),
    Column("phone_id", Uuid, nullable=False),
    Column("source_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("sent_by", Text, nullable=False),
    Column("sent_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("state IN ('sending', 'accepted', 'failed', 'unknown')", name="state_known"),
    Index("ix_trial_sent_at", "tenant_id", "sent_at"),
    comment="Messages that were tried on a colleague's phone, without text and number",
)
