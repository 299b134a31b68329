ALTER TABLE reconciliation.day_file ADD COLUMN prepaid BOOLEAN DEFAULT true NOT NULL;
COMMENT ON COLUMN reconciliation.day_file.prepaid IS 'Whether the ledger''s side is what was drawn from its prepayment; else what it is owed.';
COMMENT ON COLUMN reconciliation.day_file.ledger_fen IS 'Drawn from the prepayment for them, or owed for them.';
