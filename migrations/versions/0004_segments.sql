ALTER TABLE segments.segment ADD COLUMN shared_with TEXT DEFAULT 'unit' NOT NULL;
ALTER TABLE segments.segment ADD CONSTRAINT ck_segment_shared_with_known CHECK (shared_with IN ('unit', 'bank'));
COMMENT ON COLUMN segments.segment.shared_with IS 'its unit and those below, or all';
UPDATE segments.segment SET shared_with = 'bank' WHERE unit_id IS NULL;
CREATE SCHEMA lists;
GRANT USAGE ON SCHEMA lists TO huoke_app, huoke_feed;
CREATE TABLE lists.list_export (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	segment_id UUID NOT NULL, 
	segment_version INTEGER NOT NULL, 
	audience_id UUID NOT NULL, 
	size INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	purpose TEXT NOT NULL, 
	columns TEXT[] NOT NULL, 
	clear BOOLEAN NOT NULL, 
	format TEXT NOT NULL, 
	rows_max INTEGER NOT NULL, 
	reason TEXT NOT NULL, 
	unit_id INTEGER NOT NULL, 
	staff_id UUID NOT NULL, 
	change_id UUID, 
	state TEXT DEFAULT 'pending' NOT NULL, 
	job_id UUID, 
	rows INTEGER, 
	left_out INTEGER, 
	file_id UUID, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE, 
	expires_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_list_export PRIMARY KEY (tenant_id, id), 
	CONSTRAINT ck_list_export_state_known CHECK (state IN ('pending', 'approved', 'done', 'cancelled', 'returned', 'rejected', 'withdrawn')), 
	CONSTRAINT ck_list_export_format_known CHECK (format IN ('csv', 'xlsx')), 
	CONSTRAINT ck_list_export_done_has_file CHECK (state <> 'done' OR (file_id IS NOT NULL AND rows <= rows_max))
);
CREATE INDEX ix_list_export_segment ON lists.list_export (tenant_id, segment_id, asked_at);
COMMENT ON TABLE lists.list_export IS 'Lists of customers handed out as files, each approved by a second person (rule F3)';
COMMENT ON COLUMN lists.list_export.audience_id IS 'frozen when it was asked for; checked again when it is made';
COMMENT ON COLUMN lists.list_export.clear IS 'names and phones readable';
COMMENT ON COLUMN lists.list_export.staff_id IS 'who asked, and alone may fetch the file';
COMMENT ON COLUMN lists.list_export.rows IS 'customers in the file';
COMMENT ON COLUMN lists.list_export.left_out IS 'of the audience: withdrawn, suppressed or closed since, or beyond the cap';
ALTER TABLE lists.list_export ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON lists.list_export TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON lists.list_export TO huoke_app;
