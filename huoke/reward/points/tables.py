"""Tables of points: types, earn rules and what they gave, corrections and freezes by two people, closed days."""

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

type_ = module_table(
    "points",
    "type",
    Column("code", Text(collation="C"), primary_key=True, comment="The ledger's currency"),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("unit_cost_fen", BigInteger, nullable=False, comment="What 1,000 points cost"),
    Column("funder", Uuid, comment="The budget that pays; none is the bank as a whole"),
    Column("expiry", JSONB, nullable=False),
    Column("pending_days", Integer, nullable=False),
    Column("debt", Boolean, nullable=False, comment="Whether spent points that are clawed back are owed"),
    Column("transferable", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("state IN ('open', 'closed')", name="state_known"),
    CheckConstraint("unit_cost_fen >= 0 AND pending_days >= 0", name="not_negative"),
    comment="Kinds of points a bank has",
)

type_request = request_table(
    "points",
    "type_request",
    Column("code", Text, nullable=False),
    Column("body", JSONB, nullable=False, comment="the type as it is wanted"),
    ends=_ENDS,
    open_index="uq_type_request_open",
    open_per="code",
    comment="Types of points: asked for by one person, decided by another",
)

rule = module_table(
    "points",
    "rule",
    Column("id", Uuid, primary_key=True),
    Column("body", JSONB, nullable=False, comment="the rule as it was approved"),
    Column("state", Text, nullable=False),
    Column("given", BigInteger, nullable=False, server_default=text("0"), comment="points so far, of its budget"),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("state IN ('live', 'ended')", name="state_known"),
    CheckConstraint("given >= 0", name="given_not_negative"),
    comment="Earn rules: what customers do that gives them points",
)

rule_request = request_table(
    "points",
    "rule_request",
    Column("rule_id", Uuid, nullable=False),
    Column("body", JSONB, nullable=False, comment="the rule as it is wanted"),
    ends=_ENDS,
    open_index="uq_rule_request_open",
    open_per="rule_id",
    comment="Earn rules: asked for by one person, decided by another",
)

earning = module_table(
    "points",
    "earning",
    Column("rule_id", Uuid, primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    Column("id", Uuid, nullable=False, comment="The source of its credit"),
    Column("seq", Integer, nullable=False),
    Column("points", BigInteger, nullable=False),
    Column("clawed", BigInteger, nullable=False, server_default=text("0")),
    Column("reversed_fen", BigInteger, nullable=False, server_default=text("0")),
    Column("amount_fen", BigInteger, nullable=False),
    Column("key", Text, comment="What a confirming or reversing event names it by"),
    Column("state", Text, nullable=False),
    Column("happened_at", DateTime(timezone=True), nullable=False),
    Column("earned_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), comment="When it becomes active by itself"),
    Column("ended_at", DateTime(timezone=True)),
    CheckConstraint("state IN ('pending', 'active', 'cancelled')", name="state_known"),
    CheckConstraint("points > 0 AND clawed >= 0 AND clawed <= points", name="clawed_within_points"),
    Index("ix_earning_due_at", "tenant_id", "due_at", postgresql_where=text("state = 'pending'")),
    Index("ix_earning_key", "tenant_id", "seq", "key", postgresql_where=text("key IS NOT NULL")),
    Index("ix_earning_seq", "tenant_id", "seq", "earned_at"),
    comment="What an event gave under a rule, once",
)

arrival = module_table(
    "points",
    "arrival",
    Column("id", Uuid, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, comment="When the events were recorded"),
    Column("events", Integer, nullable=False),
    Index("ix_arrival_at", "tenant_id", "at", "id"),
    comment="Events that wait for the earn rules, by when they were recorded",
)

reversal = module_table(
    "points",
    "reversal",
    Column("rule_id", Uuid, primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    app="SELECT, INSERT",
    comment="Events that confirmed or reversed what a rule gave: each counts once",
)

earned = module_table(
    "points",
    "earned",
    Column("rule_id", Uuid, primary_key=True),
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("span", Text, primary_key=True),
    Column("since", Date, primary_key=True),
    Column("points", BigInteger, nullable=False),
    CheckConstraint("span IN ('day', 'month', 'rule')", name="span_known"),
    comment="What a natural person got of a rule in a span of time, for its caps (rule R1)",
)

adjustment = request_table(
    "points",
    "adjustment",
    Column("body", JSONB, nullable=False, comment="whose points, how many more or less"),
    ends=_DONE,
    open_index="ix_adjustment_open",
    open_per="id",
    comment="Corrections by hand: asked for by one person, decided by another",
)

freeze = request_table(
    "points",
    "freeze",
    Column("seq", Integer, nullable=False),
    Column("body", JSONB, nullable=False, comment="which account, frozen or free"),
    ends=_DONE,
    open_index="uq_freeze_open",
    open_per="seq",
    comment="Freezing accounts: asked for by one person, decided by another",
)

gift = module_table(
    "points",
    "gift",
    Column("id", Uuid, primary_key=True, comment="The source of its transfers"),
    Column("request_no", Text, nullable=False),
    Column("giver", Integer, nullable=False),
    Column("taker", Integer, nullable=False),
    Column("currency", Text(collation="C"), nullable=False),
    Column("points", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("given_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    CheckConstraint("state IN ('given', 'taken_back')", name="state_known"),
    CheckConstraint("points > 0 AND giver <> taker", name="given_to_another"),
    UniqueConstraint("tenant_id", "giver", "request_no"),
    Index("ix_gift_given", "tenant_id", "giver", "given_at"),
    Index("ix_gift_taken", "tenant_id", "taker", "given_at"),
    comment="Points customers gave each other",
)

look = module_table(
    "points",
    "look",
    Column("person", Integer, primary_key=True, autoincrement=False, comment="The natural person who tries it"),
    Column("day", Date, primary_key=True),
    Column("number", LargeBinary, primary_key=True, comment="A phone number's blind index"),
    comment="Numbers customers tried as receivers of a gift, for a day: only so many",
)

closing = module_table(
    "points",
    "closing",
    Column("day", Date, primary_key=True),
    Column("currency", Text(collation="C"), primary_key=True),
    Column("opening", BigInteger, nullable=False),
    Column("moved", JSONB, nullable=False, comment="points by kind of movement, signed"),
    Column("closing", BigInteger, nullable=False),
    Column("difference", BigInteger, nullable=False),
    Column("closed_at", DateTime(timezone=True), nullable=False),
    comment="Days that were closed: what a type began with, what moved, what it ended with",
)
