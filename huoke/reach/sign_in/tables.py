"""The table of codes that were asked for: hashes only, forgotten after a day (rule F1, C3)."""

from sqlalchemy import CheckConstraint, Column, DateTime, Index, Integer, LargeBinary, SmallInteger, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY

from huoke.kernel.schema import module_table

challenge = module_table(
    "sign_in",
    "challenge",
    Column("id", LargeBinary, primary_key=True, comment="SHA-256 of the browser's token"),
    Column("code_hash", LargeBinary, nullable=False, comment="HMAC under the bank's key; the code is stored nowhere"),
    Column("number_hash", LargeBinary, nullable=False, comment="HMAC of the phone number, known here or not"),
    Column("address_hash", LargeBinary, nullable=False, comment="HMAC of the network address"),
    Column("seqs", ARRAY(Integer), nullable=False, comment="whose number it is; nobody's for an unknown one"),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("tries", SmallInteger, nullable=False),
    Column("used_at", DateTime(timezone=True)),
    UniqueConstraint("tenant_id", "number_hash", "made_at"),
    CheckConstraint("tries BETWEEN 0 AND 5", name="tries_range"),
    Index("ix_challenge_address", "tenant_id", "address_hash", "made_at"),
    Index("ix_challenge_made", "tenant_id", "made_at"),
    comment="Codes by short message that customers asked for",
)
