"""Tables of tiers: growth as it was credited and by month, who stands on which tier, how they came there."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Date, DateTime, Index, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from huoke.govern.requests import HOLDS, in_force_index, request_table
from huoke.kernel.schema import APP_APPEND, module_table

scheme = request_table(
    "tiers",
    "scheme",
    Column("body", JSONB, nullable=False, comment="tiers with thresholds and benefits, period, protection"),
    in_force_index("uq_scheme_in_force"),
    ends=HOLDS,
    open_index="uq_scheme_requested",
    comment="The tiers of a bank: asked for by one person, decided by another",
)

gain = module_table(
    "tiers",
    "gain",
    Column("source_id", UUID, primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("value", BigInteger, nullable=False),
    Column("source_kind", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("value <> 0", name="value_moves"),
    Index("ix_gain_seq", "tenant_id", "seq", "at"),
    app=APP_APPEND,
    comment="Growth as it was earned, or taken back; named by its source and line, which is its idempotency",
)

year = module_table(
    "tiers",
    "year",
    Column("seq", Integer, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("months", ARRAY(BigInteger), nullable=False, comment="What was earned from January to December"),
    CheckConstraint("cardinality(months) = 12", name="months_twelve"),
    comment="A customer's growth by month, in the bank's time zone: the sum of what was earned in it",
)

standing = module_table(
    "tiers",
    "standing",
    Column("seq", Integer, primary_key=True),
    Column("tier", Text, nullable=False, comment="Empty until the bank has tiers"),
    Column("since", Date, nullable=False),
    Column("held_until", Date, nullable=False, comment="The last day before growth is looked at again"),
    Column("protected", Boolean, nullable=False),
    Index("ix_standing_due", "tenant_id", "held_until"),
    Index("ix_standing_level", "tenant_id", "tier", "seq"),
    comment="The tier of everybody who ever earned growth; others are on the lowest",
)

move = module_table(
    "tiers",
    "move",
    Column("id", UUID, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("was", Text, nullable=False),
    Column("tier", Text, nullable=False),
    Column("up", Boolean, nullable=False),
    Column("cause", Text, nullable=False),
    Column("growth", BigInteger, nullable=False, comment="What counted when it was decided"),
    Column("at", DateTime(timezone=True), nullable=False),
    CheckConstraint("cause IN ('reached', 'period', 'scheme')", name="cause_known"),
    Index("ix_move_seq", "tenant_id", "seq", "at"),
    Index("ix_move_at", "tenant_id", "at"),
    app=APP_APPEND,
    comment="Who came to another tier, when and why",
)

offer = module_table(
    "tiers",
    "offer",
    Column("tier", Text, primary_key=True),
    Column("sku_id", UUID, primary_key=True),
    Column("turn", Text, primary_key=True, comment="The month of a monthly benefit; the year, and who pays, of others"),
    Column("offer_id", UUID, nullable=False),
    Column("given_to", Integer, nullable=False, comment="The last customer served; those above come next"),
    Column("done", Boolean, nullable=False),
    comment="What a tier's benefits are granted from: an offer for each turn",
)
