ALTER TABLE catalogue.bundle_version ADD COLUMN split JSONB;
COMMENT ON COLUMN catalogue.bundle_version.split IS 'The variants of a bundle that differs by tier, segment or cell';
ALTER TABLE catalogue.bundle_version DROP CONSTRAINT ck_bundle_version_can_be_chosen;
ALTER TABLE catalogue.bundle_version ADD CONSTRAINT ck_bundle_version_can_be_chosen CHECK (choose BETWEEN 1 AND cardinality(sku_ids) OR split IS NOT NULL AND choose = 0 AND cardinality(sku_ids) = 0);
CREATE SCHEMA variants;
GRANT USAGE ON SCHEMA variants TO huoke_app, huoke_feed;
CREATE TABLE variants.member (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	source_id UUID NOT NULL, 
	place SMALLINT NOT NULL, 
	chunk INTEGER NOT NULL, 
	members BYTEA NOT NULL, 
	CONSTRAINT pk_member PRIMARY KEY (tenant_id, source_id, place, chunk)
);
COMMENT ON TABLE variants.member IS 'Who falls in a variant by segment or cell, one roaring bitmap per chunk; nobody is in two';
COMMENT ON COLUMN variants.member.source_id IS 'The campaign that gives the bundle';
COMMENT ON COLUMN variants.member.place IS 'Of the variant in its bundle';
ALTER TABLE variants.member ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON variants.member TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON variants.member TO huoke_app;
