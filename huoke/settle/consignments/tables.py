"""The table of consignments."""

from sqlalchemy import CheckConstraint, Column, Date, DateTime, Index, Integer, Text, Uuid, text

from huoke.kernel.schema import module_table

consignment = module_table(
    "consignments",
    "consignment",
    Column("id", Uuid, primary_key=True),
    Column("supplier_id", Uuid, nullable=False),
    Column("business_on", Date, nullable=False),
    Column("orders", Integer, nullable=False, comment="open when it was asked for"),
    Column("reason", Text, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("staff_id", Uuid, nullable=False, comment="who asked, and alone may fetch the file"),
    Column("change_id", Uuid),
    Column("state", Text, nullable=False, server_default="pending"),
    Column("job_id", Uuid),
    Column("rows", Integer, comment="orders in the file"),
    Column("file_id", Uuid, comment="locked with the supplier's key, and sealed like every file"),
    Column("sent", Integer, nullable=False, server_default=text("0")),
    Column("refused", Integer, nullable=False, server_default=text("0")),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("made_at", DateTime(timezone=True)),
    Column("expires_at", DateTime(timezone=True)),
    Column("fetched_at", DateTime(timezone=True)),
    Column("answered_at", DateTime(timezone=True)),
    CheckConstraint(
        "state IN ('pending', 'approved', 'done', 'cancelled', 'returned', 'rejected', 'withdrawn')", name="state_known"
    ),
    CheckConstraint("state <> 'done' OR (file_id IS NOT NULL AND rows >= 0)", name="done_has_file"),
    CheckConstraint("sent >= 0 AND refused >= 0", name="not_negative"),
    Index(
        "uq_consignment_open",
        "tenant_id",
        "supplier_id",
        "business_on",
        unique=True,
        postgresql_where=text("state IN ('pending', 'approved')"),
    ),
    Index("ix_consignment_asked_at", "tenant_id", "asked_at", "id"),
    comment="Goods to send, handed to suppliers without an interface as files, each approved by a second person (F3)",
)
