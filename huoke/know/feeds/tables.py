"""Tables of declared feeds and of their days."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, DateTime, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from huoke.kernel.schema import module_table

feed = module_table(
    "feeds",
    "feed",
    Column("id", UUID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("folder", Text(collation="C"), nullable=False, comment="below the bank's folder of feeds; empty: by upload"),
    Column("pattern", Text(collation="C"), nullable=False, comment="with {date}"),
    Column("control_pattern", Text(collation="C"), nullable=False, comment="of the control file"),
    Column("mapping", JSONB, nullable=False),
    Column("weekdays", Integer, nullable=False, comment="bits, Monday is 1; the days a file is due for"),
    Column("due_hour", Integer, nullable=False, comment="of the next day, China time"),
    Column("begins_on", Date, nullable=False),
    Column("database_id", UUID, comment="of the bank; null: files"),
    Column("query", Text, nullable=False, server_default="", comment="of a day, with {date}"),
    Column("control_query", Text, nullable=False, server_default="", comment="how many rows a day has, with {date}"),
    Column("asked_at", DateTime(timezone=True), comment="when its database was last asked for days"),
    Column("trouble", JSONB, comment="why its database did not answer when it was last asked"),
    Column("status", Text, nullable=False, server_default="active"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("tenant_id", "name"),
    CheckConstraint("status IN ('active', 'paused', 'ended')", name="status_known"),
    CheckConstraint("weekdays BETWEEN 1 AND 127", name="weekdays_range"),
    CheckConstraint("due_hour BETWEEN 0 AND 23", name="due_hour_range"),
    comment="What a bank's systems deliver every business day",
)

day = module_table(
    "feeds",
    "day",
    Column("feed_id", UUID, primary_key=True),
    Column("business_on", Date, primary_key=True),
    Column("status", Text, nullable=False),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("file_name", Text, nullable=False, server_default=""),
    Column("file_id", UUID),
    Column("fingerprint", Text, nullable=False, server_default="", comment="of the files as they were last looked at"),
    Column("sha256", Text, nullable=False, server_default=""),
    Column("rows_expected", BigInteger),
    Column("control", JSONB, comment="what an upload said of itself"),
    Column("extract_id", UUID, comment="the query that brings it"),
    Column("import_id", UUID),
    Column("counts", JSONB, comment="rows read, added, changed, same, older, refused"),
    Column("refusal", JSONB),
    Column("arrived_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    CheckConstraint(
        "status IN ('missing', 'waiting', 'running', 'done', 'failed', 'cancelled', 'excused')", name="status_known"
    ),
    Index("ix_day_import", "tenant_id", "import_id", postgresql_where=text("import_id IS NOT NULL")),
    Index("ix_day_open", "tenant_id", "status", postgresql_where=text("status <> 'done'")),
    comment="Each feed's days and what became of them",
)
