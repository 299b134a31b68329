CREATE SCHEMA exchange;
GRANT USAGE ON SCHEMA exchange TO huoke_app, huoke_feed;
CREATE TABLE exchange.card (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	body JSONB NOT NULL,
	state TEXT NOT NULL,
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_card PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_card_state_known CHECK (state IN ('live', 'ended'))
);
COMMENT ON TABLE exchange.card IS 'Rate cards: what may be exchanged for what';
COMMENT ON COLUMN exchange.card.body IS 'the card as it was approved';
ALTER TABLE exchange.card ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON exchange.card TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON exchange.card TO huoke_app;
CREATE TABLE exchange.card_request (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	card_id UUID NOT NULL,
	body JSONB NOT NULL,
	reason TEXT NOT NULL,
	state TEXT NOT NULL,
	change_id UUID,
	requested_by TEXT NOT NULL,
	requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_card_request PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_card_request_state_known CHECK (state IN ('requested', 'in_force', 'refused', 'withdrawn'))
);
CREATE UNIQUE INDEX uq_card_request_open ON exchange.card_request (tenant_id, card_id) WHERE state = 'requested';
COMMENT ON TABLE exchange.card_request IS 'Rate cards: asked for by one person, decided by another';
COMMENT ON COLUMN exchange.card_request.body IS 'the card as it is wanted';
ALTER TABLE exchange.card_request ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON exchange.card_request TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON exchange.card_request TO huoke_app;
CREATE TABLE exchange.difference (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	partner TEXT COLLATE "C" NOT NULL,
	day DATE NOT NULL,
	number TEXT COLLATE "C" NOT NULL,
	kind TEXT NOT NULL,
	ours BIGINT NOT NULL,
	theirs BIGINT NOT NULL,
	found_at TIMESTAMP WITH TIME ZONE NOT NULL,
	settled_at TIMESTAMP WITH TIME ZONE,
	settled_by TEXT,
	note TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_difference PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_difference_kind_known CHECK (kind IN ('amount', 'missing_here', 'missing_there', 'state', 'late')),
	CONSTRAINT uq_difference_tenant_id_partner_number_kind UNIQUE (tenant_id, partner, number, kind)
);
COMMENT ON TABLE exchange.difference IS 'What a partner''s books say otherwise than ours';
COMMENT ON COLUMN exchange.difference.ours IS 'Units as we have them';
COMMENT ON COLUMN exchange.difference.theirs IS 'Units as the partner has them';
ALTER TABLE exchange.difference ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON exchange.difference TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON exchange.difference TO huoke_app;
CREATE TABLE exchange.funding (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	body JSONB NOT NULL,
	reason TEXT NOT NULL,
	state TEXT NOT NULL,
	change_id UUID,
	requested_by TEXT NOT NULL,
	requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_funding PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_funding_state_known CHECK (state IN ('requested', 'done', 'refused', 'withdrawn'))
);
CREATE UNIQUE INDEX ix_funding_open ON exchange.funding (tenant_id, id) WHERE state = 'requested';
COMMENT ON TABLE exchange.funding IS 'Liquidity: asked for by one person, decided by another';
COMMENT ON COLUMN exchange.funding.body IS 'what is set aside, or taken out again';
ALTER TABLE exchange.funding ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON exchange.funding TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON exchange.funding TO huoke_app;
CREATE TABLE exchange.member (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	partner TEXT COLLATE "C" NOT NULL,
	seq INTEGER NOT NULL,
	number BYTEA NOT NULL,
	blind BYTEA NOT NULL,
	linked_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_member PRIMARY KEY (tenant_id, partner, seq),
	CONSTRAINT uq_member_tenant_id_partner_blind UNIQUE (tenant_id, partner, blind)
);
COMMENT ON TABLE exchange.member IS 'Customers as members of partners';
COMMENT ON COLUMN exchange.member.number IS 'The member''s number at the partner, sealed';
COMMENT ON COLUMN exchange.member.blind IS 'Its blind index';
ALTER TABLE exchange.member ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON exchange.member TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON exchange.member TO huoke_app;
CREATE TABLE exchange.partner (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	code TEXT COLLATE "C" NOT NULL,
	name TEXT NOT NULL,
	name_en TEXT NOT NULL,
	unit TEXT COLLATE "C" NOT NULL,
	unit_name TEXT NOT NULL,
	unit_name_en TEXT NOT NULL,
	address TEXT NOT NULL,
	key_id TEXT NOT NULL,
	key BYTEA NOT NULL,
	timeout_seconds INTEGER NOT NULL,
	enabled BOOLEAN NOT NULL,
	carried_until TIMESTAMP WITH TIME ZONE,
	filed_on DATE,
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_partner PRIMARY KEY (tenant_id, code)
);
COMMENT ON TABLE exchange.partner IS 'Partners whose points are exchanged, and how they are reached';
COMMENT ON COLUMN exchange.partner.unit IS 'The code of what the partner''s members hold';
COMMENT ON COLUMN exchange.partner.key IS 'Sealed under the bank''s own';
COMMENT ON COLUMN exchange.partner.carried_until IS 'A worker carries its exchanges until then';
COMMENT ON COLUMN exchange.partner.filed_on IS 'The last day whose file was taken';
ALTER TABLE exchange.partner ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON exchange.partner TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON exchange.partner TO huoke_app;
CREATE TABLE exchange.trade (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	card_id UUID NOT NULL,
	direction TEXT NOT NULL,
	partner TEXT COLLATE "C" NOT NULL,
	number TEXT COLLATE "C" NOT NULL,
	seq INTEGER NOT NULL,
	source TEXT COLLATE "C" NOT NULL,
	target TEXT COLLATE "C" NOT NULL,
	points BIGINT NOT NULL,
	fee BIGINT NOT NULL,
	gained BIGINT NOT NULL,
	takes BIGINT NOT NULL,
	gives BIGINT NOT NULL,
	state TEXT NOT NULL,
	code TEXT DEFAULT '' NOT NULL,
	reason TEXT DEFAULT '' NOT NULL,
	attempts INTEGER DEFAULT 0 NOT NULL,
	due_at TIMESTAMP WITH TIME ZONE,
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	undo_until TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_trade PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_trade_direction_known CHECK (direction IN ('own', 'out', 'in')),
	CONSTRAINT ck_trade_state_known CHECK (state IN ('asked', 'sent', 'unknown', 'done', 'failed', 'reversing', 'borne', 'undone')),
	CONSTRAINT ck_trade_amounts_fit CHECK (points > 0 AND fee >= 0 AND fee < points AND gained > 0),
	CONSTRAINT uq_trade_tenant_id_partner_direction_number UNIQUE (tenant_id, partner, direction, number)
);
CREATE INDEX ix_trade_card ON exchange.trade (tenant_id, card_id, asked_at);
CREATE INDEX ix_trade_due ON exchange.trade (tenant_id, partner, due_at) WHERE state IN ('asked', 'sent', 'unknown', 'reversing');
CREATE INDEX ix_trade_seq ON exchange.trade (tenant_id, seq, asked_at);
COMMENT ON TABLE exchange.trade IS 'Exchanges of points';
ALTER TABLE exchange.trade ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON exchange.trade TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON exchange.trade TO huoke_app;
CREATE TABLE points.gift (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	request_no TEXT NOT NULL,
	giver INTEGER NOT NULL,
	taker INTEGER NOT NULL,
	currency TEXT COLLATE "C" NOT NULL,
	points BIGINT NOT NULL,
	state TEXT NOT NULL,
	given_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_gift PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_gift_state_known CHECK (state IN ('given', 'taken_back')),
	CONSTRAINT ck_gift_given_to_another CHECK (points > 0 AND giver <> taker),
	CONSTRAINT uq_gift_tenant_id_giver_request_no UNIQUE (tenant_id, giver, request_no)
);
CREATE INDEX ix_gift_given ON points.gift (tenant_id, giver, given_at);
CREATE INDEX ix_gift_taken ON points.gift (tenant_id, taker, given_at);
COMMENT ON TABLE points.gift IS 'Points customers gave each other';
COMMENT ON COLUMN points.gift.id IS 'The source of its transfers';
ALTER TABLE points.gift ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON points.gift TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON points.gift TO huoke_app;
