"""Tables of invoices: lines with their kind of tax, and the input invoices behind them."""

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
    Text,
    UniqueConstraint,
    Uuid,
)

from huoke.kernel.schema import module_table

invoice = module_table(
    "invoices",
    "invoice",
    Column("id", Uuid, primary_key=True),
    Column("code", Text(collation="C"), nullable=False, comment="empty for a digital invoice"),
    Column("number", Text(collation="C"), nullable=False),
    Column("supplier_id", Uuid, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("amount_fen", BigInteger, nullable=False, comment="with tax"),
    Column("rate_ppm", Integer, nullable=False),
    Column("tax_fen", BigInteger, nullable=False),
    Column("received_by", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("reversed_by", Text),
    Column("reversed_at", DateTime(timezone=True)),
    Column("reason", Text, nullable=False, server_default=""),
    UniqueConstraint("tenant_id", "code", "number"),
    CheckConstraint(
        "2 * abs(tax_fen * (1000000 + rate_ppm) - amount_fen * rate_ppm) <= 1000000 + rate_ppm", name="tax_fits"
    ),
    app="SELECT, INSERT, UPDATE (reversed_by, reversed_at, reason)",
    comment="Input invoices (rule V1); what one says never changes, and a number counts once",
)

line = module_table(
    "invoices",
    "line",
    Column("statement_id", Uuid, primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("slot", Text(collation="C"), primary_key=True),
    Column("number", Text(collation="C"), nullable=False, comment="of the statement"),
    Column("supplier_id", Uuid, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("title", Text, nullable=False),
    Column("campaign", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("vat_kind", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("why", Text, nullable=False, server_default=""),
    Column("made_by", Text, nullable=False, comment="who made the statement"),
    Column("kind_by", Text, comment="who changed the kind"),
    Column("state", Text, nullable=False),
    Column("closed", Boolean, nullable=False, server_default="false", comment="its statement was reversed"),
    Column("invoice_id", Uuid),
    Column("requested_by", Text),
    Column("requested_at", DateTime(timezone=True)),
    ForeignKeyConstraint(["tenant_id", "invoice_id"], ["invoices.invoice.tenant_id", "invoices.invoice.id"]),
    CheckConstraint("vat_kind IN ('deemed_sale', 'prepaid_sale', 'service', 'none')", name="kind_known"),
    CheckConstraint("state IN ('open', 'requested', 'received', 'reversed', 'none')", name="state_known"),
    CheckConstraint(
        "CASE vat_kind WHEN 'prepaid_sale' THEN slot IN ('purchase', 'use') WHEN 'none' THEN slot = 'none'"
        " ELSE slot = 'sale' END",
        name="slot_fits",
    ),
    CheckConstraint("(slot = 'none') = (state = 'none')", name="none_is_due"),
    CheckConstraint("state <> 'received' OR invoice_id IS NOT NULL", name="received_has_invoice"),
    CheckConstraint("kind_by <> made_by", name="maker_is_not_changer"),
    Index("ix_line_until", "tenant_id", "until_on", "statement_id", "place", "slot"),
    Index("ix_line_invoice", "tenant_id", "invoice_id"),
    comment="Lines of confirmed statements: how each is taxed, and its place for an invoice (rules V1, V2)",
)
