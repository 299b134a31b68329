"""Tables of the registry of banks and of their settings."""

from sqlalchemy import CheckConstraint, Column, DateTime, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB

from huoke.kernel.schema import module_table

tenant = module_table(
    "tenants",
    "tenant",
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("code", Text(collation="C"), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("brand", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("id > 0", name="id_positive"),
    CheckConstraint("code ~ '^[a-z][a-z0-9-]{1,31}$'", name="code_form"),
    CheckConstraint("status IN ('opening', 'open', 'suspended', 'closed')", name="status_known"),
    shared=True,
    app="SELECT",
    feed=True,
    comment="Every bank of this cell. The app role reads it to find a bank by its code; only the owner writes it.",
)

setting = module_table(
    "tenants",
    "setting",
    Column("key", Text(collation="C"), primary_key=True),
    Column("value", JSONB, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    comment="What a bank set differently from the defaults in code.",
)
