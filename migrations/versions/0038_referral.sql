CREATE SCHEMA referral;
GRANT USAGE ON SCHEMA referral TO huoke_app, huoke_feed;
CREATE TABLE referral.programme (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	unit_id INTEGER NOT NULL,
	name TEXT NOT NULL,
	state TEXT NOT NULL,
	terms JSONB NOT NULL,
	offers JSONB DEFAULT '{}' NOT NULL,
	change_id UUID,
	created_by TEXT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_programme PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_programme_state_known CHECK (state IN ('submitted', 'live', 'paused', 'stopped', 'refused'))
);
COMMENT ON TABLE referral.programme IS 'Referral programmes: what the invitee does, what both get';
COMMENT ON COLUMN referral.programme.terms IS 'as it was asked for; nothing in it changes';
COMMENT ON COLUMN referral.programme.offers IS 'line → offer of grants';
ALTER TABLE referral.programme ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON referral.programme TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON referral.programme TO huoke_app;
CREATE TABLE referral.referrer (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	programme_id UUID NOT NULL,
	seq INTEGER,
	person INTEGER,
	staff_id UUID,
	unit_id INTEGER NOT NULL,
	code TEXT COLLATE "C" NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_referrer PRIMARY KEY (tenant_id, id),
	CONSTRAINT fk_referrer_tenant_id_programme_id FOREIGN KEY(tenant_id, programme_id) REFERENCES referral.programme (tenant_id, id),
	CONSTRAINT uq_referrer_tenant_id_code UNIQUE (tenant_id, code),
	CONSTRAINT ck_referrer_customer_or_staff CHECK ((seq IS NULL) <> (staff_id IS NULL)),
	CONSTRAINT ck_referrer_a_customer_is_a_person CHECK ((seq IS NULL) = (person IS NULL))
);
CREATE UNIQUE INDEX uq_referrer_person ON referral.referrer (tenant_id, programme_id, person);
CREATE UNIQUE INDEX uq_referrer_staff ON referral.referrer (tenant_id, programme_id, staff_id);
COMMENT ON TABLE referral.referrer IS 'Who invites in a programme, each by a code of their own';
COMMENT ON COLUMN referral.referrer.seq IS 'the customer who invites';
COMMENT ON COLUMN referral.referrer.person IS 'their natural person (rule R1)';
COMMENT ON COLUMN referral.referrer.staff_id IS 'or the member of staff';
COMMENT ON COLUMN referral.referrer.unit_id IS 'whose invitations these are';
ALTER TABLE referral.referrer ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON referral.referrer TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON referral.referrer TO huoke_app;
CREATE TABLE referral.bond (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	programme_id UUID NOT NULL,
	referrer_id UUID NOT NULL,
	inviter_seq INTEGER,
	inviter_person INTEGER,
	invitee_seq INTEGER NOT NULL,
	invitee_person INTEGER NOT NULL,
	state TEXT NOT NULL,
	verdict TEXT DEFAULT 'allow' NOT NULL,
	reasons TEXT[] DEFAULT '{}' NOT NULL,
	steps SMALLINT DEFAULT 1 NOT NULL,
	bound_at TIMESTAMP WITH TIME ZONE NOT NULL,
	act_by TIMESTAMP WITH TIME ZONE NOT NULL,
	qualified_at TIMESTAMP WITH TIME ZONE,
	due_at TIMESTAMP WITH TIME ZONE,
	ended_at TIMESTAMP WITH TIME ZONE,
	value_fen BIGINT DEFAULT 0 NOT NULL,
	CONSTRAINT pk_bond PRIMARY KEY (tenant_id, id),
	CONSTRAINT fk_bond_tenant_id_programme_id FOREIGN KEY(tenant_id, programme_id) REFERENCES referral.programme (tenant_id, id),
	CONSTRAINT fk_bond_tenant_id_referrer_id FOREIGN KEY(tenant_id, referrer_id) REFERENCES referral.referrer (tenant_id, id),
	CONSTRAINT uq_bond_tenant_id_programme_id_invitee_person UNIQUE (tenant_id, programme_id, invitee_person),
	CONSTRAINT ck_bond_state_known CHECK (state IN ('bound', 'qualified', 'rewarded', 'lapsed', 'blocked', 'clawed_back')),
	CONSTRAINT ck_bond_verdict_known CHECK (verdict IN ('allow', 'delay', 'block')),
	CONSTRAINT ck_bond_two_persons CHECK (inviter_person IS DISTINCT FROM invitee_person),
	CONSTRAINT ck_bond_open_is_due CHECK ((state IN ('bound', 'qualified')) = (due_at IS NOT NULL))
);
CREATE INDEX ix_bond_due ON referral.bond (tenant_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX ix_bond_inviter ON referral.bond (tenant_id, programme_id, inviter_person, bound_at);
CREATE INDEX ix_bond_referrer ON referral.bond (tenant_id, referrer_id, bound_at);
CREATE INDEX ix_bond_state ON referral.bond (tenant_id, programme_id, state, bound_at);
COMMENT ON TABLE referral.bond IS 'Accepted invitations: a natural person is invited once in a programme';
COMMENT ON COLUMN referral.bond.due_at IS 'when it is looked at next';
COMMENT ON COLUMN referral.bond.value_fen IS 'what the acts came to';
ALTER TABLE referral.bond ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON referral.bond TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON referral.bond TO huoke_app;
CREATE TABLE referral.step (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	bond_id UUID NOT NULL,
	no SMALLINT NOT NULL,
	state TEXT NOT NULL,
	reasons TEXT[] DEFAULT '{}' NOT NULL,
	note TEXT DEFAULT '' NOT NULL,
	made_by TEXT NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_step PRIMARY KEY (tenant_id, bond_id, no)
);
COMMENT ON TABLE referral.step IS 'How accepted invitations went on, one row each time';
COMMENT ON COLUMN referral.step.note IS 'what somebody said';
ALTER TABLE referral.step ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON referral.step TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON referral.step TO huoke_app;
CREATE TABLE referral.line (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	bond_id UUID NOT NULL,
	line SMALLINT NOT NULL,
	seq INTEGER NOT NULL,
	grant_id UUID,
	refusal TEXT DEFAULT '' NOT NULL,
	amount_fen BIGINT NOT NULL,
	points BIGINT NOT NULL,
	granted_at TIMESTAMP WITH TIME ZONE NOT NULL,
	taken_back_at TIMESTAMP WITH TIME ZONE,
	owed BIGINT DEFAULT 0 NOT NULL,
	CONSTRAINT pk_line PRIMARY KEY (tenant_id, bond_id, line),
	CONSTRAINT ck_line_granted_or_refused CHECK ((grant_id IS NULL) = (refusal <> ''))
);
COMMENT ON TABLE referral.line IS 'What an accepted invitation brought each side';
COMMENT ON COLUMN referral.line.refusal IS 'why nothing was granted';
COMMENT ON COLUMN referral.line.owed IS 'points that were spent already';
ALTER TABLE referral.line ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON referral.line TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON referral.line TO huoke_app;
CREATE TABLE referral.case_file (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	bond_id UUID NOT NULL,
	verb TEXT NOT NULL,
	reason TEXT NOT NULL,
	state TEXT NOT NULL,
	change_id UUID,
	asked_by TEXT NOT NULL,
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_case_file PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_case_file_verb_known CHECK (verb IN ('release', 'claw_back')),
	CONSTRAINT ck_case_file_state_known CHECK (state IN ('asked', 'done', 'refused'))
);
CREATE UNIQUE INDEX uq_case_file_asked ON referral.case_file (tenant_id, bond_id) WHERE state = 'asked';
COMMENT ON TABLE referral.case_file IS 'Invitations to be released or taken back: asked by one person, decided by another';
ALTER TABLE referral.case_file ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON referral.case_file TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON referral.case_file TO huoke_app;
ALTER TABLE entry_points.entry_point DROP CONSTRAINT ck_entry_point_target_kind_known,
	ADD CONSTRAINT ck_entry_point_target_kind_known CHECK (target_kind IN ('campaign', 'referral'));
COMMENT ON TABLE entry_points.entry_point IS 'Links and QR codes that lead a customer to a campaign or an invitation';
