ALTER TABLE ledger.account SET (fillfactor = 70);
