"""The table of searches for customers like those of a seed."""

from sqlalchemy import CheckConstraint, Column, DateTime, Float, Index, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from huoke.kernel.schema import module_table

search = module_table(
    "lookalikes",
    "search",
    Column("id", UUID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("segment_id", UUID, comment="the seed: a segment"),
    Column("segment_version", Integer),
    Column("seed_upload_id", UUID, comment="or an uploaded list"),
    Column("wanted", Integer, nullable=False),
    Column("units", JSONB, comment="organisation scope of who asked; null is the whole bank"),
    Column("state", Text, nullable=False, server_default="asked"),
    Column("failure", Text, nullable=False, server_default="", comment="the code of what it was refused for"),
    Column("failure_detail", Text, nullable=False, server_default=""),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("seed", Integer, nullable=False, server_default="0", comment="customers of the seed that could be learned"),
    Column("others", Integer, nullable=False, server_default="0", comment="those they were set beside"),
    Column("auc", Float, comment="on customers kept aside"),
    Column("drivers", JSONB, nullable=False, server_default="[]"),
    Column("upload_id", UUID, comment="who was found, a leaf of the language"),
    Column("found", Integer, nullable=False, server_default="0"),
    CheckConstraint("state IN ('asked', 'done', 'failed')", name="state_known"),
    CheckConstraint("(segment_id IS NULL) <> (seed_upload_id IS NULL)", name="one_seed"),
    CheckConstraint("(state = 'done') = (upload_id IS NOT NULL)", name="done_has_list"),
    Index("ix_search_asked", "tenant_id", "asked_at"),
    comment="Searches for customers like those of a seed: who asked, what was learned, who was found",
)
