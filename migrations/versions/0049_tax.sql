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
CREATE SCHEMA invoices;
GRANT USAGE ON SCHEMA invoices TO huoke_app, huoke_feed;
CREATE TABLE invoices.invoice (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	code TEXT COLLATE "C" NOT NULL, 
	number TEXT COLLATE "C" NOT NULL, 
	supplier_id UUID NOT NULL, 
	issued_on DATE NOT NULL, 
	amount_fen BIGINT NOT NULL, 
	rate_ppm INTEGER NOT NULL, 
	tax_fen BIGINT NOT NULL, 
	received_by TEXT NOT NULL, 
	received_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	reversed_by TEXT, 
	reversed_at TIMESTAMP WITH TIME ZONE, 
	reason TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_invoice PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_invoice_tenant_id_code_number UNIQUE (tenant_id, code, number), 
	CONSTRAINT ck_invoice_tax_fits CHECK (2 * abs(tax_fen * (1000000 + rate_ppm) - amount_fen * rate_ppm) <= 1000000 + rate_ppm)
);
COMMENT ON TABLE invoices.invoice IS 'Input invoices (rule V1); what one says never changes, and a number counts once';
COMMENT ON COLUMN invoices.invoice.code IS 'empty for a digital invoice';
COMMENT ON COLUMN invoices.invoice.amount_fen IS 'with tax';
ALTER TABLE invoices.invoice ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON invoices.invoice TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE (reversed_by, reversed_at, reason) ON invoices.invoice TO huoke_app;
CREATE TABLE invoices.line (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	statement_id UUID NOT NULL, 
	place INTEGER NOT NULL, 
	slot TEXT COLLATE "C" NOT NULL, 
	number TEXT COLLATE "C" NOT NULL, 
	supplier_id UUID NOT NULL, 
	until_on DATE NOT NULL, 
	title TEXT NOT NULL, 
	campaign TEXT NOT NULL, 
	quantity INTEGER NOT NULL, 
	amount_fen BIGINT NOT NULL, 
	vat_kind TEXT NOT NULL, 
	basis TEXT NOT NULL, 
	why TEXT DEFAULT '' NOT NULL, 
	made_by TEXT NOT NULL, 
	kind_by TEXT, 
	state TEXT NOT NULL, 
	closed BOOLEAN DEFAULT 'false' NOT NULL, 
	invoice_id UUID, 
	requested_by TEXT, 
	requested_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_line PRIMARY KEY (tenant_id, statement_id, place, slot), 
	CONSTRAINT fk_line_tenant_id_invoice_id FOREIGN KEY(tenant_id, invoice_id) REFERENCES invoices.invoice (tenant_id, id), 
	CONSTRAINT ck_line_kind_known CHECK (vat_kind IN ('deemed_sale', 'prepaid_sale', 'service', 'none')), 
	CONSTRAINT ck_line_state_known CHECK (state IN ('open', 'requested', 'received', 'reversed', 'none')), 
	CONSTRAINT ck_line_slot_fits CHECK (CASE vat_kind WHEN 'prepaid_sale' THEN slot IN ('purchase', 'use') WHEN 'none' THEN slot = 'none' ELSE slot = 'sale' END), 
	CONSTRAINT ck_line_none_is_due CHECK ((slot = 'none') = (state = 'none')), 
	CONSTRAINT ck_line_received_has_invoice CHECK (state <> 'received' OR invoice_id IS NOT NULL), 
	CONSTRAINT ck_line_maker_is_not_changer CHECK (kind_by <> made_by)
);
CREATE INDEX ix_line_invoice ON invoices.line (tenant_id, invoice_id);
CREATE INDEX ix_line_until ON invoices.line (tenant_id, until_on, statement_id, place, slot);
COMMENT ON TABLE invoices.line IS 'Lines of confirmed statements: how each is taxed, and its place for an invoice (rules V1, V2)';
COMMENT ON COLUMN invoices.line.number IS 'of the statement';
COMMENT ON COLUMN invoices.line.made_by IS 'who made the statement';
COMMENT ON COLUMN invoices.line.kind_by IS 'who changed the kind';
COMMENT ON COLUMN invoices.line.closed IS 'its statement was reversed';
ALTER TABLE invoices.line ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON invoices.line TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON invoices.line TO huoke_app;
