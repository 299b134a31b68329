ALTER TABLE customers.customer DROP CONSTRAINT ck_customer_status_known;
ALTER TABLE customers.customer ADD CONSTRAINT ck_customer_status_known CHECK (status IN ('active', 'closed', 'erased')) NOT VALID;
ALTER TABLE customers.customer VALIDATE CONSTRAINT ck_customer_status_known;
GRANT UPDATE (before) ON customers.former TO huoke_app;
COMMENT ON TABLE customers.former IS 'What a customer''s row held before each change; emptied when the customer is erased';
CREATE TABLE customers.erasure (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	seq INTEGER NOT NULL, 
	unit_id INTEGER NOT NULL, 
	reason TEXT NOT NULL, 
	state TEXT NOT NULL, 
	change_id UUID, 
	requested_by TEXT NOT NULL, 
	requested_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_erasure PRIMARY KEY (tenant_id, id), 
	CONSTRAINT ck_erasure_state_known CHECK (state IN ('requested', 'done', 'refused', 'withdrawn'))
);
CREATE INDEX ix_erasure_requested ON customers.erasure (tenant_id, requested_at);
CREATE UNIQUE INDEX ix_erasure_seq ON customers.erasure (tenant_id, seq) WHERE state = 'requested';
COMMENT ON TABLE customers.erasure IS 'Requests to erase a customer, and how they ended';
COMMENT ON COLUMN customers.erasure.change_id IS 'the approval it waits for';
ALTER TABLE customers.erasure ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON customers.erasure TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON customers.erasure TO huoke_app;
