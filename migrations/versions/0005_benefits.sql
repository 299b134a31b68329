CREATE TABLE catalogue.bundle (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	code TEXT COLLATE "C" NOT NULL,
	status TEXT NOT NULL,
	version INTEGER NOT NULL,
	draft JSONB,
	search TEXT COLLATE "C" NOT NULL,
	added_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_bundle PRIMARY KEY (tenant_id, id),
	CONSTRAINT uq_bundle_tenant_id_code UNIQUE (tenant_id, code),
	CONSTRAINT ck_bundle_status_known CHECK (status IN ('draft', 'published', 'retired')),
	CONSTRAINT ck_bundle_published_has_version CHECK (status <> 'published' OR version > 0)
);
COMMENT ON COLUMN catalogue.bundle.version IS 'The newest published version; 0 before the first.';
ALTER TABLE catalogue.bundle ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON catalogue.bundle TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON catalogue.bundle TO huoke_app;

CREATE TABLE catalogue.bundle_version (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	bundle_id UUID NOT NULL,
	version INTEGER NOT NULL,
	name TEXT NOT NULL,
	name_en TEXT NOT NULL,
	choose INTEGER NOT NULL,
	sku_ids UUID[] NOT NULL,
	published_at TIMESTAMP WITH TIME ZONE NOT NULL,
	published_by TEXT NOT NULL,
	CONSTRAINT pk_bundle_version PRIMARY KEY (tenant_id, bundle_id, version),
	CONSTRAINT fk_bundle_version_tenant_id_bundle_id FOREIGN KEY(tenant_id, bundle_id) REFERENCES catalogue.bundle (tenant_id, id),
	CONSTRAINT ck_bundle_version_can_be_chosen CHECK (choose BETWEEN 1 AND cardinality(sku_ids))
);
COMMENT ON TABLE catalogue.bundle_version IS 'Published bundles: choose so many of these SKUs';
ALTER TABLE catalogue.bundle_version ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON catalogue.bundle_version TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON catalogue.bundle_version TO huoke_app;

CREATE TABLE grants.choice_limit (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	source_id UUID NOT NULL,
	person INTEGER NOT NULL,
	taken INTEGER NOT NULL,
	allowed INTEGER NOT NULL,
	CONSTRAINT pk_choice_limit PRIMARY KEY (tenant_id, source_id, person),
	CONSTRAINT ck_choice_limit_taken_within_limit CHECK (taken BETWEEN 0 AND allowed)
);
COMMENT ON TABLE grants.choice_limit IS 'How many benefits of a bundle a natural person has, over all offers of its campaign';
ALTER TABLE grants.choice_limit ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON grants.choice_limit TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON grants.choice_limit TO huoke_app;

CREATE TABLE grants.delivery (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	grant_id UUID NOT NULL,
	sealed BYTEA NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_delivery PRIMARY KEY (tenant_id, grant_id)
);
COMMENT ON TABLE grants.delivery IS 'Where a benefit that a supplier delivers goes to';
COMMENT ON COLUMN grants.delivery.sealed IS 'C2, under the bank''s key, bound to this grant.';
ALTER TABLE grants.delivery ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON grants.delivery TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON grants.delivery TO huoke_app;

CREATE SCHEMA card_codes;
GRANT USAGE ON SCHEMA card_codes TO huoke_app, huoke_feed;

CREATE TABLE card_codes.batch (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	sku_id UUID NOT NULL,
	unit_id INTEGER NOT NULL,
	file_id UUID NOT NULL,
	file_name TEXT NOT NULL,
	expires_on DATE NOT NULL,
	state TEXT NOT NULL,
	success INTEGER DEFAULT 0 NOT NULL,
	failed INTEGER DEFAULT 0 NOT NULL,
	exists INTEGER DEFAULT 0 NOT NULL,
	duplicate INTEGER DEFAULT 0 NOT NULL,
	lists JSONB NOT NULL,
	error TEXT DEFAULT '' NOT NULL,
	uploaded_by TEXT NOT NULL,
	uploaded_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_batch PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_batch_state_known CHECK (state IN ('queued', 'reading', 'done', 'failed', 'void'))
);
COMMENT ON TABLE card_codes.batch IS 'Files of card codes';
COMMENT ON COLUMN card_codes.batch.lists IS 'File ids by verdict.';
ALTER TABLE card_codes.batch ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON card_codes.batch TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON card_codes.batch TO huoke_app;

