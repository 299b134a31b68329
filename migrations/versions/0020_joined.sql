ALTER TABLE customers.customer ADD COLUMN counts_as INTEGER;
COMMENT ON COLUMN customers.customer.counts_as IS 'the natural person this one counts as by a joining; null: `person`';
UPDATE customers.customer AS c SET counts_as = nullif(c.person, a.person_before), person = a.person_before
FROM customers.alias AS a WHERE a.tenant_id = c.tenant_id AND a.seq = c.seq AND a.closed_at IS NULL;
CREATE INDEX ix_customer_person ON customers.customer (tenant_id, person) WHERE person <> seq;
