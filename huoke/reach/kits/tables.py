"""Tables of kits: what was set up from which template, and the parts it made."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKeyConstraint, Index, Integer, SmallInteger, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from huoke.kernel.schema import module_table

setup = module_table(
    "kits",
    "setup",
    Column("id", Uuid, primary_key=True),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("terms", JSONB, nullable=False, comment="the form as it was filled in"),
    Column("budget_fen", BigInteger, nullable=False),
    Column("opens_at", DateTime(timezone=True), nullable=False),
    Column("closes_at", DateTime(timezone=True), nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("ix_setup_created_at", "tenant_id", "created_at", "id"),
    comment="Kits that were set up",
)

part = module_table(
    "kits",
    "part",
    Column("setup_id", Uuid, primary_key=True),
    Column("line", SmallInteger, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("ref_id", Uuid, nullable=False, comment="segment, bundle, campaign or play"),
    ForeignKeyConstraint(["tenant_id", "setup_id"], ["kits.setup.tenant_id", "kits.setup.id"], ondelete="CASCADE"),
    comment="What a kit made, in the order of making",
)
