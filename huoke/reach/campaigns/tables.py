"""Tables of campaigns: the draft and its state, whom it reaches, and how far the run is."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from huoke.kernel.schema import APP_APPEND, module_table

campaign = module_table(
    "campaigns",
    "campaign",
    Column("id", Uuid, primary_key=True),
    Column("unit_id", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("draft", JSONB, nullable=False, comment="everything a maker may edit"),
    Column("audience_id", Uuid, comment="frozen when it was submitted"),
    Column("audience_size", Integer),
    Column("change_id", Uuid, comment="the approval it was submitted to last"),
    Column("offer_id", Uuid, comment="the offer of its first benefit"),
    Column("bundle_version", Integer, comment="of the bundle it was submitted with"),
    Column("budget_id", Uuid, comment="the campaign's own budget, root of its branch shares"),
    Column("entry_code", Text),
    Column("opens_at", DateTime(timezone=True)),
    Column("closes_at", DateTime(timezone=True)),
    Column("created_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("started_at", DateTime(timezone=True)),
    Column("finished_at", DateTime(timezone=True)),
    Column("wound_up_at", DateTime(timezone=True), comment="when unclaimed grants were released"),
    Column("reason", Text, nullable=False, server_default="", comment="of the last pause or stop"),
    CheckConstraint(
        "state IN ('draft', 'submitted', 'approved', 'running', 'paused', 'ended', 'stopped')", name="state_known"
    ),
    CheckConstraint(
        "state IN ('draft', 'submitted') OR (offer_id IS NOT NULL AND budget_id IS NOT NULL)", name="live_has_offer"
    ),
    Index("ix_campaign_state", "tenant_id", "state", "changed_at"),
    Index("ix_campaign_changed_at", "tenant_id", "changed_at", "id"),
    comment="Campaigns",
)

reach_chunk = module_table(
    "campaigns",
    "reach_chunk",
    Column("campaign_id", Uuid, primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False, server_default=text("0"), comment="the release"),
    Column("chunk", Integer, primary_key=True, autoincrement=False),
    Column("members", LargeBinary, nullable=False),
    ForeignKeyConstraint(["tenant_id", "campaign_id"], ["campaigns.campaign.tenant_id", "campaigns.campaign.id"]),
    app=APP_APPEND,
    comment="Whom an approved campaign reaches, one roaring bitmap per chunk; never changed",
)

run = module_table(
    "campaigns",
    "run",
    Column("campaign_id", Uuid, primary_key=True),
    Column("audience", Integer, nullable=False),
    Column("no_consent", Integer, nullable=False),
    Column("suppressed", Integer, nullable=False),
    Column("control", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("place", Integer, nullable=False, server_default=text("0"), comment="the release being granted"),
    Column("next_seq", BigInteger, nullable=False, server_default=text("0"), comment="customers below it are done"),
    Column("chunks", Integer, nullable=False, server_default=text("0")),
    Column("done", Integer, nullable=False, server_default=text("0")),
    Column("withheld", Integer, nullable=False, server_default=text("0"), comment="withdrawn or suppressed since"),
    Column("granted", Integer, nullable=False, server_default=text("0")),
    Column("exists", Integer, nullable=False, server_default=text("0")),
    Column("sold_out", Integer, nullable=False, server_default=text("0")),
    Column("budget_exhausted", Integer, nullable=False, server_default=text("0")),
    Column("limit_reached", Integer, nullable=False, server_default=text("0")),
    Column("not_eligible", Integer, nullable=False, server_default=text("0")),
    Column("invited", Integer, nullable=False, server_default=text("0"), comment="told of a pull campaign"),
    Column("started_at", DateTime(timezone=True)),
    Column("finished_at", DateTime(timezone=True)),
    ForeignKeyConstraint(["tenant_id", "campaign_id"], ["campaigns.campaign.tenant_id", "campaigns.campaign.id"]),
    CheckConstraint("done BETWEEN 0 AND total", name="done_within_total"),
    CheckConstraint(
        'withheld + granted + "exists" + sold_out + budget_exhausted + limit_reached + not_eligible + invited = done',
        name="adds_up",
    ),
    comment="The waterfall of an approved campaign and how far its run is; the cursor moves with the grants it made",
)

share = module_table(
    "campaigns",
    "share",
    Column("campaign_id", Uuid, primary_key=True),
    Column("unit_id", Integer, primary_key=True, autoincrement=False),
    Column("budget_id", Uuid, nullable=False),
    ForeignKeyConstraint(["tenant_id", "campaign_id"], ["campaigns.campaign.tenant_id", "campaigns.campaign.id"]),
    app=APP_APPEND,
    comment="Budget of each branch share of an approved campaign",
)

pool = module_table(
    "campaigns",
    "pool",
    Column("campaign_id", Uuid, primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False, comment="which of its benefits"),
    Column(
        "unit_id", Integer, primary_key=True, autoincrement=False, comment="whose share; 0 is the rest and their root"
    ),
    Column("pool_id", Uuid, nullable=False),
    ForeignKeyConstraint(["tenant_id", "campaign_id"], ["campaigns.campaign.tenant_id", "campaigns.campaign.id"]),
    app=APP_APPEND,
    comment="The pools an approved campaign opened: one for each benefit, and below it one for each branch share",
)

release = module_table(
    "campaigns",
    "release",
    Column("campaign_id", Uuid, primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("percent", Integer, nullable=False, comment="of the persons reached, this and all before it"),
    Column("pilot", Boolean, nullable=False),
    Column("after_hours", Integer, comment="opens by itself that long after the one before; NULL waits for a hand"),
    Column("customers", Integer, nullable=False),
    Column("opened_at", DateTime(timezone=True)),
    Column("opened_by", Text),
    Column("held_at", DateTime(timezone=True), comment="an alarm keeps it from opening by itself"),
    Column("held_for", Text, nullable=False, server_default=""),
    ForeignKeyConstraint(["tenant_id", "campaign_id"], ["campaigns.campaign.tenant_id", "campaigns.campaign.id"]),
    CheckConstraint("percent BETWEEN 0 AND 100", name="percent_range"),
    CheckConstraint("customers >= 0", name="customers_counted"),
    comment="Steps of an approved campaign: its pilot, then growing shares; a single one where nothing was staged",
)

amendment = module_table(
    "campaigns",
    "amendment",
    Column("id", Uuid, primary_key=True),
    Column("campaign_id", Uuid, nullable=False),
    Column("state", Text, nullable=False, server_default="submitted"),
    Column("body", JSONB, nullable=False, comment="what of the campaign becomes what"),
    Column("reason", Text, nullable=False),
    Column("change_id", Uuid),
    Column("created_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    ForeignKeyConstraint(["tenant_id", "campaign_id"], ["campaigns.campaign.tenant_id", "campaigns.campaign.id"]),
    CheckConstraint("state IN ('submitted', 'applied', 'rejected', 'returned', 'withdrawn')", name="state_known"),
    Index(
        "uq_amendment_open",
        "tenant_id",
        "campaign_id",
        unique=True,
        postgresql_where=text("state = 'submitted'"),
    ),
    Index("ix_amendment_campaign", "tenant_id", "campaign_id", "created_at"),
    comment="Changes of live campaigns: later end, more money and stock, other words; each by approval, one at a time",
)

template = module_table(
    "campaigns",
    "template",
    Column("id", Uuid, primary_key=True),
    Column("unit_id", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("draft", JSONB, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("ix_template_created_at", "tenant_id", "created_at"),
    comment="Campaigns somebody kept to begin others from",
)
