ALTER TABLE customers.customer ADD COLUMN counts_as INTEGER;
COMMENT ON COLUMN customers.customer.counts_as IS 'the natural person this one counts as by a joining; null: `person`';
UPDATE customers.customer AS c SET counts_as = nullif(c.person, a.person_before), person = a.person_before
FROM customers.alias AS a WHERE a.tenant_id = c.tenant_id AND a.seq = c.seq AND a.closed_at IS NULL;
CREATE INDEX ix_customer_person ON customers.customer (tenant_id, person) WHERE person <> seq;
CREATE TABLE customers.bands_change (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	name TEXT NOT NULL,
	bands TEXT[] NOT NULL,
	reason TEXT NOT NULL,
	state TEXT NOT NULL,
	change_id UUID,
	requested_by TEXT NOT NULL,
	requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_bands_change PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_bands_change_state_known CHECK (state IN ('requested', 'done', 'refused', 'withdrawn'))
);
CREATE UNIQUE INDEX uq_bands_change_open ON customers.bands_change (tenant_id, name) WHERE state = 'requested';
COMMENT ON TABLE customers.bands_change IS 'Bands of sealed attributes that were asked for, and how that ended';
COMMENT ON COLUMN customers.bands_change.name IS 'of the attribute';
COMMENT ON COLUMN customers.bands_change.bands IS 'the edges it is to have';
ALTER TABLE customers.bands_change ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON customers.bands_change TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON customers.bands_change TO huoke_app;
