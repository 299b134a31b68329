CREATE TABLE fulfilment.refund (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	order_id UUID NOT NULL, 
	supplier_id UUID NOT NULL, 
	number TEXT COLLATE "C" NOT NULL, 
	amount_fen BIGINT NOT NULL, 
	reason TEXT NOT NULL, 
	state TEXT NOT NULL, 
	code TEXT DEFAULT '' NOT NULL, 
	answer TEXT DEFAULT '' NOT NULL, 
	change_id UUID, 
	attempts INTEGER DEFAULT 0 NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE, 
	created_by TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_refund PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_refund_tenant_id_number UNIQUE (tenant_id, number), 
	CONSTRAINT ck_refund_state_known CHECK (state IN ('submitted', 'approved', 'sent', 'processing', 'unknown', 'success', 'refused', 'declined')), 
	CONSTRAINT ck_refund_amount_positive CHECK (amount_fen > 0), 
	CONSTRAINT ck_refund_ended_is_closed CHECK ((state IN ('success', 'refused', 'declined')) = (closed_at IS NOT NULL)), 
	CONSTRAINT ck_refund_asked_is_due CHECK ((state IN ('approved', 'sent', 'processing', 'unknown')) = (due_at IS NOT NULL))
);
CREATE INDEX ix_refund_due ON fulfilment.refund (tenant_id, supplier_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX ix_refund_order ON fulfilment.refund (tenant_id, order_id, created_at);
CREATE UNIQUE INDEX uq_refund_standing ON fulfilment.refund (tenant_id, order_id) WHERE state NOT IN ('refused', 'declined');
COMMENT ON TABLE fulfilment.refund IS 'Prices of delivered orders asked back: by one person, decided by another, answered by the supplier';
COMMENT ON COLUMN fulfilment.refund.number IS 'Ours, for good: a repeated call is the same refund.';
COMMENT ON COLUMN fulfilment.refund.amount_fen IS 'The whole order.';
COMMENT ON COLUMN fulfilment.refund.reason IS 'Why the bank asks; the supplier is told.';
COMMENT ON COLUMN fulfilment.refund.answer IS 'Why the supplier refused.';
COMMENT ON COLUMN fulfilment.refund.attempts IS 'Calls since the last step.';
COMMENT ON COLUMN fulfilment.refund.due_at IS 'When it is carried on; null before approval and after its end.';
ALTER TABLE fulfilment.refund ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON fulfilment.refund TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON fulfilment.refund TO huoke_app;
ALTER TABLE fulfilment.step DROP CONSTRAINT ck_step_cause_known;
ALTER TABLE fulfilment.step ADD CONSTRAINT ck_step_cause_known CHECK (cause IN ('grant', 'reroute', 'call', 'answer', 'not_taken', 'silence', 'query', 'callback', 'cancel', 'day_file', 'staff', 'refund'));
