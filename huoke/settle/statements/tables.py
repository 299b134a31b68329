"""Tables of statements: what a supplier is owed for a period, line by line."""

from sqlalchemy import (
    BigInteger,
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

from huoke.kernel.schema import APP_APPEND, module_table

statement = module_table(
    "statements",
    "statement",
    Column("id", Uuid, primary_key=True),
    Column("number", Text(collation="C"), nullable=False),
    Column("supplier_id", Uuid, nullable=False),
    Column("since_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("since_at", DateTime(timezone=True), nullable=False),
    Column("until_at", DateTime(timezone=True), nullable=False, comment="the end of what it covers, not included"),
    Column("state", Text, nullable=False),
    Column("quantity", BigInteger, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("prepaid_fen", BigInteger, nullable=False, server_default="0", comment="drawn from the prepayment in it"),
    Column("created_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("confirmed_by", Text),
    Column("confirmed_at", DateTime(timezone=True)),
    Column("reversed_by", Text),
    Column("reversed_at", DateTime(timezone=True)),
    Column("reason", Text, nullable=False, server_default=""),
    UniqueConstraint("tenant_id", "number"),
    CheckConstraint("state IN ('draft', 'confirmed', 'reversed')", name="state_known"),
    CheckConstraint("since_at < until_at AND since_on <= until_on", name="period_forward"),
    CheckConstraint("created_by <> confirmed_by", name="maker_is_not_checker"),
    Index(
        "uq_statement_period",
        "tenant_id",
        "supplier_id",
        "since_at",
        unique=True,
        postgresql_where="state <> 'reversed'",
    ),
    Index("ix_statement_created_at", "tenant_id", "created_at", "id"),
    app="SELECT, INSERT, UPDATE (state, confirmed_by, confirmed_at, reversed_by, reversed_at, reason)",
    comment="Statements per supplier and period; what they say never changes, only their state",
)

line = module_table(
    "statements",
    "line",
    Column("statement_id", Uuid, primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("sku_id", Uuid, nullable=False),
    Column("title", Text, nullable=False),
    Column("source_id", Uuid, nullable=False, comment="the campaign"),
    Column("campaign", Text, nullable=False, comment="its name when the statement was made"),
    Column("redeemed", Integer, nullable=False),
    Column("undone", Integer, nullable=False),
    Column("quantity", Integer, nullable=False, comment="redeemed less undone; may be below zero"),
    Column("unit_cost_fen", BigInteger, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    ForeignKeyConstraint(["tenant_id", "statement_id"], ["statements.statement.tenant_id", "statements.statement.id"]),
    CheckConstraint("quantity = redeemed - undone AND amount_fen = quantity * unit_cost_fen", name="adds_up"),
    app=APP_APPEND,
    comment="Lines of a statement: one per SKU, campaign and unit cost",
)

turn = module_table(
    "statements",
    "turn",
    Column("supplier_id", Uuid, primary_key=True),
    Column("last", Integer, nullable=False),
    comment="Locked while a supplier's statement is made, so that two never cover the same redemption",
)
