CREATE SCHEMA tax;
GRANT USAGE ON SCHEMA tax TO huoke_app, huoke_feed;
CREATE TABLE tax.closing (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	month DATE NOT NULL, 
	body JSONB NOT NULL, 
	reason TEXT NOT NULL, 
	state TEXT NOT NULL, 
	change_id UUID, 
	requested_by TEXT NOT NULL, 
	requested_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_closing PRIMARY KEY (tenant_id, id), 
	CONSTRAINT ck_closing_state_known CHECK (state IN ('requested', 'done', 'refused', 'withdrawn'))
);
CREATE UNIQUE INDEX uq_closing_open ON tax.closing (tenant_id) WHERE state = 'requested';
COMMENT ON TABLE tax.closing IS 'Months that somebody asked to close; those done are filed';
COMMENT ON COLUMN tax.closing.body IS 'the totals that were agreed on';
ALTER TABLE tax.closing ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tax.closing TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON tax.closing TO huoke_app;
CREATE TABLE tax.withholding (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	grant_id UUID NOT NULL, 
	turn SMALLINT NOT NULL, 
	seq INTEGER NOT NULL, 
	person INTEGER NOT NULL, 
	unit_id INTEGER NOT NULL, 
	source_kind TEXT NOT NULL, 
	source_id UUID NOT NULL, 
	title TEXT NOT NULL, 
	value_fen BIGINT NOT NULL, 
	rate_ppm INTEGER NOT NULL, 
	base_fen BIGINT NOT NULL, 
	tax_fen BIGINT NOT NULL, 
	bearer TEXT NOT NULL, 
	earned_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	month DATE NOT NULL, 
	corrects DATE, 
	recorded_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_withholding PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_withholding_tenant_id_grant_id_turn UNIQUE (tenant_id, grant_id, turn), 
	CONSTRAINT ck_withholding_turn_known CHECK (turn IN (0, 1)), 
	CONSTRAINT ck_withholding_bearer_known CHECK (bearer IN ('bank', 'customer')), 
	CONSTRAINT ck_withholding_taken_back_is_negative CHECK ((turn = 0) = (base_fen >= 0 AND tax_fen >= 0) OR base_fen = 0)
);
CREATE INDEX ix_withholding_month ON tax.withholding (tenant_id, month, id);
COMMENT ON TABLE tax.withholding IS 'Tax withheld on prizes (rule T2); never changed, taken back by a record of its own';
COMMENT ON COLUMN tax.withholding.turn IS '0 when it was received, 1 when it was taken back';
COMMENT ON COLUMN tax.withholding.month IS 'in which it is filed';
COMMENT ON COLUMN tax.withholding.corrects IS 'to which it belongs, where that was closed already';
ALTER TABLE tax.withholding ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tax.withholding TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON tax.withholding TO huoke_app;
