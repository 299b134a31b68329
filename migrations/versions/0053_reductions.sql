ALTER TABLE grants.offer DROP CONSTRAINT ck_offer_handover_known;
ALTER TABLE grants.offer ADD CONSTRAINT ck_offer_handover_known CHECK (handover IN ('counter', 'card_code', 'order', 'credit', 'cashier'));
ALTER TABLE grants.redemption DROP CONSTRAINT ck_redemption_way_known;
ALTER TABLE grants.redemption ADD CONSTRAINT ck_redemption_way_known CHECK (way IN ('counter', 'store', 'delivery', 'card_code', 'cashier'));
ALTER TABLE grants.redemption DROP CONSTRAINT ck_redemption_store_named;
ALTER TABLE grants.redemption ADD CONSTRAINT ck_redemption_store_named CHECK ((way = 'store') = (store_id IS NOT NULL) OR way = 'cashier');
ALTER TABLE payments.payment ADD COLUMN reduction_fen BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE payments.payment ADD COLUMN reduction_gone_fen BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE payments.payment ADD CONSTRAINT ck_payment_something_is_paid CHECK (reduction_fen >= 0 AND reduction_fen < amount_fen);
ALTER TABLE payments.payment ADD CONSTRAINT ck_payment_reduction_within_refunds CHECK (reduction_gone_fen BETWEEN 0 AND reduction_fen AND reduction_gone_fen <= refunding_fen + refunded_fen);
COMMENT ON COLUMN payments.payment.reduction_fen IS 'Of the amount, not paid';
COMMENT ON COLUMN payments.payment.reduction_gone_fen IS 'Of that, in refunds';
ALTER TABLE payments.refund ADD COLUMN reduction_fen BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE payments.refund ADD COLUMN again_of UUID;
ALTER TABLE payments.refund ADD CONSTRAINT ck_refund_reduction_within_amount CHECK (reduction_fen BETWEEN 0 AND amount_fen);
CREATE INDEX ix_refund_failed ON payments.refund (tenant_id, created_at, id) WHERE state = 'failed';
CREATE UNIQUE INDEX uq_refund_again_of ON payments.refund (tenant_id, again_of) WHERE again_of IS NOT NULL;
COMMENT ON COLUMN payments.refund.reduction_fen IS 'Of the amount, not paid';
COMMENT ON COLUMN payments.refund.again_of IS 'The failed refund this one is sent instead of';
ALTER TABLE payments.day_close ADD COLUMN theirs_reduced_fen BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE payments.day_close ADD COLUMN ours_reduced_fen BIGINT DEFAULT 0 NOT NULL;
COMMENT ON COLUMN payments.day_close.theirs_reduced_fen IS 'Less what went back';
ALTER TABLE payments.difference DROP CONSTRAINT ck_difference_kind_known;
ALTER TABLE payments.difference ADD CONSTRAINT ck_difference_kind_known CHECK (kind IN ('only_ours', 'only_theirs', 'amount_differs', 'reduction_differs'));
ALTER TABLE mall.purchase ADD COLUMN reduction_fen BIGINT DEFAULT 0 NOT NULL;
COMMENT ON COLUMN mall.purchase.reduction_fen IS 'Of the money, not paid';
ALTER TABLE statements.statement ALTER COLUMN supplier_id DROP NOT NULL;
ALTER TABLE statements.statement ADD COLUMN merchant_id UUID;
ALTER TABLE statements.statement ADD COLUMN agreed_by TEXT;
ALTER TABLE statements.statement ADD COLUMN agreed_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE statements.statement ADD COLUMN dispute TEXT DEFAULT '' NOT NULL;
ALTER TABLE statements.statement ADD COLUMN answer TEXT DEFAULT '' NOT NULL;
ALTER TABLE statements.statement ADD COLUMN paid_by TEXT;
ALTER TABLE statements.statement ADD COLUMN paid_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE statements.statement ADD COLUMN paid_reference TEXT DEFAULT '' NOT NULL;
ALTER TABLE statements.statement ADD CONSTRAINT ck_statement_one_is_owed CHECK ((supplier_id IS NULL) <> (merchant_id IS NULL));
ALTER TABLE statements.statement ADD CONSTRAINT ck_statement_merchant_agreed CHECK (merchant_id IS NULL OR state <> 'confirmed' OR agreed_at IS NOT NULL);
ALTER TABLE statements.statement ADD CONSTRAINT ck_statement_paid_by_another CHECK (paid_at IS NULL OR confirmed_at IS NOT NULL AND paid_by <> created_by);
CREATE UNIQUE INDEX uq_statement_merchant_period ON statements.statement (tenant_id, merchant_id, since_at) WHERE state <> 'reversed' AND merchant_id IS NOT NULL;
COMMENT ON COLUMN statements.statement.supplier_id IS 'Who is owed, where that is a supplier';
COMMENT ON COLUMN statements.statement.merchant_id IS 'Who is owed, where that is a merchant';
COMMENT ON COLUMN statements.statement.agreed_by IS 'Whoever agreed for the merchant';
COMMENT ON COLUMN statements.statement.dispute IS 'What the merchant says differs';
COMMENT ON COLUMN statements.statement.answer IS 'What the bank says to that';
COMMENT ON COLUMN statements.statement.paid_reference IS 'Of the transfer that paid it';
COMMENT ON TABLE statements.statement IS 'Statements per supplier or merchant and period; what they say never changes, only their state';
COMMENT ON TABLE statements.turn IS 'Locked while a statement of a supplier or merchant is made, so that two never cover the same redemption';
GRANT UPDATE (agreed_by, agreed_at, dispute, answer, paid_by, paid_at, paid_reference) ON statements.statement TO huoke_app;
ALTER TABLE payments.refund ADD COLUMN told_as TEXT;
COMMENT ON COLUMN payments.refund.told_as IS 'The number that events tell, of the first that failed';
CREATE SCHEMA reductions;
GRANT USAGE ON SCHEMA reductions TO huoke_app, huoke_feed;
CREATE TABLE reductions.back (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	refund_id UUID NOT NULL, 
	use_id UUID NOT NULL, 
	bank_fen BIGINT NOT NULL, 
	merchant_fen BIGINT NOT NULL, 
	brand_fen BIGINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_back PRIMARY KEY (tenant_id, refund_id)
);
CREATE INDEX ix_back_use ON reductions.back (tenant_id, use_id);
COMMENT ON TABLE reductions.back IS 'What of a reduction went back with a part of its payment, and to whom';
ALTER TABLE reductions.back ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON reductions.back TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON reductions.back TO huoke_app;
CREATE TABLE reductions.day_limit (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	sku_id UUID NOT NULL, 
	held_on DATE NOT NULL, 
	taken INTEGER NOT NULL, 
	allowed INTEGER NOT NULL, 
	CONSTRAINT pk_day_limit PRIMARY KEY (tenant_id, sku_id, held_on), 
	CONSTRAINT ck_day_limit_taken_within_limit CHECK (taken BETWEEN 0 AND allowed)
);
COMMENT ON TABLE reductions.day_limit IS 'How many of a reduction the bank takes off on a day, of those that are limited';
ALTER TABLE reductions.day_limit ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON reductions.day_limit TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON reductions.day_limit TO huoke_app;
CREATE TABLE reductions.use (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	payment_id UUID NOT NULL, 
	grant_id UUID NOT NULL, 
	seq INTEGER NOT NULL, 
	person INTEGER NOT NULL, 
	sku_id UUID NOT NULL, 
	sku_version INTEGER NOT NULL, 
	price_fen BIGINT NOT NULL, 
	bank_fen BIGINT NOT NULL, 
	merchant_fen BIGINT NOT NULL, 
	brand_fen BIGINT NOT NULL, 
	bank_back_fen BIGINT DEFAULT 0 NOT NULL, 
	merchant_back_fen BIGINT DEFAULT 0 NOT NULL, 
	brand_back_fen BIGINT DEFAULT 0 NOT NULL, 
	brand_payer_id UUID, 
	merchant_id UUID, 
	store_id UUID, 
	unit_id INTEGER, 
	state TEXT NOT NULL, 
	held_on DATE NOT NULL, 
	held_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	used_at TIMESTAMP WITH TIME ZONE, 
	freed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_use PRIMARY KEY (tenant_id, id), 
	CONSTRAINT ck_use_state_known CHECK (state IN ('held', 'used', 'freed')), 
	CONSTRAINT ck_use_shares_fit CHECK (bank_fen >= 0 AND merchant_fen >= 0 AND brand_fen >= 0 AND bank_fen + merchant_fen + brand_fen > 0 AND bank_fen + merchant_fen + brand_fen < price_fen), 
	CONSTRAINT ck_use_back_within_shares CHECK (bank_back_fen BETWEEN 0 AND bank_fen AND merchant_back_fen BETWEEN 0 AND merchant_fen AND brand_back_fen BETWEEN 0 AND brand_fen)
);
CREATE INDEX ix_use_person ON reductions.use (tenant_id, sku_id, person, held_on);
CREATE INDEX ix_use_seq ON reductions.use (tenant_id, seq);
CREATE UNIQUE INDEX uq_use_live ON reductions.use (tenant_id, grant_id) WHERE state <> 'freed';
CREATE UNIQUE INDEX uq_use_payment ON reductions.use (tenant_id, payment_id);
COMMENT ON TABLE reductions.use IS 'Benefits taken off payments: one for a payment, a benefit for one payment at a time';
COMMENT ON COLUMN reductions.use.price_fen IS 'Of what is paid for';
COMMENT ON COLUMN reductions.use.bank_fen IS 'What the bank bears';
COMMENT ON COLUMN reductions.use.bank_back_fen IS 'Of it, what went back';
COMMENT ON COLUMN reductions.use.brand_payer_id IS 'The supplier who bears the brand''s share';
COMMENT ON COLUMN reductions.use.merchant_id IS 'Whose store it is; null in the bank''s own mall';
COMMENT ON COLUMN reductions.use.held_on IS 'The day it counts on';
ALTER TABLE reductions.use ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON reductions.use TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON reductions.use TO huoke_app;
CREATE SCHEMA tills;
GRANT USAGE ON SCHEMA tills TO huoke_app, huoke_feed;
CREATE TABLE tills.movement (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	sale_id UUID NOT NULL, 
	merchant_id UUID NOT NULL, 
	store_id UUID NOT NULL, 
	is_back INTEGER NOT NULL, 
	price_fen BIGINT NOT NULL, 
	reduction_fen BIGINT NOT NULL, 
	own_fen BIGINT NOT NULL, 
	on_day DATE NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_movement PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ix_movement_merchant ON tills.movement (tenant_id, merchant_id, at);
CREATE INDEX ix_movement_sale ON tills.movement (tenant_id, sale_id);
COMMENT ON TABLE tills.movement IS 'What merchants are owed for sales, and what went back; each is a transfer of the ledger, never changed';
COMMENT ON COLUMN tills.movement.id IS 'The sale that was paid, or the refund of a part of it';
COMMENT ON COLUMN tills.movement.is_back IS '1 where it went back, 0 where it was paid';
COMMENT ON COLUMN tills.movement.price_fen IS 'Below zero where it went back';
COMMENT ON COLUMN tills.movement.on_day IS 'In the bank''s time zone';
ALTER TABLE tills.movement ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tills.movement TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON tills.movement TO huoke_app;
CREATE TABLE tills.sale (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	request_no TEXT COLLATE "C" NOT NULL, 
	seq INTEGER NOT NULL, 
	store_id UUID NOT NULL, 
	merchant_id UUID NOT NULL, 
	unit_id INTEGER NOT NULL, 
	price_fen BIGINT NOT NULL, 
	reduction_fen BIGINT NOT NULL, 
	own_fen BIGINT NOT NULL, 
	back_fen BIGINT DEFAULT 0 NOT NULL, 
	payment_id UUID NOT NULL, 
	state TEXT NOT NULL, 
	rung_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_sale PRIMARY KEY (tenant_id, id), 
	CONSTRAINT ck_sale_state_known CHECK (state IN ('open', 'paid', 'closed')), 
	CONSTRAINT ck_sale_price_fits CHECK (0 <= own_fen AND own_fen <= reduction_fen AND reduction_fen < price_fen), 
	CONSTRAINT ck_sale_back_within_price CHECK (back_fen BETWEEN 0 AND price_fen)
);
CREATE INDEX ix_sale_rung_at ON tills.sale (tenant_id, rung_at, id);
CREATE INDEX ix_sale_store ON tills.sale (tenant_id, store_id, rung_at, id);
CREATE UNIQUE INDEX uq_sale_request ON tills.sale (tenant_id, seq, request_no);
COMMENT ON TABLE tills.sale IS 'What customers pay in merchants'' stores through the bank''s cashier';
COMMENT ON COLUMN tills.sale.own_fen IS 'Of the reduction, what the merchant bears';
COMMENT ON COLUMN tills.sale.back_fen IS 'Of the price, what went back';
ALTER TABLE tills.sale ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tills.sale TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON tills.sale TO huoke_app;
CREATE TABLE payments.stock (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	cashier_id UUID NOT NULL, 
	tag TEXT COLLATE "C" NOT NULL, 
	stock_no TEXT NOT NULL, 
	usable_until TIMESTAMP WITH TIME ZONE NOT NULL, 
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_stock PRIMARY KEY (tenant_id, cashier_id, tag)
);
COMMENT ON TABLE payments.stock IS 'Reductions that a cashier knows, each as a stock of coupons';
COMMENT ON COLUMN payments.stock.tag IS 'Names terms of a reduction at the cashier';
ALTER TABLE payments.stock ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON payments.stock TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON payments.stock TO huoke_app;
CREATE TABLE statements.store_line (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	statement_id UUID NOT NULL, 
	place INTEGER NOT NULL, 
	store_id UUID NOT NULL, 
	store TEXT NOT NULL, 
	on_day DATE NOT NULL, 
	kind TEXT NOT NULL, 
	title TEXT NOT NULL, 
	done INTEGER NOT NULL, 
	undone INTEGER NOT NULL, 
	price_fen BIGINT NOT NULL, 
	reduction_fen BIGINT NOT NULL, 
	own_fen BIGINT NOT NULL, 
	amount_fen BIGINT NOT NULL, 
	CONSTRAINT pk_store_line PRIMARY KEY (tenant_id, statement_id, place), 
	CONSTRAINT fk_store_line_tenant_id_statement_id FOREIGN KEY(tenant_id, statement_id) REFERENCES statements.statement (tenant_id, id), 
	CONSTRAINT ck_store_line_kind_known CHECK (kind IN ('sale', 'benefit')), 
	CONSTRAINT ck_store_line_adds_up CHECK (amount_fen = price_fen - own_fen)
);
COMMENT ON TABLE statements.store_line IS 'Lines of a merchant''s statement: sales and redemptions by store and day; suppliers pay for benefits';
COMMENT ON COLUMN statements.store_line.store IS 'its name when the statement was made';
COMMENT ON COLUMN statements.store_line.title IS 'of a benefit; empty for sales';
COMMENT ON COLUMN statements.store_line.done IS 'sales, or benefits redeemed';
COMMENT ON COLUMN statements.store_line.price_fen IS 'of sales, less what went back';
COMMENT ON COLUMN statements.store_line.reduction_fen IS 'of that, not paid by customers';
COMMENT ON COLUMN statements.store_line.own_fen IS 'of that, borne by the merchant';
COMMENT ON COLUMN statements.store_line.amount_fen IS 'what the merchant is owed';
ALTER TABLE statements.store_line ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON statements.store_line TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON statements.store_line TO huoke_app;
CREATE TABLE fulfilment.parcel (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	order_id UUID NOT NULL, 
	state TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	carrier TEXT NOT NULL, 
	tracking_no TEXT NOT NULL, 
	note TEXT NOT NULL, 
	heard_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_parcel PRIMARY KEY (tenant_id, order_id, state, at), 
	CONSTRAINT ck_parcel_state_known CHECK (state IN ('packed', 'sent', 'delivered', 'problem'))
);
COMMENT ON TABLE fulfilment.parcel IS 'Where goods of an order are on their way, word by word; a repeated one is one';
COMMENT ON COLUMN fulfilment.parcel.at IS 'By the supplier''s clock';
COMMENT ON COLUMN fulfilment.parcel.note IS 'For the customer, where something is wrong';
ALTER TABLE fulfilment.parcel ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON fulfilment.parcel TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON fulfilment.parcel TO huoke_app;
