"""Tables of control groups: who is left out of a campaign so that its effect can be seen."""

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKeyConstraint, Integer, LargeBinary, Text, Uuid

from huoke.kernel.schema import APP_APPEND, module_table

control_group = module_table(
    "experiments",
    "control_group",
    Column("source_id", Uuid, primary_key=True, comment="the campaign"),
    Column("salt", Text, nullable=False),
    Column("percent", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("drawn_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("percent BETWEEN 0 AND 50", name="percent_range"),
    CheckConstraint("size >= 0", name="size_positive"),
    app=APP_APPEND,
    comment="The control group of one campaign, drawn once (rule E1)",
)

control_chunk = module_table(
    "experiments",
    "control_chunk",
    Column("source_id", Uuid, primary_key=True),
    Column("chunk", Integer, primary_key=True, autoincrement=False),
    Column("members", LargeBinary, nullable=False),
    ForeignKeyConstraint(
        ["tenant_id", "source_id"], ["experiments.control_group.tenant_id", "experiments.control_group.source_id"]
    ),
    app=APP_APPEND,
    comment="Members of a control group, one roaring bitmap per chunk",
)
