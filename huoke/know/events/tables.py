"""Tables of events: who may send them, what they look like, those that arrived, those that wait or were put aside."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from huoke.kernel.schema import APP_APPEND, module_table, position_columns

source = module_table(
    "events",
    "source",
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("key_hash", LargeBinary, nullable=False, comment="SHA-256 of the write key"),
    Column("key_hint", Text, nullable=False, comment="The last four characters of the write key"),
    Column("former_hash", LargeBinary, comment="The key before, good until former_until"),
    Column("former_until", DateTime(timezone=True)),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("made_by", Text, nullable=False),
    Column("rotated_at", DateTime(timezone=True)),
    Column("revoked_at", DateTime(timezone=True)),
    UniqueConstraint("tenant_id", "key_hash"),
    UniqueConstraint("tenant_id", "name"),
    comment="Who may send events: each with a write key of its own",
)

schema = module_table(
    "events",
    "schema",
    Column("name", Text(collation="C"), primary_key=True),
    Column("title", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("aliases", ARRAY(Text), nullable=False, comment="Other names under which sources send it"),
    Column("properties", JSONB, nullable=False),
    Column("deposit_derived", Boolean, nullable=False, comment="rule B1"),
    Column("version", Integer, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("changed_by", Text, nullable=False),
    app="SELECT, INSERT, UPDATE",
    comment="What a bank says of an event name beside the standard ones",
)

message = module_table(
    "events",
    "message",
    Column("id", Uuid, primary_key=True, comment="Made from the sender's own message id"),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Index("ix_message_recorded", "recorded_at", postgresql_using="brin"),
    app="SELECT, INSERT, DELETE",
    comment="Messages taken lately: the same one again is a duplicate",
)


def _happened() -> tuple[Column[object], ...]:
    """What an event says, attributed or not."""
    return (
        Column("name", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("amount_fen", BigInteger, nullable=False, server_default=text("0")),
        Column("entry_code", Text, nullable=False, server_default=""),
        Column("properties", JSONB, nullable=False, comment="Texts by name; class C2 as ****"),
        Column("sealed", LargeBinary, comment="Properties of class C2, under the customer's own key"),
        Column("source_id", Uuid, nullable=False),
    )


event = module_table(
    "events",
    "event",
    Column("recorded_at", DateTime(timezone=True), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("seq", Integer, nullable=False),
    *_happened(),
    *position_columns(),
    Index("ix_event_place", "xid", "ordinal"),
    app=APP_APPEND,
    feed=True,
    partition_by="RANGE (recorded_at)",
    comment="What customers did: facts of the months not yet archived",
)

waiting = module_table(
    "events",
    "waiting",
    Column("id", Uuid, primary_key=True),
    Column("visitor", Text(collation="C"), nullable=False, comment="a: anonymous id, u: user id nobody has yet"),
    *_happened(),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("load_id", Uuid, comment="The file it came in: it goes to its customer as one of that load's rows"),
    Index("ix_waiting_load", "tenant_id", "load_id", postgresql_where=text("load_id IS NOT NULL")),
    Index("ix_waiting_visitor", "tenant_id", "visitor"),
    Index("ix_waiting_recorded", "tenant_id", "recorded_at", "id"),
    comment="Events of visitors nobody has identified yet; C2 under the bank's key",
)

binding = module_table(
    "events",
    "binding",
    Column("visitor", Text(collation="C"), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("bound_at", DateTime(timezone=True), nullable=False),
    comment="Which customer a visitor turned out to be",
)

quarantine = module_table(
    "events",
    "quarantine",
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("property", Text, nullable=False, comment="Which one is unfit; empty when it is none"),
    Column("seq", Integer, comment="The customer, where known: whose key the body is under; else the bank's"),
    Column("body", LargeBinary, comment="The whole message, sealed"),
    Column("source_id", Uuid, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Index("ix_quarantine_name", "tenant_id", "name", "recorded_at"),
    Index("ix_quarantine_recorded", "tenant_id", "recorded_at", "id"),
    CheckConstraint(
        "reason IN ('unknown_name', 'unknown_property', 'unfit_property', 'missing_property', 'unfit_trait',"
        " 'unfit_time')",
        name="reason_known",
    ),
    comment="Messages put aside because no schema fits them, until it is amended or they expire",
)

trait = module_table(
    "events",
    "trait",
    Column("property", Text(collation="C"), primary_key=True),
    Column("attribute", Text(collation="C"), nullable=False),
    Column("declared_at", DateTime(timezone=True), nullable=False),
    Column("declared_by", Text, nullable=False),
    UniqueConstraint("tenant_id", "attribute"),
    comment="Which attribute of the customer a trait of identify fills",
)

trait_said = module_table(
    "events",
    "trait_said",
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("property", Text(collation="C"), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("id", Uuid, nullable=False, comment="the event"),
    comment="Which event a customer's attribute comes from: only a later one changes it",
)
