"""Tables of the grid: axes that were asked for, months with who stood where, and tasks to find out what is unknown."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, DateTime, Float, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import BYTEA, JSONB, UUID

from huoke.govern.requests import RequestState, request_table
from huoke.kernel.schema import module_table

request = request_table(
    "grid",
    "request",
    Column("axis", Text, nullable=False),
    Column("body", JSONB, nullable=False, comment="the axis as it is wanted"),
    ends=(RequestState.IN_FORCE, RequestState.REFUSED, RequestState.WITHDRAWN),
    open_index="uq_request_open",
    open_per="axis",
    comment="Axes of the grid: asked for by one person, decided by another",
)

month = module_table(
    "grid",
    "month",
    Column("month", Date, primary_key=True),
    Column("day", Date, nullable=False, comment="The day whose end it shows"),
    Column("placement_id", UUID, nullable=False),
    Column("axes", JSONB, nullable=False, comment="The axes as they were then"),
    Column("customers", Integer, nullable=False),
    Column("took_ms", Integer, nullable=False),
    Column("placed_at", DateTime(timezone=True), nullable=False),
    comment="Which placement counts for a month; one that is over never changes",
)

chunk = module_table(
    "grid",
    "chunk",
    Column("placement_id", UUID, primary_key=True),
    Column("chunk", Integer, primary_key=True, autoincrement=False),
    Column("cells", BYTEA, nullable=False, comment="deflated: a uint16 for each of 65,536 customer numbers"),
    Column("units", BYTEA, nullable=False, comment="deflated: a uint32 each, the unit at that time"),
    comment="Who stood in which cell",
)

figure = module_table(
    "grid",
    "figure",
    Column("placement_id", UUID, primary_key=True),
    Column("unit_id", Integer, primary_key=True, autoincrement=False),
    Column("cell", Integer, primary_key=True, autoincrement=False),
    Column("customers", Integer, nullable=False),
    Column("aum_fen", BigInteger, nullable=False),
    Column("valued", Integer, nullable=False, comment="customers whose assets are known"),
    Column("active", Integer, nullable=False),
    Column("products", BigInteger, nullable=False),
    Column("warmth", Float, nullable=False, comment="sum of temperatures"),
    Column("hot", Integer, nullable=False),
    Column("warm", Integer, nullable=False),
    Column("cool", Integer, nullable=False),
    Column("cold", Integer, nullable=False),
    Column("cost_fen", BigInteger, nullable=False),
    comment="What was measured of the customers of a cell in a unit, as sums",
)

fill_task = module_table(
    "grid",
    "fill_task",
    Column("id", UUID, primary_key=True),
    Column("axis", Text, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("note", Text, nullable=False),
    Column("members", BYTEA, nullable=False, comment="roaring: who was unknown when it began"),
    Column("customers", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    CheckConstraint("state IN ('open', 'closed')", name="state_known"),
    Index("uq_fill_task_open", "tenant_id", "axis", "unit_id", unique=True, postgresql_where=text("state = 'open'")),
    comment="Units' tasks to find out where customers stand",
)
