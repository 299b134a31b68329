"""The list of archives: which rows of a stream lie in which file."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, DateTime, Index, LargeBinary, Text, Uuid, text
from sqlalchemy.dialects.postgresql import INT8MULTIRANGE

from huoke.kernel.schema import module_table

archive = module_table(
    "kernel",
    "archive",
    Column("id", Uuid, primary_key=True),
    Column("source", Text, nullable=False, comment="The PostgreSQL table whose rows these are, or would be"),
    Column("origin", Text, nullable=False, comment="log: a month that was closed; else where a file came from"),
    Column("month", Date, nullable=False, comment="First day (UTC) of the month of the first row"),
    Column("rows", BigInteger, nullable=False),
    Column("sha256", LargeBinary, nullable=False, comment="Of the Parquet file"),
    Column("file_id", Uuid, nullable=False),
    Column("first_at", DateTime(timezone=True), nullable=False),
    Column("last_at", DateTime(timezone=True), nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("load_id", Uuid, comment="Of which load its rows are; what was loaded together is withdrawn together"),
    Column("withdrawn_at", DateTime(timezone=True), comment="Since when its rows stand nowhere any more"),
    Column("numbers", INT8MULTIRANGE, comment="Which events of the bank's chain of seals its rows are"),
    Index(
        "uq_archive_bytes", "tenant_id", "source", "sha256", unique=True, postgresql_where=text("withdrawn_at IS NULL")
    ),
    Index("ix_archive_load", "tenant_id", "load_id", postgresql_where=text("load_id IS NOT NULL")),
    CheckConstraint("rows > 0", name="rows_positive"),
    app="SELECT, INSERT, UPDATE (withdrawn_at)",
    feed=True,
    comment="Rows that lie in hashed Parquet files of the file store instead of their table",
)
