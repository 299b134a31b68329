CREATE SCHEMA payments;
GRANT USAGE ON SCHEMA payments TO huoke_app, huoke_feed;
CREATE TABLE payments.cashier (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	name TEXT NOT NULL, 
	address TEXT NOT NULL, 
	merchant_no TEXT NOT NULL, 
	app_id TEXT NOT NULL, 
	serial TEXT NOT NULL, 
	private_key BYTEA NOT NULL, 
	notice_key BYTEA NOT NULL, 
	platform_serial TEXT NOT NULL, 
	platform_key TEXT NOT NULL, 
	notice_address TEXT NOT NULL, 
	timeout_seconds INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	change_id UUID, 
	carried_until TIMESTAMP WITH TIME ZONE, 
	answered_at TIMESTAMP WITH TIME ZONE, 
	failed_at TIMESTAMP WITH TIME ZONE, 
	error TEXT DEFAULT '' NOT NULL, 
	created_by TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_cashier PRIMARY KEY (tenant_id, id), 
	CONSTRAINT ck_cashier_state_known CHECK (state IN ('submitted', 'active', 'retired', 'refused'))
);
CREATE UNIQUE INDEX uq_cashier_active ON payments.cashier (tenant_id) WHERE state = 'active';
COMMENT ON TABLE payments.cashier IS 'How the bank reaches its cashier; one is active, approved by a second person';
COMMENT ON COLUMN payments.cashier.serial IS 'Of the merchant''s own certificate';
COMMENT ON COLUMN payments.cashier.private_key IS 'Sealed under the bank''s key, bound to this row';
COMMENT ON COLUMN payments.cashier.notice_key IS 'Sealed under the bank''s key, bound to this row';
COMMENT ON COLUMN payments.cashier.platform_key IS 'Public: whose words count';
COMMENT ON COLUMN payments.cashier.carried_until IS 'Until when a worker has its calls in hand';
ALTER TABLE payments.cashier ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON payments.cashier TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON payments.cashier TO huoke_app;
CREATE TABLE payments.day_close (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	business_on DATE NOT NULL, 
	theirs INTEGER NOT NULL, 
	theirs_fen BIGINT NOT NULL, 
	theirs_back_fen BIGINT NOT NULL, 
	ours INTEGER NOT NULL, 
	ours_fen BIGINT NOT NULL, 
	ours_back_fen BIGINT NOT NULL, 
	ledger_fen BIGINT NOT NULL, 
	ledger_back_fen BIGINT NOT NULL, 
	sha1 TEXT NOT NULL, 
	closed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_day_close PRIMARY KEY (tenant_id, business_on)
);
COMMENT ON TABLE payments.day_close IS 'Days compared with the cashier''s file';
COMMENT ON COLUMN payments.day_close.theirs IS 'Payments in the cashier''s file';
COMMENT ON COLUMN payments.day_close.ledger_fen IS 'What the ledger booked for the payments of the day';
ALTER TABLE payments.day_close ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON payments.day_close TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON payments.day_close TO huoke_app;
CREATE TABLE payments.difference (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	business_on DATE NOT NULL, 
	number TEXT COLLATE "C" NOT NULL, 
	is_refund BOOLEAN NOT NULL, 
	kind TEXT NOT NULL, 
	payment_id UUID, 
	ours_fen BIGINT NOT NULL, 
	theirs_fen BIGINT NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	found_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	closed_by TEXT, 
	CONSTRAINT pk_difference PRIMARY KEY (tenant_id, business_on, number), 
	CONSTRAINT ck_difference_kind_known CHECK (kind IN ('only_ours', 'only_theirs', 'amount_differs')), 
	CONSTRAINT ck_difference_state_known CHECK (state IN ('open', 'gone', 'explained'))
);
CREATE INDEX ix_difference_state ON payments.difference (tenant_id, state, business_on);
COMMENT ON TABLE payments.difference IS 'Where the cashier''s file and our books differ, each worked to a close';
COMMENT ON COLUMN payments.difference.number IS 'Of the payment or the refund';
COMMENT ON COLUMN payments.difference.payment_id IS 'Null where only the cashier knows it';
ALTER TABLE payments.difference ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON payments.difference TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON payments.difference TO huoke_app;
CREATE TABLE payments.exchange (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	payment_id UUID NOT NULL, 
	refund_id UUID, 
	operation TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	status INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	milliseconds INTEGER NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_exchange PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ix_exchange_payment ON payments.exchange (tenant_id, payment_id, at);
COMMENT ON TABLE payments.exchange IS 'What was said between the bank and its cashier, without bodies';
COMMENT ON COLUMN payments.exchange.status IS 'Of HTTP; 0 where there was no answer';
ALTER TABLE payments.exchange ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON payments.exchange TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON payments.exchange TO huoke_app;
CREATE TABLE payments.nonce (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	nonce TEXT COLLATE "C" NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_nonce PRIMARY KEY (tenant_id, nonce)
);
COMMENT ON TABLE payments.nonce IS 'Notices that were taken, for as long as they could be replayed';
ALTER TABLE payments.nonce ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON payments.nonce TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON payments.nonce TO huoke_app;
CREATE TABLE payments.payment (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	request_no TEXT COLLATE "C" NOT NULL, 
	seq INTEGER NOT NULL, 
	amount_fen BIGINT NOT NULL, 
	subject TEXT NOT NULL, 
	source_kind TEXT NOT NULL, 
	source_id UUID NOT NULL, 
	line INTEGER NOT NULL, 
	cashier_id UUID NOT NULL, 
	state TEXT NOT NULL, 
	pay_address TEXT DEFAULT '' NOT NULL, 
	cashier_no TEXT DEFAULT '' NOT NULL, 
	code TEXT DEFAULT '' NOT NULL, 
	attempts INTEGER DEFAULT 0 NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE, 
	sent_at TIMESTAMP WITH TIME ZONE, 
	close_asked BOOLEAN DEFAULT false NOT NULL, 
	refunding_fen BIGINT DEFAULT 0 NOT NULL, 
	refunded_fen BIGINT DEFAULT 0 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	paid_at TIMESTAMP WITH TIME ZONE, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_payment PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_payment_tenant_id_request_no UNIQUE (tenant_id, request_no), 
	CONSTRAINT fk_payment_tenant_id_cashier_id FOREIGN KEY(tenant_id, cashier_id) REFERENCES payments.cashier (tenant_id, id), 
	CONSTRAINT ck_payment_amount_positive CHECK (amount_fen > 0), 
	CONSTRAINT ck_payment_state_known CHECK (state IN ('created', 'prepaid', 'unknown', 'paid', 'closed', 'refunding', 'refunded')), 
	CONSTRAINT ck_payment_refunds_within_amount CHECK (refunding_fen >= 0 AND refunded_fen >= 0 AND refunding_fen + refunded_fen <= amount_fen), 
	CONSTRAINT ck_payment_refunds_of_paid CHECK (refunding_fen + refunded_fen = 0 OR state IN ('paid', 'refunding', 'refunded'))
);
CREATE INDEX ix_payment_created_at ON payments.payment (tenant_id, created_at, id);
CREATE INDEX ix_payment_due_at ON payments.payment (tenant_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX ix_payment_paid_at ON payments.payment (tenant_id, paid_at) WHERE paid_at IS NOT NULL;
CREATE INDEX ix_payment_source ON payments.payment (tenant_id, source_id);
COMMENT ON TABLE payments.payment IS 'Money asked of customers, and what became of it';
COMMENT ON COLUMN payments.payment.id IS 'Its 32 hex digits are the number the cashier knows it by';
COMMENT ON COLUMN payments.payment.pay_address IS 'Where the customer pays';
COMMENT ON COLUMN payments.payment.code IS 'Why it does not go on';
COMMENT ON COLUMN payments.payment.due_at IS 'When the cashier is called next; null when it has ended';
COMMENT ON COLUMN payments.payment.sent_at IS 'When the cashier was last told of it';
COMMENT ON COLUMN payments.payment.paid_at IS 'By the cashier''s clock';
COMMENT ON COLUMN payments.payment.ended_at IS 'When we heard that it was paid or closed';
ALTER TABLE payments.payment ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON payments.payment TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON payments.payment TO huoke_app;
CREATE TABLE payments.refund (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	payment_id UUID NOT NULL, 
	request_no TEXT COLLATE "C" NOT NULL, 
	amount_fen BIGINT NOT NULL, 
	reason TEXT NOT NULL, 
	state TEXT NOT NULL, 
	cashier_no TEXT DEFAULT '' NOT NULL, 
	code TEXT DEFAULT '' NOT NULL, 
	attempts INTEGER DEFAULT 0 NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE, 
	sent_at TIMESTAMP WITH TIME ZONE, 
	asked_by TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	refunded_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_refund PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_refund_tenant_id_request_no UNIQUE (tenant_id, request_no), 
	CONSTRAINT fk_refund_tenant_id_payment_id FOREIGN KEY(tenant_id, payment_id) REFERENCES payments.payment (tenant_id, id), 
	CONSTRAINT ck_refund_amount_positive CHECK (amount_fen > 0), 
	CONSTRAINT ck_refund_state_known CHECK (state IN ('created', 'unknown', 'processing', 'refunded', 'failed'))
);
CREATE INDEX ix_refund_due_at ON payments.refund (tenant_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX ix_refund_payment ON payments.refund (tenant_id, payment_id);
CREATE INDEX ix_refund_refunded_at ON payments.refund (tenant_id, refunded_at) WHERE refunded_at IS NOT NULL;
COMMENT ON TABLE payments.refund IS 'Money given back, in whole or in part';
COMMENT ON COLUMN payments.refund.id IS 'Its 32 hex digits are the number the cashier knows it by';
COMMENT ON COLUMN payments.refund.refunded_at IS 'By the cashier''s clock';
ALTER TABLE payments.refund ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON payments.refund TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON payments.refund TO huoke_app;
