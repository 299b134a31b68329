"""Jobs as the console sees them, and the queue behind (PgQueuer's own tables, in their own schema)."""

from pgqueuer.adapters.persistence.schema_ddl import render_install
from pgqueuer.domain.settings import DBSettings
from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, DateTime, Index, Integer, Text, Uuid, false, text
from sqlalchemy.dialects.postgresql import JSONB

from huoke.kernel.schema import EXTRA_SQL, Xid8, module_table

job = module_table(
    "jobs",
    "job",
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("unique_key", Text, comment="Enqueued once per name and key"),
    Column("payload", JSONB, nullable=False, comment="Ids only"),
    Column("state", Text, nullable=False, server_default="queued"),
    Column("done", BigInteger, nullable=False, server_default=text("0")),
    Column("total", BigInteger, nullable=False, server_default=text("0")),
    Column("error", Text, nullable=False, server_default=""),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("cancelling", Boolean, nullable=False, server_default=false()),
    Column("actor_kind", Text, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("started_at", DateTime(timezone=True)),
    Column("finished_at", DateTime(timezone=True)),
    Column("xid", Xid8, nullable=False, server_default=text("pg_current_xact_id()"), comment="Its last change"),
    Column("file_id", Uuid, comment="The file it made, for those who may fetch it"),
    CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="state"),
    Index("uq_job_unique_key", "tenant_id", "name", "unique_key", unique=True),
    Index("ix_job_created", "tenant_id", "created_at", "id"),
    Index("ix_job_change", "tenant_id", "xid"),
    comment="Background work",
)

QUEUE = DBSettings(db_schema="queue")

EXTRA_SQL.extend(
    (
        render_install(QUEUE),
        "GRANT USAGE ON SCHEMA queue TO huoke_app",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA queue TO huoke_app",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA queue TO huoke_app",
    )
)
