ALTER TABLE consent.entry ADD COLUMN source TEXT COLLATE "C" DEFAULT '' NOT NULL;
COMMENT ON COLUMN consent.entry.source IS 'what declared it: import/<id>';
ALTER TABLE consent.entry DROP CONSTRAINT ck_entry_verdict_known;
ALTER TABLE consent.entry ADD CONSTRAINT ck_entry_verdict_known CHECK (verdict IN ('given', 'withdrawn', 'taken_back'));
CREATE INDEX ix_entry_source ON consent.entry (tenant_id, source) WHERE source <> '';

ALTER TABLE customers.import ADD COLUMN rows_total BIGINT;
COMMENT ON COLUMN customers.import.rows_total IS 'known once the file was read through';
ALTER TABLE customers.import ADD COLUMN share_ppm INTEGER DEFAULT 0 NOT NULL;
COMMENT ON COLUMN customers.import.share_ppm IS 'how much of the work at hand is done';
ALTER TABLE customers.import ADD COLUMN began_at TIMESTAMP WITH TIME ZONE;
COMMENT ON COLUMN customers.import.began_at IS 'when the present run began to write, for the time left';
ALTER TABLE customers.import ADD COLUMN consents_undone BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE customers.import ADD COLUMN consents_kept BIGINT DEFAULT 0 NOT NULL;
COMMENT ON COLUMN customers.import.consents_kept IS 'more was said since';

CREATE INDEX ix_account_import ON accounts.account (tenant_id, import_id) WHERE import_id IS NOT NULL;
CREATE INDEX ix_holding_import ON accounts.holding (tenant_id, import_id) WHERE import_id IS NOT NULL;

CREATE TABLE customers.database_change (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	database_id UUID NOT NULL,
	name TEXT NOT NULL,
	address TEXT NOT NULL,
	login TEXT NOT NULL,
	password BYTEA,
	encrypted BOOLEAN NOT NULL,
	state TEXT DEFAULT 'requested' NOT NULL,
	change_id UUID,
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
	asked_by TEXT NOT NULL,
	CONSTRAINT pk_database_change PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_database_change_state_known CHECK (state IN ('requested', 'done', 'refused', 'withdrawn'))
);
CREATE UNIQUE INDEX uq_database_change_open ON customers.database_change (tenant_id, database_id) WHERE state = 'requested';
COMMENT ON TABLE customers.database_change IS 'Databases asked for, until another person has decided';
COMMENT ON COLUMN customers.database_change.database_id IS 'of the one it changes, or will be';
COMMENT ON COLUMN customers.database_change.password IS 'sealed under the bank''s key; null keeps the one there is';
ALTER TABLE customers.database_change ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON customers.database_change TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON customers.database_change TO huoke_app;

ALTER TABLE feeds.feed ADD COLUMN database_id UUID;
COMMENT ON COLUMN feeds.feed.database_id IS 'of the bank; null: files';
ALTER TABLE feeds.feed ADD COLUMN query TEXT DEFAULT '' NOT NULL;
COMMENT ON COLUMN feeds.feed.query IS 'of a day, with {date}';
ALTER TABLE feeds.feed ADD COLUMN control_query TEXT DEFAULT '' NOT NULL;
COMMENT ON COLUMN feeds.feed.control_query IS 'how many rows a day has, with {date}';
ALTER TABLE feeds.feed ADD COLUMN asked_at TIMESTAMP WITH TIME ZONE;
COMMENT ON COLUMN feeds.feed.asked_at IS 'when its database was last asked for days';
ALTER TABLE feeds.feed ADD COLUMN trouble JSONB;
COMMENT ON COLUMN feeds.feed.trouble IS 'why its database did not answer when it was last asked';
ALTER TABLE feeds.day ADD COLUMN extract_id UUID;
COMMENT ON COLUMN feeds.day.extract_id IS 'the query that brings it';
