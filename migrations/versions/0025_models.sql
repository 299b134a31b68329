CREATE SCHEMA IF NOT EXISTS models;
GRANT USAGE ON SCHEMA models TO huoke_app, huoke_feed;
CREATE TABLE models.run (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	task TEXT NOT NULL,
	number INTEGER NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE NOT NULL,
	rows BIGINT NOT NULL,
	average FLOAT NOT NULL,
	bands JSONB NOT NULL,
	drift JSONB NOT NULL,
	alarm BOOLEAN NOT NULL,
	CONSTRAINT pk_run PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ix_run_task ON models.run (tenant_id, task, at);
COMMENT ON TABLE models.run IS 'Scorings of everybody';
COMMENT ON COLUMN models.run.at IS 'the cut-off of its features';
ALTER TABLE models.run ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON models.run TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON models.run TO huoke_app;
CREATE TABLE models.version (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	task TEXT NOT NULL,
	number INTEGER NOT NULL,
	algorithm TEXT NOT NULL,
	state TEXT NOT NULL,
	recommended BOOLEAN NOT NULL,
	text TEXT NOT NULL,
	text_hash TEXT NOT NULL,
	features JSONB NOT NULL,
	groups JSONB NOT NULL,
	metrics JSONB NOT NULL,
	rows INTEGER NOT NULL,
	outcomes INTEGER NOT NULL,
	cut_offs DATE[] NOT NULL,
	judged_on DATE NOT NULL,
	data_hash TEXT NOT NULL,
	code_version TEXT NOT NULL,
	made_by TEXT NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	change_id UUID,
	approved_at TIMESTAMP WITH TIME ZONE,
	retired_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_version PRIMARY KEY (tenant_id, id),
	CONSTRAINT uq_version_tenant_id_task_number UNIQUE (tenant_id, task, number),
	CONSTRAINT ck_version_state_known CHECK (state IN ('draft', 'pending', 'champion', 'challenger', 'retired')),
	CONSTRAINT ck_version_task_known CHECK (task IN ('churn_30', 'churn_90', 'response', 'value'))
);
CREATE UNIQUE INDEX ix_version_champion ON models.version (tenant_id, task) WHERE state = 'champion'::text;
COMMENT ON TABLE models.version IS 'Models as they were learned, judged and approved';
COMMENT ON COLUMN models.version.text IS 'the whole model; never code, never a pickle';
COMMENT ON COLUMN models.version.groups IS 'told and seen by tenths of the judging rows';
ALTER TABLE models.version ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON models.version TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON models.version TO huoke_app;
