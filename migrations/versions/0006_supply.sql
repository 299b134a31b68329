CREATE SCHEMA IF NOT EXISTS fulfilment;

GRANT USAGE ON SCHEMA fulfilment TO huoke_app, huoke_feed;

CREATE SCHEMA IF NOT EXISTS reconciliation;

GRANT USAGE ON SCHEMA reconciliation TO huoke_app, huoke_feed;

CREATE TABLE fulfilment.exchange (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	supplier_id UUID NOT NULL, 
	order_id UUID, 
	operation TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	status SMALLINT NOT NULL, 
	milliseconds INTEGER NOT NULL, 
	request TEXT NOT NULL, 
	response TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_exchange PRIMARY KEY (tenant_id, id)
);

CREATE INDEX ix_exchange_order ON fulfilment.exchange (tenant_id, order_id, at);

CREATE INDEX ix_exchange_supplier ON fulfilment.exchange (tenant_id, supplier_id, at);

COMMENT ON TABLE fulfilment.exchange IS 'What was said on the wire, both ways';

COMMENT ON COLUMN fulfilment.exchange.status IS 'HTTP status; 0 where there was no answer.';

COMMENT ON COLUMN fulfilment.exchange.request IS 'Personal fields masked.';

COMMENT ON COLUMN fulfilment.exchange.response IS 'Personal fields masked.';

ALTER TABLE fulfilment.exchange ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON fulfilment.exchange TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON fulfilment.exchange TO huoke_app;

CREATE TABLE fulfilment.health (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	supplier_id UUID NOT NULL, 
	breaker TEXT DEFAULT 'closed' NOT NULL, 
	failures INTEGER DEFAULT 0 NOT NULL, 
	trips INTEGER DEFAULT 0 NOT NULL, 
	probe_at TIMESTAMP WITH TIME ZONE, 
	answered_at TIMESTAMP WITH TIME ZONE, 
	failed_at TIMESTAMP WITH TIME ZONE, 
	error TEXT DEFAULT '' NOT NULL, 
	carried_until TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_health PRIMARY KEY (tenant_id, supplier_id), 
	CONSTRAINT ck_health_breaker_known CHECK (breaker IN ('closed', 'open', 'half_open'))
);

COMMENT ON TABLE fulfilment.health IS 'Whether a supplier answers: its circuit breaker, and whose turn it is';

COMMENT ON COLUMN fulfilment.health.failures IS 'In a row.';

COMMENT ON COLUMN fulfilment.health.trips IS 'Openings in a row.';

COMMENT ON COLUMN fulfilment.health.probe_at IS 'When an open breaker lets one call through.';

COMMENT ON COLUMN fulfilment.health.carried_until IS 'A job is at this supplier''s orders until then.';

ALTER TABLE fulfilment.health ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON fulfilment.health TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON fulfilment.health TO huoke_app;

CREATE TABLE fulfilment.nonce (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	supplier_id UUID NOT NULL, 
	nonce TEXT COLLATE "C" NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_nonce PRIMARY KEY (tenant_id, supplier_id, nonce)
);

CREATE INDEX ix_nonce_at ON fulfilment.nonce (tenant_id, at);

COMMENT ON TABLE fulfilment.nonce IS 'Callbacks seen within the replay window';

ALTER TABLE fulfilment.nonce ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON fulfilment.nonce TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON fulfilment.nonce TO huoke_app;

CREATE TABLE fulfilment.prepayment (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	supplier_id UUID NOT NULL, 
	amount_fen BIGINT NOT NULL, 
	reference TEXT NOT NULL, 
	state TEXT NOT NULL, 
	change_id UUID, 
	created_by TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_prepayment PRIMARY KEY (tenant_id, id), 
	CONSTRAINT ck_prepayment_state_known CHECK (state IN ('submitted', 'paid', 'refused')), 
	CONSTRAINT ck_prepayment_amount_positive CHECK (amount_fen > 0), 
	CONSTRAINT uq_prepayment_tenant_id_supplier_id_reference UNIQUE (tenant_id, supplier_id, reference)
);

