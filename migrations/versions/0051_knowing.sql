CREATE SCHEMA ownership;
GRANT USAGE ON SCHEMA ownership TO huoke_app, huoke_feed;
CREATE TABLE customers.ownership_log (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	seq INTEGER NOT NULL, 
	staff_id UUID NOT NULL, 
	before TEXT, 
	standing TEXT, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	given_by TEXT NOT NULL, 
	import_id UUID, 
	taken_back BOOLEAN DEFAULT false NOT NULL, 
	CONSTRAINT pk_ownership_log PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ix_ownership_log_import ON customers.ownership_log (tenant_id, import_id, seq) WHERE import_id IS NOT NULL;
CREATE INDEX ix_ownership_log_seq ON customers.ownership_log (tenant_id, seq, at, id);
COMMENT ON TABLE customers.ownership_log IS 'Every change of who looks after whom; gone when the customer is erased';
COMMENT ON COLUMN customers.ownership_log.before IS 'how it stood; null where it did not';
COMMENT ON COLUMN customers.ownership_log.standing IS 'how it stands since; null where it ended';
COMMENT ON COLUMN customers.ownership_log.given_by IS 'the actor''s id';
COMMENT ON COLUMN customers.ownership_log.import_id IS 'the file that said so';
COMMENT ON COLUMN customers.ownership_log.taken_back IS 'its file was undone';
ALTER TABLE customers.ownership_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON customers.ownership_log TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
CREATE POLICY portfolio ON customers.ownership_log AS RESTRICTIVE TO huoke_app USING ((SELECT kernel.portfolio()) IS NULL OR seq IN (SELECT o.seq FROM customers.ownership AS o WHERE o.staff_id = (SELECT kernel.portfolio())));
GRANT SELECT, INSERT, DELETE, UPDATE (taken_back) ON customers.ownership_log TO huoke_app;
CREATE TABLE ownership.hand_over (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	login TEXT NOT NULL, 
	to_login TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	state TEXT NOT NULL, 
	change_id UUID, 
	requested_by TEXT NOT NULL, 
	requested_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_hand_over PRIMARY KEY (tenant_id, id), 
	CONSTRAINT ck_hand_over_state_known CHECK (state IN ('requested', 'done', 'refused', 'withdrawn'))
);
CREATE UNIQUE INDEX uq_hand_over_open ON ownership.hand_over (tenant_id, login) WHERE state = 'requested';
COMMENT ON TABLE ownership.hand_over IS 'Hand-overs of all customers of a relationship manager, and how each ended';
COMMENT ON COLUMN ownership.hand_over.login IS 'whose customers';
COMMENT ON COLUMN ownership.hand_over.to_login IS 'to whom, by login; empty for the pool';
ALTER TABLE ownership.hand_over ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ownership.hand_over TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON ownership.hand_over TO huoke_app;
INSERT INTO customers.ownership_log (tenant_id, id, seq, staff_id, standing, at, given_by) SELECT tenant_id, gen_random_uuid(), seq, staff_id, standing, since, given_by FROM customers.ownership;
