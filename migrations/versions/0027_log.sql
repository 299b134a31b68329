ALTER TABLE kernel.archive ADD COLUMN numbers INT8MULTIRANGE;
COMMENT ON COLUMN kernel.archive.numbers IS 'Which events of the bank''s chain of seals its rows are';
