CREATE TABLE identities.ruleset (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	body JSONB NOT NULL,
	reason TEXT NOT NULL,
	state TEXT NOT NULL,
	change_id UUID,
	requested_by TEXT NOT NULL,
	requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_ruleset PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_ruleset_state_known CHECK (state IN ('requested', 'in_force', 'replaced', 'refused', 'withdrawn'))
);
CREATE UNIQUE INDEX uq_ruleset_in_force ON identities.ruleset (tenant_id) WHERE state = 'in_force';
CREATE UNIQUE INDEX uq_ruleset_requested ON identities.ruleset (tenant_id) WHERE state = 'requested';
COMMENT ON TABLE identities.ruleset IS 'By which rules a bank takes two customers for one: asked for by one person, decided by another';
COMMENT ON COLUMN identities.ruleset.body IS 'rules in their order, and how many may share a phone or a device';
ALTER TABLE identities.ruleset ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON identities.ruleset TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON identities.ruleset TO huoke_app;
CREATE TABLE relations.cascade (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	seq INTEGER NOT NULL,
	size INTEGER NOT NULL,
	depth INTEGER NOT NULL,
	direct INTEGER NOT NULL,
	CONSTRAINT pk_cascade PRIMARY KEY (tenant_id, seq)
);
CREATE INDEX ix_cascade_size ON relations.cascade (tenant_id, size, seq);
COMMENT ON TABLE relations.cascade IS 'Whose invitations brought most, as last read';
COMMENT ON COLUMN relations.cascade.seq IS 'who invited';
COMMENT ON COLUMN relations.cascade.size IS 'how many came of it, directly and through others';
ALTER TABLE relations.cascade ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON relations.cascade TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON relations.cascade TO huoke_app;
CREATE TABLE relations.reading (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	read_at TIMESTAMP WITH TIME ZONE NOT NULL,
	edges JSONB NOT NULL,
	groups JSONB NOT NULL,
	inviters INTEGER NOT NULL,
	invited INTEGER NOT NULL,
	depth INTEGER NOT NULL,
	CONSTRAINT pk_reading PRIMARY KEY (tenant_id, read_at)
);
COMMENT ON TABLE relations.reading IS 'What the graph came to when it was last read: one row a bank';
COMMENT ON COLUMN relations.reading.edges IS 'how many edges stand, by kind';
COMMENT ON COLUMN relations.reading.groups IS 'groups that share devices, by how many they are';
ALTER TABLE relations.reading ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON relations.reading TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON relations.reading TO huoke_app;
CREATE TABLE relations.verdict (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	ring_id UUID NOT NULL,
	state TEXT NOT NULL,
	note TEXT NOT NULL,
	members INTEGER NOT NULL,
	judged_by TEXT NOT NULL,
	judged_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_verdict PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_verdict_state_known CHECK (state IN ('new', 'ring', 'innocent'))
);
CREATE INDEX ix_verdict_ring ON relations.verdict (tenant_id, ring_id, judged_at);
COMMENT ON TABLE relations.verdict IS 'What people said of rings, one row each time';
COMMENT ON COLUMN relations.verdict.members IS 'how many the ring had then';
ALTER TABLE relations.verdict ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON relations.verdict TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON relations.verdict TO huoke_app;
ALTER TABLE identities.merge ADD COLUMN rule TEXT DEFAULT '' NOT NULL;
COMMENT ON COLUMN identities.merge.rule IS 'the rule that found the two, or none';
ALTER TABLE identities.merge ADD COLUMN evidence JSONB DEFAULT '[]' NOT NULL;
COMMENT ON COLUMN identities.merge.evidence IS 'what they shared then';
