"""The list of archives: which rows of a stream lie in which file."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, DateTime, LargeBinary, Text, UniqueConstraint, Uuid

from huoke.kernel.schema import APP_APPEND, module_table

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
    UniqueConstraint("tenant_id", "source", "sha256"),
    CheckConstraint("rows > 0", name="rows_positive"),
    app=APP_APPEND,
    feed=True,
    comment="Rows that lie in hashed Parquet files of the file store instead of their table",
)
