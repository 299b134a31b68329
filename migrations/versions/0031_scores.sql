CREATE TABLE temperature.complaint (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	seq INTEGER NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_complaint PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ix_complaint_at ON temperature.complaint (tenant_id, at);
COMMENT ON TABLE temperature.complaint IS 'Complaints at the service desk: a sign of an early warning';
COMMENT ON COLUMN temperature.complaint.id IS 'of the event that told of it';
ALTER TABLE temperature.complaint ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON temperature.complaint TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON temperature.complaint TO huoke_app;
ALTER TABLE temperature.warning ADD COLUMN stayed BOOLEAN;
ALTER TABLE temperature.warning ADD COLUMN after_fen BIGINT;
COMMENT ON COLUMN temperature.warning.stayed IS 'Did anything of their own accord in the 30 days after; null until they are over';
COMMENT ON COLUMN temperature.warning.after_fen IS 'What went through their hands in those days';
CREATE INDEX ix_warning_unmeasured ON temperature.warning (tenant_id, day) WHERE stayed IS NULL;
