CREATE SCHEMA IF NOT EXISTS tags;
GRANT USAGE ON SCHEMA tags TO huoke_app, huoke_feed;
CREATE TABLE tags.chunk (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	number INTEGER NOT NULL,
	value INTEGER NOT NULL,
	chunk INTEGER NOT NULL,
	members BYTEA NOT NULL,
	CONSTRAINT pk_chunk PRIMARY KEY (tenant_id, number, value, chunk)
);
COMMENT ON TABLE tags.chunk IS 'Members of tags that are put, one roaring bitmap per chunk: the truth of them';
COMMENT ON COLUMN tags.chunk.value IS 'the value''s code';
ALTER TABLE tags.chunk ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tags.chunk TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON tags.chunk TO huoke_app;
CREATE TABLE tags.delta (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	number INTEGER NOT NULL,
	value INTEGER NOT NULL,
	chunk INTEGER NOT NULL,
	day DATE NOT NULL,
	entered BYTEA NOT NULL,
	gone BYTEA NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_delta PRIMARY KEY (tenant_id, number, value, chunk, day)
);
COMMENT ON TABLE tags.delta IS 'Who came to a tag''s value and who went, day by day, of tags that keep history';
ALTER TABLE tags.delta ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tags.delta TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON tags.delta TO huoke_app;
CREATE TABLE tags.figure (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	number INTEGER NOT NULL,
	day DATE NOT NULL,
	known INTEGER NOT NULL,
	universe INTEGER NOT NULL,
	counts JSONB NOT NULL,
	drift FLOAT,
	CONSTRAINT pk_figure PRIMARY KEY (tenant_id, number, day)
);
COMMENT ON TABLE tags.figure IS 'How a tag''s values were distributed, day by day';
ALTER TABLE tags.figure ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tags.figure TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON tags.figure TO huoke_app;
CREATE TABLE tags.hidden (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	number INTEGER NOT NULL,
	seq BIGINT NOT NULL,
	hidden_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_hidden PRIMARY KEY (tenant_id, number, seq)
);
COMMENT ON TABLE tags.hidden IS 'Tags that customers deleted of themselves (rule P4)';
ALTER TABLE tags.hidden ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tags.hidden TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON tags.hidden TO huoke_app;
CREATE TABLE tags.run (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	job_id UUID,
	began_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE NOT NULL,
	numbers INTEGER[] NOT NULL,
	filled INTEGER NOT NULL,
	touched BIGINT NOT NULL,
	whole INTEGER NOT NULL,
	failures JSONB NOT NULL,
	CONSTRAINT pk_run PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ix_run_began ON tags.run (tenant_id, began_at);
COMMENT ON TABLE tags.run IS 'Refreshes of tags';
COMMENT ON COLUMN tags.run.numbers IS 'tags that were to be filled';
ALTER TABLE tags.run ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tags.run TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON tags.run TO huoke_app;
CREATE TABLE tags.submission (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	numbers INTEGER[] NOT NULL,
	versions INTEGER[] NOT NULL,
	note TEXT NOT NULL,
	change_id UUID,
	asked_by TEXT NOT NULL,
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_submission PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE tags.submission IS 'Versions that are approved together';
ALTER TABLE tags.submission ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tags.submission TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON tags.submission TO huoke_app;
CREATE TABLE tags.tag (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	number INTEGER NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	state TEXT NOT NULL,
	version INTEGER,
	latest INTEGER NOT NULL,
	latest_state TEXT DEFAULT 'draft' NOT NULL,
	label TEXT NOT NULL,
	label_en TEXT NOT NULL,
	sought TEXT COLLATE "C" NOT NULL,
	category TEXT COLLATE "C" NOT NULL,
	kind TEXT NOT NULL,
	owner TEXT NOT NULL,
	schedule TEXT NOT NULL,
	fresh_hours INTEGER NOT NULL,
	data_class TEXT NOT NULL,
	deposit_derived BOOLEAN NOT NULL,
	codes JSONB NOT NULL,
	data_version BIGINT DEFAULT '0' NOT NULL,
	data_of INTEGER,
	data_at TIMESTAMP WITH TIME ZONE,
	position JSONB,
	counts JSONB DEFAULT '{}' NOT NULL,
	known INTEGER DEFAULT '0' NOT NULL,
	universe INTEGER DEFAULT '0' NOT NULL,
	cost_ms INTEGER DEFAULT '0' NOT NULL,
	failure TEXT DEFAULT '' NOT NULL,
	used INTEGER DEFAULT '0' NOT NULL,
	used_at TIMESTAMP WITH TIME ZONE NOT NULL,
	warned_at TIMESTAMP WITH TIME ZONE,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_tag PRIMARY KEY (tenant_id, id),
	CONSTRAINT uq_tag_tenant_id_number UNIQUE (tenant_id, number),
	CONSTRAINT uq_tag_tenant_id_name UNIQUE (tenant_id, name),
	CONSTRAINT ck_tag_state_known CHECK (state IN ('draft', 'active', 'frozen', 'archived')),
	CONSTRAINT ck_tag_latest_state_known CHECK (latest_state IN ('draft', 'pending', 'approved')),
	CONSTRAINT ck_tag_kind_known CHECK (kind IN ('rule', 'derived', 'statistic', 'model', 'manual', 'imported')),
	CONSTRAINT ck_tag_schedule_known CHECK (schedule IN ('daily', 'hourly', 'on_demand')),
	CONSTRAINT ck_tag_active_has_version CHECK (state = 'draft' OR version IS NOT NULL OR state = 'archived')
);
COMMENT ON TABLE tags.tag IS 'Tags of customers: what they are called, how they stand';
COMMENT ON COLUMN tags.tag.number IS 'its name in ClickHouse, dense within the bank';
COMMENT ON COLUMN tags.tag.version IS 'the approved version that counts';
COMMENT ON COLUMN tags.tag.sought IS 'name and labels, lower-cased, to search in';
COMMENT ON COLUMN tags.tag.deposit_derived IS 'as it was when it was saved; read anew where it counts';
COMMENT ON COLUMN tags.tag.codes IS 'code of every value it ever had';
COMMENT ON COLUMN tags.tag.data_version IS 'grows with every filling';
COMMENT ON COLUMN tags.tag.data_of IS 'the version its sets were filled by';
COMMENT ON COLUMN tags.tag.position IS 'how far events and customers were read';
COMMENT ON COLUMN tags.tag.used_at IS 'when something last used it';
COMMENT ON COLUMN tags.tag.warned_at IS 'since when it is announced that it will be frozen';
ALTER TABLE tags.tag ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tags.tag TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON tags.tag TO huoke_app;
CREATE TABLE tags.version (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	number INTEGER NOT NULL,
	version INTEGER NOT NULL,
	definition JSONB NOT NULL,
	hash BYTEA NOT NULL,
	state TEXT NOT NULL,
	saved_by TEXT NOT NULL,
	saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	approved_at TIMESTAMP WITH TIME ZONE,
	submission_id UUID,
	CONSTRAINT pk_version PRIMARY KEY (tenant_id, number, version),
	CONSTRAINT ck_version_state_known CHECK (state IN ('draft', 'pending', 'approved'))
);
COMMENT ON TABLE tags.version IS 'Every version of a tag''s definition';
ALTER TABLE tags.version ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tags.version TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON tags.version TO huoke_app;
