CREATE SCHEMA consignments;
GRANT USAGE ON SCHEMA consignments TO huoke_app, huoke_feed;
CREATE TABLE consignments.consignment (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	supplier_id UUID NOT NULL, 
	business_on DATE NOT NULL, 
	orders INTEGER NOT NULL, 
	reason TEXT NOT NULL, 
	unit_id INTEGER NOT NULL, 
	staff_id UUID NOT NULL, 
	change_id UUID, 
	state TEXT DEFAULT 'pending' NOT NULL, 
	job_id UUID, 
	rows INTEGER, 
	file_id UUID, 
	sent INTEGER DEFAULT 0 NOT NULL, 
	refused INTEGER DEFAULT 0 NOT NULL, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE, 
	expires_at TIMESTAMP WITH TIME ZONE, 
	fetched_at TIMESTAMP WITH TIME ZONE, 
	answered_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_consignment PRIMARY KEY (tenant_id, id), 
	CONSTRAINT ck_consignment_state_known CHECK (state IN ('pending', 'approved', 'done', 'cancelled', 'returned', 'rejected', 'withdrawn')), 
	CONSTRAINT ck_consignment_done_has_file CHECK (state <> 'done' OR (file_id IS NOT NULL AND rows >= 0)), 
	CONSTRAINT ck_consignment_not_negative CHECK (sent >= 0 AND refused >= 0)
);
CREATE UNIQUE INDEX uq_consignment_open ON consignments.consignment (tenant_id, supplier_id, business_on) WHERE state IN ('pending', 'approved');
CREATE INDEX ix_consignment_asked_at ON consignments.consignment (tenant_id, asked_at, id);
COMMENT ON TABLE consignments.consignment IS 'Goods to send, handed to suppliers without an interface as files, each approved by a second person (F3)';
COMMENT ON COLUMN consignments.consignment.orders IS 'open when it was asked for';
COMMENT ON COLUMN consignments.consignment.staff_id IS 'who asked, and alone may fetch the file';
COMMENT ON COLUMN consignments.consignment.rows IS 'orders in the file';
COMMENT ON COLUMN consignments.consignment.file_id IS 'locked with the supplier''s key, and sealed like every file';
ALTER TABLE consignments.consignment ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON consignments.consignment TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON consignments.consignment TO huoke_app;
