CREATE SCHEMA IF NOT EXISTS relations;
GRANT USAGE ON SCHEMA relations TO huoke_app, huoke_feed;
CREATE TABLE relations.edge (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	kind TEXT NOT NULL,
	seq INTEGER NOT NULL,
	other_seq INTEGER,
	hub TEXT COLLATE "C",
	since DATE NOT NULL,
	until DATE,
	weight INTEGER DEFAULT '1' NOT NULL,
	source TEXT NOT NULL,
	import_id UUID,
	former JSONB,
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_edge PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_edge_kind_known CHECK (kind IN ('referral', 'transfer', 'payroll', 'household', 'device')),
	CONSTRAINT ck_edge_one_end CHECK ((other_seq IS NULL) <> (hub IS NULL)),
	CONSTRAINT ck_edge_two_people CHECK (other_seq <> seq),
	CONSTRAINT uq_edge_ends UNIQUE NULLS NOT DISTINCT (tenant_id, kind, seq, other_seq, hub, since)
);
CREATE INDEX ix_edge_hub ON relations.edge (tenant_id, kind, hub) WHERE hub IS NOT NULL;
CREATE INDEX ix_edge_import ON relations.edge (tenant_id, import_id) WHERE import_id IS NOT NULL;
CREATE INDEX ix_edge_other ON relations.edge (tenant_id, other_seq) WHERE other_seq IS NOT NULL;
CREATE INDEX ix_edge_seq ON relations.edge (tenant_id, seq);
COMMENT ON TABLE relations.edge IS 'Who is related to whom, and by what';
COMMENT ON COLUMN relations.edge.seq IS 'who invited, paid, is paid by an employer, uses a device';
COMMENT ON COLUMN relations.edge.other_seq IS 'the other customer';
COMMENT ON COLUMN relations.edge.hub IS 'or what is shared: an employer by name, all else by keyed hash';
COMMENT ON COLUMN relations.edge.weight IS 'how often it was seen';
COMMENT ON COLUMN relations.edge.former IS 'what the import that changed it last found';
ALTER TABLE relations.edge ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON relations.edge TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON relations.edge TO huoke_app;
CREATE TABLE relations.ring (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	seqs INTEGER[] NOT NULL,
	organisers INTEGER NOT NULL,
	score FLOAT NOT NULL,
	devices INTEGER NOT NULL,
	anchorless FLOAT NOT NULL,
	quiet FLOAT NOT NULL,
	burst FLOAT NOT NULL,
	invited FLOAT NOT NULL,
	state TEXT NOT NULL,
	note TEXT DEFAULT '' NOT NULL,
	judged_by TEXT,
	judged_at TIMESTAMP WITH TIME ZONE,
	found_at TIMESTAMP WITH TIME ZONE NOT NULL,
	seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_ring PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_ring_state_known CHECK (state IN ('new', 'ring', 'innocent')),
	CONSTRAINT ck_ring_judged_by_somebody CHECK ((state = 'new') = (judged_by IS NULL))
);
CREATE INDEX ix_ring_score ON relations.ring (tenant_id, state, score, id);
COMMENT ON TABLE relations.ring IS 'Accounts that look like a ring of abuse; a person judges each';
COMMENT ON COLUMN relations.ring.seqs IS 'members; whoever invited them stands last';
COMMENT ON COLUMN relations.ring.anchorless IS 'share of members without a device of their own';
ALTER TABLE relations.ring ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON relations.ring TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON relations.ring TO huoke_app;
