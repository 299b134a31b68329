ALTER TABLE ledger.account ADD COLUMN frozen BOOLEAN DEFAULT false NOT NULL;
ALTER TABLE ledger.lot ADD COLUMN clawed BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE ledger.lot ADD CONSTRAINT ck_lot_clawed_within_amount CHECK (clawed >= 0 AND clawed <= amount);
CREATE INDEX ix_transfer_at ON ledger.transfer USING brin (at);
CREATE SCHEMA points;
GRANT USAGE ON SCHEMA points TO huoke_app, huoke_feed;
CREATE TABLE points.type (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	code TEXT COLLATE "C" NOT NULL,
	name TEXT NOT NULL,
	name_en TEXT NOT NULL,
	unit_cost_fen BIGINT NOT NULL,
	funder UUID,
	expiry JSONB NOT NULL,
	pending_days INTEGER NOT NULL,
	debt BOOLEAN NOT NULL,
	transferable BOOLEAN NOT NULL,
	state TEXT NOT NULL,
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_type PRIMARY KEY (tenant_id, code),
	CONSTRAINT ck_type_state_known CHECK (state IN ('open', 'closed')),
	CONSTRAINT ck_type_not_negative CHECK (unit_cost_fen >= 0 AND pending_days >= 0)
);
COMMENT ON TABLE points.type IS 'Kinds of points a bank has';
COMMENT ON COLUMN points.type.code IS 'The ledger''s currency';
COMMENT ON COLUMN points.type.unit_cost_fen IS 'What 1,000 points cost';
COMMENT ON COLUMN points.type.funder IS 'The budget that pays; none is the bank as a whole';
COMMENT ON COLUMN points.type.debt IS 'Whether spent points that are clawed back are owed';
ALTER TABLE points.type ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON points.type TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON points.type TO huoke_app;
CREATE TABLE points.type_request (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	code TEXT NOT NULL,
	body JSONB NOT NULL,
	reason TEXT NOT NULL,
	state TEXT NOT NULL,
	change_id UUID,
	requested_by TEXT NOT NULL,
	requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_type_request PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_type_request_state_known CHECK (state IN ('requested', 'in_force', 'refused', 'withdrawn'))
);
CREATE UNIQUE INDEX uq_type_request_open ON points.type_request (tenant_id, code) WHERE state = 'requested';
COMMENT ON TABLE points.type_request IS 'Types of points: asked for by one person, decided by another';
COMMENT ON COLUMN points.type_request.body IS 'the type as it is wanted';
ALTER TABLE points.type_request ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON points.type_request TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON points.type_request TO huoke_app;
CREATE TABLE points.rule (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	body JSONB NOT NULL,
	state TEXT NOT NULL,
	given BIGINT DEFAULT 0 NOT NULL,
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_rule PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_rule_state_known CHECK (state IN ('live', 'ended')),
	CONSTRAINT ck_rule_given_not_negative CHECK (given >= 0)
);
COMMENT ON TABLE points.rule IS 'Earn rules: what customers do that gives them points';
COMMENT ON COLUMN points.rule.body IS 'the rule as it was approved';
COMMENT ON COLUMN points.rule.given IS 'points so far, of its budget';
ALTER TABLE points.rule ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON points.rule TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON points.rule TO huoke_app;
CREATE TABLE points.rule_request (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	rule_id UUID NOT NULL,
	body JSONB NOT NULL,
	reason TEXT NOT NULL,
	state TEXT NOT NULL,
	change_id UUID,
	requested_by TEXT NOT NULL,
	requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_rule_request PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_rule_request_state_known CHECK (state IN ('requested', 'in_force', 'refused', 'withdrawn'))
);
CREATE UNIQUE INDEX uq_rule_request_open ON points.rule_request (tenant_id, rule_id) WHERE state = 'requested';
COMMENT ON TABLE points.rule_request IS 'Earn rules: asked for by one person, decided by another';
COMMENT ON COLUMN points.rule_request.body IS 'the rule as it is wanted';
ALTER TABLE points.rule_request ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON points.rule_request TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON points.rule_request TO huoke_app;
CREATE TABLE points.earning (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	rule_id UUID NOT NULL,
	event_id UUID NOT NULL,
	id UUID NOT NULL,
	seq INTEGER NOT NULL,
	points BIGINT NOT NULL,
	clawed BIGINT DEFAULT 0 NOT NULL,
	reversed_fen BIGINT DEFAULT 0 NOT NULL,
	amount_fen BIGINT NOT NULL,
	key TEXT,
	state TEXT NOT NULL,
	happened_at TIMESTAMP WITH TIME ZONE NOT NULL,
	earned_at TIMESTAMP WITH TIME ZONE NOT NULL,
	due_at TIMESTAMP WITH TIME ZONE,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_earning PRIMARY KEY (tenant_id, rule_id, event_id),
	CONSTRAINT ck_earning_state_known CHECK (state IN ('pending', 'active', 'cancelled')),
	CONSTRAINT ck_earning_clawed_within_points CHECK (points > 0 AND clawed >= 0 AND clawed <= points)
);
CREATE INDEX ix_earning_due_at ON points.earning (tenant_id, due_at) WHERE state = 'pending';
CREATE INDEX ix_earning_key ON points.earning (tenant_id, seq, key) WHERE key IS NOT NULL;
CREATE INDEX ix_earning_seq ON points.earning (tenant_id, seq, earned_at);
COMMENT ON TABLE points.earning IS 'What an event gave under a rule, once';
COMMENT ON COLUMN points.earning.id IS 'The source of its credit';
COMMENT ON COLUMN points.earning.key IS 'What a confirming or reversing event names it by';
COMMENT ON COLUMN points.earning.due_at IS 'When it becomes active by itself';
ALTER TABLE points.earning ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON points.earning TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON points.earning TO huoke_app;
CREATE TABLE points.arrival (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	events INTEGER NOT NULL,
	CONSTRAINT pk_arrival PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ix_arrival_at ON points.arrival (tenant_id, at, id);
COMMENT ON TABLE points.arrival IS 'Events that wait for the earn rules, by when they were recorded';
COMMENT ON COLUMN points.arrival.at IS 'When the events were recorded';
ALTER TABLE points.arrival ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON points.arrival TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON points.arrival TO huoke_app;
CREATE TABLE points.reversal (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	rule_id UUID NOT NULL,
	event_id UUID NOT NULL,
	CONSTRAINT pk_reversal PRIMARY KEY (tenant_id, rule_id, event_id)
);
COMMENT ON TABLE points.reversal IS 'Events that confirmed or reversed what a rule gave: each counts once';
ALTER TABLE points.reversal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON points.reversal TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON points.reversal TO huoke_app;
CREATE TABLE points.earned (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	rule_id UUID NOT NULL,
	person BIGINT NOT NULL,
	span TEXT NOT NULL,
	since DATE NOT NULL,
	points BIGINT NOT NULL,
	CONSTRAINT pk_earned PRIMARY KEY (tenant_id, rule_id, person, span, since),
	CONSTRAINT ck_earned_span_known CHECK (span IN ('day', 'month', 'rule'))
);
COMMENT ON TABLE points.earned IS 'What a natural person got of a rule in a span of time, for its caps (rule R1)';
ALTER TABLE points.earned ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON points.earned TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON points.earned TO huoke_app;
CREATE TABLE points.adjustment (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	body JSONB NOT NULL,
	reason TEXT NOT NULL,
	state TEXT NOT NULL,
	change_id UUID,
	requested_by TEXT NOT NULL,
	requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_adjustment PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_adjustment_state_known CHECK (state IN ('requested', 'done', 'refused', 'withdrawn'))
);
CREATE UNIQUE INDEX ix_adjustment_open ON points.adjustment (tenant_id, id) WHERE state = 'requested';
COMMENT ON TABLE points.adjustment IS 'Corrections by hand: asked for by one person, decided by another';
COMMENT ON COLUMN points.adjustment.body IS 'whose points, how many more or less';
ALTER TABLE points.adjustment ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON points.adjustment TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON points.adjustment TO huoke_app;
CREATE TABLE points."freeze" (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	seq INTEGER NOT NULL,
	body JSONB NOT NULL,
	reason TEXT NOT NULL,
	state TEXT NOT NULL,
	change_id UUID,
	requested_by TEXT NOT NULL,
	requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_freeze PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_freeze_state_known CHECK (state IN ('requested', 'done', 'refused', 'withdrawn'))
);
CREATE UNIQUE INDEX uq_freeze_open ON points."freeze" (tenant_id, seq) WHERE state = 'requested';
COMMENT ON TABLE points."freeze" IS 'Freezing accounts: asked for by one person, decided by another';
COMMENT ON COLUMN points."freeze".body IS 'which account, frozen or free';
ALTER TABLE points.freeze ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON points.freeze TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON points.freeze TO huoke_app;
CREATE TABLE points.closing (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	day DATE NOT NULL,
	currency TEXT COLLATE "C" NOT NULL,
	opening BIGINT NOT NULL,
	moved JSONB NOT NULL,
	closing BIGINT NOT NULL,
	difference BIGINT NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_closing PRIMARY KEY (tenant_id, day, currency)
);
COMMENT ON TABLE points.closing IS 'Days that were closed: what a type began with, what moved, what it ended with';
COMMENT ON COLUMN points.closing.moved IS 'points by kind of movement, signed';
ALTER TABLE points.closing ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON points.closing TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON points.closing TO huoke_app;
CREATE TABLE ledger.claw_back (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	source_id UUID NOT NULL,
	line INTEGER NOT NULL,
	lot_id UUID NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_claw_back PRIMARY KEY (tenant_id, source_id, line)
);
COMMENT ON TABLE ledger.claw_back IS 'Claw-backs by name: the same one again takes nothing';
ALTER TABLE ledger.claw_back ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ledger.claw_back TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON ledger.claw_back TO huoke_app;
INSERT INTO points.type (tenant_id, code, name, name_en, unit_cost_fen, expiry, pending_days, debt, transferable, state, changed_at)
SELECT DISTINCT ON (tenant_id, currency) tenant_id, currency, currency, currency, 0, '{"kind": "none"}'::jsonb, 0, true, false, 'open', opened_at
FROM ledger.account WHERE kind = 'points' ORDER BY tenant_id, currency, opened_at;
