"""The table of suppliers."""

from sqlalchemy import CheckConstraint, Column, DateTime, Integer, LargeBinary, Text, UniqueConstraint, Uuid

from huoke.kernel.schema import module_table

supplier = module_table(
    "supply",
    "supplier",
    Column("id", Uuid, primary_key=True),
    Column("code", Text(collation="C"), nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("tax_no", Text, nullable=False),
    Column("settlement_days", Integer, nullable=False),
    Column("contact_name", LargeBinary, comment="C2, under the bank's key, bound to this row."),
    Column("contact_phone", LargeBinary, comment="C2, under the bank's key, bound to this row."),
    Column("status", Text, nullable=False),
    Column("search", Text(collation="C"), nullable=False, comment="Lower-cased code and names."),
    Column("added_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("tenant_id", "code"),
    CheckConstraint("status IN ('active', 'retired')", name="status_known"),
    CheckConstraint("settlement_days BETWEEN 0 AND 365", name="settlement_days_fit"),
    comment="Who delivers benefits and is paid for them",
)
