"""Tables of credentials, sessions, keys and tickets: hashes or ciphertext, never a readable secret (rule F1, C3)."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from huoke.kernel.schema import module_table

credential = module_table(
    "identity",
    "credential",
    Column("staff_id", UUID, primary_key=True),
    Column("password_hash", Text, comment="argon2id; null until enrolled."),
    Column("totp_cipher", LargeBinary, comment="The second factor's secret under the bank's data key."),
    Column("totp_step", BigInteger, nullable=False, comment="Time step of the last accepted code: never again."),
    Column("enrolment_hash", LargeBinary, comment="SHA-256 of the one-time enrolment code; null once used."),
    Column("enrolment_expires_at", DateTime(timezone=True)),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("(password_hash IS NULL) = (totp_cipher IS NULL)", name="two_factors_or_none"),
)

attempt = module_table(
    "identity",
    "attempt",
    Column("login_hash", LargeBinary, primary_key=True, comment="Of any login tried, known here or not."),
    Column("failures", Integer, nullable=False),
    Column("failed_at", DateTime(timezone=True), nullable=False),
    Column("locked_until", DateTime(timezone=True)),
)

session = module_table(
    "identity",
    "session",
    Column("id", UUID, primary_key=True),
    Column("token_hash", LargeBinary, nullable=False),
    Column("staff_id", UUID, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("proved_at", DateTime(timezone=True), nullable=False, comment="When a second factor was last shown."),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("idle_seconds", Integer, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("user_agent", Text, nullable=False),
    Column("address", Text, nullable=False),
    UniqueConstraint("tenant_id", "token_hash"),
    Index("ix_session_staff", "tenant_id", "staff_id"),
)

api_key = module_table(
    "identity",
    "api_key",
    Column("id", UUID, primary_key=True),
    Column("key_hash", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Column("permissions", ARRAY(Text), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True)),
    Column("revoked_at", DateTime(timezone=True)),
    UniqueConstraint("tenant_id", "key_hash"),
)

ticket = module_table(
    "identity",
    "ticket",
    Column("ticket_hash", LargeBinary, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("entry_point", Text, nullable=False),
    Column("issued_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
)

customer_session = module_table(
    "identity",
    "customer_session",
    Column("id", UUID, primary_key=True),
    Column("token_hash", LargeBinary, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("entry_point", Text, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    UniqueConstraint("tenant_id", "token_hash"),
)
