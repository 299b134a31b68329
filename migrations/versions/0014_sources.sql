ALTER TABLE customers.customer DROP CONSTRAINT ck_customer_status_known;
ALTER TABLE customers.customer ADD CONSTRAINT ck_customer_status_known CHECK (status IN ('active', 'closed', 'erased', 'undone')) NOT VALID;
ALTER TABLE customers.customer VALIDATE CONSTRAINT ck_customer_status_known;
ALTER TABLE customers.former ADD COLUMN sealed JSONB;
GRANT UPDATE (before, sealed) ON customers.former TO huoke_app;
ALTER TABLE customers.import DROP CONSTRAINT ck_import_status_known;
ALTER TABLE customers.import ADD CONSTRAINT ck_import_status_known CHECK (status IN ('queued', 'running', 'done', 'refused', 'cancelled', 'undoing', 'undone'));
ALTER TABLE customers.import ADD COLUMN entity TEXT DEFAULT 'customers' NOT NULL;
ALTER TABLE customers.import ADD COLUMN series UUID;
ALTER TABLE customers.import ADD COLUMN as_of DATE;
ALTER TABLE customers.import ADD COLUMN rows_expected BIGINT;
ALTER TABLE customers.import ADD COLUMN rows_older BIGINT DEFAULT '0' NOT NULL;
ALTER TABLE customers.import ADD COLUMN undo_chunks INTEGER DEFAULT '0' NOT NULL;
ALTER TABLE customers.import ADD COLUMN rows_undone BIGINT DEFAULT '0' NOT NULL;
ALTER TABLE customers.import ADD COLUMN rows_kept BIGINT DEFAULT '0' NOT NULL;
ALTER TABLE customers.import ADD COLUMN undone_by TEXT;
ALTER TABLE customers.import ADD COLUMN undone_at TIMESTAMP WITH TIME ZONE;
COMMENT ON COLUMN customers.import.series IS 'the feed whose day it is';
COMMENT ON COLUMN customers.import.as_of IS 'the business date of its values';
COMMENT ON COLUMN customers.import.rows_expected IS 'what the day''s control file says';
COMMENT ON COLUMN customers.import.rows_older IS 'left alone: a later day has been';
COMMENT ON COLUMN customers.import.rows_kept IS 'not undone: changed since';
CREATE INDEX ix_import_series ON customers.import (tenant_id, series, as_of) WHERE series IS NOT NULL;
COMMENT ON COLUMN customers.former.sealed IS 'ciphertext and blind index of earlier personal fields, to undo by';
CREATE INDEX ix_former_import ON customers.former (tenant_id, import_id) WHERE import_id IS NOT NULL;
CREATE TABLE customers.import_chunk (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	import_id UUID NOT NULL, 
	number INTEGER NOT NULL, 
	added BYTEA NOT NULL, 
	changed BYTEA NOT NULL, 
	seen BYTEA NOT NULL, 
	flaws JSONB DEFAULT '[]' NOT NULL, 
	CONSTRAINT pk_import_chunk PRIMARY KEY (tenant_id, import_id, number)
);
COMMENT ON TABLE customers.import_chunk IS 'Whom each chunk of an import brought or touched';
COMMENT ON COLUMN customers.import_chunk.added IS 'seqs as a roaring bitmap';
COMMENT ON COLUMN customers.import_chunk.seen IS 'everybody in the chunk';
COMMENT ON COLUMN customers.import_chunk.flaws IS 'rows an entity could not take';
ALTER TABLE customers.import_chunk ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON customers.import_chunk TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON customers.import_chunk TO huoke_app;
CREATE TABLE customers.database (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	name TEXT NOT NULL, 
	address TEXT NOT NULL, 
	login TEXT NOT NULL, 
	password BYTEA NOT NULL, 
	encrypted BOOLEAN NOT NULL, 
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	changed_by TEXT NOT NULL, 
	CONSTRAINT pk_database PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_database_tenant_id_name UNIQUE (tenant_id, name)
);
COMMENT ON TABLE customers.database IS 'Databases of the bank that imports may read';
COMMENT ON COLUMN customers.database.address IS 'host:port/database';
COMMENT ON COLUMN customers.database.password IS 'sealed under the bank''s key; never shown again';
COMMENT ON COLUMN customers.database.encrypted IS 'the connection must be TLS';
ALTER TABLE customers.database ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON customers.database TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON customers.database TO huoke_app;
CREATE TABLE customers.extract (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	database_id UUID NOT NULL, 
	name TEXT NOT NULL, 
	query TEXT NOT NULL, 
	status TEXT DEFAULT 'queued' NOT NULL, 
	rows BIGINT DEFAULT '0' NOT NULL, 
	file_id UUID, 
	refusal JSONB, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	created_by TEXT NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_extract PRIMARY KEY (tenant_id, id), 
	CONSTRAINT ck_extract_status_known CHECK (status IN ('queued', 'running', 'done', 'refused', 'cancelled'))
);
CREATE INDEX ix_extract_created ON customers.extract (tenant_id, created_at);
COMMENT ON TABLE customers.extract IS 'Queries put to a database, each answer kept once so that trying and importing see the same rows';
COMMENT ON COLUMN customers.extract.file_id IS 'the answer as a sealed Parquet file, to be imported';
ALTER TABLE customers.extract ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON customers.extract TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON customers.extract TO huoke_app;
CREATE SCHEMA IF NOT EXISTS feeds;
GRANT USAGE ON SCHEMA feeds TO huoke_app, huoke_feed;
CREATE TABLE feeds.feed (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	name TEXT NOT NULL, 
	folder TEXT COLLATE "C" NOT NULL, 
	pattern TEXT COLLATE "C" NOT NULL, 
	control_pattern TEXT COLLATE "C" NOT NULL, 
	mapping JSONB NOT NULL, 
	weekdays INTEGER NOT NULL, 
	due_hour INTEGER NOT NULL, 
	begins_on DATE NOT NULL, 
	status TEXT DEFAULT 'active' NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	created_by TEXT NOT NULL, 
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_feed PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_feed_tenant_id_name UNIQUE (tenant_id, name), 
	CONSTRAINT ck_feed_status_known CHECK (status IN ('active', 'paused', 'ended')), 
	CONSTRAINT ck_feed_weekdays_range CHECK (weekdays BETWEEN 1 AND 127), 
	CONSTRAINT ck_feed_due_hour_range CHECK (due_hour BETWEEN 0 AND 23)
);
COMMENT ON TABLE feeds.feed IS 'What a bank''s systems deliver every business day';
COMMENT ON COLUMN feeds.feed.folder IS 'below the bank''s folder of feeds; empty: by upload';
COMMENT ON COLUMN feeds.feed.pattern IS 'with {date}';
COMMENT ON COLUMN feeds.feed.control_pattern IS 'of the control file';
COMMENT ON COLUMN feeds.feed.weekdays IS 'bits, Monday is 1; the days a file is due for';
COMMENT ON COLUMN feeds.feed.due_hour IS 'of the next day, China time';
ALTER TABLE feeds.feed ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON feeds.feed TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON feeds.feed TO huoke_app;
CREATE TABLE feeds.day (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	feed_id UUID NOT NULL, 
	business_on DATE NOT NULL, 
	status TEXT NOT NULL, 
	attempt INTEGER DEFAULT '0' NOT NULL, 
	file_name TEXT DEFAULT '' NOT NULL, 
	file_id UUID, 
	fingerprint TEXT DEFAULT '' NOT NULL, 
	sha256 TEXT DEFAULT '' NOT NULL, 
	rows_expected BIGINT, 
	control JSONB, 
	import_id UUID, 
	counts JSONB, 
	refusal JSONB, 
	arrived_at TIMESTAMP WITH TIME ZONE, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_day PRIMARY KEY (tenant_id, feed_id, business_on), 
	CONSTRAINT ck_day_status_known CHECK (status IN ('missing', 'waiting', 'running', 'done', 'failed', 'cancelled', 'excused'))
);
CREATE INDEX ix_day_import ON feeds.day (tenant_id, import_id) WHERE import_id IS NOT NULL;
CREATE INDEX ix_day_open ON feeds.day (tenant_id, status) WHERE status <> 'done';
COMMENT ON TABLE feeds.day IS 'Each feed''s days and what became of them';
COMMENT ON COLUMN feeds.day.fingerprint IS 'of the files as they were last looked at';
COMMENT ON COLUMN feeds.day.control IS 'what an upload said of itself';
COMMENT ON COLUMN feeds.day.counts IS 'rows read, added, changed, same, older, refused';
ALTER TABLE feeds.day ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON feeds.day TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON feeds.day TO huoke_app;
