CREATE SCHEMA group_buy;
GRANT USAGE ON SCHEMA group_buy TO huoke_app, huoke_feed;
CREATE TABLE group_buy.programme (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	unit_id INTEGER NOT NULL,
	name TEXT NOT NULL,
	state TEXT NOT NULL,
	terms JSONB NOT NULL,
	offer_id UUID,
	pool_id UUID,
	seat_pool_id UUID,
	budget_id UUID,
	change_id UUID,
	created_by TEXT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_programme PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_programme_state_known CHECK (state IN ('submitted', 'live', 'stopped', 'refused'))
);
CREATE UNIQUE INDEX uq_programme_offer ON group_buy.programme (tenant_id, offer_id);
COMMENT ON TABLE group_buy.programme IS 'Group buys: one benefit, a price for each of so many';
COMMENT ON COLUMN group_buy.programme.terms IS 'as it was asked for; nothing in it changes';
COMMENT ON COLUMN group_buy.programme.pool_id IS 'units that no seat keeps';
COMMENT ON COLUMN group_buy.programme.seat_pool_id IS 'units that seats keep until they are delivered';
COMMENT ON COLUMN group_buy.programme.budget_id IS 'money set aside for it';
ALTER TABLE group_buy.programme ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON group_buy.programme TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON group_buy.programme TO huoke_app;
CREATE TABLE group_buy.party (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	programme_id UUID NOT NULL,
	code TEXT COLLATE "C" NOT NULL,
	state TEXT NOT NULL,
	size SMALLINT NOT NULL,
	opened_by INTEGER NOT NULL,
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	reason TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_party PRIMARY KEY (tenant_id, id),
	CONSTRAINT fk_party_tenant_id_programme_id FOREIGN KEY(tenant_id, programme_id) REFERENCES group_buy.programme (tenant_id, id),
	CONSTRAINT uq_party_tenant_id_code UNIQUE (tenant_id, code),
	CONSTRAINT ck_party_state_known CHECK (state IN ('open', 'full', 'complete', 'expired', 'stopped', 'refunded')),
	CONSTRAINT ck_party_open_has_no_end CHECK ((state IN ('open', 'full')) = (ended_at IS NULL))
);
CREATE INDEX ix_party_open ON group_buy.party (tenant_id, expires_at) WHERE state IN ('open', 'full');
CREATE INDEX ix_party_programme ON group_buy.party (tenant_id, programme_id, opened_at, id);
COMMENT ON TABLE group_buy.party IS 'Groups of a group buy: complete when every seat is paid';
COMMENT ON COLUMN group_buy.party.code IS 'how friends find it';
COMMENT ON COLUMN group_buy.party.opened_by IS 'the customer who opened it';
COMMENT ON COLUMN group_buy.party.reason IS 'why it was stopped';
ALTER TABLE group_buy.party ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON group_buy.party TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON group_buy.party TO huoke_app;
CREATE TABLE group_buy.seat (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	party_id UUID NOT NULL,
	programme_id UUID NOT NULL,
	seq INTEGER NOT NULL,
	person INTEGER NOT NULL,
	unit_id INTEGER NOT NULL,
	state TEXT NOT NULL,
	request_no TEXT NOT NULL,
	points BIGINT NOT NULL,
	cash_fen BIGINT NOT NULL,
	payment_id UUID,
	grant_id UUID,
	reserved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	pay_by TIMESTAMP WITH TIME ZONE NOT NULL,
	paid_at TIMESTAMP WITH TIME ZONE,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_seat PRIMARY KEY (tenant_id, id),
	CONSTRAINT fk_seat_tenant_id_party_id FOREIGN KEY(tenant_id, party_id) REFERENCES group_buy.party (tenant_id, id),
	CONSTRAINT uq_seat_tenant_id_seq_request_no UNIQUE (tenant_id, seq, request_no),
	CONSTRAINT ck_seat_state_known CHECK (state IN ('reserved', 'paid', 'delivered', 'released', 'refunding', 'refunded')),
	CONSTRAINT ck_seat_costs_something CHECK (points >= 0 AND cash_fen >= 0 AND points + cash_fen > 0),
	CONSTRAINT ck_seat_cash_has_a_payment CHECK ((cash_fen > 0) = (payment_id IS NOT NULL)),
	CONSTRAINT ck_seat_delivered_is_granted CHECK (state <> 'delivered' OR grant_id IS NOT NULL)
);
CREATE INDEX ix_seat_person ON group_buy.seat (tenant_id, programme_id, person);
CREATE INDEX ix_seat_seq ON group_buy.seat (tenant_id, seq, reserved_at);
CREATE UNIQUE INDEX uq_seat_grant ON group_buy.seat (tenant_id, grant_id);
CREATE UNIQUE INDEX uq_seat_person ON group_buy.seat (tenant_id, party_id, person) WHERE state IN ('reserved', 'paid', 'delivered');
COMMENT ON TABLE group_buy.seat IS 'Seats: reserved before they are paid, a natural person once in a group';
COMMENT ON COLUMN group_buy.seat.seq IS 'the customer, signed in, who took it';
COMMENT ON COLUMN group_buy.seat.person IS 'their natural person (rule R1)';
ALTER TABLE group_buy.seat ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON group_buy.seat TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON group_buy.seat TO huoke_app;
ALTER TABLE entry_points.entry_point DROP CONSTRAINT ck_entry_point_target_kind_known,
	ADD CONSTRAINT ck_entry_point_target_kind_known CHECK (target_kind IN ('campaign', 'referral', 'group_buy'));
COMMENT ON TABLE entry_points.entry_point IS 'Links and QR codes that lead a customer to a campaign, an invitation or a group';
