"""Tables of entry points: the links and QR codes a customer may come through."""

from sqlalchemy import CheckConstraint, Column, DateTime, Index, Integer, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import UUID

from huoke.kernel.schema import APP_APPEND, module_table, position_columns

entry_point = module_table(
    "entry_points",
    "entry_point",
    Column("id", UUID, primary_key=True),
    Column("code", Text(collation="C"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("target_kind", Text, nullable=False),
    Column("target_id", UUID, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    UniqueConstraint("tenant_id", "code"),
    CheckConstraint("kind IN ('link', 'qr', 'poster')", name="kind_known"),
    CheckConstraint("target_kind IN ('campaign')", name="target_kind_known"),
    Index("ix_entry_point_target", "tenant_id", "target_kind", "target_id"),
    comment="Links and QR codes that lead a customer to a campaign",
)

arrival = module_table(
    "entry_points",
    "arrival",
    Column("id", UUID, primary_key=True),
    Column("code", Text(collation="C"), nullable=False),
    Column("target_id", UUID, nullable=False),
    Column("kind", Text, nullable=False),
    Column("seq", Integer, comment="NULL for a visitor nobody knows yet"),
    Column("grant_id", UUID, comment="what was claimed"),
    Column("at", DateTime(timezone=True), nullable=False),
    *position_columns(),
    CheckConstraint("kind IN ('visited', 'claimed')", name="kind_known"),
    CheckConstraint("(kind = 'claimed') = (grant_id IS NOT NULL)", name="claim_has_grant"),
    Index("ix_arrival_position", "xid", "ordinal"),
    app=APP_APPEND,
    feed=True,
    comment="Who came through which way in, and what was claimed there (rule C4); never changed",
)
