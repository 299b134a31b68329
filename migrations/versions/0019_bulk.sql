ALTER TABLE events.waiting ADD COLUMN load_id UUID;
ALTER TABLE kernel.archive ADD COLUMN load_id UUID;
ALTER TABLE kernel.archive ADD COLUMN withdrawn_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE kernel.archive DROP CONSTRAINT uq_archive_tenant_id_source_sha256;
GRANT UPDATE (withdrawn_at) ON kernel.archive TO huoke_app;
CREATE SCHEMA loads;
GRANT USAGE ON SCHEMA loads TO huoke_app, huoke_feed;
CREATE INDEX ix_waiting_load ON events.waiting (tenant_id, load_id) WHERE load_id IS NOT NULL;
COMMENT ON COLUMN events.waiting.load_id IS 'The file it came in: it goes to its customer as one of that load''s rows';
CREATE INDEX ix_archive_load ON kernel.archive (tenant_id, load_id) WHERE load_id IS NOT NULL;
CREATE UNIQUE INDEX uq_archive_bytes ON kernel.archive (tenant_id, source, sha256) WHERE withdrawn_at IS NULL;
COMMENT ON COLUMN kernel.archive.load_id IS 'Of which load its rows are; what was loaded together is withdrawn together';
COMMENT ON COLUMN kernel.archive.withdrawn_at IS 'Since when its rows stand nowhere any more';
CREATE TABLE loads.load (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	name TEXT NOT NULL,
	file_id UUID NOT NULL,
	work BYTEA NOT NULL,
	source_id UUID NOT NULL,
	mapping JSONB NOT NULL,
	status TEXT NOT NULL,
	size_bytes BIGINT NOT NULL,
	share FLOAT DEFAULT 0 NOT NULL,
	read BIGINT DEFAULT 0 NOT NULL,
	loaded BIGINT DEFAULT 0 NOT NULL,
	duplicate BIGINT DEFAULT 0 NOT NULL,
	waiting BIGINT DEFAULT 0 NOT NULL,
	traits_refused BIGINT DEFAULT 0 NOT NULL,
	refused BIGINT DEFAULT 0 NOT NULL,
	causes JSONB DEFAULT '[]' NOT NULL,
	rejects_file_id UUID,
	refusal JSONB,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	created_by TEXT NOT NULL,
	started_at TIMESTAMP WITH TIME ZONE,
	ended_at TIMESTAMP WITH TIME ZONE,
	withdrawn_at TIMESTAMP WITH TIME ZONE,
	withdrawn_by TEXT,
	CONSTRAINT pk_load PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_load_status_known CHECK (status IN ('queued', 'running', 'done', 'refused', 'cancelled', 'withdrawing', 'withdrawn'))
);
CREATE INDEX ix_load_created ON loads.load (tenant_id, created_at, id);
CREATE UNIQUE INDEX uq_load_at_work ON loads.load (tenant_id, work) WHERE status IN ('queued', 'running', 'withdrawing');
COMMENT ON TABLE loads.load IS 'Files of events: how far each is, and what became of its rows';
COMMENT ON COLUMN loads.load.name IS 'Of the file';
COMMENT ON COLUMN loads.load.work IS 'Of file, source and mapping';
COMMENT ON COLUMN loads.load.source_id IS 'Whose events they are';
COMMENT ON COLUMN loads.load.share IS 'Of the file that is read, 0 to 1';
COMMENT ON COLUMN loads.load.traits_refused IS 'Loaded but for a trait';
COMMENT ON COLUMN loads.load.causes IS 'Refused rows by cause';
COMMENT ON COLUMN loads.load.refusal IS 'Why the whole file was refused';
ALTER TABLE loads.load ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON loads.load TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE ON loads.load TO huoke_app;
