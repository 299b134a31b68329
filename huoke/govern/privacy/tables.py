"""Tables of a bank's wrapped data keys and of what was revealed to whom."""

from sqlalchemy import CheckConstraint, Column, DateTime, Index, Integer, LargeBinary, SmallInteger, Text
from sqlalchemy.dialects.postgresql import UUID

from huoke.kernel.schema import APP_APPEND, module_table

data_key = module_table(
    "privacy",
    "data_key",
    Column("purpose", Text, primary_key=True),
    Column("version", SmallInteger, primary_key=True, autoincrement=False),
    Column("wrapped", LargeBinary, nullable=False, comment="AES-256-GCM under the instance's master key."),
    Column("created_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("purpose IN ('field', 'index')", name="purpose_known"),
    CheckConstraint("version > 0", name="version_positive"),
    app=APP_APPEND,
)

reveal = module_table(
    "privacy",
    "reveal",
    Column("id", UUID, primary_key=True),
    Column("staff_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("field", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("revealed_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Index("ix_reveal_staff", "tenant_id", "staff_id", "revealed_at"),
    app=APP_APPEND,
)

customer_key = module_table(
    "privacy",
    "customer_key",
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("wrapped", LargeBinary, comment="Under the bank's field key; null once forgotten."),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("forgotten_at", DateTime(timezone=True)),
    CheckConstraint("(wrapped IS NULL) = (forgotten_at IS NOT NULL)", name="kept_or_forgotten"),
    app="SELECT, INSERT, UPDATE",
    comment="A key of each customer's own: forgetting it makes all that it sealed unreadable for good",
)
