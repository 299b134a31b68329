"""Table of entry points: the links and QR codes a customer may come through."""

from sqlalchemy import CheckConstraint, Column, DateTime, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import UUID

from huoke.kernel.schema import module_table

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
    CheckConstraint("target_kind IN ('campaign', 'referral', 'group_buy')", name="target_kind_known"),
    Index("ix_entry_point_target", "tenant_id", "target_kind", "target_id"),
    comment="Links and QR codes that lead a customer to a campaign, an invitation or a group",
)
