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
