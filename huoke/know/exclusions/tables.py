"""The table of lists that are always left out."""

from sqlalchemy import CheckConstraint, Column, Date, DateTime, Text
from sqlalchemy.dialects.postgresql import UUID

from huoke.kernel.schema import module_table

exclusion = module_table(
    "exclusions",
    "exclusion",
    Column("id", UUID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("owner", Text, nullable=False, comment="a member of staff, who answers for it"),
    Column("upload_id", UUID, comment="an uploaded list"),
    Column("segment_id", UUID, comment="or a segment, which is followed for it"),
    Column("until_on", Date, comment="the last day it counts; NULL until it is lifted"),
    Column("created_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("change_id", UUID, comment="the change that asks to lift it"),
    Column("lifting_reason", Text, nullable=False, server_default=""),
    Column("lifted_at", DateTime(timezone=True)),
    CheckConstraint("kind IN ('complaint', 'staff', 'legal', 'risk', 'other')", name="kind_known"),
    CheckConstraint("(upload_id IS NULL) <> (segment_id IS NULL)", name="one_source"),
    comment="Lists whose customers are left out of every audience, and of every hand-over",
)
