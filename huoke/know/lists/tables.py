"""The table of lists that are handed out."""

from sqlalchemy import Boolean, CheckConstraint, Column, DateTime, Index, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from huoke.kernel.schema import module_table

list_export = module_table(
    "lists",
    "list_export",
    Column("id", UUID, primary_key=True),
    Column("segment_id", UUID, nullable=False),
    Column("segment_version", Integer, nullable=False),
    Column("audience_id", UUID, nullable=False, comment="frozen when it was asked for; checked again when it is made"),
    Column("size", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("columns", ARRAY(Text), nullable=False),
    Column("clear", Boolean, nullable=False, comment="names and phones readable"),
    Column("format", Text, nullable=False),
    Column("rows_max", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("staff_id", UUID, nullable=False, comment="who asked, and alone may fetch the file"),
    Column("change_id", UUID),
    Column("state", Text, nullable=False, server_default="pending"),
    Column("job_id", UUID),
    Column("rows", Integer, comment="customers in the file"),
    Column("left_out", Integer, comment="of the audience: withdrawn, suppressed or closed since, or beyond the cap"),
    Column("file_id", UUID),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("made_at", DateTime(timezone=True)),
    Column("expires_at", DateTime(timezone=True)),
    CheckConstraint(
        "state IN ('pending', 'approved', 'done', 'cancelled', 'returned', 'rejected', 'withdrawn')", name="state_known"
    ),
    CheckConstraint("format IN ('csv', 'xlsx')", name="format_known"),
    CheckConstraint("state <> 'done' OR (file_id IS NOT NULL AND rows <= rows_max)", name="done_has_file"),
    Index("ix_list_export_segment", "tenant_id", "segment_id", "asked_at"),
    comment="Lists of customers handed out as files, each approved by a second person (rule F3)",
)
