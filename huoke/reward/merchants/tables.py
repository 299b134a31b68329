"""The tables of schema `merchants`."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from huoke.kernel.schema import module_table

merchant = module_table(
    "merchants",
    "merchant",
    Column("id", Uuid, primary_key=True),
    Column("code", Text(collation="C"), nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("search", Text(collation="C"), nullable=False, comment="Lower-cased code and names."),
    Column("added_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("tenant_id", "code"),
    CheckConstraint("status IN ('active', 'retired')", name="status_known"),
    comment="Where customers use benefits",
)

store = module_table(
    "merchants",
    "store",
    Column("id", Uuid, primary_key=True),
    Column("merchant_id", Uuid, nullable=False),
    Column("code", Text(collation="C"), nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False, server_default=text("''")),
    Column("region", Text, nullable=False),
    Column("street", Text, nullable=False),
    Column("hours", Text, nullable=False),
    Column("latitude", Double),
    Column("longitude", Double),
    Column("status", Text, nullable=False),
    Column("search", Text(collation="C"), nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("tenant_id", "code"),
    ForeignKeyConstraint(["tenant_id", "merchant_id"], ["merchants.merchant.tenant_id", "merchants.merchant.id"]),
    CheckConstraint("status IN ('active', 'retired')", name="status_known"),
    Index("ix_store_merchant", "tenant_id", "merchant_id"),
    comment="Stores of merchants",
)

clerk = module_table(
    "merchants",
    "clerk",
    Column("staff_id", Uuid, primary_key=True),
    Column("store_id", Uuid, primary_key=True),
    Column("bound_by", Text, nullable=False),
    Column("bound_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(["tenant_id", "store_id"], ["merchants.store.tenant_id", "merchants.store.id"]),
    Index("ix_clerk_store", "tenant_id", "store_id"),
    comment="Which stores a member of staff stands in",
)

acceptance = module_table(
    "merchants",
    "acceptance",
    Column("id", Uuid, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("scope_key", Text, nullable=False),
    Column("merchant_ids", ARRAY(Uuid), nullable=False),
    Column("store_ids", ARRAY(Uuid), nullable=False),
    Column("excluded_store_ids", ARRAY(Uuid), nullable=False),
    Column("counters", Boolean, nullable=False),
    Column("weekdays", ARRAY(SmallInteger), nullable=False),
    Column("from_minute", SmallInteger, nullable=False),
    Column("until_minute", SmallInteger, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("scope IN ('sku', 'brand', 'category')", name="scope_known"),
    CheckConstraint("0 <= from_minute AND from_minute < until_minute AND until_minute <= 1440", name="hours_fit"),
    Index("ix_acceptance_scope", "tenant_id", "scope", "scope_key"),
    comment="Which benefits are accepted where and when",
)
