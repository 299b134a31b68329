ALTER TABLE group_buy.seat ADD COLUMN delivery BYTEA;
COMMENT ON COLUMN group_buy.seat.delivery IS 'C2, under the bank''s key, bound to this row; gone once it has ended';
CREATE TABLE tax.remittance (
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
	CONSTRAINT pk_remittance PRIMARY KEY (tenant_id, id), 
	CONSTRAINT ck_remittance_state_known CHECK (state IN ('requested', 'done', 'refused', 'withdrawn'))
);
CREATE UNIQUE INDEX uq_remittance_open ON tax.remittance (tenant_id) WHERE state = 'requested';
COMMENT ON TABLE tax.remittance IS 'Payments of closed months that somebody entered; those done are in the ledger';
COMMENT ON COLUMN tax.remittance.body IS 'day, number and amount of the payment';
ALTER TABLE tax.remittance ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tax.remittance TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON tax.remittance TO huoke_app;
CREATE TABLE invoices.paper (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	invoice_id UUID NOT NULL, 
	file_id UUID NOT NULL, 
	name TEXT NOT NULL, 
	format TEXT NOT NULL, 
	size_bytes BIGINT NOT NULL, 
	sha256 TEXT COLLATE "C" NOT NULL, 
	kept_by TEXT NOT NULL, 
	kept_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_paper PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_paper_tenant_id_invoice_id FOREIGN KEY(tenant_id, invoice_id) REFERENCES invoices.invoice (tenant_id, id), 
	CONSTRAINT uq_paper_tenant_id_invoice_id_format UNIQUE (tenant_id, invoice_id, format), 
	CONSTRAINT uq_paper_tenant_id_sha256 UNIQUE (tenant_id, sha256), 
	CONSTRAINT ck_paper_format_known CHECK (format IN ('pdf', 'ofd', 'xml'))
);
COMMENT ON TABLE invoices.paper IS 'Files of input invoices: one of each format, the same file at one invoice only';
COMMENT ON COLUMN invoices.paper.file_id IS 'where its bytes lie, sealed';
ALTER TABLE invoices.paper ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON invoices.paper TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON invoices.paper TO huoke_app;
