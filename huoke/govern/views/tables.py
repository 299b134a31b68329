"""Tables of saved views, of exports of lists, and of the guide's dismissal."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, DateTime, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from huoke.kernel.schema import module_table

view = module_table(
    "views",
    "view",
    Column("id", Uuid, primary_key=True),
    Column("page", Text(collation="C"), nullable=False),
    Column("name", Text, nullable=False),
    Column("staff_id", Uuid, nullable=False),
    Column("unit_id", Integer, comment="Whose members and those below may use it too; null for the owner alone"),
    Column("filters", JSONB, nullable=False),
    Column("columns", ARRAY(Text), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Index("uq_view_name", "tenant_id", "staff_id", "page", "name", unique=True),
    Index("ix_view_page", "tenant_id", "page"),
    comment="Named ways to look at a list",
)

export = module_table(
    "views",
    "export",
    Column("id", Uuid, primary_key=True),
    Column("operation", Text(collation="C"), nullable=False, comment="The operation that answers the list"),
    Column("title", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("filters", JSONB, nullable=False),
    Column("columns", JSONB, nullable=False),
    Column("format", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="queued"),
    Column("rows", BigInteger, nullable=False, server_default=text("0")),
    Column("job_id", Uuid),
    Column("file_id", Uuid),
    Column("staff_id", Uuid, nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("state IN ('queued', 'done', 'cancelled')", name="state_known"),
    CheckConstraint("format IN ('csv', 'xlsx')", name="format_known"),
    Index("ix_export_staff", "tenant_id", "staff_id", "requested_at"),
    comment="Files made of lists, each for the one who asked",
)

guide = module_table(
    "views",
    "guide",
    Column("dismissed", Boolean, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    comment="Whether the bank has put its first guide away; one row a bank",
)