CREATE TABLE card_codes.card_code (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	batch_id UUID NOT NULL,
	sku_id UUID NOT NULL,
	sealed BYTEA NOT NULL,
	blind BYTEA NOT NULL,
	expires_on DATE NOT NULL,
	state TEXT NOT NULL,
	grant_id UUID,
	drawn_at TIMESTAMP WITH TIME ZONE,
	seen_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_card_code PRIMARY KEY (tenant_id, id),
	CONSTRAINT fk_card_code_tenant_id_batch_id FOREIGN KEY(tenant_id, batch_id) REFERENCES card_codes.batch (tenant_id, id),
	CONSTRAINT uq_card_code_tenant_id_sku_id_blind UNIQUE (tenant_id, sku_id, blind),
	CONSTRAINT uq_card_code_tenant_id_grant_id UNIQUE (tenant_id, grant_id),
	CONSTRAINT ck_card_code_state_known CHECK (state IN ('free', 'drawn', 'seen', 'void')),
	CONSTRAINT ck_card_code_drawn_for_a_grant CHECK ((state IN ('drawn', 'seen')) = (grant_id IS NOT NULL))
);
CREATE INDEX ix_card_code_batch ON card_codes.card_code (tenant_id, batch_id);
CREATE INDEX ix_card_code_free ON card_codes.card_code (tenant_id, sku_id, expires_on, id) WHERE state = 'free';
COMMENT ON TABLE card_codes.card_code IS 'A supplier''s codes, encrypted one by one; each is drawn once';
COMMENT ON COLUMN card_codes.card_code.sealed IS 'C2, under the bank''s key, bound to this row.';
COMMENT ON COLUMN card_codes.card_code.blind IS 'Blind index of the code, to find duplicates.';
ALTER TABLE card_codes.card_code ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON card_codes.card_code TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON card_codes.card_code TO huoke_app;

CREATE SCHEMA merchants;
GRANT USAGE ON SCHEMA merchants TO huoke_app, huoke_feed;

CREATE TABLE merchants.acceptance (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	scope TEXT NOT NULL,
	scope_key TEXT NOT NULL,
	merchant_ids UUID[] NOT NULL,
	store_ids UUID[] NOT NULL,
	excluded_store_ids UUID[] NOT NULL,
	counters BOOLEAN NOT NULL,
	weekdays SMALLINT[] NOT NULL,
	from_minute SMALLINT NOT NULL,
	until_minute SMALLINT NOT NULL,
	added_by TEXT NOT NULL,
	added_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_acceptance PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_acceptance_scope_known CHECK (scope IN ('sku', 'brand', 'category')),
	CONSTRAINT ck_acceptance_hours_fit CHECK (0 <= from_minute AND from_minute < until_minute AND until_minute <= 1440)
);
CREATE INDEX ix_acceptance_scope ON merchants.acceptance (tenant_id, scope, scope_key);
COMMENT ON TABLE merchants.acceptance IS 'Which benefits are accepted where and when';
ALTER TABLE merchants.acceptance ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON merchants.acceptance TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON merchants.acceptance TO huoke_app;

CREATE TABLE merchants.merchant (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	code TEXT COLLATE "C" NOT NULL,
	name TEXT NOT NULL,
	name_en TEXT NOT NULL,
	category TEXT NOT NULL,
	unit_id INTEGER NOT NULL,
	status TEXT NOT NULL,
	search TEXT COLLATE "C" NOT NULL,
	added_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_merchant PRIMARY KEY (tenant_id, id),
	CONSTRAINT uq_merchant_tenant_id_code UNIQUE (tenant_id, code),
	CONSTRAINT ck_merchant_status_known CHECK (status IN ('active', 'retired'))
);
COMMENT ON TABLE merchants.merchant IS 'Where customers use benefits';
COMMENT ON COLUMN merchants.merchant.search IS 'Lower-cased code and names.';
ALTER TABLE merchants.merchant ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON merchants.merchant TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON merchants.merchant TO huoke_app;

