"""Tables of models: every version ever learned, and every scoring."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from huoke.kernel.schema import APP_APPEND, module_table

version = module_table(
    "models",
    "version",
    Column("id", UUID, primary_key=True),
    Column("task", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("algorithm", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("recommended", Boolean, nullable=False),
    Column("text", Text, nullable=False, comment="the whole model; never code, never a pickle"),
    Column("text_hash", Text, nullable=False),
    Column("features", JSONB, nullable=False),
    Column("groups", JSONB, nullable=False, comment="told and seen by tenths of the judging rows"),
    Column("metrics", JSONB, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("outcomes", Integer, nullable=False),
    Column("cut_offs", ARRAY(Date), nullable=False),
    Column("judged_on", Date, nullable=False),
    Column("data_hash", Text, nullable=False),
    Column("code_version", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("change_id", UUID),
    Column("approved_at", DateTime(timezone=True)),
    Column("retired_at", DateTime(timezone=True)),
    UniqueConstraint("tenant_id", "task", "number"),
    CheckConstraint("state IN ('draft', 'pending', 'champion', 'challenger', 'retired')", name="state_known"),
    CheckConstraint("task IN ('churn_30', 'churn_90', 'response', 'value')", name="task_known"),
    Index("ix_version_champion", "tenant_id", "task", unique=True, postgresql_where=text("state = 'champion'::text")),
    comment="Models as they were learned, judged and approved",
)

run = module_table(
    "models",
    "run",
    Column("id", UUID, primary_key=True),
    Column("task", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, comment="the cut-off of its features"),
    Column("ended_at", DateTime(timezone=True), nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("average", Float, nullable=False),
    Column("bands", JSONB, nullable=False),
    Column("drift", JSONB, nullable=False),
    Column("alarm", Boolean, nullable=False),
    Index("ix_run_task", "tenant_id", "task", "at"),
    app=APP_APPEND,
    comment="Scorings of everybody",
)
