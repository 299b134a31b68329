"""Tables of accounts: what customers have with the bank, and what it was before."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

from huoke.kernel.schema import module_table

_STANDINGS = "standing IN ('open', 'dormant', 'frozen', 'closed')"


def _arrived() -> tuple[Column[object], ...]:
    """When a row came, from where, and how often it changed."""
    return (
        Column("as_of", Date, comment="the business day the row speaks of; null where the file named none"),
        Column("version", Integer, nullable=False, server_default="1"),
        Column("import_id", UUID),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("changed_at", DateTime(timezone=True), nullable=False),
    )


account = module_table(
    "accounts",
    "account",
    Column("id", UUID, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("number_index", LargeBinary, nullable=False, comment="blind index of the account number: its key"),
    Column("number_enc", LargeBinary, comment="under the customer's own key"),
    Column("number_masked", Text),
    Column("kind", Text, nullable=False),
    Column("currency", Text, nullable=False, server_default="CNY"),
    Column("opened_on", Date),
    Column("closed_on", Date),
    Column("standing", Text, nullable=False, server_default="open"),
    Column("unit_id", Integer, comment="null: the customer's own"),
    Column("balance_enc", LargeBinary, comment="fen, under the customer's own key"),
    *_arrived(),
    UniqueConstraint("tenant_id", "number_index"),
    CheckConstraint(
        "kind IN ('current', 'savings', 'term_deposit', 'credit_card', 'loan', 'wealth', 'other')", name="kind_known"
    ),
    CheckConstraint(_STANDINGS, name="standing_known"),
    Index("ix_account_seq", "tenant_id", "seq"),
    Index("ix_account_import", "tenant_id", "import_id", postgresql_where=text("import_id IS NOT NULL")),
    comment="Accounts of customers",
)

holding = module_table(
    "accounts",
    "holding",
    Column("id", UUID, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("holding_no", Text(collation="C"), nullable=False),
    Column("product", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("account_index", LargeBinary, comment="blind index of the account it stands on"),
    Column("currency", Text, nullable=False, server_default="CNY"),
    Column("started_on", Date),
    Column("matures_on", Date),
    Column("standing", Text, nullable=False, server_default="open"),
    Column("amount_enc", LargeBinary, comment="fen, under the customer's own key"),
    Column("counted_past", Boolean, nullable=False, server_default=text("false"),
           comment="its maturity is over, and its customer's next one was counted without it"),
    *_arrived(),
    UniqueConstraint("tenant_id", "holding_no"),
    CheckConstraint(
        "kind IN ('term_deposit', 'wealth', 'fund', 'insurance', 'bond', 'metal', 'loan', 'credit_card', 'other')",
        name="kind_known",
    ),
    CheckConstraint(_STANDINGS, name="standing_known"),
    Index("ix_holding_seq", "tenant_id", "seq"),
    Index("ix_holding_import", "tenant_id", "import_id", postgresql_where=text("import_id IS NOT NULL")),
    Index("ix_holding_matures", "tenant_id", "matures_on", postgresql_where=text("NOT counted_past")),
    comment="Products that customers hold",
)  # fmt: skip

former = module_table(
    "accounts",
    "former",
    Column("id", UUID, primary_key=True, comment="of the account or holding"),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("what", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("before", JSONB, nullable=False, comment="what the changed columns held; sealed ones as they lay"),
    Column("import_id", UUID),
    Column("actor", Text, nullable=False),
    Column("replaced_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("what IN ('account', 'holding')", name="what_known"),
    Index("ix_former_seq", "tenant_id", "seq"),
    app="SELECT, INSERT, UPDATE (before)",
    comment="What accounts and holdings were before each change; emptied when the customer is erased",
)
