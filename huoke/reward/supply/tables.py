"""Tables of supply: suppliers, how each is reached, and the alarms that stand."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
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

connection = module_table(
    "supply",
    "connection",
    Column("supplier_id", Uuid, primary_key=True),
    Column("adapter", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("key", LargeBinary, nullable=False, comment="C3, under the bank's key, bound to this row; never shown."),
    Column("callback_address", Text, nullable=False),
    Column("timeout_seconds", Integer, nullable=False),
    Column("per_second_max", Integer, nullable=False),
    Column("at_once_max", Integer, nullable=False),
    Column("prepaid", Boolean, nullable=False, comment="Paid ahead: an order goes out only where the money covers it."),
    Column("prepayment_alarm_fen", BigInteger, nullable=False),
    Column("stock_alarm", BigInteger, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(["tenant_id", "supplier_id"], ["supply.supplier.tenant_id", "supply.supplier.id"]),
    CheckConstraint("timeout_seconds > 0 AND per_second_max > 0 AND at_once_max > 0", name="pace_fits"),
    comment="How a supplier that takes orders is reached",
)

alarm = module_table(
    "supply",
    "alarm",
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False, comment="What it is about, within its kind"),
    Column("supplier_id", Uuid),
    Column("title", Text, nullable=False),
    Column("value", BigInteger, nullable=False),
    Column("threshold", BigInteger, nullable=False),
    Column("raised_at", DateTime(timezone=True), nullable=False),
    Column("cleared_at", DateTime(timezone=True)),
    CheckConstraint(
        "kind IN ('low_prepayment', 'low_stock', 'no_answer', 'old_unknown', 'low_outlet', 'differences')",
        name="kind_known",
    ),
    Index(
        "uq_alarm_standing",
        "tenant_id",
        "kind",
        "subject",
        unique=True,
        postgresql_where=text("cleared_at IS NULL"),
    ),
    comment="What ran low or stopped answering; one row from when it began until it was over",
)
