"""Tables of relations: edges between customers and what they share, and rings that somebody judges."""

from sqlalchemy import CheckConstraint, Column, Date, DateTime, Float, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from huoke.kernel.schema import module_table

edge = module_table(
    "relations",
    "edge",
    Column("id", UUID, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("seq", Integer, nullable=False, comment="who invited, paid, is paid by an employer, uses a device"),
    Column("other_seq", Integer, comment="the other customer"),
    Column("hub", Text(collation="C"), comment="or what is shared: an employer by name, all else by keyed hash"),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("weight", Integer, nullable=False, server_default="1", comment="how often it was seen"),
    Column("source", Text, nullable=False),
    Column("import_id", UUID),
    Column("former", JSONB, comment="what the import that changed it last found"),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("kind IN ('referral', 'transfer', 'payroll', 'household', 'device')", name="kind_known"),
    CheckConstraint("(other_seq IS NULL) <> (hub IS NULL)", name="one_end"),
    CheckConstraint("other_seq <> seq", name="two_people"),
    UniqueConstraint(
        "tenant_id", "kind", "seq", "other_seq", "hub", "since", name="uq_edge_ends", postgresql_nulls_not_distinct=True
    ),
    Index("ix_edge_seq", "tenant_id", "seq"),
    Index("ix_edge_other", "tenant_id", "other_seq", postgresql_where=text("other_seq IS NOT NULL")),
    Index("ix_edge_hub", "tenant_id", "kind", "hub", postgresql_where=text("hub IS NOT NULL")),
    Index("ix_edge_import", "tenant_id", "import_id", postgresql_where=text("import_id IS NOT NULL")),
    comment="Who is related to whom, and by what",
)

ring = module_table(
    "relations",
    "ring",
    Column("id", UUID, primary_key=True),
    Column("seqs", ARRAY(Integer), nullable=False, comment="members; whoever invited them stands last"),
    Column("organisers", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("devices", Integer, nullable=False),
    Column("anchorless", Float, nullable=False, comment="share of members without a device of their own"),
    Column("quiet", Float, nullable=False),
    Column("burst", Float, nullable=False),
    Column("invited", Float, nullable=False),
    Column("state", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("judged_by", Text),
    Column("judged_at", DateTime(timezone=True)),
    Column("found_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("state IN ('new', 'ring', 'innocent')", name="state_known"),
    CheckConstraint("(state = 'new') = (judged_by IS NULL)", name="judged_by_somebody"),
    Index("ix_ring_score", "tenant_id", "state", "score", "id"),
    comment="Accounts that look like a ring of abuse; a person judges each",
)
