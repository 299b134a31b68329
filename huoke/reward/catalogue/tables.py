"""Tables of the catalogue. A SKU's draft lies beside its append-only versions."""

from sqlalchemy import (
    BigInteger,
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
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from huoke.kernel.schema import APP_APPEND, module_table

brand = module_table(
    "catalogue",
    "brand",
    Column("id", Uuid, primary_key=True),
    Column("code", Text(collation="C"), nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("search", Text(collation="C"), nullable=False, comment="Lower-cased code and names."),
    Column("added_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("tenant_id", "code"),
    CheckConstraint("status IN ('active', 'retired')", name="status_known"),
)

item = module_table(
    "catalogue",
    "item",
    Column("id", Uuid, primary_key=True),
    Column("brand_id", Uuid, nullable=False),
    Column("code", Text(collation="C"), nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("search", Text(collation="C"), nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("tenant_id", "code"),
    ForeignKeyConstraint(["tenant_id", "brand_id"], ["catalogue.brand.tenant_id", "catalogue.brand.id"]),
    CheckConstraint("status IN ('active', 'retired')", name="status_known"),
    Index("ix_item_brand", "tenant_id", "brand_id"),
)

sku = module_table(
    "catalogue",
    "sku",
    Column("id", Uuid, primary_key=True),
    Column("item_id", Uuid, nullable=False),
    Column("code", Text(collation="C"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", Integer, nullable=False, comment="The newest published version; 0 before the first."),
    Column("draft", JSONB, comment="Terms in the making; null when there are none beyond the published ones."),
    Column("search", Text(collation="C"), nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("tenant_id", "code"),
    ForeignKeyConstraint(["tenant_id", "item_id"], ["catalogue.item.tenant_id", "catalogue.item.id"]),
    CheckConstraint("kind IN ('voucher', 'topup', 'physical', 'points', 'financial')", name="kind_known"),
    CheckConstraint("status IN ('draft', 'published', 'retired')", name="status_known"),
    CheckConstraint("status <> 'published' OR version > 0", name="published_has_version"),
    Index("ix_sku_item", "tenant_id", "item_id"),
)

sku_version = module_table(
    "catalogue",
    "sku_version",
    Column("sku_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("face_value_fen", BigInteger, nullable=False),
    Column("cost_fen", BigInteger, nullable=False),
    Column("points", BigInteger, nullable=False),
    Column("supplier_id", Uuid),
    Column("valid_days", Integer),
    Column("valid_until", Date),
    Column("tax_code", Text, nullable=False),
    Column("regions", ARRAY(Text), nullable=False),
    Column("acceptance", Text, nullable=False),
    Column("acceptance_en", Text, nullable=False),
    Column("details", JSONB, comment="What the kind adds; null for points and the usual voucher."),
    Column("picture_id", Uuid),
    Column("published_at", DateTime(timezone=True), nullable=False),
    Column("published_by", Text, nullable=False),
    ForeignKeyConstraint(["tenant_id", "sku_id"], ["catalogue.sku.tenant_id", "catalogue.sku.id"]),
    CheckConstraint("face_value_fen >= 0 AND cost_fen >= 0 AND points >= 0", name="amounts_fit"),
    CheckConstraint("(valid_days IS NULL) <> (valid_until IS NULL)", name="one_validity"),
    CheckConstraint(
        "tax_code IN ('occasional_income', 'spending_points', 'purchase_gift', 'discount_coupon')",
        name="tax_code_known",
    ),
    app=APP_APPEND,
    comment="Published terms: the application may add a version and never change one",
)

picture = module_table(
    "catalogue",
    "picture",
    Column("id", Uuid, primary_key=True, comment="Made of its bytes: another picture has another id"),
    Column("narrow", LargeBinary, nullable=False, comment="WebP, 192 pixels each way"),
    Column("wide", LargeBinary, nullable=False, comment="WebP, 384 pixels each way"),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("added_by", Text, nullable=False),
    app=APP_APPEND,
    comment="Pictures of benefits, drawn again from what was uploaded; never changed",
)

bundle = module_table(
    "catalogue",
    "bundle",
    Column("id", Uuid, primary_key=True),
    Column("code", Text(collation="C"), nullable=False),
    Column("status", Text, nullable=False),
    Column("version", Integer, nullable=False, comment="The newest published version; 0 before the first."),
    Column("draft", JSONB),
    Column("search", Text(collation="C"), nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("tenant_id", "code"),
    CheckConstraint("status IN ('draft', 'published', 'retired')", name="status_known"),
    CheckConstraint("status <> 'published' OR version > 0", name="published_has_version"),
)

bundle_version = module_table(
    "catalogue",
    "bundle_version",
    Column("bundle_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("choose", Integer, nullable=False),
    Column("sku_ids", ARRAY(Uuid), nullable=False),
    Column("split", JSONB, comment="The variants of a bundle that differs by tier, segment or cell"),
    Column(
        "given",
        ARRAY(Uuid),
        nullable=False,
        server_default=text("'{}'"),
        comment="Of sku_ids: what a pushed bundle gives at once, beside which one chooses",
    ),
    Column("published_at", DateTime(timezone=True), nullable=False),
    Column("published_by", Text, nullable=False),
    ForeignKeyConstraint(["tenant_id", "bundle_id"], ["catalogue.bundle.tenant_id", "catalogue.bundle.id"]),
    CheckConstraint(
        "choose BETWEEN 1 AND cardinality(sku_ids) OR split IS NOT NULL AND choose = 0 AND cardinality(sku_ids) = 0",
        name="can_be_chosen",
    ),
    app=APP_APPEND,
    comment="Published bundles: choose so many of these SKUs",
)
