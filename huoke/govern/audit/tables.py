"""Tables of the audit trail. The app role may add and read; nobody at run time may change or delete (rule D2)."""

from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from huoke.kernel.schema import APP_APPEND, module_table

entry = module_table(
    "audit",
    "entry",
    Column("id", UUID, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor_id", Text(collation="C"), nullable=False),
    Column("action", Text(collation="C"), nullable=False),
    Column("subject_kind", Text(collation="C"), nullable=False),
    Column("subject_id", Text(collation="C"), nullable=False),
    Column("unit_id", Integer),
    Column("reason", Text, nullable=False),
    Column("before", JSONB),
    Column("after", JSONB),
    Column("request_id", Text, nullable=False),
    Index("ix_entry_at", "tenant_id", "at", "id"),
    Index("ix_entry_actor", "tenant_id", "actor_id", "at"),
    Index("ix_entry_action", "tenant_id", "action", "at"),
    Index("ix_entry_subject", "tenant_id", "subject_kind", "subject_id", "at"),
    app=APP_APPEND,
    comment="Who did what, when, to what, why, and what changed. Holds no readable personal data.",
)

export = module_table(
    "audit",
    "export",
    Column("id", UUID, primary_key=True),
    Column("filter", JSONB, nullable=False),
    Column("reason", Text, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
    Column("row_count", BigInteger),
    Column("file_id", UUID),
    Column("finished_at", DateTime(timezone=True)),
)
