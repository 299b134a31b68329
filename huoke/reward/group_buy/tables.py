"""Tables of group buys: what is bought together, the groups, and who sits in them."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from huoke.kernel.schema import module_table

programme = module_table(
    "group_buy",
    "programme",
    Column("id", Uuid, primary_key=True),
    Column("unit_id", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("terms", JSONB, nullable=False, comment="as it was asked for; nothing in it changes"),
    Column("offer_id", Uuid),
    Column("pool_id", Uuid, comment="units that no seat keeps"),
    Column("seat_pool_id", Uuid, comment="units that seats keep until they are delivered"),
    Column("budget_id", Uuid, comment="money set aside for it"),
    Column("change_id", Uuid),
    Column("created_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("state IN ('submitted', 'live', 'stopped', 'refused')", name="state_known"),
    Index("uq_programme_offer", "tenant_id", "offer_id", unique=True),
    comment="Group buys: one benefit, a price for each of so many",
)

party = module_table(
    "group_buy",
    "party",
    Column("id", Uuid, primary_key=True),
    Column("programme_id", Uuid, nullable=False),
    Column("code", Text(collation="C"), nullable=False, comment="how friends find it"),
    Column("state", Text, nullable=False),
    Column("size", SmallInteger, nullable=False),
    Column("opened_by", Integer, nullable=False, comment="the customer who opened it"),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("reason", Text, nullable=False, server_default="", comment="why it was stopped"),
    ForeignKeyConstraint(["tenant_id", "programme_id"], ["group_buy.programme.tenant_id", "group_buy.programme.id"]),
    UniqueConstraint("tenant_id", "code"),
    CheckConstraint("state IN ('open', 'full', 'complete', 'expired', 'stopped', 'refunded')", name="state_known"),
    CheckConstraint("(state IN ('open', 'full')) = (ended_at IS NULL)", name="open_has_no_end"),
    Index("ix_party_open", "tenant_id", "expires_at", postgresql_where=text("state IN ('open', 'full')")),
    Index("ix_party_programme", "tenant_id", "programme_id", "opened_at", "id"),
    comment="Groups of a group buy: complete when every seat is paid",
)

seat = module_table(
    "group_buy",
    "seat",
    Column("id", Uuid, primary_key=True),
    Column("party_id", Uuid, nullable=False),
    Column("programme_id", Uuid, nullable=False),
    Column("seq", Integer, nullable=False, comment="the customer, signed in, who took it"),
    Column("person", Integer, nullable=False, comment="their natural person (rule R1)"),
    Column("unit_id", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("request_no", Text, nullable=False),
    Column("points", BigInteger, nullable=False),
    Column("cash_fen", BigInteger, nullable=False),
    Column("payment_id", Uuid),
    Column("grant_id", Uuid),
    Column("reserved_at", DateTime(timezone=True), nullable=False),
    Column("pay_by", DateTime(timezone=True), nullable=False),
    Column("paid_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    ForeignKeyConstraint(["tenant_id", "party_id"], ["group_buy.party.tenant_id", "group_buy.party.id"]),
    UniqueConstraint("tenant_id", "seq", "request_no"),
    CheckConstraint(
        "state IN ('reserved', 'paid', 'delivered', 'released', 'refunding', 'refunded')", name="state_known"
    ),
    CheckConstraint("points >= 0 AND cash_fen >= 0 AND points + cash_fen > 0", name="costs_something"),
    CheckConstraint("(cash_fen > 0) = (payment_id IS NOT NULL)", name="cash_has_a_payment"),
    CheckConstraint("state <> 'delivered' OR grant_id IS NOT NULL", name="delivered_is_granted"),
    Index(
        "uq_seat_person", "tenant_id", "party_id", "person", unique=True,
        postgresql_where=text("state IN ('reserved', 'paid', 'delivered')"),
    ),
    Index("ix_seat_person", "tenant_id", "programme_id", "person"),
    Index("ix_seat_seq", "tenant_id", "seq", "reserved_at"),
    Index("uq_seat_grant", "tenant_id", "grant_id", unique=True),
    comment="Seats: reserved before they are paid, a natural person once in a group",
)  # fmt: skip
