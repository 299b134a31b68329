-- Who delivers a grant, where that is not its offer's own supplier.
ALTER TABLE grants.grant ADD COLUMN supplier_id UUID;
COMMENT ON COLUMN grants.grant.supplier_id IS 'Who delivers it at amount_fen; null is the supplier of its offer';

-- One order at a time per grant; the next one, at another supplier, takes the place of one that failed for certain.
ALTER TABLE fulfilment.supplier_order ADD COLUMN turn SMALLINT DEFAULT 1 NOT NULL;
ALTER TABLE fulfilment.supplier_order ADD COLUMN next_id UUID;
COMMENT ON COLUMN fulfilment.supplier_order.turn IS 'The grant''s n-th order';
COMMENT ON COLUMN fulfilment.supplier_order.next_id IS 'The order at another supplier that took its place';
COMMENT ON TABLE fulfilment.supplier_order IS 'Orders at suppliers; one per grant stands';
ALTER TABLE fulfilment.supplier_order DROP CONSTRAINT uq_supplier_order_tenant_id_grant_id;
ALTER TABLE fulfilment.supplier_order ADD CONSTRAINT uq_supplier_order_tenant_id_grant_id_turn UNIQUE (tenant_id, grant_id, turn);
CREATE UNIQUE INDEX uq_supplier_order_standing ON fulfilment.supplier_order (tenant_id, grant_id) WHERE next_id IS NULL;
ALTER TABLE fulfilment.supplier_order ADD CONSTRAINT ck_supplier_order_replaced_was_refunded CHECK (next_id IS NULL OR state IN ('success', 'failed', 'refunded'));
ALTER TABLE fulfilment.step DROP CONSTRAINT ck_step_cause_known;
ALTER TABLE fulfilment.step ADD CONSTRAINT ck_step_cause_known CHECK (cause IN ('grant', 'reroute', 'call', 'answer', 'not_taken', 'silence', 'query', 'callback', 'cancel', 'day_file', 'staff'));
