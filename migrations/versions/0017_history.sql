CREATE TABLE events.trait (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	property TEXT COLLATE "C" NOT NULL,
	attribute TEXT COLLATE "C" NOT NULL,
	declared_at TIMESTAMP WITH TIME ZONE NOT NULL,
	declared_by TEXT NOT NULL,
	CONSTRAINT pk_trait PRIMARY KEY (tenant_id, property),
	CONSTRAINT uq_trait_tenant_id_attribute UNIQUE (tenant_id, attribute)
);
COMMENT ON TABLE events.trait IS 'Which attribute of the customer a trait of identify fills';
ALTER TABLE events.trait ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON events.trait TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON events.trait TO huoke_app;
CREATE TABLE events.trait_said (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	seq INTEGER NOT NULL,
	property TEXT COLLATE "C" NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	id UUID NOT NULL,
	CONSTRAINT pk_trait_said PRIMARY KEY (tenant_id, seq, property)
);
COMMENT ON TABLE events.trait_said IS 'Which event a customer''s attribute comes from: only a later one changes it';
COMMENT ON COLUMN events.trait_said.id IS 'the event';
ALTER TABLE events.trait_said ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON events.trait_said TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON events.trait_said TO huoke_app;

ALTER TABLE events.quarantine DROP CONSTRAINT ck_quarantine_reason_known;
ALTER TABLE events.quarantine ADD CONSTRAINT ck_quarantine_reason_known CHECK (reason IN ('unknown_name', 'unknown_property', 'unfit_property', 'missing_property', 'unfit_trait', 'unfit_time'));
CREATE INDEX ix_quarantine_recorded ON events.quarantine (tenant_id, recorded_at, id);
CREATE INDEX ix_waiting_recorded ON events.waiting (tenant_id, recorded_at, id);

CREATE INDEX ix_redemption_undone ON grants.redemption (tenant_id, supplier_id, undone_at) WHERE undone_at IS NOT NULL;
CREATE INDEX ix_transfer_drawdown ON ledger.transfer (tenant_id, at) WHERE kind = 'drawdown';
ALTER TABLE statements.statement ADD COLUMN prepaid_fen BIGINT DEFAULT 0 NOT NULL;
COMMENT ON COLUMN statements.statement.prepaid_fen IS 'drawn from the prepayment in it';
UPDATE statements.statement AS s SET prepaid_fen = d.drawn
FROM (
	SELECT s.tenant_id, s.id, sum(CASE WHEN t.credit_account = a.id THEN t.amount ELSE -t.amount END)::bigint AS drawn
	FROM statements.statement AS s
	JOIN ledger.account AS a ON a.tenant_id = s.tenant_id AND a.kind = 'prepayment_drawn' AND a.owner_key = s.supplier_id::text
	JOIN ledger.transfer AS t ON t.tenant_id = s.tenant_id AND t.kind = 'drawdown' AND t.at >= s.since_at AND t.at < s.until_at
		AND (t.credit_account = a.id OR t.debit_account = a.id)
	GROUP BY s.tenant_id, s.id
) AS d
WHERE d.tenant_id = s.tenant_id AND d.id = s.id;
