CREATE SCHEMA tiers;
GRANT USAGE ON SCHEMA tiers TO huoke_app, huoke_feed;
CREATE TABLE tiers.gain (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	source_id UUID NOT NULL,
	line INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	value BIGINT NOT NULL,
	source_kind TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_gain PRIMARY KEY (tenant_id, source_id, line),
	CONSTRAINT ck_gain_value_moves CHECK (value <> 0)
);
CREATE INDEX ix_gain_seq ON tiers.gain (tenant_id, seq, at);
COMMENT ON TABLE tiers.gain IS 'Growth as it was earned, or taken back; named by its source and line, which is its idempotency';
ALTER TABLE tiers.gain ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tiers.gain TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON tiers.gain TO huoke_app;
CREATE TABLE tiers.move (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	seq INTEGER NOT NULL,
	was TEXT NOT NULL,
	tier TEXT NOT NULL,
	up BOOLEAN NOT NULL,
	cause TEXT NOT NULL,
	growth BIGINT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_move PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_move_cause_known CHECK (cause IN ('reached', 'period', 'scheme'))
);
CREATE INDEX ix_move_at ON tiers.move (tenant_id, at);
CREATE INDEX ix_move_seq ON tiers.move (tenant_id, seq, at);
COMMENT ON TABLE tiers.move IS 'Who came to another tier, when and why';
COMMENT ON COLUMN tiers.move.growth IS 'What counted when it was decided';
ALTER TABLE tiers.move ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tiers.move TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON tiers.move TO huoke_app;
CREATE TABLE tiers.offer (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	tier TEXT NOT NULL,
	sku_id UUID NOT NULL,
	turn TEXT NOT NULL,
	offer_id UUID NOT NULL,
	given_to INTEGER NOT NULL,
	done BOOLEAN NOT NULL,
	CONSTRAINT pk_offer PRIMARY KEY (tenant_id, tier, sku_id, turn)
);
COMMENT ON TABLE tiers.offer IS 'What a tier''s benefits are granted from: an offer for each turn';
COMMENT ON COLUMN tiers.offer.turn IS 'The month of a monthly benefit; the year, and who pays, of others';
COMMENT ON COLUMN tiers.offer.given_to IS 'The last customer served; those above come next';
ALTER TABLE tiers.offer ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tiers.offer TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON tiers.offer TO huoke_app;
CREATE TABLE tiers.scheme (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	body JSONB NOT NULL,
	reason TEXT NOT NULL,
	state TEXT NOT NULL,
	change_id UUID,
	requested_by TEXT NOT NULL,
	requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_scheme PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_scheme_state_known CHECK (state IN ('requested', 'in_force', 'replaced', 'refused', 'withdrawn'))
);
CREATE UNIQUE INDEX uq_scheme_in_force ON tiers.scheme (tenant_id) WHERE state = 'in_force';
CREATE UNIQUE INDEX uq_scheme_requested ON tiers.scheme (tenant_id) WHERE state = 'requested';
COMMENT ON TABLE tiers.scheme IS 'The tiers of a bank: asked for by one person, decided by another';
COMMENT ON COLUMN tiers.scheme.body IS 'tiers with thresholds and benefits, period, protection';
ALTER TABLE tiers.scheme ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tiers.scheme TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON tiers.scheme TO huoke_app;
CREATE TABLE tiers.standing (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	seq INTEGER NOT NULL,
	tier TEXT NOT NULL,
	since DATE NOT NULL,
	held_until DATE NOT NULL,
	protected BOOLEAN NOT NULL,
	CONSTRAINT pk_standing PRIMARY KEY (tenant_id, seq)
);
CREATE INDEX ix_standing_due ON tiers.standing (tenant_id, held_until);
CREATE INDEX ix_standing_level ON tiers.standing (tenant_id, tier, seq);
COMMENT ON TABLE tiers.standing IS 'The tier of everybody who ever earned growth; others are on the lowest';
COMMENT ON COLUMN tiers.standing.tier IS 'Empty until the bank has tiers';
COMMENT ON COLUMN tiers.standing.held_until IS 'The last day before growth is looked at again';
ALTER TABLE tiers.standing ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tiers.standing TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON tiers.standing TO huoke_app;
CREATE TABLE tiers.year (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	seq INTEGER NOT NULL,
	year INTEGER NOT NULL,
	months BIGINT[] NOT NULL,
	CONSTRAINT pk_year PRIMARY KEY (tenant_id, seq, year),
	CONSTRAINT ck_year_months_twelve CHECK (cardinality(months) = 12)
);
COMMENT ON TABLE tiers.year IS 'A customer''s growth by month, in the bank''s time zone: the sum of what was earned in it';
COMMENT ON COLUMN tiers.year.months IS 'What was earned from January to December';
ALTER TABLE tiers.year ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tiers.year TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON tiers.year TO huoke_app;
CREATE SCHEMA mall;
GRANT USAGE ON SCHEMA mall TO huoke_app, huoke_feed;
CREATE TABLE mall.item_order (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	shelf_item_id UUID NOT NULL,
	seq INTEGER NOT NULL,
	request_no TEXT NOT NULL,
	points BIGINT NOT NULL,
	currency TEXT NOT NULL,
	grant_id UUID NOT NULL,
	state TEXT NOT NULL,
	ordered_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_item_order PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_item_order_state_known CHECK (state IN ('paid', 'refunded'))
);
CREATE INDEX ix_item_order_at ON mall.item_order (tenant_id, ordered_at, id);
CREATE INDEX ix_item_order_shelf_item ON mall.item_order (tenant_id, shelf_item_id, ordered_at);
CREATE UNIQUE INDEX uq_item_order_grant ON mall.item_order (tenant_id, grant_id);
CREATE UNIQUE INDEX uq_item_order_request ON mall.item_order (tenant_id, seq, request_no);
COMMENT ON TABLE mall.item_order IS 'Who ordered what for how many points; its benefit is a grant';
ALTER TABLE mall.item_order ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON mall.item_order TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON mall.item_order TO huoke_app;
CREATE TABLE mall.shelf_item (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	sku_id UUID NOT NULL,
	currency TEXT NOT NULL,
	points BIGINT NOT NULL,
	person_limit INTEGER NOT NULL,
	stock INTEGER NOT NULL,
	budget_id UUID NOT NULL,
	pool_id UUID NOT NULL,
	tier TEXT NOT NULL,
	opens_at TIMESTAMP WITH TIME ZONE NOT NULL,
	closes_at TIMESTAMP WITH TIME ZONE NOT NULL,
	state TEXT NOT NULL,
	offer_id UUID,
	own_pool_id UUID,
	change_id UUID,
	created_by TEXT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_shelf_item PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_shelf_item_state_known CHECK (state IN ('submitted', 'on_shelf', 'taken_off', 'refused')),
	CONSTRAINT ck_shelf_item_sold_for_points CHECK (points > 0 AND person_limit > 0 AND stock > 0)
);
CREATE INDEX ix_shelf_item_state ON mall.shelf_item (tenant_id, state, created_at);
CREATE UNIQUE INDEX uq_shelf_item_offer ON mall.shelf_item (tenant_id, offer_id);
COMMENT ON TABLE mall.shelf_item IS 'A published benefit on the shelf of the mall, with its price in points';
COMMENT ON COLUMN mall.shelf_item.currency IS 'The points type it is paid in';
COMMENT ON COLUMN mall.shelf_item.points IS 'The price of one: the same for everybody (rule P5)';
COMMENT ON COLUMN mall.shelf_item.budget_id IS 'What pays for it';
COMMENT ON COLUMN mall.shelf_item.pool_id IS 'Where its stock comes from';
COMMENT ON COLUMN mall.shelf_item.tier IS 'The lowest level that may order it; empty for everybody';
COMMENT ON COLUMN mall.shelf_item.own_pool_id IS 'The stock set aside for it';
ALTER TABLE mall.shelf_item ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON mall.shelf_item TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON mall.shelf_item TO huoke_app;
