"""Tables of campaigns: the draft and its state, whom it reaches, and how far the run is."""

from sqlalchemy import (
    BigInteger,
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
    Column("offer_id", Uuid),
    Column("budget_id", Uuid, comment="the campaign's own budget, root of its branch shares"),
    Column("pool_id", Uuid, comment="the campaign's own pool, root of its branch shares"),
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
    Column("started_at", DateTime(timezone=True)),
    Column("finished_at", DateTime(timezone=True)),
    ForeignKeyConstraint(["tenant_id", "campaign_id"], ["campaigns.campaign.tenant_id", "campaigns.campaign.id"]),
    CheckConstraint("done BETWEEN 0 AND total", name="done_within_total"),
    CheckConstraint(
        'withheld + granted + "exists" + sold_out + budget_exhausted + limit_reached + not_eligible = done',
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
    Column("pool_id", Uuid, nullable=False),
    ForeignKeyConstraint(["tenant_id", "campaign_id"], ["campaigns.campaign.tenant_id", "campaigns.campaign.id"]),
    app=APP_APPEND,
    comment="Budget and pool of each branch share of an approved campaign",
)
