"""Files and their sealed chunks."""

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Index, Integer, LargeBinary, Text, Uuid

from huoke.kernel.schema import module_table

file = module_table(
    "files",
    "file",
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="writing"),
    Column("size_bytes", BigInteger, nullable=False, server_default="0"),
    Column("sha256", Text, nullable=False, server_default=""),
    Column("download_permission", Text, nullable=False, server_default=""),
    Column("created_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("state IN ('writing', 'ready')", name="state"),
    Index("ix_file_expires", "tenant_id", "expires_at"),
    comment="Imports, rejects, exports, pictures: whole once ready",
)

chunk = module_table(
    "files",
    "chunk",
    Column("file_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False, comment="Sealed under the bank's key"),
    comment="A file's bytes, 1 MiB each",
)
