"""Tables of tags: the catalogue, versions, what filling gave, and the truth of tags that are put."""

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
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from huoke.kernel.schema import APP_APPEND, module_table

tag = module_table(
    "tags",
    "tag",
    Column("id", UUID, primary_key=True),
    Column("number", Integer, nullable=False, comment="its name in ClickHouse, dense within the bank"),
    Column("name", Text(collation="C"), nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, comment="the approved version that counts"),
    Column("latest", Integer, nullable=False),
    Column("latest_state", Text, nullable=False, server_default="draft"),
    Column("label", Text, nullable=False),
    Column("label_en", Text, nullable=False),
    Column("sought", Text(collation="C"), nullable=False, comment="name and labels, lower-cased, to search in"),
    Column("category", Text(collation="C"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("schedule", Text, nullable=False),
    Column("fresh_hours", Integer, nullable=False),
    Column("data_class", Text, nullable=False),
    Column(
        "deposit_derived", Boolean, nullable=False, comment="as it was when it was saved; read anew where it counts"
    ),
    Column("codes", JSONB, nullable=False, comment="code of every value it ever had"),
    Column("data_version", BigInteger, nullable=False, server_default="0", comment="grows with every filling"),
    Column("data_of", Integer, comment="the version its sets were filled by"),
    Column("data_at", DateTime(timezone=True)),
    Column("position", JSONB, comment="how far events and customers were read"),
    Column("counts", JSONB, nullable=False, server_default="{}"),
    Column("known", Integer, nullable=False, server_default="0"),
    Column("universe", Integer, nullable=False, server_default="0"),
    Column("cost_ms", Integer, nullable=False, server_default="0"),
    Column("failure", JSONB, comment="why its last refresh did not end: code, sentence, facts"),
    Column("used", Integer, nullable=False, server_default="0"),
    Column("used_at", DateTime(timezone=True), nullable=False, comment="when something last used it"),
    Column("warned_at", DateTime(timezone=True), comment="since when it is announced that it will be frozen"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("tenant_id", "number"),
    UniqueConstraint("tenant_id", "name"),
    CheckConstraint("state IN ('draft', 'active', 'frozen', 'archived')", name="state_known"),
    CheckConstraint("latest_state IN ('draft', 'pending', 'approved')", name="latest_state_known"),
    CheckConstraint("kind IN ('rule', 'derived', 'statistic', 'model', 'manual', 'imported')", name="kind_known"),
    CheckConstraint("schedule IN ('daily', 'hourly', 'on_demand')", name="schedule_known"),
    CheckConstraint("state = 'draft' OR version IS NOT NULL OR state = 'archived'", name="active_has_version"),
    comment="Tags of customers: what they are called, how they stand",
)

version = module_table(
    "tags",
    "version",
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("definition", JSONB, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("saved_by", Text, nullable=False),
    Column("saved_at", DateTime(timezone=True), nullable=False),
    Column("approved_at", DateTime(timezone=True)),
    Column("submission_id", UUID),
    CheckConstraint("state IN ('draft', 'pending', 'approved')", name="state_known"),
    comment="Every version of a tag's definition",
)

submission = module_table(
    "tags",
    "submission",
    Column("id", UUID, primary_key=True),
    Column("numbers", ARRAY(Integer), nullable=False),
    Column("versions", ARRAY(Integer), nullable=False),
    Column("note", Text, nullable=False),
    Column("change_id", UUID),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    comment="Versions that are approved together",
)

figure = module_table(
    "tags",
    "figure",
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    Column("known", Integer, nullable=False),
    Column("universe", Integer, nullable=False),
    Column("counts", JSONB, nullable=False),
    Column("drift", Float),
    comment="How a tag's values were distributed, day by day",
)

run = module_table(
    "tags",
    "run",
    Column("id", UUID, primary_key=True),
    Column("job_id", UUID),
    Column("began_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True), nullable=False),
    Column("numbers", ARRAY(Integer), nullable=False, comment="tags that were to be filled"),
    Column("filled", Integer, nullable=False),
    Column("touched", BigInteger, nullable=False),
    Column("whole", Integer, nullable=False),
    Column("failures", JSONB, nullable=False),
    Index("ix_run_began", "tenant_id", "began_at"),
    app=APP_APPEND,
    comment="Refreshes of tags",
)

chunk = module_table(
    "tags",
    "chunk",
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("value", Integer, primary_key=True, autoincrement=False, comment="the value's code"),
    Column("chunk", Integer, primary_key=True, autoincrement=False),
    Column("members", LargeBinary, nullable=False),
    comment="Members of tags that are put, one roaring bitmap per chunk: the truth of them",
)

delta = module_table(
    "tags",
    "delta",
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("value", Integer, primary_key=True, autoincrement=False),
    Column("chunk", Integer, primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    Column("entered", LargeBinary, nullable=False),
    Column("gone", LargeBinary, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    comment="Who came to a tag's value and who went, day by day, of tags that keep history",
)

hidden = module_table(
    "tags",
    "hidden",
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("hidden_at", DateTime(timezone=True), nullable=False),
    comment="Tags that customers deleted of themselves (rule P4)",
)
