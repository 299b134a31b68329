"""Tables of temperature: how a bank measures, which days were read, and the early warnings people work on."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Date, DateTime, Float, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from huoke.govern.requests import HOLDS, in_force_index, request_table
from huoke.kernel.schema import module_table

scale = request_table(
    "temperature",
    "scale",
    Column("body", JSONB, nullable=False, comment="signals with weight and cap, and how much each component counts"),
    in_force_index("uq_scale_in_force"),
    ends=HOLDS,
    open_index="uq_scale_requested",
    comment="How a bank measures temperature: asked for by one person, decided by another",
)

run = module_table(
    "temperature",
    "run",
    Column("day", Date, primary_key=True),
    Column("horizon", DateTime(timezone=True), nullable=False, comment="Events recorded until then were read"),
    Column("whole", Boolean, nullable=False, comment="Measured from the beginning, not from the day before"),
    Column("customers", Integer, nullable=False),
    Column("signals", BigInteger, nullable=False),
    Column("moved", Integer, nullable=False, comment="Who came into another stage"),
    Column("warnings", Integer, nullable=False),
    Column("typical", ARRAY(Float), nullable=False, comment="The typical heat of each component, for the drivers"),
    Column("begun", Integer, nullable=False, comment="The day on which watching began, in days since 1970"),
    Column("took_ms", Integer, nullable=False),
    Column("ended_at", DateTime(timezone=True), nullable=False),
    comment="Days whose temperatures stand in ClickHouse; the latest is shown",
)

warning = module_table(
    "temperature",
    "warning",
    Column("id", UUID, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("unit_id", Integer, nullable=False, comment="of the customer, when the warning came"),
    Column("day", Date, nullable=False),
    Column("signs", ARRAY(Text), nullable=False),
    Column("temperature", Float, nullable=False),
    Column("was_stage", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("value_fen", BigInteger, nullable=False),
    Column("control", Boolean, nullable=False, comment="Shown to nobody, so that it can be seen what caring does"),
    Column("state", Text, nullable=False),
    Column("taken_by", Text),
    Column("note", Text, nullable=False, server_default=""),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column(
        "stayed", Boolean, comment="Did anything of their own accord in the 30 days after; null until they are over"
    ),
    Column("after_fen", BigInteger, comment="What went through their hands in those days"),
    CheckConstraint("state IN ('new', 'taken', 'done', 'false_alarm')", name="state_known"),
    CheckConstraint("cardinality(signs) >= 2", name="corroborated"),
    Index("uq_warning_open", "tenant_id", "seq", unique=True, postgresql_where=text("state IN ('new', 'taken')")),
    Index("ix_warning_day", "tenant_id", "day", "id"),
    Index("ix_warning_seq", "tenant_id", "seq", "day"),
    Index("ix_warning_unmeasured", "tenant_id", "day", postgresql_where=text("stayed IS NULL")),
    portfolio=True,
    comment="Relationships that began to cool, with at least two signs of it",
)

complaint = module_table(
    "temperature",
    "complaint",
    Column("id", UUID, primary_key=True, comment="of the event that told of it"),
    Column("seq", Integer, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_complaint_at", "tenant_id", "at"),
    comment="Complaints at the service desk: a sign of an early warning",
)
