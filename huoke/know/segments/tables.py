"""Tables of segments and their versions, uploaded lists, and audiences frozen from them."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from huoke.kernel.schema import APP_APPEND, module_table

segment = module_table(
    "segments",
    "segment",
    Column("id", UUID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("serves", Text, nullable=False),
    Column("basis", Text, comment="registered basis for selecting on deposit facts (rule B1)"),
    Column("unit_id", Integer, comment="the unit it belongs to; NULL is the head office"),
    Column("shared_with", Text, nullable=False, server_default="unit", comment="its unit and those below, or all"),
    Column("version", Integer, nullable=False),
    Column("size", Integer, comment="customers at the last count"),
    Column("counted_at", DateTime(timezone=True)),
    Column("created_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("archived_at", DateTime(timezone=True)),
    CheckConstraint("serves IN ('selection', 'condition')", name="serves_known"),
    CheckConstraint("shared_with IN ('unit', 'bank')", name="shared_with_known"),
    Index("ix_segment_changed", "tenant_id", "changed_at", "id"),
    comment="Saved rules that choose customers",
)

segment_version = module_table(
    "segments",
    "segment_version",
    Column("segment_id", UUID, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("expression", JSONB, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("saved_by", Text, nullable=False),
    Column("saved_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(["tenant_id", "segment_id"], ["segments.segment.tenant_id", "segments.segment.id"]),
    app=APP_APPEND,
    comment="Every version of a segment's expression",
)

upload = module_table(
    "segments",
    "upload",
    Column("id", UUID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("listed", Integer, nullable=False),
    Column("matched", Integer, nullable=False),
    Column("repeated", Integer, nullable=False),
    Column("unmatched", Integer, nullable=False),
    Column("unmatched_sample", ARRAY(Text), nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    app=APP_APPEND,
    comment="Lists of customer numbers brought from outside, matched once",
)

upload_chunk = module_table(
    "segments",
    "upload_chunk",
    Column("upload_id", UUID, primary_key=True),
    Column("chunk", Integer, primary_key=True, autoincrement=False),
    Column("members", LargeBinary, nullable=False),
    app=APP_APPEND,
    comment="Members of an uploaded list, one roaring bitmap per chunk",
)

audience = module_table(
    "segments",
    "audience",
    Column("id", UUID, primary_key=True),
    Column("segment_id", UUID, nullable=False),
    Column("segment_version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("units", ARRAY(Integer), comment="organisation scope it was frozen in; NULL is the whole bank"),
    Column("hash", LargeBinary, nullable=False, comment="content hash of the expression"),
    Column("size", Integer, nullable=False),
    Column("data_at", DateTime(timezone=True), nullable=False),
    Column("left_out", JSONB, nullable=False, server_default="[]", comment="how many by which list of exclusions"),
    Column("created_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(["tenant_id", "segment_id"], ["segments.segment.tenant_id", "segments.segment.id"]),
    CheckConstraint("size >= 0", name="size_range"),
    Index("ix_audience_segment", "tenant_id", "segment_id", "created_at"),
    app=APP_APPEND,
    comment="The set a segment gave at one time; never changed",
)

audience_chunk = module_table(
    "segments",
    "audience_chunk",
    Column("audience_id", UUID, primary_key=True),
    Column("chunk", Integer, primary_key=True, autoincrement=False),
    Column("members", LargeBinary, nullable=False),
    app=APP_APPEND,
    comment="Members of an audience, one roaring bitmap per chunk",
)
