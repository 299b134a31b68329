CREATE TABLE ledger.open_lot (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	account_id UUID NOT NULL, 
	lot_id UUID NOT NULL, 
	amount BIGINT NOT NULL, 
	remaining BIGINT NOT NULL, 
	credited_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_open_lot PRIMARY KEY (tenant_id, account_id, lot_id), 
	CONSTRAINT ck_open_lot_remaining_within_amount CHECK (remaining > 0 AND remaining <= amount)
);
COMMENT ON TABLE ledger.open_lot IS 'Lots that still hold something; one used up has no row here until a refund refills it';
INSERT INTO ledger.open_lot (tenant_id, account_id, lot_id, amount, remaining, credited_at, expires_at)
	SELECT tenant_id, account_id, id, amount, remaining, credited_at, expires_at FROM ledger.lot WHERE remaining > 0;
CREATE INDEX ix_open_lot_expires_at ON ledger.open_lot (tenant_id, expires_at);
ALTER TABLE ledger.open_lot ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ledger.open_lot TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.open_lot TO huoke_app;
DROP INDEX ledger.ix_lot_account;
DROP INDEX ledger.ix_lot_expires_at;
ALTER TABLE ledger.lot DROP CONSTRAINT ck_lot_remaining_within_amount;
ALTER TABLE ledger.lot DROP COLUMN remaining;
COMMENT ON TABLE ledger.lot IS 'Points by origin and expiry, burned first-in first-out; what is left of them stands in open_lot';
ALTER TABLE ledger.hold ADD COLUMN source_kind TEXT NOT NULL DEFAULT '';
UPDATE ledger.hold h SET source_kind = 'exchange' FROM exchange.trade t WHERE t.tenant_id = h.tenant_id AND t.id = h.id;
UPDATE ledger.hold h SET source_kind = 'mall_purchase' FROM mall.purchase p WHERE p.tenant_id = h.tenant_id AND p.id = h.id;
UPDATE ledger.hold h SET source_kind = 'group_buy' FROM group_buy.seat s WHERE s.tenant_id = h.tenant_id AND s.id = h.id;
ALTER TABLE ledger.hold ALTER COLUMN source_kind DROP DEFAULT;
CREATE INDEX ix_hold_account ON ledger.hold (tenant_id, account_id) WHERE state = 'held';
CREATE TABLE points.look (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	person INTEGER NOT NULL, 
	day DATE NOT NULL, 
	number BYTEA NOT NULL, 
	CONSTRAINT pk_look PRIMARY KEY (tenant_id, person, day, number)
);
COMMENT ON TABLE points.look IS 'Numbers customers tried as receivers of a gift, for a day: only so many';
COMMENT ON COLUMN points.look.person IS 'The natural person who tries it';
COMMENT ON COLUMN points.look.number IS 'A phone number''s blind index';
ALTER TABLE points.look ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON points.look TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON points.look TO huoke_app;
