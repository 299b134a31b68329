CREATE FUNCTION kernel.portfolio() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT NULLIF(current_setting('app.portfolio', true), '')::uuid $$;
CREATE TABLE customers.ownership (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	seq INTEGER NOT NULL,
	staff_id UUID NOT NULL,
	standing TEXT NOT NULL,
	since TIMESTAMP WITH TIME ZONE NOT NULL,
	given_by TEXT NOT NULL,
	CONSTRAINT pk_ownership PRIMARY KEY (tenant_id, seq, staff_id),
	CONSTRAINT ck_ownership_standing_known CHECK (standing IN ('owner', 'co_owner'))
);
CREATE UNIQUE INDEX uq_ownership_owner ON customers.ownership (tenant_id, seq) WHERE standing = 'owner';
CREATE INDEX ix_ownership_staff ON customers.ownership (tenant_id, staff_id, seq);
COMMENT ON TABLE customers.ownership IS 'Which relationship manager looks after which customer';
COMMENT ON COLUMN customers.ownership.given_by IS 'the actor''s id';
ALTER TABLE customers.ownership ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON customers.ownership TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON customers.ownership TO huoke_app;
CREATE POLICY portfolio ON customers.customer AS RESTRICTIVE TO huoke_app USING ((SELECT kernel.portfolio()) IS NULL OR seq IN (SELECT o.seq FROM customers.ownership AS o WHERE o.staff_id = (SELECT kernel.portfolio())));
CREATE POLICY portfolio ON temperature.warning AS RESTRICTIVE TO huoke_app USING ((SELECT kernel.portfolio()) IS NULL OR seq IN (SELECT o.seq FROM customers.ownership AS o WHERE o.staff_id = (SELECT kernel.portfolio())));
