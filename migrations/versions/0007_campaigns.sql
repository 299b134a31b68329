ALTER TABLE entry_points.entry_point DROP CONSTRAINT ck_entry_point_kind_known,
	ADD CONSTRAINT ck_entry_point_kind_known CHECK (kind IN ('link', 'qr', 'poster'));

ALTER TABLE campaigns.reach_chunk ADD COLUMN place INTEGER DEFAULT 0 NOT NULL;
ALTER TABLE campaigns.reach_chunk DROP CONSTRAINT pk_reach_chunk,
	ADD CONSTRAINT pk_reach_chunk PRIMARY KEY (tenant_id, campaign_id, place, chunk);
COMMENT ON COLUMN campaigns.reach_chunk.place IS 'the release';

ALTER TABLE campaigns.run ADD COLUMN place INTEGER DEFAULT 0 NOT NULL;
COMMENT ON COLUMN campaigns.run.place IS 'the release being granted';
ALTER TABLE campaigns.run ADD COLUMN invited INTEGER DEFAULT 0 NOT NULL;
COMMENT ON COLUMN campaigns.run.invited IS 'told of a pull campaign';
ALTER TABLE campaigns.run DROP CONSTRAINT ck_run_adds_up,
	ADD CONSTRAINT ck_run_adds_up CHECK (withheld + granted + "exists" + sold_out + budget_exhausted + limit_reached + not_eligible + invited = done);

CREATE TABLE campaigns.release (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	campaign_id UUID NOT NULL, 
	place INTEGER NOT NULL, 
	percent INTEGER NOT NULL, 
	pilot BOOLEAN NOT NULL, 
	after_hours INTEGER, 
	customers INTEGER NOT NULL, 
	opened_at TIMESTAMP WITH TIME ZONE, 
	opened_by TEXT, 
	held_at TIMESTAMP WITH TIME ZONE, 
	held_for TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_release PRIMARY KEY (tenant_id, campaign_id, place), 
	CONSTRAINT fk_release_tenant_id_campaign_id FOREIGN KEY(tenant_id, campaign_id) REFERENCES campaigns.campaign (tenant_id, id), 
	CONSTRAINT ck_release_percent_range CHECK (percent BETWEEN 0 AND 100), 
	CONSTRAINT ck_release_customers_counted CHECK (customers >= 0)
);

COMMENT ON TABLE campaigns.release IS 'Steps of an approved campaign: its pilot, then growing shares; a single one where nothing was staged';

COMMENT ON COLUMN campaigns.release.percent IS 'of the persons reached, this and all before it';

COMMENT ON COLUMN campaigns.release.after_hours IS 'opens by itself that long after the one before; NULL waits for a hand';

COMMENT ON COLUMN campaigns.release.held_at IS 'an alarm keeps it from opening by itself';

ALTER TABLE campaigns.release ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON campaigns.release TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON campaigns.release TO huoke_app;

CREATE TABLE campaigns.amendment (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	campaign_id UUID NOT NULL, 
	state TEXT DEFAULT 'submitted' NOT NULL, 
	body JSONB NOT NULL, 
	reason TEXT NOT NULL, 
	change_id UUID, 
	created_by TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_amendment PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_amendment_tenant_id_campaign_id FOREIGN KEY(tenant_id, campaign_id) REFERENCES campaigns.campaign (tenant_id, id), 
	CONSTRAINT ck_amendment_state_known CHECK (state IN ('submitted', 'applied', 'rejected', 'returned', 'withdrawn'))
);

CREATE INDEX ix_amendment_campaign ON campaigns.amendment (tenant_id, campaign_id, created_at);

CREATE UNIQUE INDEX uq_amendment_open ON campaigns.amendment (tenant_id, campaign_id) WHERE state = 'submitted';

COMMENT ON TABLE campaigns.amendment IS 'Changes of live campaigns: later end, more money and stock, other words; each by approval, one at a time';

COMMENT ON COLUMN campaigns.amendment.body IS 'what of the campaign becomes what';

ALTER TABLE campaigns.amendment ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON campaigns.amendment TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON campaigns.amendment TO huoke_app;

CREATE TABLE campaigns.template (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	unit_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	summary TEXT NOT NULL, 
	draft JSONB NOT NULL, 
	created_by TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_template PRIMARY KEY (tenant_id, id)
);

CREATE INDEX ix_template_created_at ON campaigns.template (tenant_id, created_at);

COMMENT ON TABLE campaigns.template IS 'Campaigns somebody kept to begin others from';

ALTER TABLE campaigns.template ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON campaigns.template TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON campaigns.template TO huoke_app;

INSERT INTO campaigns.release (tenant_id, campaign_id, place, percent, pilot, customers, opened_at, opened_by)
SELECT r.tenant_id, r.campaign_id, 0, 100, false, r.total, c.started_at, CASE WHEN c.started_at IS NOT NULL THEN 'system' END
FROM campaigns.run r JOIN campaigns.campaign c ON c.tenant_id = r.tenant_id AND c.id = r.campaign_id;
