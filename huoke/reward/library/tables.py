"""Tables of the library: listings by number, imports of catalogues, and what each import differs in."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from huoke.kernel.schema import module_table, position_columns

IMPORT_STATES = (
    "queued",
    "reading",
    "ready",
    "applying",
    "done",
    "refused",
    "cancelled",
    "undoing",
    "undone",
)
AT_WORK = "state IN ('queued', 'reading', 'ready', 'applying', 'undoing')"


def _offered() -> tuple[Column[Any], ...]:
    """What a line of a catalogue says."""
    return (
        Column("code", Text(collation="C"), nullable=False, comment="The supplier's own"),
        Column("name", Text, nullable=False),
        Column("name_en", Text, nullable=False),
        Column("brand", Text, nullable=False),
        Column("item", Text, nullable=False),
        Column("category", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("face_value_fen", BigInteger, nullable=False),
        Column("cost_fen", BigInteger, nullable=False),
        Column("regions", ARRAY(Text), nullable=False),
        Column("valid_days", Integer),
        Column("valid_until", Date),
        Column("stock", BigInteger, nullable=False, comment="-1 where nobody counts it"),
        Column("words", Text, nullable=False, comment="Names as they are written, lower case"),
        Column("sounds", Text, nullable=False, comment="Names in pinyin"),
        Column("initials", Text, nullable=False, comment="First letters of the pinyin"),
        Column("digest", LargeBinary, nullable=False, comment="Of the line it was last written from"),
    )


numbering = module_table(
    "library",
    "numbering",
    Column("next", Integer, nullable=False, comment="The number the next listing gets"),
    comment="One row per bank",
)

listing = module_table(
    "library",
    "listing",
    Column("number", Integer, primary_key=True, autoincrement=False, comment="Dense within the bank, never reused"),
    Column("supplier_id", Uuid, comment="Null for a SKU of the bank's own"),
    *_offered(),
    Column("status", Text, nullable=False),
    Column("sku_id", Uuid, comment="The SKU of the catalogue it was taken into"),
    Column("priority", SmallInteger, nullable=False, server_default=text("0")),
    Column("popularity", BigInteger, nullable=False, server_default=text("0")),
    Column("import_id", Uuid, comment="The import that wrote it last"),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    *position_columns(),
    UniqueConstraint("tenant_id", "supplier_id", "code", postgresql_nulls_not_distinct=True),
    ForeignKeyConstraint(["tenant_id", "supplier_id"], ["supply.supplier.tenant_id", "supply.supplier.id"]),
    CheckConstraint("status IN ('listed', 'gone')", name="status_known"),
    CheckConstraint("face_value_fen >= 0 AND cost_fen >= 0 AND stock >= -1", name="amounts_fit"),
    Index("ix_listing_feed", "xid", "ordinal"),
    Index("ix_listing_sku", "tenant_id", "sku_id", postgresql_where=text("sku_id IS NOT NULL")),
    feed=True,
    comment="What suppliers offer and what the bank has of its own, by number",
)

catalogue_import = module_table(
    "library",
    "import",
    Column("id", Uuid, primary_key=True),
    Column("supplier_id", Uuid, nullable=False),
    Column("file_id", Uuid, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("whole", Boolean, nullable=False, comment="What the file does not name is gone"),
    Column("bounds", JSONB, nullable=False, comment="How far prices and the catalogue may move by themselves"),
    Column("state", Text, nullable=False),
    Column("run", Uuid, comment="Who reads it: another begun later reads alone"),
    Column("counts", JSONB, nullable=False, server_default=text("'{}'")),
    Column("causes", JSONB, nullable=False, server_default=text("'[]'"), comment="Refused lines by cause"),
    Column("rejects_file_id", Uuid, comment="Refused lines, each with its cause and mend"),
    Column("refusal", Text, nullable=False, server_default=text("''"), comment="Why the whole file was refused"),
    Column("held_reason", Text, nullable=False, server_default=text("''"), comment="Why held lines were let go"),
    Column("price_state", Text, nullable=False, server_default=text("'none'")),
    Column("change_id", Uuid, comment="The approval of its prices"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", Text, nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    ForeignKeyConstraint(["tenant_id", "supplier_id"], ["supply.supplier.tenant_id", "supply.supplier.id"]),
    CheckConstraint(f"state IN ({', '.join(repr(state) for state in IMPORT_STATES)})", name="state_known"),
    CheckConstraint(
        "price_state IN ('none', 'open', 'submitted', 'approved', 'applied', 'refused')", name="price_state_known"
    ),
    Index("uq_import_at_work", "tenant_id", "supplier_id", unique=True, postgresql_where=text(AT_WORK)),
    Index("ix_import_created", "tenant_id", "created_at", "id"),
    comment="Catalogues of suppliers: how far each is, and what it brings",
)

difference = module_table(
    "library",
    "difference",
    Column("import_id", Uuid, primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False, comment="Of the file; below 0 for what is gone"),
    Column("change", Text, nullable=False),
    Column("number", Integer, comment="Of the listing; null until a new one has its own"),
    *_offered(),
    Column("cost_before_fen", BigInteger, comment="Where the price changes"),
    Column("held", Boolean, nullable=False, comment="Beyond the bounds: waits for somebody to let it go"),
    Column("applied", Boolean, nullable=False, server_default=text("false")),
    Column("former", JSONB, comment="The listing as it was"),
    ForeignKeyConstraint(["tenant_id", "import_id"], ["library.import.tenant_id", "library.import.id"]),
    CheckConstraint("change IN ('new', 'changed', 'gone')", name="change_known"),
    comment="What an import would change and, once applied, what it changed",
)