CREATE INDEX ix_prepayment_created_at ON fulfilment.prepayment (tenant_id, created_at, id);

COMMENT ON TABLE fulfilment.prepayment IS 'Money paid ahead: asked for by one, decided by another, booked in the ledger';

COMMENT ON COLUMN fulfilment.prepayment.reference IS 'The bank''s payment number.';

ALTER TABLE fulfilment.prepayment ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON fulfilment.prepayment TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON fulfilment.prepayment TO huoke_app;

CREATE TABLE fulfilment.step (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	order_id UUID NOT NULL, 
	step SMALLINT NOT NULL, 
	supplier_id UUID NOT NULL, 
	sku_id UUID NOT NULL, 
	seq INTEGER NOT NULL, 
	previous TEXT, 
	state TEXT NOT NULL, 
	cause TEXT NOT NULL, 
	amount_fen BIGINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	xid xid8 DEFAULT pg_current_xact_id() NOT NULL, 
	ordinal INTEGER NOT NULL, 
	CONSTRAINT pk_step PRIMARY KEY (tenant_id, order_id, step), 
	CONSTRAINT ck_step_cause_known CHECK (cause IN ('grant', 'call', 'answer', 'not_taken', 'silence', 'query', 'callback', 'cancel', 'day_file', 'staff'))
);

CREATE INDEX ix_step_position ON fulfilment.step (xid, ordinal);

COMMENT ON TABLE fulfilment.step IS 'Every movement of an order from one state to the next; never changed';

ALTER TABLE fulfilment.step ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON fulfilment.step TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON fulfilment.step TO huoke_app;

GRANT SELECT ON fulfilment.step TO huoke_feed;

CREATE TABLE fulfilment.supplier_order (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	grant_id UUID NOT NULL, 
	number TEXT COLLATE "C" NOT NULL, 
	supplier_id UUID NOT NULL, 
	sku_id UUID NOT NULL, 
	sku_code TEXT COLLATE "C" NOT NULL, 
	title TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	amount_fen BIGINT NOT NULL, 
	state TEXT NOT NULL, 
	steps SMALLINT NOT NULL, 
	ordered_on DATE, 
	supplier_no TEXT DEFAULT '' NOT NULL, 
	code TEXT DEFAULT '' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	proof JSONB DEFAULT '{}' NOT NULL, 
	drawn_fen BIGINT DEFAULT 0 NOT NULL, 
	draws SMALLINT DEFAULT 0 NOT NULL, 
	attempts INTEGER DEFAULT 0 NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE, 
	cancel_asked_at TIMESTAMP WITH TIME ZONE, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_supplier_order PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_supplier_order_tenant_id_grant_id UNIQUE (tenant_id, grant_id), 
	CONSTRAINT uq_supplier_order_tenant_id_number UNIQUE (tenant_id, number), 
	CONSTRAINT ck_supplier_order_state_known CHECK (state IN ('created', 'sent', 'accepted', 'unknown', 'success', 'failed', 'refunded')), 
	CONSTRAINT ck_supplier_order_kind_known CHECK (kind IN ('topup', 'physical')), 
	CONSTRAINT ck_supplier_order_not_negative CHECK (amount_fen >= 0 AND drawn_fen >= 0), 
	CONSTRAINT ck_supplier_order_ended_is_not_due CHECK (state NOT IN ('success', 'refunded') OR due_at IS NULL)
);

CREATE INDEX ix_supplier_order_created_at ON fulfilment.supplier_order (tenant_id, created_at, id);

CREATE INDEX ix_supplier_order_day ON fulfilment.supplier_order (tenant_id, supplier_id, ordered_on);

CREATE INDEX ix_supplier_order_due ON fulfilment.supplier_order (tenant_id, supplier_id, due_at) WHERE due_at IS NOT NULL;

COMMENT ON TABLE fulfilment.supplier_order IS 'One order per grant, for good';

