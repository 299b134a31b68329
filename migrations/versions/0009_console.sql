CREATE SCHEMA views;
GRANT USAGE ON SCHEMA views TO huoke_app, huoke_feed;
CREATE TABLE views.view (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	page TEXT COLLATE "C" NOT NULL,
	name TEXT NOT NULL,
	staff_id UUID NOT NULL,
	unit_id INTEGER,
	filters JSONB NOT NULL,
	columns TEXT[] NOT NULL,
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_view PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ix_view_page ON views.view (tenant_id, page);
CREATE UNIQUE INDEX uq_view_name ON views.view (tenant_id, staff_id, page, name);
COMMENT ON TABLE views.view IS 'Named ways to look at a list';
COMMENT ON COLUMN views.view.unit_id IS 'Whose members and those below may use it too; null for the owner alone';
ALTER TABLE views.view ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON views.view TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON views.view TO huoke_app;
CREATE TABLE views.export (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	operation TEXT COLLATE "C" NOT NULL,
	title TEXT NOT NULL,
	reason TEXT NOT NULL,
	filters JSONB NOT NULL,
	columns JSONB NOT NULL,
	format TEXT NOT NULL,
	state TEXT DEFAULT 'queued' NOT NULL,
	rows BIGINT DEFAULT 0 NOT NULL,
	job_id UUID,
	file_id UUID,
	staff_id UUID NOT NULL,
	requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_export PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_export_state_known CHECK (state IN ('queued', 'done', 'cancelled')),
	CONSTRAINT ck_export_format_known CHECK (format IN ('csv', 'xlsx'))
);
CREATE INDEX ix_export_staff ON views.export (tenant_id, staff_id, requested_at);
COMMENT ON TABLE views.export IS 'Files made of lists, each for the one who asked';
COMMENT ON COLUMN views.export.operation IS 'The operation that answers the list';
ALTER TABLE views.export ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON views.export TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON views.export TO huoke_app;
CREATE TABLE views.guide (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	dismissed BOOLEAN NOT NULL,
	changed_by TEXT NOT NULL,
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_guide PRIMARY KEY (tenant_id)
);
COMMENT ON TABLE views.guide IS 'Whether the bank has put its first guide away; one row a bank';
ALTER TABLE views.guide ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON views.guide TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON views.guide TO huoke_app;
