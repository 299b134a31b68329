"""Tables of identities: who asked to join two customers or to part them, and what came of it."""

from sqlalchemy import CheckConstraint, Column, DateTime, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from huoke.govern.requests import HOLDS, in_force_index, request_table
from huoke.kernel.schema import module_table

merge = module_table(
    "identities",
    "merge",
    Column("id", UUID, primary_key=True),
    Column("verb", Text, nullable=False, comment="join, or part again"),
    Column("seq", Integer, nullable=False, comment="whose number is to lead to the other one"),
    Column("kept_seq", Integer, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("change_id", UUID),
    Column("carried", JSONB, nullable=False, server_default=text("'{}'"),
           comment="refusals and suppressions that the joining put on the kept one, to be taken back by parting"),
    Column("rule", Text, nullable=False, server_default="", comment="the rule that found the two, or none"),
    Column("evidence", JSONB, nullable=False, server_default=text("'[]'"), comment="what they shared then"),
    Column("requested_by", Text, nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    CheckConstraint("verb IN ('join', 'part')", name="verb_known"),
    CheckConstraint("state IN ('requested', 'done', 'refused', 'withdrawn')", name="state_known"),
    CheckConstraint("seq <> kept_seq", name="two_customers"),
    Index("ix_merge_open", "tenant_id", "seq", unique=True, postgresql_where=text("state = 'requested'")),
    comment="Requests to join two customers into one, or to part them",
)  # fmt: skip

apart = module_table(
    "identities",
    "apart",
    Column("seq", Integer, primary_key=True, autoincrement=False, comment="the smaller number of the two"),
    Column("other_seq", Integer, primary_key=True, autoincrement=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("seq < other_seq", name="ordered"),
    comment="Pairs that a person found to be two customers: suggested no more",
)

ruleset = request_table(
    "identities",
    "ruleset",
    Column("body", JSONB, nullable=False, comment="rules in their order, and how many may share a phone or a device"),
    in_force_index("uq_ruleset_in_force"),
    ends=HOLDS,
    open_index="uq_ruleset_requested",
    comment="By which rules a bank takes two customers for one: asked for by one person, decided by another",
)
