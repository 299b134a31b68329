"""Tables of changes and the decisions on them.

Rule D5 is a constraint here: a decision carries the maker of its change (a composite foreign key makes it the true one)
and CHECK forbids the same person to decide; a unique key forbids one person two stages. What was submitted cannot be
rewritten: the app role may update the progress of a change, never its diff, its hash, its maker or its stages.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

from huoke.kernel.schema import APP_APPEND, module_table

change = module_table(
    "approvals",
    "change",
    Column("id", UUID, primary_key=True),
    Column("number", Text(collation="C"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("diff", JSONB, nullable=False),
    Column("diff_hash", Text, nullable=False),
    Column("unchanged_count", Integer, nullable=False),
    Column("stages", JSONB, nullable=False, comment="The stages as configured when it was submitted."),
    Column("maker_id", UUID, nullable=False),
    Column("office_no", Text, nullable=False, comment="Number of the bank's own office system, if any."),
    Column("submitted_at", DateTime(timezone=True), nullable=False),
    Column("apply_at", DateTime(timezone=True), comment="Apply no sooner; null applies with the last approval."),
    Column("state", Text, nullable=False),
    Column("stage", SmallInteger, nullable=False),
    Column("due_at", DateTime(timezone=True), comment="When the current stage should have been decided."),
    Column("simulation", JSONB, nullable=False),
    Column("checks", JSONB, nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    UniqueConstraint("tenant_id", "number"),
    UniqueConstraint("tenant_id", "id", "maker_id"),
    CheckConstraint(
        "state IN ('pending', 'approved', 'applied', 'rejected', 'returned', 'withdrawn')", name="state_known"
    ),
    Index(
        "uq_change_open_subject",
        "tenant_id",
        "kind",
        "subject_id",
        unique=True,
        postgresql_where="state IN ('pending', 'approved')",
    ),
    Index("ix_change_state", "tenant_id", "state", "submitted_at"),
    app="SELECT, INSERT, UPDATE (state, stage, due_at, simulation, checks, closed_at)",
)

decision = module_table(
    "approvals",
    "decision",
    Column("change_id", UUID, primary_key=True),
    Column("stage", SmallInteger, primary_key=True, autoincrement=False),
    Column("maker_id", UUID, nullable=False),
    Column("checker_id", UUID, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("diff_hash", Text, nullable=False, comment="Of what the checker was shown."),
    Column("decided_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("tenant_id", "change_id", "checker_id"),
    ForeignKeyConstraint(
        ["tenant_id", "change_id", "maker_id"],
        ["approvals.change.tenant_id", "approvals.change.id", "approvals.change.maker_id"],
    ),
    CheckConstraint("maker_id <> checker_id", name="maker_is_not_checker"),
    CheckConstraint("verdict IN ('approve', 'return', 'reject')", name="verdict_known"),
    app=APP_APPEND,
)

counter = module_table(
    "approvals",
    "counter",
    Column("day", Date, primary_key=True),
    Column("last", Integer, nullable=False),
    comment="The last number given out on a day: CR-yyyymmdd-nnn.",
)
