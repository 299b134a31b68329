"""Tables of bookings: slots with their room, and who booked them."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from huoke.kernel.schema import module_table

slot = module_table(
    "bookings",
    "slot",
    Column("id", Uuid, primary_key=True),
    Column("sku_id", Uuid, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("store_id", Uuid, comment="A merchant's store; null for the unit's own counters"),
    Column("starts_at", DateTime(timezone=True), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("taken", Integer, nullable=False, server_default=text("0"), comment="Bookings that stand or were honoured"),
    Column("closed", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("tenant_id", "sku_id", "unit_id", "store_id", "starts_at", postgresql_nulls_not_distinct=True),
    CheckConstraint("taken BETWEEN 0 AND capacity", name="never_oversold"),
    Index("ix_slot_starts_at", "tenant_id", "starts_at"),
    comment="When and where a service is given, and to how many",
)

booking = module_table(
    "bookings",
    "booking",
    Column("id", Uuid, primary_key=True),
    Column("grant_id", Uuid, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("sku_id", Uuid, nullable=False),
    Column("slot_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("moves", Integer, nullable=False, server_default=text("0")),
    Column("booked_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column(
        "arrived_at",
        DateTime(timezone=True),
        comment="When its customer checked in at the branch; null for who did not, or whose service has no check-in",
    ),
    Column("served_by", Text, comment="Who received a visit"),
    ForeignKeyConstraint(["tenant_id", "slot_id"], ["bookings.slot.tenant_id", "bookings.slot.id"]),
    CheckConstraint("state IN ('booked', 'honoured', 'cancelled', 'missed')", name="state_known"),
    Index("uq_booking_standing", "tenant_id", "grant_id", unique=True, postgresql_where=text("state = 'booked'")),
    Index("ix_booking_grant", "tenant_id", "grant_id"),
    Index("ix_booking_slot", "tenant_id", "slot_id"),
    comment="Who booked which slot for which benefit; one booking of a benefit stands",
)
