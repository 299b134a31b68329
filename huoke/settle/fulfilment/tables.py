"""Tables of fulfilment: orders at suppliers, what became of each, what was said on the wire, money paid ahead."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from huoke.kernel.schema import APP_APPEND, module_table, position_columns

supplier_order = module_table(
    "fulfilment",
    "supplier_order",
    Column("id", Uuid, primary_key=True),
    Column("grant_id", Uuid, nullable=False),
    Column("number", Text(collation="C"), nullable=False, comment="Ours, for good: a repeated call is the same order."),
    Column("supplier_id", Uuid, nullable=False),
    Column("sku_id", Uuid, nullable=False),
    Column("sku_code", Text(collation="C"), nullable=False),
    Column("title", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("amount_fen", BigInteger, nullable=False, comment="What the supplier is to charge."),
    Column("state", Text, nullable=False),
    Column("steps", SmallInteger, nullable=False),
    Column("ordered_on", Date, comment="Business day of the first call; both day files count it there."),
    Column("supplier_no", Text, nullable=False, server_default=""),
    Column("code", Text, nullable=False, server_default=""),
    Column("reason", Text, nullable=False, server_default=""),
    Column("proof", JSONB, nullable=False, server_default="{}"),
    Column("drawn_fen", BigInteger, nullable=False, server_default=text("0"), comment="Of the prepayment, now."),
    Column("draws", SmallInteger, nullable=False, server_default=text("0")),
    Column("attempts", Integer, nullable=False, server_default=text("0"), comment="Calls since the last step."),
    Column("due_at", DateTime(timezone=True), comment="When it is looked at next; null once it has ended."),
    Column("cancel_asked_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("turn", SmallInteger, nullable=False, server_default=text("1"), comment="The grant's n-th order"),
    Column("next_id", Uuid, comment="The order at another supplier that took its place"),
    UniqueConstraint("tenant_id", "grant_id", "turn"),
    UniqueConstraint("tenant_id", "number"),
    CheckConstraint(
        "state IN ('created', 'sent', 'accepted', 'unknown', 'success', 'failed', 'refunded')", name="state_known"
    ),
    CheckConstraint("kind IN ('topup', 'physical', 'financial')", name="kind_known"),
    CheckConstraint("amount_fen >= 0 AND drawn_fen >= 0", name="not_negative"),
    CheckConstraint("state NOT IN ('success', 'refunded') OR due_at IS NULL", name="ended_is_not_due"),
    CheckConstraint("next_id IS NULL OR state IN ('success', 'failed', 'refunded')", name="replaced_was_refunded"),
    Index("uq_supplier_order_standing", "tenant_id", "grant_id", unique=True, postgresql_where=text("next_id IS NULL")),
    Index("ix_supplier_order_due", "tenant_id", "supplier_id", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    Index("ix_supplier_order_created_at", "tenant_id", "created_at", "id"),
    Index("ix_supplier_order_day", "tenant_id", "supplier_id", "ordered_on"),
    comment="Orders at suppliers; one per grant stands",
)

parcel = module_table(
    "fulfilment",
    "parcel",
    Column("order_id", Uuid, primary_key=True),
    Column("state", Text, primary_key=True),
    Column("at", DateTime(timezone=True), primary_key=True, comment="By the supplier's clock"),
    Column("carrier", Text, nullable=False),
    Column("tracking_no", Text, nullable=False),
    Column("note", Text, nullable=False, comment="For the customer, where something is wrong"),
    Column("heard_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("state IN ('packed', 'sent', 'delivered', 'problem')", name="state_known"),
    app=APP_APPEND,
    comment="Where goods of an order are on their way, word by word; a repeated one is one",
)

step = module_table(
    "fulfilment",
    "step",
    Column("order_id", Uuid, primary_key=True),
    Column("step", SmallInteger, primary_key=True, autoincrement=False),
    Column("supplier_id", Uuid, nullable=False),
    Column("sku_id", Uuid, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("previous", Text),
    Column("state", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    *position_columns(),
    CheckConstraint(
        "cause IN ('grant', 'reroute', 'call', 'answer', 'not_taken', 'silence', 'query', 'callback', 'cancel',"
        " 'day_file', 'staff', 'refund')",
        name="cause_known",
    ),
    Index("ix_step_position", "xid", "ordinal"),
    app=APP_APPEND,
    feed=True,
    comment="Every movement of an order from one state to the next; never changed",
)

exchange = module_table(
    "fulfilment",
    "exchange",
    Column("id", Uuid, primary_key=True),
    Column("supplier_id", Uuid, nullable=False),
    Column("order_id", Uuid),
    Column("operation", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("status", SmallInteger, nullable=False, comment="HTTP status; 0 where there was no answer."),
    Column("milliseconds", Integer, nullable=False),
    Column("request", Text, nullable=False, comment="Personal fields masked."),
    Column("response", Text, nullable=False, comment="Personal fields masked."),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_exchange_order", "tenant_id", "order_id", "at"),
    Index("ix_exchange_supplier", "tenant_id", "supplier_id", "at"),
    app=APP_APPEND,
    comment="What was said on the wire, both ways",
)

nonce = module_table(
    "fulfilment",
    "nonce",
    Column("supplier_id", Uuid, primary_key=True),
    Column("nonce", Text(collation="C"), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_nonce_at", "tenant_id", "at"),
    comment="Callbacks seen within the replay window",
)

health = module_table(
    "fulfilment",
    "health",
    Column("supplier_id", Uuid, primary_key=True),
    Column("breaker", Text, nullable=False, server_default="closed"),
    Column("failures", Integer, nullable=False, server_default=text("0"), comment="In a row."),
    Column("trips", Integer, nullable=False, server_default=text("0"), comment="Openings in a row."),
    Column("probe_at", DateTime(timezone=True), comment="When an open breaker lets one call through."),
    Column("answered_at", DateTime(timezone=True)),
    Column("failed_at", DateTime(timezone=True)),
    Column("error", Text, nullable=False, server_default=""),
    Column("carried_until", DateTime(timezone=True), comment="A job is at this supplier's orders until then."),
    CheckConstraint("breaker IN ('closed', 'open', 'half_open')", name="breaker_known"),
    comment="Whether a supplier answers: its circuit breaker, and whose turn it is",
)

core_file = module_table(
    "fulfilment",
    "core_file",
    Column("supplier_id", Uuid, primary_key=True),
    Column("business_on", Date, primary_key=True),
    Column("lines", Integer, nullable=False),
    Column("hash", Text, nullable=False, comment="SHA-256 of the file as it was taken"),
    Column("sent_at", DateTime(timezone=True), nullable=False),
    app=APP_APPEND,
    comment="Files of financial benefits that core banking took, one a day",
)

prepayment = module_table(
    "fulfilment",
    "prepayment",
    Column("id", Uuid, primary_key=True),
    Column("supplier_id", Uuid, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("reference", Text, nullable=False, comment="The bank's payment number."),
    Column("state", Text, nullable=False),
    Column("change_id", Uuid),
    Column("created_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    CheckConstraint("state IN ('submitted', 'paid', 'refused')", name="state_known"),
    CheckConstraint("amount_fen > 0", name="amount_positive"),
    UniqueConstraint("tenant_id", "supplier_id", "reference"),
    Index("ix_prepayment_created_at", "tenant_id", "created_at", "id"),
    comment="Money paid ahead: asked for by one, decided by another, booked in the ledger",
)

refund = module_table(
    "fulfilment",
    "refund",
    Column("id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False),
    Column("supplier_id", Uuid, nullable=False),
    Column(
        "number", Text(collation="C"), nullable=False, comment="Ours, for good: a repeated call is the same refund."
    ),
    Column("amount_fen", BigInteger, nullable=False, comment="The whole order."),
    Column("reason", Text, nullable=False, comment="Why the bank asks; the supplier is told."),
    Column("state", Text, nullable=False),
    Column("code", Text, nullable=False, server_default=""),
    Column("answer", Text, nullable=False, server_default="", comment="Why the supplier refused."),
    Column("change_id", Uuid),
    Column("attempts", Integer, nullable=False, server_default=text("0"), comment="Calls since the last step."),
    Column("due_at", DateTime(timezone=True), comment="When it is carried on; null before approval and after its end."),
    Column("created_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    UniqueConstraint("tenant_id", "number"),
    CheckConstraint(
        "state IN ('submitted', 'approved', 'sent', 'processing', 'unknown', 'success', 'refused', 'declined')",
        name="state_known",
    ),
    CheckConstraint("amount_fen > 0", name="amount_positive"),
    CheckConstraint("(state IN ('success', 'refused', 'declined')) = (closed_at IS NOT NULL)", name="ended_is_closed"),
    CheckConstraint(
        "(state IN ('approved', 'sent', 'processing', 'unknown')) = (due_at IS NOT NULL)", name="asked_is_due"
    ),
    Index(
        "uq_refund_standing",
        "tenant_id",
        "order_id",
        unique=True,
        postgresql_where=text("state NOT IN ('refused', 'declined')"),
    ),
    Index("ix_refund_order", "tenant_id", "order_id", "created_at"),
    Index("ix_refund_due", "tenant_id", "supplier_id", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    comment="Prices of delivered orders asked back: by one person, decided by another, answered by the supplier",
)