COMMENT ON COLUMN fulfilment.supplier_order.number IS 'Ours, for good: a repeated call is the same order.';

COMMENT ON COLUMN fulfilment.supplier_order.amount_fen IS 'What the supplier is to charge.';

COMMENT ON COLUMN fulfilment.supplier_order.ordered_on IS 'Business day of the first call; both day files count it there.';

COMMENT ON COLUMN fulfilment.supplier_order.drawn_fen IS 'Of the prepayment, now.';

COMMENT ON COLUMN fulfilment.supplier_order.attempts IS 'Calls since the last step.';

COMMENT ON COLUMN fulfilment.supplier_order.due_at IS 'When it is looked at next; null once it has ended.';

ALTER TABLE fulfilment.supplier_order ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON fulfilment.supplier_order TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON fulfilment.supplier_order TO huoke_app;

CREATE TABLE reconciliation.day_file (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	supplier_id UUID NOT NULL, 
	business_on DATE NOT NULL, 
	sha256 TEXT NOT NULL, 
	rows INTEGER NOT NULL, 
	theirs INTEGER NOT NULL, 
	theirs_fen BIGINT NOT NULL, 
	ours INTEGER NOT NULL, 
	ours_fen BIGINT NOT NULL, 
	ledger_fen BIGINT NOT NULL, 
	matched INTEGER NOT NULL, 
	resolved INTEGER NOT NULL, 
	brought_by TEXT NOT NULL, 
	brought_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	compared_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_day_file PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_day_file_tenant_id_supplier_id_business_on_sha256 UNIQUE (tenant_id, supplier_id, business_on, sha256)
);

CREATE INDEX ix_day_file_brought_at ON reconciliation.day_file (tenant_id, brought_at, id);

COMMENT ON TABLE reconciliation.day_file IS 'A supplier''s file of one business day, compared';

COMMENT ON COLUMN reconciliation.day_file.theirs IS 'Successes in the file.';

COMMENT ON COLUMN reconciliation.day_file.ours IS 'Our successes of the day after unknowns were resolved.';

COMMENT ON COLUMN reconciliation.day_file.ledger_fen IS 'Drawn from the prepayment for them.';

COMMENT ON COLUMN reconciliation.day_file.resolved IS 'Orders without an end that the file ended.';

COMMENT ON COLUMN reconciliation.day_file.compared_at IS 'Null while it is read.';

ALTER TABLE reconciliation.day_file ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON reconciliation.day_file TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON reconciliation.day_file TO huoke_app;

CREATE TABLE reconciliation.difference (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	day_file_id UUID NOT NULL, 
	supplier_id UUID NOT NULL, 
	business_on DATE NOT NULL, 
	number TEXT COLLATE "C" NOT NULL, 
	order_id UUID, 
	kind TEXT NOT NULL, 
	ours TEXT NOT NULL, 
	theirs TEXT NOT NULL, 
	ours_fen BIGINT NOT NULL, 
	theirs_fen BIGINT NOT NULL, 
	state TEXT NOT NULL, 
	resolution TEXT DEFAULT '' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	proposed_by TEXT, 
	proposed_at TIMESTAMP WITH TIME ZONE, 
	closed_by TEXT, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_difference PRIMARY KEY (tenant_id, id), 
	CONSTRAINT ck_difference_kind_known CHECK (kind IN ('only_ours', 'only_theirs', 'amount_differs', 'state_differs')), 
	CONSTRAINT ck_difference_state_known CHECK (state IN ('open', 'proposed', 'closed')), 
	CONSTRAINT ck_difference_resolution_known CHECK (resolution IN ('', 'accept_theirs', 'keep_ours', 'gone')), 
	CONSTRAINT ck_difference_second_person_for_money CHECK (resolution <> 'accept_theirs' OR closed_by <> proposed_by)
);

CREATE INDEX ix_difference_day ON reconciliation.difference (tenant_id, business_on, id);

