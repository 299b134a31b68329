CREATE SCHEMA kits;
GRANT USAGE ON SCHEMA kits TO huoke_app, huoke_feed;
CREATE TABLE kits.setup (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	key TEXT NOT NULL, 
	name TEXT NOT NULL, 
	unit_id INTEGER NOT NULL, 
	terms JSONB NOT NULL, 
	budget_fen BIGINT NOT NULL, 
	opens_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	closes_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	created_by TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_setup PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ix_setup_created_at ON kits.setup (tenant_id, created_at, id);
COMMENT ON TABLE kits.setup IS 'Kits that were set up';
COMMENT ON COLUMN kits.setup.terms IS 'the form as it was filled in';
ALTER TABLE kits.setup ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON kits.setup TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON kits.setup TO huoke_app;
CREATE TABLE kits.part (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	setup_id UUID NOT NULL, 
	line SMALLINT NOT NULL, 
	kind TEXT NOT NULL, 
	ref_id UUID NOT NULL, 
	CONSTRAINT pk_part PRIMARY KEY (tenant_id, setup_id, line), 
	CONSTRAINT fk_part_tenant_id_setup_id FOREIGN KEY(tenant_id, setup_id) REFERENCES kits.setup (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE kits.part IS 'What a kit made, in the order of making';
COMMENT ON COLUMN kits.part.ref_id IS 'segment, bundle, campaign or play';
ALTER TABLE kits.part ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON kits.part TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON kits.part TO huoke_app;
GRANT DELETE ON plays.draft_version TO huoke_app;
