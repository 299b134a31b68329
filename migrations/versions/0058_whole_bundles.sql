ALTER TABLE catalogue.bundle_version ADD COLUMN given UUID[] DEFAULT '{}' NOT NULL;
COMMENT ON COLUMN catalogue.bundle_version.given IS 'Of sku_ids: what a pushed bundle gives at once, beside which one chooses';