CREATE TABLE merchants.store (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	merchant_id UUID NOT NULL,
	code TEXT COLLATE "C" NOT NULL,
	name TEXT NOT NULL,
	region TEXT NOT NULL,
	street TEXT NOT NULL,
	hours TEXT NOT NULL,
	latitude DOUBLE PRECISION,
	longitude DOUBLE PRECISION,
	status TEXT NOT NULL,
	search TEXT COLLATE "C" NOT NULL,
	added_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_store PRIMARY KEY (tenant_id, id),
	CONSTRAINT uq_store_tenant_id_code UNIQUE (tenant_id, code),
	CONSTRAINT fk_store_tenant_id_merchant_id FOREIGN KEY(tenant_id, merchant_id) REFERENCES merchants.merchant (tenant_id, id),
	CONSTRAINT ck_store_status_known CHECK (status IN ('active', 'retired'))
);
CREATE INDEX ix_store_merchant ON merchants.store (tenant_id, merchant_id);
COMMENT ON TABLE merchants.store IS 'Stores of merchants';
ALTER TABLE merchants.store ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON merchants.store TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON merchants.store TO huoke_app;

CREATE TABLE merchants.clerk (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	staff_id UUID NOT NULL,
	store_id UUID NOT NULL,
	bound_by TEXT NOT NULL,
	bound_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_clerk PRIMARY KEY (tenant_id, staff_id),
	CONSTRAINT fk_clerk_tenant_id_store_id FOREIGN KEY(tenant_id, store_id) REFERENCES merchants.store (tenant_id, id)
);
CREATE INDEX ix_clerk_store ON merchants.clerk (tenant_id, store_id);
COMMENT ON TABLE merchants.clerk IS 'Which store a member of staff stands in';
ALTER TABLE merchants.clerk ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON merchants.clerk TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON merchants.clerk TO huoke_app;

CREATE SCHEMA outlets;
GRANT USAGE ON SCHEMA outlets TO huoke_app, huoke_feed;

CREATE TABLE outlets.difference (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	kind TEXT NOT NULL,
	shipment_id UUID,
	sku_id UUID NOT NULL,
	unit_id INTEGER NOT NULL,
	expected INTEGER NOT NULL,
	found INTEGER NOT NULL,
	reason TEXT NOT NULL,
	state TEXT NOT NULL,
	noted_by TEXT NOT NULL,
	noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
	checked_by TEXT,
	checked_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_difference PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_difference_kind_known CHECK (kind IN ('shipment', 'count')),
	CONSTRAINT ck_difference_state_known CHECK (state IN ('open', 'confirmed', 'rejected')),
	CONSTRAINT ck_difference_two_persons CHECK (checked_by <> noted_by)
);
CREATE INDEX ix_difference_unit ON outlets.difference (tenant_id, unit_id, noted_at);
COMMENT ON TABLE outlets.difference IS 'Gifts missing or over: noted by one, decided by another (rule D5)';
ALTER TABLE outlets.difference ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON outlets.difference TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON outlets.difference TO huoke_app;

CREATE TABLE outlets.gift (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	unit_id INTEGER NOT NULL,
	sku_id UUID NOT NULL,
	low_at INTEGER DEFAULT 0 NOT NULL,
	CONSTRAINT pk_gift PRIMARY KEY (tenant_id, unit_id, sku_id),
	CONSTRAINT ck_gift_not_negative CHECK (low_at >= 0)
);
COMMENT ON TABLE outlets.gift IS 'Which gifts a unit keeps, and below how many an alarm stands';
ALTER TABLE outlets.gift ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON outlets.gift TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON outlets.gift TO huoke_app;

CREATE TABLE outlets.shipment (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	sku_id UUID NOT NULL,
	unit_id INTEGER NOT NULL,
	quantity INTEGER NOT NULL,
	signed INTEGER DEFAULT 0 NOT NULL,
	state TEXT NOT NULL,
	sent_by TEXT NOT NULL,
	sent_at TIMESTAMP WITH TIME ZONE NOT NULL,
	signed_by TEXT,
	signed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_shipment PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_shipment_state_known CHECK (state IN ('sent', 'signed')),
	CONSTRAINT ck_shipment_quantities_fit CHECK (quantity > 0 AND signed BETWEEN 0 AND quantity)
);
CREATE INDEX ix_shipment_unit ON outlets.shipment (tenant_id, unit_id, sent_at);
COMMENT ON TABLE outlets.shipment IS 'Gifts sent to units';
ALTER TABLE outlets.shipment ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON outlets.shipment TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON outlets.shipment TO huoke_app;

