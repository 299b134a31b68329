ALTER TABLE reconciliation.difference ADD COLUMN drawn_fen BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE reconciliation.difference ADD COLUMN owed BOOLEAN DEFAULT true NOT NULL;
COMMENT ON COLUMN reconciliation.difference.drawn_fen IS 'Drawn of it from money paid ahead: all of it, or nothing while the supplier is not paid ahead.';
COMMENT ON COLUMN reconciliation.difference.owed IS 'False of what was accepted before it was owed, until it is.';
UPDATE reconciliation.difference AS d SET drawn_fen = d.beside_fen WHERE d.resolution = 'accept_theirs' AND d.state = 'closed' AND d.about = 'orders' AND EXISTS (SELECT FROM ledger.transfer AS t WHERE t.tenant_id = d.tenant_id AND t.source_kind = 'difference' AND t.source_id = d.id AND t.line = 0);
UPDATE reconciliation.difference AS d SET owed = false WHERE d.resolution = 'accept_theirs' AND d.state = 'closed' AND d.about = 'orders' AND d.kind IN ('amount_differs', 'only_theirs') AND NOT EXISTS (SELECT FROM ledger.transfer AS t WHERE t.tenant_id = d.tenant_id AND t.source_kind = 'difference' AND t.source_id = d.id AND t.line = 1);
CREATE INDEX ix_difference_not_drawn ON reconciliation.difference (tenant_id, supplier_id) WHERE drawn_fen <> beside_fen;
CREATE INDEX ix_difference_not_owed ON reconciliation.difference (tenant_id) WHERE NOT owed;
