CREATE TABLE fulfilment.coupon_use (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	order_id UUID NOT NULL, 
	supplier_id UUID NOT NULL, 
	number TEXT COLLATE "C" NOT NULL, 
	request_no TEXT COLLATE "C" NOT NULL, 
	state TEXT NOT NULL, 
	code TEXT DEFAULT '' NOT NULL, 
	unit_id INTEGER NOT NULL, 
	store_id UUID, 
	teller TEXT NOT NULL, 
	attempts INTEGER DEFAULT 0 NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_coupon_use PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_coupon_use_tenant_id_number UNIQUE (tenant_id, number), 
	CONSTRAINT uq_coupon_use_tenant_id_teller_request_no UNIQUE (tenant_id, teller, request_no), 
	CONSTRAINT ck_coupon_use_state_known CHECK (state IN ('sent', 'unknown', 'used', 'refused')), 
	CONSTRAINT ck_coupon_use_ended_is_not_due CHECK ((state IN ('used', 'refused')) = (ended_at IS NOT NULL) AND (ended_at IS NULL) = (due_at IS NOT NULL))
);
CREATE INDEX ix_coupon_use_due ON fulfilment.coupon_use (tenant_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX ix_coupon_use_order ON fulfilment.coupon_use (tenant_id, order_id, asked_at);
CREATE UNIQUE INDEX uq_coupon_use_open ON fulfilment.coupon_use (tenant_id, order_id) WHERE state IN ('sent', 'unknown');
COMMENT ON TABLE fulfilment.coupon_use IS 'Coupons of a platform used at a counter or in a store: asked of the platform, answered by it';
COMMENT ON COLUMN fulfilment.coupon_use.number IS 'The platform''s use_request_no: the same number again is the same use.';
COMMENT ON COLUMN fulfilment.coupon_use.request_no IS 'Of whoever uses it, once for each teller.';
COMMENT ON COLUMN fulfilment.coupon_use.code IS 'Why the platform refused.';
COMMENT ON COLUMN fulfilment.coupon_use.due_at IS 'When the platform is asked after it.';
ALTER TABLE fulfilment.coupon_use ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON fulfilment.coupon_use TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON fulfilment.coupon_use TO huoke_app;
CREATE TABLE fulfilment.refund_end (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	refund_id UUID NOT NULL, 
	body JSONB NOT NULL, 
	reason TEXT NOT NULL, 
	state TEXT NOT NULL, 
	change_id UUID, 
	requested_by TEXT NOT NULL, 
	requested_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_refund_end PRIMARY KEY (tenant_id, id), 
	CONSTRAINT ck_refund_end_state_known CHECK (state IN ('requested', 'done', 'refused', 'withdrawn'))
);
CREATE UNIQUE INDEX uq_refund_end_open ON fulfilment.refund_end (tenant_id, refund_id) WHERE state = 'requested';
COMMENT ON TABLE fulfilment.refund_end IS 'Refunds their suppliers know nothing of, ended or sent again: asked for by one person, decided by another';
COMMENT ON COLUMN fulfilment.refund_end.body IS 'which refund, what is to become of it, and the supplier''s word';
ALTER TABLE fulfilment.refund_end ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON fulfilment.refund_end TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON fulfilment.refund_end TO huoke_app;
