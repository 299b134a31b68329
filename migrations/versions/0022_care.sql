ALTER TABLE care.case_file ADD COLUMN assigned_to TEXT;
ALTER TABLE care.case_file ADD COLUMN due_at TIMESTAMP WITH TIME ZONE;
UPDATE care.case_file SET assigned_to = opened_by, due_at = opened_at + interval '48 hours';
ALTER TABLE care.case_file ALTER COLUMN assigned_to SET NOT NULL;
ALTER TABLE care.case_file ALTER COLUMN due_at SET NOT NULL;
COMMENT ON COLUMN care.case_file.assigned_to IS 'who works on it';
COMMENT ON COLUMN care.case_file.due_at IS 'by when it should be closed';

ALTER TABLE care.compensation ADD COLUMN back_reason TEXT DEFAULT '' NOT NULL;
ALTER TABLE care.compensation ADD COLUMN back_by TEXT;
COMMENT ON COLUMN care.compensation.back_reason IS 'why it is to be taken back';
COMMENT ON COLUMN care.compensation.back_by IS 'who asked for that';
COMMENT ON COLUMN care.compensation.change_id IS 'what it waits for, or waited for last';
ALTER TABLE care.compensation DROP CONSTRAINT ck_compensation_state_known;
ALTER TABLE care.compensation ADD CONSTRAINT ck_compensation_state_known CHECK (state IN ('submitted', 'granted', 'returning', 'taken_back', 'refused', 'withdrawn'));
ALTER TABLE care.compensation DROP CONSTRAINT ck_compensation_granted_once;
ALTER TABLE care.compensation ADD CONSTRAINT ck_compensation_granted_once CHECK ((state IN ('granted', 'returning', 'taken_back')) = (grant_id IS NOT NULL));

ALTER TABLE care.extension DROP CONSTRAINT ck_extension_state_known;
ALTER TABLE care.extension ADD CONSTRAINT ck_extension_state_known CHECK (state IN ('submitted', 'done', 'refused', 'withdrawn'));
DROP INDEX care.uq_extension_grant;
CREATE UNIQUE INDEX uq_extension_grant ON care.extension (tenant_id, grant_id) WHERE state IN ('submitted', 'done');
CREATE INDEX ix_extension_created_at ON care.extension (tenant_id, created_at, id);

CREATE TABLE care.code_reading (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	case_id UUID NOT NULL,
	grant_id UUID NOT NULL,
	seq INTEGER NOT NULL,
	unit_id INTEGER NOT NULL,
	reason TEXT NOT NULL,
	state TEXT NOT NULL,
	change_id UUID,
	created_by TEXT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE,
	open_until TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_code_reading PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_code_reading_state_known CHECK (state IN ('submitted', 'open', 'read', 'refused', 'withdrawn')),
	CONSTRAINT ck_code_reading_open_for_a_time CHECK ((state IN ('open', 'read')) = (open_until IS NOT NULL))
);
CREATE UNIQUE INDEX uq_code_reading_waiting ON care.code_reading (tenant_id, grant_id) WHERE state = 'submitted';
CREATE INDEX ix_code_reading_case_id ON care.code_reading (tenant_id, case_id);
CREATE INDEX ix_code_reading_seq ON care.code_reading (tenant_id, seq, created_at);
COMMENT ON TABLE care.code_reading IS 'Card codes read out to their customer at the desk, each decided by a second person; the code itself is nowhere here';
COMMENT ON COLUMN care.code_reading.open_until IS 'until when whoever asked may read it, once';
ALTER TABLE care.code_reading ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON care.code_reading TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON care.code_reading TO huoke_app;
