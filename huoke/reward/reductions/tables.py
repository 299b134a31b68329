"""Tables of reductions: which benefit is taken off which payment, what went back of it, how many a day."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, DateTime, Index, Integer, Text, Uuid, text

from huoke.kernel.schema import APP_APPEND, module_table

use = module_table(
    "reductions",
    "use",
    Column("id", Uuid, primary_key=True),
    Column("payment_id", Uuid, nullable=False),
    Column("grant_id", Uuid, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("person", Integer, nullable=False),
    Column("sku_id", Uuid, nullable=False),
    Column("sku_version", Integer, nullable=False),
    Column("price_fen", BigInteger, nullable=False, comment="Of what is paid for"),
    Column("bank_fen", BigInteger, nullable=False, comment="What the bank bears"),
    Column("merchant_fen", BigInteger, nullable=False),
    Column("brand_fen", BigInteger, nullable=False),
    Column("bank_back_fen", BigInteger, nullable=False, server_default=text("0"), comment="Of it, what went back"),
    Column("merchant_back_fen", BigInteger, nullable=False, server_default=text("0")),
    Column("brand_back_fen", BigInteger, nullable=False, server_default=text("0")),
    Column("brand_payer_id", Uuid, comment="The supplier who bears the brand's share"),
    Column("merchant_id", Uuid, comment="Whose store it is; null in the bank's own mall"),
    Column("store_id", Uuid),
    Column("unit_id", Integer),
    Column("state", Text, nullable=False),
    Column("held_on", Date, nullable=False, comment="The day it counts on"),
    Column("held_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
    Column("freed_at", DateTime(timezone=True)),
    CheckConstraint("state IN ('held', 'used', 'freed')", name="state_known"),
    CheckConstraint(
        "bank_fen >= 0 AND merchant_fen >= 0 AND brand_fen >= 0 AND bank_fen + merchant_fen + brand_fen > 0"
        " AND bank_fen + merchant_fen + brand_fen < price_fen",
        name="shares_fit",
    ),
    CheckConstraint(
        "bank_back_fen BETWEEN 0 AND bank_fen AND merchant_back_fen BETWEEN 0 AND merchant_fen"
        " AND brand_back_fen BETWEEN 0 AND brand_fen",
        name="back_within_shares",
    ),
    Index("uq_use_payment", "tenant_id", "payment_id", unique=True),
    Index("uq_use_live", "tenant_id", "grant_id", unique=True, postgresql_where=text("state <> 'freed'")),
    Index("ix_use_person", "tenant_id", "sku_id", "person", "held_on"),
    Index("ix_use_seq", "tenant_id", "seq"),
    comment="Benefits taken off payments: one for a payment, a benefit for one payment at a time",
)

back = module_table(
    "reductions",
    "back",
    Column("refund_id", Uuid, primary_key=True),
    Column("use_id", Uuid, nullable=False),
    Column("bank_fen", BigInteger, nullable=False),
    Column("merchant_fen", BigInteger, nullable=False),
    Column("brand_fen", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_back_use", "tenant_id", "use_id"),
    app=APP_APPEND,
    comment="What of a reduction went back with a part of its payment, and to whom",
)

day_limit = module_table(
    "reductions",
    "day_limit",
    Column("sku_id", Uuid, primary_key=True),
    Column("held_on", Date, primary_key=True),
    Column("taken", Integer, nullable=False),
    Column("allowed", Integer, nullable=False),
    CheckConstraint("taken BETWEEN 0 AND allowed", name="taken_within_limit"),
    comment="How many of a reduction the bank takes off on a day, of those that are limited",
)
