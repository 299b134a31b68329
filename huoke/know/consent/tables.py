"""Tables of consent and suppression: append-only entries are the truth, folded sets make them quick to read."""

from typing import Any

from sqlalchemy import CheckConstraint, Column, DateTime, Index, Integer, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from huoke.kernel.schema import APP_APPEND, Xid8, module_table, position_columns

purpose = module_table(
    "consent",
    "purpose",
    Column("code", Text(collation="C"), primary_key=True),
    Column("label", Text, nullable=False),
    Column("label_en", Text, nullable=False),
    Column("data_kinds", ARRAY(Text), nullable=False),
    Column("text_version", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    comment="What personal data is processed for, and the text a customer agrees to",
)


def _whom(*verdicts: str) -> tuple[Any, ...]:
    """An entry is about one customer, or about a set of one chunk: one row, however many they are."""
    return (
        Column("verdict", Text, nullable=False),
        Column("chunk", Integer, nullable=False, comment="seq >> 16"),
        Column("seq", Integer),
        Column("members", LargeBinary, comment="roaring bitmap, portable format"),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("recorded_at", DateTime(timezone=True), nullable=False),
        Column("actor", Text, nullable=False),
        *position_columns(),
        CheckConstraint(f"verdict IN ({', '.join(map(repr, verdicts))})", name="verdict_known"),
        CheckConstraint("(seq IS NULL) <> (members IS NULL)", name="one_or_many"),
    )


entry = module_table(
    "consent",
    "entry",
    Column("id", UUID, primary_key=True),
    Column("subject", Text(collation="C"), nullable=False, comment="the purpose"),
    Column("basis", Text, nullable=False),
    Column("text_version", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("source", Text(collation="C"), nullable=False, server_default="", comment="what declared it: import/<id>"),
    *_whom("given", "withdrawn", "taken_back"),
    Index("ix_entry_position", "tenant_id", "subject", "xid"),
    Index("ix_entry_seq", "tenant_id", "seq"),
    Index("ix_entry_source", "tenant_id", "source", postgresql_where=text("source <> ''")),
    Index("ix_entry_chunk", "tenant_id", "chunk", postgresql_where=text("members IS NOT NULL")),
    app=APP_APPEND,
    feed=True,
    comment="Consent ledger: who gave or withdrew which legal basis for which purpose (rule P1)",
)

suppression = module_table(
    "consent",
    "suppression",
    Column("id", UUID, primary_key=True),
    Column("subject", Text(collation="C"), nullable=False, comment="the reason"),
    Column("source", Text, nullable=False),
    *_whom("given", "withdrawn"),
    Index("ix_suppression_position", "tenant_id", "subject", "xid"),
    Index("ix_suppression_seq", "tenant_id", "seq"),
    Index("ix_suppression_chunk", "tenant_id", "chunk", postgresql_where=text("members IS NOT NULL")),
    app=APP_APPEND,
    feed=True,
    comment="Suppression lists: who is left alone, and why (rule S2)",
)

fold = module_table(
    "consent",
    "fold",
    Column("ledger", Text(collation="C"), primary_key=True),
    Column("subject", Text(collation="C"), primary_key=True),
    Column("xid", Xid8, nullable=False, comment="every entry below it is folded in"),
    Column("folded_at", DateTime(timezone=True), nullable=False),
    comment="How far each folded set has read its ledger",
)

fold_chunk = module_table(
    "consent",
    "fold_chunk",
    Column("ledger", Text(collation="C"), primary_key=True),
    Column("subject", Text(collation="C"), primary_key=True),
    Column("chunk", Integer, primary_key=True, autoincrement=False),
    Column("members", LargeBinary, nullable=False),
    comment="Folded sets of consent and suppression, one roaring bitmap per chunk",
)
