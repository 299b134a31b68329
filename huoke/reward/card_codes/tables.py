"""The tables of schema `card_codes`."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from huoke.kernel.schema import module_table

batch = module_table(
    "card_codes",
    "batch",
    Column("id", Uuid, primary_key=True),
    Column("sku_id", Uuid, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("file_id", Uuid, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("expires_on", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("success", Integer, nullable=False, server_default=text("0")),
    Column("failed", Integer, nullable=False, server_default=text("0")),
    Column("exists", Integer, nullable=False, server_default=text("0")),
    Column("duplicate", Integer, nullable=False, server_default=text("0")),
    Column("lists", JSONB, nullable=False, comment="File ids by verdict."),
    Column("error", Text, nullable=False, server_default=text("''")),
    Column("uploaded_by", Text, nullable=False),
    Column("uploaded_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("state IN ('queued', 'reading', 'done', 'failed', 'void')", name="state_known"),
    comment="Files of card codes",
)

card_code = module_table(
    "card_codes",
    "card_code",
    Column("id", Uuid, primary_key=True),
    Column("batch_id", Uuid, nullable=False),
    Column("sku_id", Uuid, nullable=False),
    Column(
        "brand_id",
        Uuid,
        comment="Who takes it; none for a copy of a code the brand had under another SKU: never drawn.",
    ),
    Column("sealed", LargeBinary, nullable=False, comment="C2, under the bank's key, bound to this row."),
    Column("blind", LargeBinary, nullable=False, comment="Blind index of the code, to find duplicates."),
    Column("expires_on", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("grant_id", Uuid),
    Column("drawn_at", DateTime(timezone=True)),
    Column("seen_at", DateTime(timezone=True)),
    ForeignKeyConstraint(["tenant_id", "batch_id"], ["card_codes.batch.tenant_id", "card_codes.batch.id"]),
    UniqueConstraint("tenant_id", "sku_id", "blind"),
    UniqueConstraint("tenant_id", "grant_id"),
    CheckConstraint("state IN ('free', 'drawn', 'seen', 'void')", name="state_known"),
    CheckConstraint("(state IN ('drawn', 'seen')) = (grant_id IS NOT NULL)", name="drawn_for_a_grant"),
    Index("ix_card_code_free", "tenant_id", "sku_id", "expires_on", "id", postgresql_where=text("state = 'free'")),
    Index("ix_card_code_batch", "tenant_id", "batch_id"),
    Index(
        "uq_card_code_brand_blind",
        "tenant_id",
        "brand_id",
        "blind",
        unique=True,
        postgresql_where=text("state <> 'void'"),
    ),
    comment="A supplier's codes, encrypted one by one; each is drawn once",
)
