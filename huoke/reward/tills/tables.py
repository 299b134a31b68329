"""Tables of tills: sales in stores, and every movement of what their merchants are owed."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, DateTime, Index, Integer, Text, Uuid, text

from huoke.kernel.schema import APP_APPEND, module_table

sale = module_table(
    "tills",
    "sale",
    Column("id", Uuid, primary_key=True),
    Column("request_no", Text(collation="C"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("store_id", Uuid, nullable=False),
    Column("merchant_id", Uuid, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("price_fen", BigInteger, nullable=False),
    Column("reduction_fen", BigInteger, nullable=False),
    Column("own_fen", BigInteger, nullable=False, comment="Of the reduction, what the merchant bears"),
    Column("back_fen", BigInteger, nullable=False, server_default=text("0"), comment="Of the price, what went back"),
    Column("payment_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("rung_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    CheckConstraint("state IN ('open', 'paid', 'closed')", name="state_known"),
    CheckConstraint("0 <= own_fen AND own_fen <= reduction_fen AND reduction_fen < price_fen", name="price_fits"),
    CheckConstraint("back_fen BETWEEN 0 AND price_fen", name="back_within_price"),
    Index("uq_sale_request", "tenant_id", "seq", "request_no", unique=True),
    Index("ix_sale_store", "tenant_id", "store_id", "rung_at", "id"),
    Index("ix_sale_rung_at", "tenant_id", "rung_at", "id"),
    comment="What customers pay in merchants' stores through the bank's cashier",
)

movement = module_table(
    "tills",
    "movement",
    Column("id", Uuid, primary_key=True, comment="The sale that was paid, or the refund of a part of it"),
    Column("sale_id", Uuid, nullable=False),
    Column("merchant_id", Uuid, nullable=False),
    Column("store_id", Uuid, nullable=False),
    Column("is_back", Integer, nullable=False, comment="1 where it went back, 0 where it was paid"),
    Column("price_fen", BigInteger, nullable=False, comment="Below zero where it went back"),
    Column("reduction_fen", BigInteger, nullable=False),
    Column("own_fen", BigInteger, nullable=False),
    Column("on_day", Date, nullable=False, comment="In the bank's time zone"),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_movement_merchant", "tenant_id", "merchant_id", "at"),
    Index("ix_movement_sale", "tenant_id", "sale_id"),
    app=APP_APPEND,
    comment="What merchants are owed for sales, and what went back; each is a transfer of the ledger, never changed",
)
