"""Tables of relations: edges between customers and what they share, and rings that somebody judges."""

from sqlalchemy import CheckConstraint, Column, Date, DateTime, Float, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from huoke.kernel.schema import APP_APPEND, module_table

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

verdict = module_table(
    "relations",
    "verdict",
    Column("id", UUID, primary_key=True),
    Column("ring_id", UUID, nullable=False),
    Column("state", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("members", Integer, nullable=False, comment="how many the ring had then"),
    Column("judged_by", Text, nullable=False),
    Column("judged_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("state IN ('new', 'ring', 'innocent')", name="state_known"),
    Index("ix_verdict_ring", "tenant_id", "ring_id", "judged_at"),
    app=APP_APPEND,
    comment="What people said of rings, one row each time",
)

cascade = module_table(
    "relations",
    "cascade",
    Column("seq", Integer, primary_key=True, autoincrement=False, comment="who invited"),
    Column("size", Integer, nullable=False, comment="how many came of it, directly and through others"),
    Column("depth", Integer, nullable=False),
    Column("direct", Integer, nullable=False),
    Index("ix_cascade_size", "tenant_id", "size", "seq"),
    comment="Whose invitations brought most, as last read",
)

reading = module_table(
    "relations",
    "reading",
    Column("read_at", DateTime(timezone=True), primary_key=True),
    Column("edges", JSONB, nullable=False, comment="how many edges stand, by kind"),
    Column("groups", JSONB, nullable=False, comment="groups that share devices, by how many they are"),
    Column("inviters", Integer, nullable=False),
    Column("invited", Integer, nullable=False),
    Column("depth", Integer, nullable=False),
    comment="What the graph came to when it was last read: one row a bank",
)
