"""The tables of schema `outlets`; the units themselves stand in the ledger."""

from sqlalchemy import CheckConstraint, Column, DateTime, Index, Integer, Text, Uuid, text

from huoke.kernel.schema import module_table

gift = module_table(
    "outlets",
    "gift",
    Column("unit_id", Integer, primary_key=True, autoincrement=False),
    Column("sku_id", Uuid, primary_key=True),
    Column("low_at", Integer, nullable=False, server_default=text("0")),
    CheckConstraint("low_at >= 0", name="not_negative"),
    comment="Which gifts a unit keeps, and below how many an alarm stands",
)

shipment = module_table(
    "outlets",
    "shipment",
    Column("id", Uuid, primary_key=True),
    Column("sku_id", Uuid, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("signed", Integer, nullable=False, server_default=text("0")),
    Column("state", Text, nullable=False),
    Column("sent_by", Text, nullable=False),
    Column("sent_at", DateTime(timezone=True), nullable=False),
    Column("signed_by", Text),
    Column("signed_at", DateTime(timezone=True)),
    CheckConstraint("state IN ('sent', 'signed')", name="state_known"),
    CheckConstraint("quantity > 0 AND signed BETWEEN 0 AND quantity", name="quantities_fit"),
    Index("ix_shipment_unit", "tenant_id", "unit_id", "sent_at"),
    comment="Gifts sent to units",
)

difference = module_table(
    "outlets",
    "difference",
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("shipment_id", Uuid),
    Column("sku_id", Uuid, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("expected", Integer, nullable=False),
    Column("found", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("noted_by", Text, nullable=False),
    Column("noted_at", DateTime(timezone=True), nullable=False),
    Column("checked_by", Text),
    Column("checked_at", DateTime(timezone=True)),
    CheckConstraint("kind IN ('shipment', 'count')", name="kind_known"),
    CheckConstraint("state IN ('open', 'confirmed', 'rejected')", name="state_known"),
    CheckConstraint("checked_by <> noted_by", name="two_persons"),
    Index("ix_difference_unit", "tenant_id", "unit_id", "noted_at"),
    comment="Gifts missing or over: noted by one, decided by another (rule D5)",
)
