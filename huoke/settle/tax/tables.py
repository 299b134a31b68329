"""Tables of tax: what was withheld on which grant, and the months two people closed and paid."""

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
)
from sqlalchemy.dialects.postgresql import JSONB

from huoke.govern.requests import RequestState, request_table
from huoke.kernel.schema import APP_APPEND, module_table

withholding = module_table(
    "tax",
    "withholding",
    Column("id", Uuid, primary_key=True),
    Column("grant_id", Uuid, nullable=False),
    Column("turn", SmallInteger, nullable=False, comment="0 when it was received, 1 when it was taken back"),
    Column("seq", Integer, nullable=False),
    Column("person", Integer, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("source_kind", Text, nullable=False),
    Column("source_id", Uuid, nullable=False),
    Column("title", Text, nullable=False),
    Column("value_fen", BigInteger, nullable=False),
    Column("rate_ppm", Integer, nullable=False),
    Column("base_fen", BigInteger, nullable=False),
    Column("tax_fen", BigInteger, nullable=False),
    Column("bearer", Text, nullable=False),
    Column("earned_at", DateTime(timezone=True), nullable=False),
    Column("month", Date, nullable=False, comment="in which it is filed"),
    Column("corrects", Date, comment="to which it belongs, where that was closed already"),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("tenant_id", "grant_id", "turn"),
    CheckConstraint("turn IN (0, 1)", name="turn_known"),
    CheckConstraint("bearer IN ('bank', 'customer')", name="bearer_known"),
    CheckConstraint("(turn = 0) = (base_fen >= 0 AND tax_fen >= 0) OR base_fen = 0", name="taken_back_is_negative"),
    Index("ix_withholding_month", "tenant_id", "month", "id"),
    app=APP_APPEND,
    comment="Tax withheld on prizes (rule T2); never changed, taken back by a record of its own",
)

closing = request_table(
    "tax",
    "closing",
    Column("month", Date, nullable=False),
    Column("body", JSONB, nullable=False, comment="the totals that were agreed on"),
    ends=(RequestState.DONE, RequestState.REFUSED, RequestState.WITHDRAWN),
    open_index="uq_closing_open",
    comment="Months that somebody asked to close; those done are filed",
)

remittance = request_table(
    "tax",
    "remittance",
    Column("month", Date, nullable=False),
    Column("body", JSONB, nullable=False, comment="day, number and amount of the payment"),
    ends=(RequestState.DONE, RequestState.REFUSED, RequestState.WITHDRAWN),
    open_index="uq_remittance_open",
    comment="Payments of closed months that somebody entered; those done are in the ledger",
)
