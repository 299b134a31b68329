CREATE TABLE campaigns.pool (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	campaign_id UUID NOT NULL,
	line INTEGER NOT NULL,
	unit_id INTEGER NOT NULL,
	pool_id UUID NOT NULL,
	CONSTRAINT pk_pool PRIMARY KEY (tenant_id, campaign_id, line, unit_id),
	CONSTRAINT fk_pool_tenant_id_campaign_id FOREIGN KEY(tenant_id, campaign_id) REFERENCES campaigns.campaign (tenant_id, id)
);
COMMENT ON TABLE campaigns.pool IS 'The pools an approved campaign opened: one for each benefit, and below it one for each branch share';
COMMENT ON COLUMN campaigns.pool.line IS 'which of its benefits';
COMMENT ON COLUMN campaigns.pool.unit_id IS 'whose share; 0 is the rest and their root';
ALTER TABLE campaigns.pool ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON campaigns.pool TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON campaigns.pool TO huoke_app;
INSERT INTO campaigns.pool (tenant_id, campaign_id, line, unit_id, pool_id)
SELECT tenant_id, id, 0, 0, pool_id FROM campaigns.campaign WHERE pool_id IS NOT NULL
UNION ALL
SELECT tenant_id, campaign_id, 0, unit_id, pool_id FROM campaigns.share;
ALTER TABLE campaigns.share DROP COLUMN pool_id;
COMMENT ON TABLE campaigns.share IS 'Budget of each branch share of an approved campaign';
ALTER TABLE campaigns.campaign DROP COLUMN pool_id;
ALTER TABLE campaigns.campaign ADD COLUMN bundle_version INTEGER;
COMMENT ON COLUMN campaigns.campaign.bundle_version IS 'of the bundle it was submitted with';
COMMENT ON COLUMN campaigns.campaign.offer_id IS 'the offer of its first benefit';

CREATE TABLE channels.trial_phone (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	name TEXT NOT NULL,
	phone BYTEA NOT NULL,
	added_by TEXT NOT NULL,
	added_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_trial_phone PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE channels.trial_phone IS 'Colleagues'' phones that messages may be tried on';
COMMENT ON COLUMN channels.trial_phone.phone IS 'C2, under the bank''s key';
ALTER TABLE channels.trial_phone ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON channels.trial_phone TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON channels.trial_phone TO huoke_app;
CREATE TABLE channels.trial (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	phone_id UUID NOT NULL,
	source_id UUID NOT NULL,
	state TEXT NOT NULL,
	sent_by TEXT NOT NULL,
	sent_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_trial PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_trial_state_known CHECK (state IN ('sending', 'accepted', 'failed', 'unknown'))
);
CREATE INDEX ix_trial_sent_at ON channels.trial (tenant_id, sent_at);
COMMENT ON TABLE channels.trial IS 'Messages that were tried on a colleague''s phone, without text and number';
ALTER TABLE channels.trial ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON channels.trial TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON channels.trial TO huoke_app;
