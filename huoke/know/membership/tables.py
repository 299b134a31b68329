"""Tables of followed segments: who is in now, who came and went day by day, and how many that were."""

from sqlalchemy import CheckConstraint, Column, Date, DateTime, Integer, LargeBinary, Text
from sqlalchemy.dialects.postgresql import UUID

from huoke.kernel.schema import module_table

following = module_table(
    "membership",
    "following",
    Column("segment_id", UUID, primary_key=True),
    Column("since", Date, comment="the first day that was worked out"),
    Column("day", Date, comment="the latest one"),
    Column("version", Integer, comment="the version of the rule it was worked out by"),
    Column("members", Integer, nullable=False, server_default="0"),
    Column("data_at", DateTime(timezone=True)),
    Column("reckoned_at", DateTime(timezone=True)),
    Column("held", Text, nullable=False, server_default="", comment="why the latest attempt came to nothing; a code"),
    Column("held_detail", Text, nullable=False, server_default=""),
    Column("began_by", Text, nullable=False),
    Column("began_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("(since IS NULL) = (day IS NULL)", name="first_and_latest"),
    comment="Segments whose members are worked out every night",
)

chunk = module_table(
    "membership",
    "chunk",
    Column("segment_id", UUID, primary_key=True),
    Column("chunk", Integer, primary_key=True, autoincrement=False),
    Column("members", LargeBinary, nullable=False),
    comment="Who is in a followed segment now, one roaring bitmap per chunk",
)

delta = module_table(
    "membership",
    "delta",
    Column("segment_id", UUID, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("chunk", Integer, primary_key=True, autoincrement=False),
    Column("entered", LargeBinary, nullable=False),
    Column("gone", LargeBinary, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    comment="Who entered and left a followed segment on a day",
)

figure = module_table(
    "membership",
    "figure",
    Column("segment_id", UUID, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("unit_id", Integer, primary_key=True, autoincrement=False, comment="0 is all of them together"),
    Column("members", Integer, nullable=False),
    Column("entered", Integer, nullable=False),
    Column("gone", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    comment="Members of a followed segment by day and unit; a unit's own customers, without those of units below",
)
