"""The table of files of events that were loaded."""

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Float, Index, LargeBinary, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from huoke.kernel.schema import module_table

AT_WORK = "status IN ('queued', 'running', 'withdrawing')"

load = module_table(
    "loads",
    "load",
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False, comment="Of the file"),
    Column("file_id", Uuid, nullable=False),
    Column("work", LargeBinary, nullable=False, comment="Of file, source and mapping"),
    Column("source_id", Uuid, nullable=False, comment="Whose events they are"),
    Column("mapping", JSONB, nullable=False),
    Column("status", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("share", Float, nullable=False, server_default=text("0"), comment="Of the file that is read, 0 to 1"),
    Column("read", BigInteger, nullable=False, server_default=text("0")),
    Column("loaded", BigInteger, nullable=False, server_default=text("0")),
    Column("duplicate", BigInteger, nullable=False, server_default=text("0")),
    Column("waiting", BigInteger, nullable=False, server_default=text("0")),
    Column("traits_refused", BigInteger, nullable=False, server_default=text("0"), comment="Loaded but for a trait"),
    Column("refused", BigInteger, nullable=False, server_default=text("0")),
    Column("causes", JSONB, nullable=False, server_default=text("'[]'"), comment="Refused rows by cause"),
    Column("rejects_file_id", Uuid),
    Column("refusal", JSONB, comment="Why the whole file was refused"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", Text, nullable=False),
    Column("started_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    Column("withdrawn_at", DateTime(timezone=True)),
    Column("withdrawn_by", Text),
    Index("ix_load_created", "tenant_id", "created_at", "id"),
    Index("uq_load_at_work", "tenant_id", "work", unique=True, postgresql_where=text(AT_WORK)),
    CheckConstraint(
        "status IN ('queued', 'running', 'done', 'refused', 'cancelled', 'withdrawing', 'withdrawn')",
        name="status_known",
    ),
    app="SELECT, INSERT, UPDATE",
    comment="Files of events: how far each is, and what became of its rows",
)
