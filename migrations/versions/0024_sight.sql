CREATE SCHEMA temperature;
GRANT USAGE ON SCHEMA temperature TO huoke_app, huoke_feed;
CREATE TABLE temperature.scale (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	body JSONB NOT NULL, 
	reason TEXT NOT NULL, 
	state TEXT NOT NULL, 
	change_id UUID, 
	requested_by TEXT NOT NULL, 
	requested_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_scale PRIMARY KEY (tenant_id, id), 
	CONSTRAINT ck_scale_state_known CHECK (state IN ('requested', 'in_force', 'replaced', 'refused', 'withdrawn'))
);
CREATE UNIQUE INDEX uq_scale_in_force ON temperature.scale (tenant_id) WHERE state = 'in_force';
CREATE UNIQUE INDEX uq_scale_requested ON temperature.scale (tenant_id) WHERE state = 'requested';
COMMENT ON TABLE temperature.scale IS 'How a bank measures temperature: asked for by one person, decided by another';
COMMENT ON COLUMN temperature.scale.body IS 'signals with weight and cap, and how much each component counts';
ALTER TABLE temperature.scale ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON temperature.scale TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON temperature.scale TO huoke_app;
CREATE TABLE temperature.run (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	day DATE NOT NULL, 
	horizon TIMESTAMP WITH TIME ZONE NOT NULL, 
	whole BOOLEAN NOT NULL, 
	customers INTEGER NOT NULL, 
	signals BIGINT NOT NULL, 
	moved INTEGER NOT NULL, 
	warnings INTEGER NOT NULL, 
	typical FLOAT[] NOT NULL, 
	begun INTEGER NOT NULL, 
	took_ms INTEGER NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_run PRIMARY KEY (tenant_id, day)
);
COMMENT ON TABLE temperature.run IS 'Days whose temperatures stand in ClickHouse; the latest is shown';
COMMENT ON COLUMN temperature.run.horizon IS 'Events recorded until then were read';
COMMENT ON COLUMN temperature.run.whole IS 'Measured from the beginning, not from the day before';
COMMENT ON COLUMN temperature.run.moved IS 'Who came into another stage';
COMMENT ON COLUMN temperature.run.typical IS 'The typical heat of each component, for the drivers';
COMMENT ON COLUMN temperature.run.begun IS 'The day on which watching began, in days since 1970';
ALTER TABLE temperature.run ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON temperature.run TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON temperature.run TO huoke_app;
CREATE TABLE temperature.warning (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	seq INTEGER NOT NULL, 
	unit_id INTEGER NOT NULL, 
	day DATE NOT NULL, 
	signs TEXT[] NOT NULL, 
	temperature FLOAT NOT NULL, 
	was_stage TEXT NOT NULL, 
	stage TEXT NOT NULL, 
	value_fen BIGINT NOT NULL, 
	control BOOLEAN NOT NULL, 
	state TEXT NOT NULL, 
	taken_by TEXT, 
	note TEXT DEFAULT '' NOT NULL, 
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_warning PRIMARY KEY (tenant_id, id), 
	CONSTRAINT ck_warning_state_known CHECK (state IN ('new', 'taken', 'done', 'false_alarm')), 
	CONSTRAINT ck_warning_corroborated CHECK (cardinality(signs) >= 2)
);
CREATE INDEX ix_warning_day ON temperature.warning (tenant_id, day, id);
CREATE INDEX ix_warning_seq ON temperature.warning (tenant_id, seq, day);
CREATE UNIQUE INDEX uq_warning_open ON temperature.warning (tenant_id, seq) WHERE state IN ('new', 'taken');
COMMENT ON TABLE temperature.warning IS 'Relationships that began to cool, with at least two signs of it';
COMMENT ON COLUMN temperature.warning.unit_id IS 'of the customer, when the warning came';
COMMENT ON COLUMN temperature.warning.control IS 'Shown to nobody, so that it can be seen what caring does';
ALTER TABLE temperature.warning ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON temperature.warning TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON temperature.warning TO huoke_app;
