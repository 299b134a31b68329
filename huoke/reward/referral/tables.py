"""Tables of referral: programmes, who may invite, accepted invitations with their steps, and what each side got."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from huoke.kernel.schema import APP_APPEND, module_table

programme = module_table(
    "referral",
    "programme",
    Column("id", Uuid, primary_key=True),
    Column("unit_id", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("terms", JSONB, nullable=False, comment="as it was asked for; nothing in it changes"),
    Column("offers", JSONB, nullable=False, server_default=text("'{}'"), comment="line → offer of grants"),
    Column("change_id", Uuid),
    Column("created_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("state IN ('submitted', 'live', 'paused', 'stopped', 'refused')", name="state_known"),
    comment="Referral programmes: what the invitee does, what both get",
)

referrer = module_table(
    "referral",
    "referrer",
    Column("id", Uuid, primary_key=True),
    Column("programme_id", Uuid, nullable=False),
    Column("seq", Integer, comment="the customer who invites"),
    Column("person", Integer, comment="their natural person (rule R1)"),
    Column("staff_id", Uuid, comment="or the member of staff"),
    Column("unit_id", Integer, nullable=False, comment="whose invitations these are"),
    Column("code", Text(collation="C"), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(["tenant_id", "programme_id"], ["referral.programme.tenant_id", "referral.programme.id"]),
    UniqueConstraint("tenant_id", "code"),
    CheckConstraint("(seq IS NULL) <> (staff_id IS NULL)", name="customer_or_staff"),
    CheckConstraint("(seq IS NULL) = (person IS NULL)", name="a_customer_is_a_person"),
    Index("uq_referrer_person", "tenant_id", "programme_id", "person", unique=True),
    Index("uq_referrer_staff", "tenant_id", "programme_id", "staff_id", unique=True),
    comment="Who invites in a programme, each by a code of their own",
)

bond = module_table(
    "referral",
    "bond",
    Column("id", Uuid, primary_key=True),
    Column("programme_id", Uuid, nullable=False),
    Column("referrer_id", Uuid, nullable=False),
    Column("inviter_seq", Integer),
    Column("inviter_person", Integer),
    Column("invitee_seq", Integer, nullable=False),
    Column("invitee_person", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("verdict", Text, nullable=False, server_default="allow"),
    Column("reasons", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("steps", SmallInteger, nullable=False, server_default=text("1")),
    Column("bound_at", DateTime(timezone=True), nullable=False),
    Column("act_by", DateTime(timezone=True), nullable=False),
    Column("qualified_at", DateTime(timezone=True)),
    Column("due_at", DateTime(timezone=True), comment="when it is looked at next"),
    Column("ended_at", DateTime(timezone=True)),
    Column("value_fen", BigInteger, nullable=False, server_default=text("0"), comment="what the acts came to"),
    ForeignKeyConstraint(["tenant_id", "programme_id"], ["referral.programme.tenant_id", "referral.programme.id"]),
    ForeignKeyConstraint(["tenant_id", "referrer_id"], ["referral.referrer.tenant_id", "referral.referrer.id"]),
    UniqueConstraint("tenant_id", "programme_id", "invitee_person"),
    CheckConstraint(
        "state IN ('bound', 'qualified', 'rewarded', 'lapsed', 'blocked', 'clawed_back')", name="state_known"
    ),
    CheckConstraint("verdict IN ('allow', 'delay', 'block')", name="verdict_known"),
    CheckConstraint("inviter_person IS DISTINCT FROM invitee_person", name="two_persons"),
    CheckConstraint("(state IN ('bound', 'qualified')) = (due_at IS NOT NULL)", name="open_is_due"),
    Index("ix_bond_due", "tenant_id", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    Index("ix_bond_inviter", "tenant_id", "programme_id", "inviter_person", "bound_at"),
    Index("ix_bond_referrer", "tenant_id", "referrer_id", "bound_at"),
    Index("ix_bond_state", "tenant_id", "programme_id", "state", "bound_at"),
    comment="Accepted invitations: a natural person is invited once in a programme",
)

step = module_table(
    "referral",
    "step",
    Column("bond_id", Uuid, primary_key=True),
    Column("no", SmallInteger, primary_key=True),
    Column("state", Text, nullable=False),
    Column("reasons", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("note", Text, nullable=False, server_default="", comment="what somebody said"),
    Column("made_by", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    app=APP_APPEND,
    comment="How accepted invitations went on, one row each time",
)

line = module_table(
    "referral",
    "line",
    Column("bond_id", Uuid, primary_key=True),
    Column("line", SmallInteger, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("grant_id", Uuid),
    Column("refusal", Text, nullable=False, server_default="", comment="why nothing was granted"),
    Column("amount_fen", BigInteger, nullable=False),
    Column("points", BigInteger, nullable=False),
    Column("granted_at", DateTime(timezone=True), nullable=False),
    Column("taken_back_at", DateTime(timezone=True)),
    Column("owed", BigInteger, nullable=False, server_default=text("0"), comment="points that were spent already"),
    CheckConstraint("(grant_id IS NULL) = (refusal <> '')", name="granted_or_refused"),
    comment="What an accepted invitation brought each side",
)

case_file = module_table(
    "referral",
    "case_file",
    Column("id", Uuid, primary_key=True),
    Column("bond_id", Uuid, nullable=False),
    Column("verb", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("change_id", Uuid),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("verb IN ('release', 'claw_back')", name="verb_known"),
    CheckConstraint("state IN ('asked', 'done', 'refused')", name="state_known"),
    Index("uq_case_file_asked", "tenant_id", "bond_id", unique=True, postgresql_where=text("state = 'asked'")),
    comment="Invitations to be released or taken back: asked by one person, decided by another",
)
