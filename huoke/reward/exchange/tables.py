"""Tables of exchange: rate cards and partners by two people, exchanges, liquidity, differences with partners."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from huoke.govern.requests import RequestState, request_table
from huoke.kernel.schema import module_table

_ENDS = (RequestState.IN_FORCE, RequestState.REFUSED, RequestState.WITHDRAWN)
_DONE = (RequestState.DONE, RequestState.REFUSED, RequestState.WITHDRAWN)
_ON_THE_WAY = text("state IN ('asked', 'sent', 'unknown', 'reversing')")

card = module_table(
    "exchange",
    "card",
    Column("id", Uuid, primary_key=True),
    Column("body", JSONB, nullable=False, comment="the card as it was approved"),
    Column("state", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("state IN ('live', 'ended')", name="state_known"),
    comment="Rate cards: what may be exchanged for what",
)

card_request = request_table(
    "exchange",
    "card_request",
    Column("card_id", Uuid, nullable=False),
    Column("body", JSONB, nullable=False, comment="the card as it is wanted"),
    ends=_ENDS,
    open_index="uq_card_request_open",
    open_per="card_id",
    comment="Rate cards: asked for by one person, decided by another",
)

funding = request_table(
    "exchange",
    "funding",
    Column("body", JSONB, nullable=False, comment="what is set aside, or taken out again"),
    ends=_DONE,
    open_index="ix_funding_open",
    open_per="id",
    comment="Liquidity: asked for by one person, decided by another",
)

connection = request_table(
    "exchange",
    "connection",
    Column("code", Text(collation="C"), nullable=False),
    Column("body", JSONB, nullable=False, comment="the partner as it is wanted, without its key"),
    Column("key", LargeBinary, comment="Sealed under the bank's own; null keeps the one there is"),
    ends=_DONE,
    open_index="uq_connection_open",
    open_per="code",
    comment="How partners are reached: asked for by one person, decided by another",
)

release = request_table(
    "exchange",
    "release",
    Column("trade_id", Uuid, nullable=False),
    Column("body", JSONB, nullable=False, comment="which exchange, and the partner's word"),
    ends=_DONE,
    open_index="uq_release_open",
    open_per="trade_id",
    comment="Exchanges a partner never answered, let go of: asked for by one person, decided by another",
)

partner = module_table(
    "exchange",
    "partner",
    Column("code", Text(collation="C"), primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("unit", Text(collation="C"), nullable=False, comment="The code of what the partner's members hold"),
    Column("unit_name", Text, nullable=False),
    Column("unit_name_en", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("key", LargeBinary, nullable=False, comment="Sealed under the bank's own"),
    Column("timeout_seconds", Integer, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("carried_until", DateTime(timezone=True), comment="A worker carries its exchanges until then"),
    Column("filed_on", Date, comment="The last day whose file was taken"),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    comment="Partners whose points are exchanged, and how they are reached",
)

member = module_table(
    "exchange",
    "member",
    Column("partner", Text(collation="C"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("number", LargeBinary, nullable=False, comment="The member's number at the partner, sealed"),
    Column("blind", LargeBinary, nullable=False, comment="Its blind index"),
    Column("linked_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("tenant_id", "partner", "blind"),
    comment="Customers as members of partners",
)

trade = module_table(
    "exchange",
    "trade",
    Column("id", Uuid, primary_key=True),
    Column("card_id", Uuid, nullable=False),
    Column("direction", Text, nullable=False),
    Column("partner", Text(collation="C"), nullable=False),
    Column("number", Text(collation="C"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("source", Text(collation="C"), nullable=False),
    Column("target", Text(collation="C"), nullable=False),
    Column("points", BigInteger, nullable=False),
    Column("fee", BigInteger, nullable=False),
    Column("gained", BigInteger, nullable=False),
    Column("takes", BigInteger, nullable=False),
    Column("gives", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("code", Text, nullable=False, server_default=text("''")),
    Column("reason", Text, nullable=False, server_default=text("''")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("due_at", DateTime(timezone=True)),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("undo_until", DateTime(timezone=True)),
    CheckConstraint("direction IN ('own', 'out', 'in')", name="direction_known"),
    CheckConstraint(
        "state IN ('asked', 'sent', 'unknown', 'done', 'failed', 'reversing', 'borne', 'undone')", name="state_known"
    ),
    CheckConstraint("points > 0 AND fee >= 0 AND fee < points AND gained > 0", name="amounts_fit"),
    UniqueConstraint("tenant_id", "partner", "direction", "number"),
    Index("ix_trade_card", "tenant_id", "card_id", "asked_at"),
    Index("ix_trade_seq", "tenant_id", "seq", "asked_at"),
    Index("ix_trade_due", "tenant_id", "partner", "due_at", postgresql_where=_ON_THE_WAY),
    comment="Exchanges of points",
)

difference = module_table(
    "exchange",
    "difference",
    Column("id", Uuid, primary_key=True),
    Column("partner", Text(collation="C"), nullable=False),
    Column("day", Date, nullable=False),
    Column("number", Text(collation="C"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("ours", BigInteger, nullable=False, comment="Units as we have them"),
    Column("theirs", BigInteger, nullable=False, comment="Units as the partner has them"),
    Column("found_at", DateTime(timezone=True), nullable=False),
    Column("settled_at", DateTime(timezone=True)),
    Column("settled_by", Text),
    Column("note", Text, nullable=False, server_default=text("''")),
    CheckConstraint("kind IN ('amount', 'missing_here', 'missing_there', 'state', 'late')", name="kind_known"),
    UniqueConstraint("tenant_id", "partner", "number", "kind"),
    comment="What a partner's books say otherwise than ours",
)