CREATE INDEX ix_difference_day_file ON reconciliation.difference (tenant_id, day_file_id);

CREATE UNIQUE INDEX uq_difference_open ON reconciliation.difference (tenant_id, supplier_id, business_on, number) WHERE state <> 'closed';

COMMENT ON TABLE reconciliation.difference IS 'Where a supplier''s file and our books differ, each worked to a close';

COMMENT ON COLUMN reconciliation.difference.day_file_id IS 'The latest file that showed it.';

COMMENT ON COLUMN reconciliation.difference.order_id IS 'Null where only the supplier knows the order.';

ALTER TABLE reconciliation.difference ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON reconciliation.difference TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON reconciliation.difference TO huoke_app;

CREATE TABLE supply.alarm (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	kind TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	supplier_id UUID, 
	title TEXT NOT NULL, 
	value BIGINT NOT NULL, 
	threshold BIGINT NOT NULL, 
	raised_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	cleared_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_alarm PRIMARY KEY (tenant_id, id), 
	CONSTRAINT ck_alarm_kind_known CHECK (kind IN ('low_prepayment', 'low_stock', 'no_answer', 'old_unknown', 'low_outlet'))
);

CREATE UNIQUE INDEX uq_alarm_standing ON supply.alarm (tenant_id, kind, subject) WHERE cleared_at IS NULL;

COMMENT ON TABLE supply.alarm IS 'What ran low or stopped answering; one row from when it began until it was over';

COMMENT ON COLUMN supply.alarm.subject IS 'What it is about, within its kind';

ALTER TABLE supply.alarm ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON supply.alarm TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON supply.alarm TO huoke_app;

CREATE TABLE reconciliation.line (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	day_file_id UUID NOT NULL, 
	number TEXT COLLATE "C" NOT NULL, 
	supplier_no TEXT NOT NULL, 
	sku_code TEXT NOT NULL, 
	told TEXT NOT NULL, 
	amount_fen BIGINT NOT NULL, 
	CONSTRAINT pk_line PRIMARY KEY (tenant_id, day_file_id, number), 
	CONSTRAINT fk_line_tenant_id_day_file_id FOREIGN KEY(tenant_id, day_file_id) REFERENCES reconciliation.day_file (tenant_id, id)
);

COMMENT ON TABLE reconciliation.line IS 'The rows of a file as the supplier wrote them';

ALTER TABLE reconciliation.line ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON reconciliation.line TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON reconciliation.line TO huoke_app;

CREATE TABLE supply.connection (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	supplier_id UUID NOT NULL, 
	adapter TEXT NOT NULL, 
	address TEXT NOT NULL, 
	key_id TEXT NOT NULL, 
	key BYTEA NOT NULL, 
	callback_address TEXT NOT NULL, 
	timeout_seconds INTEGER NOT NULL, 
	per_second_max INTEGER NOT NULL, 
	at_once_max INTEGER NOT NULL, 
	prepaid BOOLEAN NOT NULL, 
	prepayment_alarm_fen BIGINT NOT NULL, 
	stock_alarm BIGINT NOT NULL, 
	enabled BOOLEAN NOT NULL, 
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_connection PRIMARY KEY (tenant_id, supplier_id), 
	CONSTRAINT fk_connection_tenant_id_supplier_id FOREIGN KEY(tenant_id, supplier_id) REFERENCES supply.supplier (tenant_id, id), 
	CONSTRAINT ck_connection_pace_fits CHECK (timeout_seconds > 0 AND per_second_max > 0 AND at_once_max > 0)
);

COMMENT ON TABLE supply.connection IS 'How a supplier that takes orders is reached';

COMMENT ON COLUMN supply.connection.key IS 'C3, under the bank''s key, bound to this row; never shown.';

COMMENT ON COLUMN supply.connection.prepaid IS 'Paid ahead: an order goes out only where the money covers it.';

ALTER TABLE supply.connection ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON supply.connection TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON supply.connection TO huoke_app;
