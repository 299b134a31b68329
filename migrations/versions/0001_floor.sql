CREATE SCHEMA IF NOT EXISTS kernel;
CREATE OR REPLACE FUNCTION kernel.tenant() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT NULLIF(current_setting('app.tenant', true), '')::integer $$;
GRANT USAGE ON SCHEMA kernel TO huoke_app, huoke_feed;

CREATE SCHEMA IF NOT EXISTS approvals;

GRANT USAGE ON SCHEMA approvals TO huoke_app, huoke_feed;

CREATE SCHEMA IF NOT EXISTS audit;

GRANT USAGE ON SCHEMA audit TO huoke_app, huoke_feed;

CREATE SCHEMA IF NOT EXISTS campaigns;

GRANT USAGE ON SCHEMA campaigns TO huoke_app, huoke_feed;

CREATE SCHEMA IF NOT EXISTS catalogue;

GRANT USAGE ON SCHEMA catalogue TO huoke_app, huoke_feed;

CREATE SCHEMA IF NOT EXISTS consent;

GRANT USAGE ON SCHEMA consent TO huoke_app, huoke_feed;

CREATE SCHEMA IF NOT EXISTS customers;

GRANT USAGE ON SCHEMA customers TO huoke_app, huoke_feed;

CREATE SCHEMA IF NOT EXISTS entry_points;

GRANT USAGE ON SCHEMA entry_points TO huoke_app, huoke_feed;

CREATE SCHEMA IF NOT EXISTS experiments;

GRANT USAGE ON SCHEMA experiments TO huoke_app, huoke_feed;

CREATE SCHEMA IF NOT EXISTS files;

GRANT USAGE ON SCHEMA files TO huoke_app, huoke_feed;

CREATE SCHEMA IF NOT EXISTS grants;

GRANT USAGE ON SCHEMA grants TO huoke_app, huoke_feed;

CREATE SCHEMA IF NOT EXISTS identity;

GRANT USAGE ON SCHEMA identity TO huoke_app, huoke_feed;

CREATE SCHEMA IF NOT EXISTS jobs;

GRANT USAGE ON SCHEMA jobs TO huoke_app, huoke_feed;

CREATE SCHEMA IF NOT EXISTS kernel;

GRANT USAGE ON SCHEMA kernel TO huoke_app, huoke_feed;

CREATE SCHEMA IF NOT EXISTS ledger;

GRANT USAGE ON SCHEMA ledger TO huoke_app, huoke_feed;

CREATE SCHEMA IF NOT EXISTS people;

GRANT USAGE ON SCHEMA people TO huoke_app, huoke_feed;

CREATE SCHEMA IF NOT EXISTS privacy;

GRANT USAGE ON SCHEMA privacy TO huoke_app, huoke_feed;

CREATE SCHEMA IF NOT EXISTS segments;

GRANT USAGE ON SCHEMA segments TO huoke_app, huoke_feed;

CREATE SCHEMA IF NOT EXISTS statements;

GRANT USAGE ON SCHEMA statements TO huoke_app, huoke_feed;

CREATE SCHEMA IF NOT EXISTS supply;

GRANT USAGE ON SCHEMA supply TO huoke_app, huoke_feed;

CREATE SCHEMA IF NOT EXISTS tenants;

GRANT USAGE ON SCHEMA tenants TO huoke_app, huoke_feed;

CREATE TABLE approvals.change (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	number TEXT COLLATE "C" NOT NULL,
	kind TEXT NOT NULL,
	subject_id TEXT NOT NULL,
	title TEXT NOT NULL,
	unit_id INTEGER NOT NULL,
	diff JSONB NOT NULL,
	diff_hash TEXT NOT NULL,
	unchanged_count INTEGER NOT NULL,
	stages JSONB NOT NULL,
	maker_id UUID NOT NULL,
	office_no TEXT NOT NULL,
	submitted_at TIMESTAMP WITH TIME ZONE NOT NULL,
	apply_at TIMESTAMP WITH TIME ZONE,
	state TEXT NOT NULL,
	stage SMALLINT NOT NULL,
	due_at TIMESTAMP WITH TIME ZONE,
	simulation JSONB NOT NULL,
	checks JSONB NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_change PRIMARY KEY (tenant_id, id),
	CONSTRAINT uq_change_tenant_id_number UNIQUE (tenant_id, number),
	CONSTRAINT uq_change_tenant_id_id_maker_id UNIQUE (tenant_id, id, maker_id),
	CONSTRAINT ck_change_state_known CHECK (state IN ('pending', 'approved', 'applied', 'rejected', 'returned', 'withdrawn'))
);

CREATE INDEX ix_change_state ON approvals.change (tenant_id, state, submitted_at);

CREATE UNIQUE INDEX uq_change_open_subject ON approvals.change (tenant_id, kind, subject_id) WHERE state IN ('pending', 'approved');

COMMENT ON COLUMN approvals.change.stages IS 'The stages as configured when it was submitted.';

COMMENT ON COLUMN approvals.change.office_no IS 'Number of the bank''s own office system, if any.';

COMMENT ON COLUMN approvals.change.apply_at IS 'Apply no sooner; null applies with the last approval.';

COMMENT ON COLUMN approvals.change.due_at IS 'When the current stage should have been decided.';

ALTER TABLE approvals.change ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON approvals.change TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE (state, stage, due_at, simulation, checks, closed_at) ON approvals.change TO huoke_app;

CREATE TABLE approvals.counter (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	day DATE NOT NULL,
	last INTEGER NOT NULL,
	CONSTRAINT pk_counter PRIMARY KEY (tenant_id, day)
);

COMMENT ON TABLE approvals.counter IS 'The last number given out on a day: CR-yyyymmdd-nnn.';

ALTER TABLE approvals.counter ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON approvals.counter TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON approvals.counter TO huoke_app;

CREATE TABLE audit.entry (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	actor_kind TEXT NOT NULL,
	actor_id TEXT COLLATE "C" NOT NULL,
	action TEXT COLLATE "C" NOT NULL,
	subject_kind TEXT COLLATE "C" NOT NULL,
	subject_id TEXT COLLATE "C" NOT NULL,
	unit_id INTEGER,
	reason TEXT NOT NULL,
	before JSONB,
	after JSONB,
	request_id TEXT NOT NULL,
	CONSTRAINT pk_entry PRIMARY KEY (tenant_id, id)
);

CREATE INDEX ix_entry_action ON audit.entry (tenant_id, action, at);

CREATE INDEX ix_entry_actor ON audit.entry (tenant_id, actor_id, at);

CREATE INDEX ix_entry_at ON audit.entry (tenant_id, at, id);

CREATE INDEX ix_entry_subject ON audit.entry (tenant_id, subject_kind, subject_id, at);

COMMENT ON TABLE audit.entry IS 'Who did what, when, to what, why, and what changed. Holds no readable personal data.';

ALTER TABLE audit.entry ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON audit.entry TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON audit.entry TO huoke_app;

CREATE TABLE audit.export (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	filter JSONB NOT NULL,
	reason TEXT NOT NULL,
	requested_by TEXT NOT NULL,
	requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
	state TEXT NOT NULL,
	row_count BIGINT,
	file_id UUID,
	finished_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_export PRIMARY KEY (tenant_id, id)
);

ALTER TABLE audit.export ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON audit.export TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON audit.export TO huoke_app;

CREATE TABLE campaigns.campaign (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	unit_id INTEGER NOT NULL,
	name TEXT NOT NULL,
	state TEXT NOT NULL,
	version INTEGER NOT NULL,
	draft JSONB NOT NULL,
	audience_id UUID,
	audience_size INTEGER,
	change_id UUID,
	offer_id UUID,
	budget_id UUID,
	pool_id UUID,
	entry_code TEXT,
	opens_at TIMESTAMP WITH TIME ZONE,
	closes_at TIMESTAMP WITH TIME ZONE,
	created_by TEXT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	started_at TIMESTAMP WITH TIME ZONE,
	finished_at TIMESTAMP WITH TIME ZONE,
	wound_up_at TIMESTAMP WITH TIME ZONE,
	reason TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_campaign PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_campaign_state_known CHECK (state IN ('draft', 'submitted', 'approved', 'running', 'paused', 'ended', 'stopped')),
	CONSTRAINT ck_campaign_live_has_offer CHECK (state IN ('draft', 'submitted') OR (offer_id IS NOT NULL AND budget_id IS NOT NULL))
);

CREATE INDEX ix_campaign_changed_at ON campaigns.campaign (tenant_id, changed_at, id);

CREATE INDEX ix_campaign_state ON campaigns.campaign (tenant_id, state, changed_at);

COMMENT ON TABLE campaigns.campaign IS 'Campaigns';

COMMENT ON COLUMN campaigns.campaign.draft IS 'everything a maker may edit';

COMMENT ON COLUMN campaigns.campaign.audience_id IS 'frozen when it was submitted';

COMMENT ON COLUMN campaigns.campaign.change_id IS 'the approval it was submitted to last';

COMMENT ON COLUMN campaigns.campaign.budget_id IS 'the campaign''s own budget, root of its branch shares';

COMMENT ON COLUMN campaigns.campaign.pool_id IS 'the campaign''s own pool, root of its branch shares';

COMMENT ON COLUMN campaigns.campaign.wound_up_at IS 'when unclaimed grants were released';

COMMENT ON COLUMN campaigns.campaign.reason IS 'of the last pause or stop';

ALTER TABLE campaigns.campaign ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON campaigns.campaign TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON campaigns.campaign TO huoke_app;

CREATE TABLE catalogue.brand (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	code TEXT COLLATE "C" NOT NULL,
	name TEXT NOT NULL,
	name_en TEXT NOT NULL,
	status TEXT NOT NULL,
	search TEXT COLLATE "C" NOT NULL,
	added_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_brand PRIMARY KEY (tenant_id, id),
	CONSTRAINT uq_brand_tenant_id_code UNIQUE (tenant_id, code),
	CONSTRAINT ck_brand_status_known CHECK (status IN ('active', 'retired'))
);

COMMENT ON COLUMN catalogue.brand.search IS 'Lower-cased code and names.';

ALTER TABLE catalogue.brand ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON catalogue.brand TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON catalogue.brand TO huoke_app;

CREATE TABLE consent.entry (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	subject TEXT COLLATE "C" NOT NULL,
	basis TEXT NOT NULL,
	text_version TEXT NOT NULL,
	channel TEXT NOT NULL,
	verdict TEXT NOT NULL,
	chunk INTEGER NOT NULL,
	seq INTEGER,
	members BYTEA,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
	actor TEXT NOT NULL,
	xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
	ordinal INTEGER NOT NULL,
	CONSTRAINT pk_entry PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_entry_verdict_known CHECK (verdict IN ('given', 'withdrawn')),
	CONSTRAINT ck_entry_one_or_many CHECK ((seq IS NULL) <> (members IS NULL))
);

CREATE INDEX ix_entry_chunk ON consent.entry (tenant_id, chunk) WHERE members IS NOT NULL;

CREATE INDEX ix_entry_position ON consent.entry (tenant_id, subject, xid);

CREATE INDEX ix_entry_seq ON consent.entry (tenant_id, seq);

COMMENT ON TABLE consent.entry IS 'Consent ledger: who gave or withdrew which legal basis for which purpose (rule P1)';

COMMENT ON COLUMN consent.entry.subject IS 'the purpose';

COMMENT ON COLUMN consent.entry.chunk IS 'seq >> 16';

COMMENT ON COLUMN consent.entry.members IS 'roaring bitmap, portable format';

ALTER TABLE consent.entry ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON consent.entry TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON consent.entry TO huoke_app;

GRANT SELECT ON consent.entry TO huoke_feed;

CREATE TABLE consent.fold (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	ledger TEXT COLLATE "C" NOT NULL,
	subject TEXT COLLATE "C" NOT NULL,
	xid xid8 NOT NULL,
	folded_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_fold PRIMARY KEY (tenant_id, ledger, subject)
);

COMMENT ON TABLE consent.fold IS 'How far each folded set has read its ledger';

COMMENT ON COLUMN consent.fold.xid IS 'every entry below it is folded in';

ALTER TABLE consent.fold ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON consent.fold TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON consent.fold TO huoke_app;

CREATE TABLE consent.fold_chunk (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	ledger TEXT COLLATE "C" NOT NULL,
	subject TEXT COLLATE "C" NOT NULL,
	chunk INTEGER NOT NULL,
	members BYTEA NOT NULL,
	CONSTRAINT pk_fold_chunk PRIMARY KEY (tenant_id, ledger, subject, chunk)
);

COMMENT ON TABLE consent.fold_chunk IS 'Folded sets of consent and suppression, one roaring bitmap per chunk';

ALTER TABLE consent.fold_chunk ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON consent.fold_chunk TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON consent.fold_chunk TO huoke_app;

CREATE TABLE consent.purpose (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	code TEXT COLLATE "C" NOT NULL,
	label TEXT NOT NULL,
	label_en TEXT NOT NULL,
	data_kinds TEXT[] NOT NULL,
	text_version TEXT NOT NULL,
	text TEXT NOT NULL,
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_purpose PRIMARY KEY (tenant_id, code)
);

COMMENT ON TABLE consent.purpose IS 'What personal data is processed for, and the text a customer agrees to';

ALTER TABLE consent.purpose ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON consent.purpose TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON consent.purpose TO huoke_app;

CREATE TABLE consent.suppression (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	subject TEXT COLLATE "C" NOT NULL,
	source TEXT NOT NULL,
	verdict TEXT NOT NULL,
	chunk INTEGER NOT NULL,
	seq INTEGER,
	members BYTEA,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
	actor TEXT NOT NULL,
	xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
	ordinal INTEGER NOT NULL,
	CONSTRAINT pk_suppression PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_suppression_verdict_known CHECK (verdict IN ('given', 'withdrawn')),
	CONSTRAINT ck_suppression_one_or_many CHECK ((seq IS NULL) <> (members IS NULL))
);

CREATE INDEX ix_suppression_chunk ON consent.suppression (tenant_id, chunk) WHERE members IS NOT NULL;

CREATE INDEX ix_suppression_position ON consent.suppression (tenant_id, subject, xid);

CREATE INDEX ix_suppression_seq ON consent.suppression (tenant_id, seq);

COMMENT ON TABLE consent.suppression IS 'Suppression lists: who is left alone, and why (rule S2)';

COMMENT ON COLUMN consent.suppression.subject IS 'the reason';

COMMENT ON COLUMN consent.suppression.chunk IS 'seq >> 16';

COMMENT ON COLUMN consent.suppression.members IS 'roaring bitmap, portable format';

ALTER TABLE consent.suppression ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON consent.suppression TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON consent.suppression TO huoke_app;

GRANT SELECT ON consent.suppression TO huoke_feed;

CREATE TABLE customers.attribute (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	label TEXT NOT NULL,
	label_en TEXT NOT NULL,
	type TEXT NOT NULL,
	data_class TEXT DEFAULT 'C1' NOT NULL,
	deposit_derived BOOLEAN DEFAULT false NOT NULL,
	lineage TEXT[] DEFAULT '{}' NOT NULL,
	source TEXT DEFAULT '' NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_attribute PRIMARY KEY (tenant_id, name),
	CONSTRAINT ck_attribute_type_known CHECK (type IN ('text', 'integer', 'decimal', 'date', 'boolean')),
	CONSTRAINT ck_attribute_data_class_known CHECK (data_class IN ('C1', 'C2'))
);

COMMENT ON TABLE customers.attribute IS 'What a bank knows of a customer beside name, phone and id document';

COMMENT ON COLUMN customers.attribute.deposit_derived IS 'rule B1';

COMMENT ON COLUMN customers.attribute.lineage IS 'facts it is computed from';

ALTER TABLE customers.attribute ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON customers.attribute TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON customers.attribute TO huoke_app;

GRANT SELECT ON customers.attribute TO huoke_feed;

CREATE TABLE customers.customer (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	seq INTEGER NOT NULL,
	customer_no TEXT COLLATE "C" NOT NULL,
	unit_id INTEGER NOT NULL,
	person INTEGER NOT NULL,
	status TEXT DEFAULT 'active' NOT NULL,
	name_enc BYTEA,
	name_masked TEXT,
	name_index BYTEA,
	phone_enc BYTEA,
	phone_masked TEXT,
	phone_index BYTEA,
	id_document_enc BYTEA,
	id_document_masked TEXT,
	id_document_index BYTEA,
	attributes JSONB DEFAULT '{}' NOT NULL,
	version INTEGER DEFAULT '1' NOT NULL,
	import_id UUID,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
	ordinal INTEGER NOT NULL,
	CONSTRAINT pk_customer PRIMARY KEY (tenant_id, seq),
	CONSTRAINT uq_customer_tenant_id_customer_no UNIQUE (tenant_id, customer_no),
	CONSTRAINT ck_customer_seq_range CHECK (seq >= 0),
	CONSTRAINT ck_customer_person_range CHECK (person >= 0),
	CONSTRAINT ck_customer_status_known CHECK (status IN ('active', 'closed'))
);

CREATE INDEX ix_customer_changed ON customers.customer (tenant_id, xid);

CREATE INDEX ix_customer_feed ON customers.customer (xid, ordinal);

CREATE INDEX ix_customer_id_document ON customers.customer (tenant_id, id_document_index);

CREATE INDEX ix_customer_phone ON customers.customer (tenant_id, phone_index);

COMMENT ON TABLE customers.customer IS 'One row per customer of a bank';

COMMENT ON COLUMN customers.customer.person IS 'seq of the first customer with the same id document (rule R1)';

COMMENT ON COLUMN customers.customer.name_index IS 'blind index: says whether the name changed';

COMMENT ON COLUMN customers.customer.import_id IS 'the import that touched the row last: a repeat in the same file shows by it';

ALTER TABLE customers.customer ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON customers.customer TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON customers.customer TO huoke_app;

GRANT SELECT ON customers.customer TO huoke_feed;

CREATE TABLE customers.former (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	seq INTEGER NOT NULL,
	version INTEGER NOT NULL,
	before JSONB NOT NULL,
	import_id UUID,
	actor TEXT NOT NULL,
	replaced_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_former PRIMARY KEY (tenant_id, seq, version)
);

COMMENT ON TABLE customers.former IS 'What a customer''s row held before each change';

COMMENT ON COLUMN customers.former.before IS 'what the changed fields held before; personal fields masked';

ALTER TABLE customers.former ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON customers.former TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON customers.former TO huoke_app;

CREATE TABLE customers.import (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	name TEXT NOT NULL,
	file_id UUID NOT NULL,
	file_name TEXT NOT NULL,
	mapping JSONB NOT NULL,
	work_hash BYTEA NOT NULL,
	dry_run BOOLEAN NOT NULL,
	status TEXT DEFAULT 'queued' NOT NULL,
	chunks_done INTEGER DEFAULT '0' NOT NULL,
	rows_read BIGINT DEFAULT '0' NOT NULL,
	rows_added BIGINT DEFAULT '0' NOT NULL,
	rows_changed BIGINT DEFAULT '0' NOT NULL,
	rows_same BIGINT DEFAULT '0' NOT NULL,
	rows_refused BIGINT DEFAULT '0' NOT NULL,
	report JSONB,
	refusal JSONB,
	rejects_file_id UUID,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	created_by TEXT NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_import PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_import_status_known CHECK (status IN ('queued', 'running', 'done', 'refused', 'cancelled'))
);

CREATE INDEX ix_import_created ON customers.import (tenant_id, created_at);

CREATE INDEX ix_import_work ON customers.import (tenant_id, work_hash);

COMMENT ON TABLE customers.import IS 'Imports of customers, each with its report';

COMMENT ON COLUMN customers.import.work_hash IS 'of file content, mapping and dry run';

COMMENT ON COLUMN customers.import.refusal IS 'why the whole file was refused: code, detail, data';

ALTER TABLE customers.import ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON customers.import TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON customers.import TO huoke_app;

CREATE TABLE customers.mapping (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	name TEXT NOT NULL,
	mapping JSONB NOT NULL,
	saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	saved_by TEXT NOT NULL,
	CONSTRAINT pk_mapping PRIMARY KEY (tenant_id, id),
	CONSTRAINT uq_mapping_tenant_id_name UNIQUE (tenant_id, name)
);

COMMENT ON TABLE customers.mapping IS 'Saved mappings from a file''s columns to a customer''s fields';

ALTER TABLE customers.mapping ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON customers.mapping TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON customers.mapping TO huoke_app;

CREATE TABLE customers.sequence (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	next_seq INTEGER NOT NULL,
	CONSTRAINT pk_sequence PRIMARY KEY (tenant_id),
	CONSTRAINT ck_sequence_next_seq_range CHECK (next_seq >= 0)
);

COMMENT ON TABLE customers.sequence IS 'The next free customer number of a bank; leased in ranges, so gaps are normal';

ALTER TABLE customers.sequence ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON customers.sequence TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON customers.sequence TO huoke_app;

CREATE TABLE entry_points.entry_point (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	code TEXT COLLATE "C" NOT NULL,
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	target_kind TEXT NOT NULL,
	target_id UUID NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_entry_point PRIMARY KEY (tenant_id, id),
	CONSTRAINT uq_entry_point_tenant_id_code UNIQUE (tenant_id, code),
	CONSTRAINT ck_entry_point_kind_known CHECK (kind IN ('link', 'qr')),
	CONSTRAINT ck_entry_point_target_kind_known CHECK (target_kind IN ('campaign'))
);

CREATE INDEX ix_entry_point_target ON entry_points.entry_point (tenant_id, target_kind, target_id);

COMMENT ON TABLE entry_points.entry_point IS 'Links and QR codes that lead a customer to a campaign';

ALTER TABLE entry_points.entry_point ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON entry_points.entry_point TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON entry_points.entry_point TO huoke_app;

CREATE TABLE experiments.control_group (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	source_id UUID NOT NULL,
	salt TEXT NOT NULL,
	percent INTEGER NOT NULL,
	size INTEGER NOT NULL,
	drawn_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_control_group PRIMARY KEY (tenant_id, source_id),
	CONSTRAINT ck_control_group_percent_range CHECK (percent BETWEEN 0 AND 50),
	CONSTRAINT ck_control_group_size_positive CHECK (size >= 0)
);

COMMENT ON TABLE experiments.control_group IS 'The control group of one campaign, drawn once (rule E1)';

COMMENT ON COLUMN experiments.control_group.source_id IS 'the campaign';

ALTER TABLE experiments.control_group ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON experiments.control_group TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON experiments.control_group TO huoke_app;

CREATE TABLE files.chunk (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	file_id UUID NOT NULL,
	number INTEGER NOT NULL,
	body BYTEA NOT NULL,
	CONSTRAINT pk_chunk PRIMARY KEY (tenant_id, file_id, number)
);

COMMENT ON TABLE files.chunk IS 'A file''s bytes, 1 MiB each';

COMMENT ON COLUMN files.chunk.body IS 'Sealed under the bank''s key';

ALTER TABLE files.chunk ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON files.chunk TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON files.chunk TO huoke_app;

CREATE TABLE files.file (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	name TEXT NOT NULL,
	content_type TEXT NOT NULL,
	state TEXT DEFAULT 'writing' NOT NULL,
	size_bytes BIGINT DEFAULT '0' NOT NULL,
	sha256 TEXT DEFAULT '' NOT NULL,
	download_permission TEXT DEFAULT '' NOT NULL,
	created_by TEXT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_file PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_file_state CHECK (state IN ('writing', 'ready'))
);

CREATE INDEX ix_file_expires ON files.file (tenant_id, expires_at);

COMMENT ON TABLE files.file IS 'Imports, rejects, exports, pictures: whole once ready';

ALTER TABLE files.file ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON files.file TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON files.file TO huoke_app;

CREATE TABLE grants.code (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	grant_id UUID NOT NULL,
	hash BYTEA NOT NULL,
	valid_until TIMESTAMP WITH TIME ZONE NOT NULL,
	previous_hash BYTEA,
	previous_until TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_code PRIMARY KEY (tenant_id, grant_id),
	CONSTRAINT uq_code_tenant_id_hash UNIQUE (tenant_id, hash)
);

CREATE INDEX ix_code_previous_hash ON grants.code (tenant_id, previous_hash);

COMMENT ON TABLE grants.code IS 'The live redemption code of a grant, hashed, and the one before it for a few seconds';

ALTER TABLE grants.code ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON grants.code TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON grants.code TO huoke_app;

CREATE TABLE grants."grant" (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	offer_id UUID NOT NULL,
	seq INTEGER NOT NULL,
	person INTEGER NOT NULL,
	line INTEGER NOT NULL,
	unit_id INTEGER NOT NULL,
	state TEXT NOT NULL,
	budget_id UUID NOT NULL,
	pool_id UUID NOT NULL,
	amount_fen BIGINT NOT NULL,
	steps SMALLINT NOT NULL,
	granted_at TIMESTAMP WITH TIME ZONE NOT NULL,
	claimed_at TIMESTAMP WITH TIME ZONE,
	expires_at TIMESTAMP WITH TIME ZONE,
	used_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_grant PRIMARY KEY (tenant_id, id),
	CONSTRAINT uq_grant_tenant_id_offer_id_seq_line UNIQUE (tenant_id, offer_id, seq, line),
	CONSTRAINT ck_grant_state_known CHECK (state IN ('reserved','issued','fulfilling','fulfilled','used','failed','expired','revoked','returned'))
);

CREATE INDEX ix_grant_expires_at ON grants."grant" (tenant_id, expires_at) WHERE expires_at IS NOT NULL;

CREATE INDEX ix_grant_seq ON grants."grant" (tenant_id, seq);

COMMENT ON TABLE grants."grant" IS 'Grants; line is the person''s n-th of the offer';

ALTER TABLE grants.grant ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON grants.grant TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON grants.grant TO huoke_app;

CREATE TABLE grants.guess (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	teller TEXT NOT NULL,
	since TIMESTAMP WITH TIME ZONE NOT NULL,
	misses INTEGER NOT NULL,
	CONSTRAINT pk_guess PRIMARY KEY (tenant_id, teller)
);

COMMENT ON TABLE grants.guess IS 'How often a teller entered a code that does not exist';

ALTER TABLE grants.guess ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON grants.guess TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON grants.guess TO huoke_app;

CREATE TABLE grants.offer (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	source_kind TEXT NOT NULL,
	source_id UUID NOT NULL,
	line INTEGER NOT NULL,
	sku_id UUID NOT NULL,
	kind TEXT NOT NULL,
	mode TEXT NOT NULL,
	title TEXT NOT NULL,
	cost_fen BIGINT NOT NULL,
	face_value_fen BIGINT NOT NULL,
	supplier_id UUID,
	points BIGINT NOT NULL,
	points_type TEXT NOT NULL,
	person_limit INTEGER NOT NULL,
	opens_at TIMESTAMP WITH TIME ZONE NOT NULL,
	closes_at TIMESTAMP WITH TIME ZONE NOT NULL,
	valid_days INTEGER NOT NULL,
	state TEXT NOT NULL,
	published_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_offer PRIMARY KEY (tenant_id, id),
	CONSTRAINT uq_offer_tenant_id_source_kind_source_id_line UNIQUE (tenant_id, source_kind, source_id, line),
	CONSTRAINT ck_offer_not_negative CHECK (cost_fen >= 0 AND face_value_fen >= 0 AND points >= 0),
	CONSTRAINT ck_offer_can_be_had CHECK (person_limit > 0 AND valid_days > 0 AND opens_at < closes_at),
	CONSTRAINT ck_offer_state_known CHECK (state IN ('open', 'paused', 'stopped', 'ended'))
);

COMMENT ON TABLE grants.offer IS 'Benefits on offer as approved; only the state changes';

ALTER TABLE grants.offer ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON grants.offer TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON grants.offer TO huoke_app;

CREATE TABLE grants.person_limit (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	offer_id UUID NOT NULL,
	person INTEGER NOT NULL,
	taken INTEGER NOT NULL,
	line INTEGER NOT NULL,
	allowed INTEGER NOT NULL,
	CONSTRAINT pk_person_limit PRIMARY KEY (tenant_id, offer_id, person),
	CONSTRAINT ck_person_limit_taken_within_limit CHECK (taken BETWEEN 0 AND allowed)
);

COMMENT ON TABLE grants.person_limit IS 'How many grants of an offer a natural person has (rule R1), and the last line handed out';

ALTER TABLE grants.person_limit ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON grants.person_limit TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON grants.person_limit TO huoke_app;

CREATE TABLE grants.pool (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	parent_id UUID,
	sku_id UUID NOT NULL,
	unit_id INTEGER NOT NULL,
	name TEXT NOT NULL,
	total BIGINT NOT NULL,
	available BIGINT NOT NULL,
	reserved BIGINT DEFAULT 0 NOT NULL,
	used BIGINT DEFAULT 0 NOT NULL,
	allocated BIGINT DEFAULT 0 NOT NULL,
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_pool PRIMARY KEY (tenant_id, id),
	CONSTRAINT fk_pool_tenant_id_parent_id FOREIGN KEY(tenant_id, parent_id) REFERENCES grants.pool (tenant_id, id),
	CONSTRAINT ck_pool_adds_up CHECK (available + reserved + used + allocated = total),
	CONSTRAINT ck_pool_not_negative CHECK (available >= 0 AND reserved >= 0 AND used >= 0 AND allocated >= 0)
);

CREATE INDEX ix_pool_sku_id ON grants.pool (tenant_id, sku_id);

COMMENT ON TABLE grants.pool IS 'Stock as a tree: what is allocated stands in the children';

ALTER TABLE grants.pool ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON grants.pool TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON grants.pool TO huoke_app;

CREATE TABLE grants.redemption (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	grant_id UUID NOT NULL,
	offer_id UUID NOT NULL,
	seq INTEGER NOT NULL,
	supplier_id UUID,
	amount_fen BIGINT NOT NULL,
	line INTEGER NOT NULL,
	teller TEXT NOT NULL,
	unit_id INTEGER NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	undone_at TIMESTAMP WITH TIME ZONE,
	undone_by TEXT,
	reason TEXT,
	CONSTRAINT pk_redemption PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_redemption_undone_with_reason CHECK ((undone_at IS NULL) = (reason IS NULL))
);

CREATE INDEX ix_redemption_at ON grants.redemption (tenant_id, at);

CREATE INDEX ix_redemption_supplier_id ON grants.redemption (tenant_id, supplier_id, at);

CREATE UNIQUE INDEX uq_redemption_live ON grants.redemption (tenant_id, grant_id) WHERE undone_at IS NULL;

COMMENT ON TABLE grants.redemption IS 'Who redeemed what where; line is the ledger line of the supplier''s payable';

ALTER TABLE grants.redemption ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON grants.redemption TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON grants.redemption TO huoke_app;

CREATE TABLE grants.step (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	grant_id UUID NOT NULL,
	step SMALLINT NOT NULL,
	seq INTEGER NOT NULL,
	unit_id INTEGER NOT NULL,
	offer_id UUID NOT NULL,
	source_id UUID NOT NULL,
	previous TEXT,
	state TEXT NOT NULL,
	amount_fen BIGINT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
	ordinal INTEGER NOT NULL,
	CONSTRAINT pk_step PRIMARY KEY (tenant_id, grant_id, step)
);

CREATE INDEX ix_step_position ON grants.step (xid, ordinal);

COMMENT ON TABLE grants.step IS 'Every movement of a grant from one state to the next; never changed';

ALTER TABLE grants.step ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON grants.step TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON grants.step TO huoke_app;

GRANT SELECT ON grants.step TO huoke_feed;

CREATE TABLE identity.api_key (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	key_hash BYTEA NOT NULL,
	name TEXT NOT NULL,
	permissions TEXT[] NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	created_by TEXT NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE,
	revoked_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_api_key PRIMARY KEY (tenant_id, id),
	CONSTRAINT uq_api_key_tenant_id_key_hash UNIQUE (tenant_id, key_hash)
);

ALTER TABLE identity.api_key ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON identity.api_key TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.api_key TO huoke_app;

CREATE TABLE identity.attempt (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	login_hash BYTEA NOT NULL,
	failures INTEGER NOT NULL,
	failed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	locked_until TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_attempt PRIMARY KEY (tenant_id, login_hash)
);

COMMENT ON COLUMN identity.attempt.login_hash IS 'Of any login tried, known here or not.';

ALTER TABLE identity.attempt ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON identity.attempt TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.attempt TO huoke_app;

CREATE TABLE identity.credential (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	staff_id UUID NOT NULL,
	password_hash TEXT,
	totp_cipher BYTEA,
	totp_step BIGINT NOT NULL,
	enrolment_hash BYTEA,
	enrolment_expires_at TIMESTAMP WITH TIME ZONE,
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_credential PRIMARY KEY (tenant_id, staff_id),
	CONSTRAINT ck_credential_two_factors_or_none CHECK ((password_hash IS NULL) = (totp_cipher IS NULL))
);

COMMENT ON COLUMN identity.credential.password_hash IS 'argon2id; null until enrolled.';

COMMENT ON COLUMN identity.credential.totp_cipher IS 'The second factor''s secret under the bank''s data key.';

COMMENT ON COLUMN identity.credential.totp_step IS 'Time step of the last accepted code: never again.';

COMMENT ON COLUMN identity.credential.enrolment_hash IS 'SHA-256 of the one-time enrolment code; null once used.';

ALTER TABLE identity.credential ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON identity.credential TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.credential TO huoke_app;

CREATE TABLE identity.customer_session (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	token_hash BYTEA NOT NULL,
	seq INTEGER NOT NULL,
	entry_point TEXT NOT NULL,
	started_at TIMESTAMP WITH TIME ZONE NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_customer_session PRIMARY KEY (tenant_id, id),
	CONSTRAINT uq_customer_session_tenant_id_token_hash UNIQUE (tenant_id, token_hash)
);

ALTER TABLE identity.customer_session ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON identity.customer_session TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.customer_session TO huoke_app;

CREATE TABLE identity.session (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	token_hash BYTEA NOT NULL,
	staff_id UUID NOT NULL,
	started_at TIMESTAMP WITH TIME ZONE NOT NULL,
	proved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
	idle_seconds INTEGER NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	user_agent TEXT NOT NULL,
	address TEXT NOT NULL,
	CONSTRAINT pk_session PRIMARY KEY (tenant_id, id),
	CONSTRAINT uq_session_tenant_id_token_hash UNIQUE (tenant_id, token_hash)
);

CREATE INDEX ix_session_staff ON identity.session (tenant_id, staff_id);

COMMENT ON COLUMN identity.session.proved_at IS 'When a second factor was last shown.';

ALTER TABLE identity.session ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON identity.session TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.session TO huoke_app;

CREATE TABLE identity.ticket (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	ticket_hash BYTEA NOT NULL,
	seq INTEGER NOT NULL,
	entry_point TEXT NOT NULL,
	issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	used_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_ticket PRIMARY KEY (tenant_id, ticket_hash)
);

ALTER TABLE identity.ticket ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON identity.ticket TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.ticket TO huoke_app;

CREATE TABLE jobs.job (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	name TEXT NOT NULL,
	title TEXT NOT NULL,
	unique_key TEXT,
	payload JSONB NOT NULL,
	state TEXT DEFAULT 'queued' NOT NULL,
	done BIGINT DEFAULT 0 NOT NULL,
	total BIGINT DEFAULT 0 NOT NULL,
	error TEXT DEFAULT '' NOT NULL,
	attempts INTEGER DEFAULT 0 NOT NULL,
	cancelling BOOLEAN DEFAULT false NOT NULL,
	actor_kind TEXT NOT NULL,
	actor_id TEXT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	started_at TIMESTAMP WITH TIME ZONE,
	finished_at TIMESTAMP WITH TIME ZONE,
	xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
	CONSTRAINT pk_job PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_job_state CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled'))
);

CREATE INDEX ix_job_change ON jobs.job (tenant_id, xid);

CREATE INDEX ix_job_created ON jobs.job (tenant_id, created_at, id);

CREATE UNIQUE INDEX uq_job_unique_key ON jobs.job (tenant_id, name, unique_key);

COMMENT ON TABLE jobs.job IS 'Background work';

COMMENT ON COLUMN jobs.job.unique_key IS 'Enqueued once per name and key';

COMMENT ON COLUMN jobs.job.payload IS 'Ids only';

COMMENT ON COLUMN jobs.job.xid IS 'Its last change';

ALTER TABLE jobs.job ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON jobs.job TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON jobs.job TO huoke_app;

CREATE TABLE kernel.epoch (
	number INTEGER NOT NULL,
	system_identifier BIGINT NOT NULL,
	timeline INTEGER NOT NULL,
	began_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_epoch PRIMARY KEY (number)
);

COMMENT ON TABLE kernel.epoch IS 'Lives of this log: a restore begins a new one';

GRANT SELECT ON kernel.epoch TO huoke_app;

GRANT SELECT ON kernel.epoch TO huoke_feed;

CREATE TABLE kernel.event (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
	id UUID NOT NULL,
	name TEXT NOT NULL,
	version SMALLINT NOT NULL,
	data_class TEXT NOT NULL,
	actor_kind TEXT NOT NULL,
	actor_id TEXT NOT NULL,
	seq INTEGER,
	members BYTEA,
	payload JSONB NOT NULL,
	xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
	ordinal INTEGER NOT NULL,
	CONSTRAINT pk_event PRIMARY KEY (tenant_id, recorded_at, id)
)
 PARTITION BY RANGE (recorded_at);

CREATE TABLE kernel.event_default PARTITION OF kernel.event DEFAULT;

CREATE INDEX ix_event_position ON kernel.event (xid, ordinal);

COMMENT ON TABLE kernel.event IS 'Everything that happened, in the transaction that made it happen';

COMMENT ON COLUMN kernel.event.seq IS 'The customer it is about';

COMMENT ON COLUMN kernel.event.members IS 'The customers it is about, as a roaring bitmap';

ALTER TABLE kernel.event ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON kernel.event TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON kernel.event TO huoke_app;

GRANT SELECT ON kernel.event TO huoke_feed;

CREATE TABLE kernel.handled (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	subscriber TEXT NOT NULL,
	event_id UUID NOT NULL,
	xid xid8 NOT NULL,
	CONSTRAINT pk_handled PRIMARY KEY (tenant_id, subscriber, event_id)
);

COMMENT ON TABLE kernel.handled IS 'Events a subscriber has done, so that a second delivery does nothing';

COMMENT ON COLUMN kernel.handled.xid IS 'The event''s transaction: rows well behind the position are removed';

ALTER TABLE kernel.handled ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON kernel.handled TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON kernel.handled TO huoke_app;

CREATE TABLE kernel.request (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	operation TEXT NOT NULL,
	request_no TEXT NOT NULL,
	body_hash BYTEA NOT NULL,
	ref JSONB NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_request PRIMARY KEY (tenant_id, operation, request_no)
);

COMMENT ON TABLE kernel.request IS 'Request numbers already done, with what they did';

ALTER TABLE kernel.request ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON kernel.request TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON kernel.request TO huoke_app;

CREATE TABLE kernel.seal (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	number INTEGER NOT NULL,
	events BIGINT NOT NULL,
	hash BYTEA NOT NULL,
	last_recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
	last_id UUID NOT NULL,
	sealed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_seal PRIMARY KEY (tenant_id, number)
);

COMMENT ON TABLE kernel.seal IS 'Links of the hash chain over a bank''s events';

COMMENT ON COLUMN kernel.seal.events IS 'How many events the chain covers so far';

ALTER TABLE kernel.seal ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON kernel.seal TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON kernel.seal TO huoke_app;

GRANT SELECT ON kernel.seal TO huoke_feed;

CREATE TABLE kernel.subscription (
	name TEXT NOT NULL,
	xid xid8 NOT NULL,
	ordinal INTEGER NOT NULL,
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	error TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_subscription PRIMARY KEY (name)
);

COMMENT ON TABLE kernel.subscription IS 'How far each subscriber has read';

COMMENT ON COLUMN kernel.subscription.error IS 'Why it stands still; empty when it moves';

GRANT SELECT, INSERT, UPDATE, DELETE ON kernel.subscription TO huoke_app;

CREATE TABLE ledger.account (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	kind TEXT NOT NULL,
	owner_kind TEXT NOT NULL,
	owner_key TEXT NOT NULL,
	currency TEXT NOT NULL,
	balance BIGINT,
	held BIGINT DEFAULT 0 NOT NULL,
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_account PRIMARY KEY (tenant_id, id),
	CONSTRAINT uq_account_tenant_id_kind_owner_kind_owner_key_currency UNIQUE (tenant_id, kind, owner_kind, owner_key, currency),
	CONSTRAINT ck_account_balance_positive CHECK (balance >= 0),
	CONSTRAINT ck_account_held_within_balance CHECK (held >= 0 AND held <= coalesce(balance, 0))
);

COMMENT ON TABLE ledger.account IS 'Accounts; balance is null where it is derived from transfers';

ALTER TABLE ledger.account ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON ledger.account TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.account TO huoke_app;

CREATE TABLE ledger.budget (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	parent_id UUID,
	unit_id INTEGER NOT NULL,
	name TEXT NOT NULL,
	limit_fen BIGINT NOT NULL,
	available_fen BIGINT NOT NULL,
	reserved_fen BIGINT DEFAULT 0 NOT NULL,
	committed_fen BIGINT DEFAULT 0 NOT NULL,
	available_account UUID NOT NULL,
	reserved_account UUID NOT NULL,
	committed_account UUID NOT NULL,
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_budget PRIMARY KEY (tenant_id, id),
	CONSTRAINT fk_budget_tenant_id_parent_id FOREIGN KEY(tenant_id, parent_id) REFERENCES ledger.budget (tenant_id, id),
	CONSTRAINT ck_budget_adds_up CHECK (available_fen + reserved_fen + committed_fen = limit_fen),
	CONSTRAINT ck_budget_not_negative CHECK (available_fen >= 0 AND reserved_fen >= 0 AND committed_fen >= 0)
);

COMMENT ON TABLE ledger.budget IS 'Budgets as a tree; the numbers are projections of transfers';

ALTER TABLE ledger.budget ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON ledger.budget TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.budget TO huoke_app;

CREATE TABLE ledger.burn (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	source_id UUID NOT NULL,
	line INTEGER NOT NULL,
	lot_id UUID NOT NULL,
	amount BIGINT NOT NULL,
	returned BIGINT DEFAULT 0 NOT NULL,
	CONSTRAINT pk_burn PRIMARY KEY (tenant_id, source_id, line, lot_id),
	CONSTRAINT ck_burn_returned_within_amount CHECK (amount > 0 AND returned >= 0 AND returned <= amount)
);

COMMENT ON TABLE ledger.burn IS 'Which lots a burn took from, so that a refund goes back to them';

ALTER TABLE ledger.burn ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON ledger.burn TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.burn TO huoke_app;

CREATE TABLE ledger.hold (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	account_id UUID NOT NULL,
	amount BIGINT NOT NULL,
	state TEXT NOT NULL,
	held_at TIMESTAMP WITH TIME ZONE NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_hold PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_hold_amount_positive CHECK (amount > 0),
	CONSTRAINT ck_hold_state_known CHECK (state IN ('held', 'committed', 'released', 'expired'))
);

CREATE INDEX ix_hold_expires_at ON ledger.hold (tenant_id, expires_at) WHERE state = 'held';

COMMENT ON TABLE ledger.hold IS 'Amounts set aside for a while';

ALTER TABLE ledger.hold ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON ledger.hold TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.hold TO huoke_app;

CREATE TABLE ledger.lot (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	account_id UUID NOT NULL,
	source_kind TEXT NOT NULL,
	source_id UUID NOT NULL,
	line INTEGER NOT NULL,
	funder UUID,
	amount BIGINT NOT NULL,
	remaining BIGINT NOT NULL,
	cost_fen BIGINT NOT NULL,
	credited_at TIMESTAMP WITH TIME ZONE NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_lot PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_lot_remaining_within_amount CHECK (remaining >= 0 AND remaining <= amount),
	CONSTRAINT uq_lot_tenant_id_source_id_line UNIQUE (tenant_id, source_id, line)
);

CREATE INDEX ix_lot_account ON ledger.lot (tenant_id, account_id, credited_at, id) WHERE remaining > 0;

CREATE INDEX ix_lot_expires_at ON ledger.lot (tenant_id, expires_at) WHERE remaining > 0;

COMMENT ON TABLE ledger.lot IS 'Points by origin and expiry, burned first-in first-out';

ALTER TABLE ledger.lot ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON ledger.lot TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.lot TO huoke_app;

CREATE TABLE ledger.transfer (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	source_id UUID NOT NULL,
	line INTEGER NOT NULL,
	source_kind TEXT NOT NULL,
	kind TEXT NOT NULL,
	debit_account UUID NOT NULL,
	credit_account UUID NOT NULL,
	amount BIGINT NOT NULL,
	reversal_of INTEGER,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
	ordinal INTEGER NOT NULL,
	CONSTRAINT pk_transfer PRIMARY KEY (tenant_id, source_id, line),
	CONSTRAINT ck_transfer_amount_positive CHECK (amount > 0),
	CONSTRAINT ck_transfer_two_accounts CHECK (debit_account <> credit_account)
);

CREATE INDEX ix_transfer_payable ON ledger.transfer (tenant_id, at) WHERE kind = 'payable';

CREATE INDEX ix_transfer_position ON ledger.transfer (xid, ordinal);

CREATE UNIQUE INDEX uq_transfer_reversal ON ledger.transfer (tenant_id, source_id, reversal_of) WHERE reversal_of IS NOT NULL;

COMMENT ON TABLE ledger.transfer IS 'Every movement of money and points; never changed';

ALTER TABLE ledger.transfer ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON ledger.transfer TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON ledger.transfer TO huoke_app;

GRANT SELECT ON ledger.transfer TO huoke_feed;

CREATE TABLE people.unit (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id INTEGER NOT NULL,
	parent_id INTEGER,
	kind TEXT NOT NULL,
	code TEXT COLLATE "C" NOT NULL,
	name TEXT NOT NULL,
	name_en TEXT NOT NULL,
	path INTEGER[] NOT NULL,
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_unit PRIMARY KEY (tenant_id, id),
	CONSTRAINT uq_unit_tenant_id_code UNIQUE (tenant_id, code),
	CONSTRAINT fk_unit_tenant_id_parent_id FOREIGN KEY(tenant_id, parent_id) REFERENCES people.unit (tenant_id, id),
	CONSTRAINT ck_unit_kind_known CHECK (kind IN ('head_office', 'branch', 'sub_branch')),
	CONSTRAINT ck_unit_head_office_is_root CHECK ((kind = 'head_office') = (parent_id IS NULL)),
	CONSTRAINT ck_unit_path_ends_here CHECK (path[cardinality(path)] = id)
);

CREATE UNIQUE INDEX uq_unit_head_office ON people.unit (tenant_id) WHERE kind = 'head_office';

COMMENT ON COLUMN people.unit.path IS 'Ids from the head office down to this unit, itself last.';

ALTER TABLE people.unit ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON people.unit TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON people.unit TO huoke_app;

CREATE TABLE privacy.data_key (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	purpose TEXT NOT NULL,
	version SMALLINT NOT NULL,
	wrapped BYTEA NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_data_key PRIMARY KEY (tenant_id, purpose, version),
	CONSTRAINT ck_data_key_purpose_known CHECK (purpose IN ('field', 'index')),
	CONSTRAINT ck_data_key_version_positive CHECK (version > 0)
);

COMMENT ON COLUMN privacy.data_key.wrapped IS 'AES-256-GCM under the instance''s master key.';

ALTER TABLE privacy.data_key ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON privacy.data_key TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON privacy.data_key TO huoke_app;

CREATE TABLE privacy.reveal (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	staff_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	seq INTEGER NOT NULL,
	field TEXT NOT NULL,
	reason TEXT NOT NULL,
	revealed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_reveal PRIMARY KEY (tenant_id, id)
);

CREATE INDEX ix_reveal_staff ON privacy.reveal (tenant_id, staff_id, revealed_at);

ALTER TABLE privacy.reveal ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON privacy.reveal TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON privacy.reveal TO huoke_app;

CREATE TABLE segments.audience_chunk (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	audience_id UUID NOT NULL,
	chunk INTEGER NOT NULL,
	members BYTEA NOT NULL,
	CONSTRAINT pk_audience_chunk PRIMARY KEY (tenant_id, audience_id, chunk)
);

COMMENT ON TABLE segments.audience_chunk IS 'Members of an audience, one roaring bitmap per chunk';

ALTER TABLE segments.audience_chunk ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON segments.audience_chunk TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON segments.audience_chunk TO huoke_app;

CREATE TABLE segments.segment (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	name TEXT NOT NULL,
	purpose TEXT NOT NULL,
	serves TEXT NOT NULL,
	basis TEXT,
	unit_id INTEGER,
	version INTEGER NOT NULL,
	size INTEGER,
	counted_at TIMESTAMP WITH TIME ZONE,
	created_by TEXT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	archived_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_segment PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_segment_serves_known CHECK (serves IN ('selection', 'condition'))
);

CREATE INDEX ix_segment_changed ON segments.segment (tenant_id, changed_at, id);

COMMENT ON TABLE segments.segment IS 'Saved rules that choose customers';

COMMENT ON COLUMN segments.segment.basis IS 'registered basis for selecting on deposit facts (rule B1)';

COMMENT ON COLUMN segments.segment.unit_id IS 'the unit it belongs to; NULL is the head office';

COMMENT ON COLUMN segments.segment.size IS 'customers at the last count';

ALTER TABLE segments.segment ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON segments.segment TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON segments.segment TO huoke_app;

CREATE TABLE segments.upload (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	name TEXT NOT NULL,
	listed INTEGER NOT NULL,
	matched INTEGER NOT NULL,
	repeated INTEGER NOT NULL,
	unmatched INTEGER NOT NULL,
	unmatched_sample TEXT[] NOT NULL,
	created_by TEXT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_upload PRIMARY KEY (tenant_id, id)
);

COMMENT ON TABLE segments.upload IS 'Lists of customer numbers brought from outside, matched once';

ALTER TABLE segments.upload ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON segments.upload TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON segments.upload TO huoke_app;

CREATE TABLE segments.upload_chunk (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	upload_id UUID NOT NULL,
	chunk INTEGER NOT NULL,
	members BYTEA NOT NULL,
	CONSTRAINT pk_upload_chunk PRIMARY KEY (tenant_id, upload_id, chunk)
);

COMMENT ON TABLE segments.upload_chunk IS 'Members of an uploaded list, one roaring bitmap per chunk';

ALTER TABLE segments.upload_chunk ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON segments.upload_chunk TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON segments.upload_chunk TO huoke_app;

CREATE TABLE statements.statement (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	number TEXT COLLATE "C" NOT NULL,
	supplier_id UUID NOT NULL,
	since_on DATE NOT NULL,
	until_on DATE NOT NULL,
	since_at TIMESTAMP WITH TIME ZONE NOT NULL,
	until_at TIMESTAMP WITH TIME ZONE NOT NULL,
	state TEXT NOT NULL,
	quantity BIGINT NOT NULL,
	amount_fen BIGINT NOT NULL,
	created_by TEXT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	confirmed_by TEXT,
	confirmed_at TIMESTAMP WITH TIME ZONE,
	reversed_by TEXT,
	reversed_at TIMESTAMP WITH TIME ZONE,
	reason TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_statement PRIMARY KEY (tenant_id, id),
	CONSTRAINT uq_statement_tenant_id_number UNIQUE (tenant_id, number),
	CONSTRAINT ck_statement_state_known CHECK (state IN ('draft', 'confirmed', 'reversed')),
	CONSTRAINT ck_statement_period_forward CHECK (since_at < until_at AND since_on <= until_on),
	CONSTRAINT ck_statement_maker_is_not_checker CHECK (created_by <> confirmed_by)
);

CREATE INDEX ix_statement_created_at ON statements.statement (tenant_id, created_at, id);

CREATE UNIQUE INDEX uq_statement_period ON statements.statement (tenant_id, supplier_id, since_at) WHERE state <> 'reversed';

COMMENT ON TABLE statements.statement IS 'Statements per supplier and period; what they say never changes, only their state';

COMMENT ON COLUMN statements.statement.until_at IS 'the end of what it covers, not included';

ALTER TABLE statements.statement ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON statements.statement TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE (state, confirmed_by, confirmed_at, reversed_by, reversed_at, reason) ON statements.statement TO huoke_app;

CREATE TABLE statements.turn (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	supplier_id UUID NOT NULL,
	last INTEGER NOT NULL,
	CONSTRAINT pk_turn PRIMARY KEY (tenant_id, supplier_id)
);

COMMENT ON TABLE statements.turn IS 'Locked while a supplier''s statement is made, so that two never cover the same redemption';

ALTER TABLE statements.turn ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON statements.turn TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON statements.turn TO huoke_app;

CREATE TABLE supply.supplier (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	code TEXT COLLATE "C" NOT NULL,
	name TEXT NOT NULL,
	name_en TEXT NOT NULL,
	tax_no TEXT NOT NULL,
	settlement_days INTEGER NOT NULL,
	contact_name BYTEA,
	contact_phone BYTEA,
	status TEXT NOT NULL,
	search TEXT COLLATE "C" NOT NULL,
	added_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_supplier PRIMARY KEY (tenant_id, id),
	CONSTRAINT uq_supplier_tenant_id_code UNIQUE (tenant_id, code),
	CONSTRAINT ck_supplier_status_known CHECK (status IN ('active', 'retired')),
	CONSTRAINT ck_supplier_settlement_days_fit CHECK (settlement_days BETWEEN 0 AND 365)
);

COMMENT ON TABLE supply.supplier IS 'Who delivers benefits and is paid for them';

COMMENT ON COLUMN supply.supplier.contact_name IS 'C2, under the bank''s key, bound to this row.';

COMMENT ON COLUMN supply.supplier.contact_phone IS 'C2, under the bank''s key, bound to this row.';

COMMENT ON COLUMN supply.supplier.search IS 'Lower-cased code and names.';

ALTER TABLE supply.supplier ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON supply.supplier TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON supply.supplier TO huoke_app;

CREATE TABLE tenants.setting (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	key TEXT COLLATE "C" NOT NULL,
	value JSONB NOT NULL,
	changed_by TEXT NOT NULL,
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_setting PRIMARY KEY (tenant_id, key)
);

COMMENT ON TABLE tenants.setting IS 'What a bank set differently from the defaults in code.';

ALTER TABLE tenants.setting ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON tenants.setting TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON tenants.setting TO huoke_app;

CREATE TABLE tenants.tenant (
	id INTEGER NOT NULL,
	code TEXT COLLATE "C" NOT NULL,
	name TEXT NOT NULL,
	name_en TEXT NOT NULL,
	status TEXT NOT NULL,
	brand JSONB NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_tenant PRIMARY KEY (id),
	CONSTRAINT ck_tenant_id_positive CHECK (id > 0),
	CONSTRAINT ck_tenant_code_form CHECK (code ~ '^[a-z][a-z0-9-]{1,31}$'),
	CONSTRAINT ck_tenant_status_known CHECK (status IN ('opening', 'open', 'suspended', 'closed')),
	CONSTRAINT uq_tenant_code UNIQUE (code)
);

COMMENT ON TABLE tenants.tenant IS 'Every bank of this cell. The app role reads it to find a bank by its code; only the owner writes it.';

GRANT SELECT ON tenants.tenant TO huoke_app;

GRANT SELECT ON tenants.tenant TO huoke_feed;

CREATE TABLE approvals.decision (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	change_id UUID NOT NULL,
	stage SMALLINT NOT NULL,
	maker_id UUID NOT NULL,
	checker_id UUID NOT NULL,
	verdict TEXT NOT NULL,
	comment TEXT NOT NULL,
	diff_hash TEXT NOT NULL,
	decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_decision PRIMARY KEY (tenant_id, change_id, stage),
	CONSTRAINT uq_decision_tenant_id_change_id_checker_id UNIQUE (tenant_id, change_id, checker_id),
	CONSTRAINT fk_decision_tenant_id_change_id_maker_id FOREIGN KEY(tenant_id, change_id, maker_id) REFERENCES approvals.change (tenant_id, id, maker_id),
	CONSTRAINT ck_decision_maker_is_not_checker CHECK (maker_id <> checker_id),
	CONSTRAINT ck_decision_verdict_known CHECK (verdict IN ('approve', 'return', 'reject'))
);

COMMENT ON COLUMN approvals.decision.diff_hash IS 'Of what the checker was shown.';

ALTER TABLE approvals.decision ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON approvals.decision TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON approvals.decision TO huoke_app;

CREATE TABLE campaigns.reach_chunk (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	campaign_id UUID NOT NULL,
	chunk INTEGER NOT NULL,
	members BYTEA NOT NULL,
	CONSTRAINT pk_reach_chunk PRIMARY KEY (tenant_id, campaign_id, chunk),
	CONSTRAINT fk_reach_chunk_tenant_id_campaign_id FOREIGN KEY(tenant_id, campaign_id) REFERENCES campaigns.campaign (tenant_id, id)
);

COMMENT ON TABLE campaigns.reach_chunk IS 'Whom an approved campaign reaches, one roaring bitmap per chunk; never changed';

ALTER TABLE campaigns.reach_chunk ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON campaigns.reach_chunk TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON campaigns.reach_chunk TO huoke_app;

CREATE TABLE campaigns.run (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	campaign_id UUID NOT NULL,
	audience INTEGER NOT NULL,
	no_consent INTEGER NOT NULL,
	suppressed INTEGER NOT NULL,
	control INTEGER NOT NULL,
	total INTEGER NOT NULL,
	next_seq BIGINT DEFAULT 0 NOT NULL,
	chunks INTEGER DEFAULT 0 NOT NULL,
	done INTEGER DEFAULT 0 NOT NULL,
	withheld INTEGER DEFAULT 0 NOT NULL,
	granted INTEGER DEFAULT 0 NOT NULL,
	exists INTEGER DEFAULT 0 NOT NULL,
	sold_out INTEGER DEFAULT 0 NOT NULL,
	budget_exhausted INTEGER DEFAULT 0 NOT NULL,
	limit_reached INTEGER DEFAULT 0 NOT NULL,
	not_eligible INTEGER DEFAULT 0 NOT NULL,
	started_at TIMESTAMP WITH TIME ZONE,
	finished_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_run PRIMARY KEY (tenant_id, campaign_id),
	CONSTRAINT fk_run_tenant_id_campaign_id FOREIGN KEY(tenant_id, campaign_id) REFERENCES campaigns.campaign (tenant_id, id),
	CONSTRAINT ck_run_done_within_total CHECK (done BETWEEN 0 AND total),
	CONSTRAINT ck_run_adds_up CHECK (withheld + granted + "exists" + sold_out + budget_exhausted + limit_reached + not_eligible = done)
);

COMMENT ON TABLE campaigns.run IS 'The waterfall of an approved campaign and how far its run is; the cursor moves with the grants it made';

COMMENT ON COLUMN campaigns.run.next_seq IS 'customers below it are done';

COMMENT ON COLUMN campaigns.run.withheld IS 'withdrawn or suppressed since';

ALTER TABLE campaigns.run ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON campaigns.run TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON campaigns.run TO huoke_app;

CREATE TABLE campaigns.share (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	campaign_id UUID NOT NULL,
	unit_id INTEGER NOT NULL,
	budget_id UUID NOT NULL,
	pool_id UUID NOT NULL,
	CONSTRAINT pk_share PRIMARY KEY (tenant_id, campaign_id, unit_id),
	CONSTRAINT fk_share_tenant_id_campaign_id FOREIGN KEY(tenant_id, campaign_id) REFERENCES campaigns.campaign (tenant_id, id)
);

COMMENT ON TABLE campaigns.share IS 'Budget and pool of each branch share of an approved campaign';

ALTER TABLE campaigns.share ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON campaigns.share TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON campaigns.share TO huoke_app;

CREATE TABLE catalogue.item (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	brand_id UUID NOT NULL,
	code TEXT COLLATE "C" NOT NULL,
	name TEXT NOT NULL,
	name_en TEXT NOT NULL,
	category TEXT NOT NULL,
	status TEXT NOT NULL,
	search TEXT COLLATE "C" NOT NULL,
	added_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_item PRIMARY KEY (tenant_id, id),
	CONSTRAINT uq_item_tenant_id_code UNIQUE (tenant_id, code),
	CONSTRAINT fk_item_tenant_id_brand_id FOREIGN KEY(tenant_id, brand_id) REFERENCES catalogue.brand (tenant_id, id),
	CONSTRAINT ck_item_status_known CHECK (status IN ('active', 'retired'))
);

CREATE INDEX ix_item_brand ON catalogue.item (tenant_id, brand_id);

ALTER TABLE catalogue.item ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON catalogue.item TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON catalogue.item TO huoke_app;

CREATE TABLE experiments.control_chunk (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	source_id UUID NOT NULL,
	chunk INTEGER NOT NULL,
	members BYTEA NOT NULL,
	CONSTRAINT pk_control_chunk PRIMARY KEY (tenant_id, source_id, chunk),
	CONSTRAINT fk_control_chunk_tenant_id_source_id FOREIGN KEY(tenant_id, source_id) REFERENCES experiments.control_group (tenant_id, source_id)
);

COMMENT ON TABLE experiments.control_chunk IS 'Members of a control group, one roaring bitmap per chunk';

ALTER TABLE experiments.control_chunk ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON experiments.control_chunk TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON experiments.control_chunk TO huoke_app;

CREATE TABLE grants.term (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	offer_id UUID NOT NULL,
	unit_id INTEGER NOT NULL,
	budget_id UUID NOT NULL,
	pool_id UUID NOT NULL,
	CONSTRAINT pk_term PRIMARY KEY (tenant_id, offer_id, unit_id),
	CONSTRAINT fk_term_tenant_id_offer_id FOREIGN KEY(tenant_id, offer_id) REFERENCES grants.offer (tenant_id, id),
	CONSTRAINT fk_term_tenant_id_pool_id FOREIGN KEY(tenant_id, pool_id) REFERENCES grants.pool (tenant_id, id)
);

COMMENT ON TABLE grants.term IS 'Which budget and pool serve the customers of a unit; unit 0 stands for all others';

ALTER TABLE grants.term ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON grants.term TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON grants.term TO huoke_app;

CREATE TABLE people.staff (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	login TEXT COLLATE "C" NOT NULL,
	name TEXT NOT NULL,
	post TEXT NOT NULL,
	unit_id INTEGER NOT NULL,
	status TEXT NOT NULL,
	duty TEXT NOT NULL,
	added_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_staff PRIMARY KEY (tenant_id, id),
	CONSTRAINT uq_staff_tenant_id_login UNIQUE (tenant_id, login),
	CONSTRAINT uq_staff_tenant_id_id_duty UNIQUE (tenant_id, id, duty),
	CONSTRAINT fk_staff_tenant_id_unit_id FOREIGN KEY(tenant_id, unit_id) REFERENCES people.unit (tenant_id, id),
	CONSTRAINT ck_staff_login_form CHECK (login = lower(login) AND login ~ '^[a-z0-9][a-z0-9._-]{1,63}$'),
	CONSTRAINT ck_staff_status_known CHECK (status IN ('active', 'disabled')),
	CONSTRAINT ck_staff_duty_known CHECK (duty IN ('business', 'system_admin', 'security_admin', 'auditor'))
);

COMMENT ON COLUMN people.staff.login IS 'Lower case; unique in its bank.';

ALTER TABLE people.staff ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON people.staff TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON people.staff TO huoke_app;

CREATE TABLE segments.audience (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	segment_id UUID NOT NULL,
	segment_version INTEGER NOT NULL,
	name TEXT NOT NULL,
	purpose TEXT NOT NULL,
	units INTEGER[],
	hash BYTEA NOT NULL,
	size INTEGER NOT NULL,
	data_at TIMESTAMP WITH TIME ZONE NOT NULL,
	created_by TEXT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_audience PRIMARY KEY (tenant_id, id),
	CONSTRAINT fk_audience_tenant_id_segment_id FOREIGN KEY(tenant_id, segment_id) REFERENCES segments.segment (tenant_id, id),
	CONSTRAINT ck_audience_size_range CHECK (size >= 0)
);

CREATE INDEX ix_audience_segment ON segments.audience (tenant_id, segment_id, created_at);

COMMENT ON TABLE segments.audience IS 'The set a segment gave at one time; never changed';

COMMENT ON COLUMN segments.audience.units IS 'organisation scope it was frozen in; NULL is the whole bank';

COMMENT ON COLUMN segments.audience.hash IS 'content hash of the expression';

ALTER TABLE segments.audience ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON segments.audience TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON segments.audience TO huoke_app;

CREATE TABLE segments.segment_version (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	segment_id UUID NOT NULL,
	version INTEGER NOT NULL,
	expression JSONB NOT NULL,
	hash BYTEA NOT NULL,
	saved_by TEXT NOT NULL,
	saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_segment_version PRIMARY KEY (tenant_id, segment_id, version),
	CONSTRAINT fk_segment_version_tenant_id_segment_id FOREIGN KEY(tenant_id, segment_id) REFERENCES segments.segment (tenant_id, id)
);

COMMENT ON TABLE segments.segment_version IS 'Every version of a segment''s expression';

ALTER TABLE segments.segment_version ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON segments.segment_version TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON segments.segment_version TO huoke_app;

CREATE TABLE statements.line (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	statement_id UUID NOT NULL,
	place INTEGER NOT NULL,
	sku_id UUID NOT NULL,
	title TEXT NOT NULL,
	source_id UUID NOT NULL,
	campaign TEXT NOT NULL,
	redeemed INTEGER NOT NULL,
	undone INTEGER NOT NULL,
	quantity INTEGER NOT NULL,
	unit_cost_fen BIGINT NOT NULL,
	amount_fen BIGINT NOT NULL,
	CONSTRAINT pk_line PRIMARY KEY (tenant_id, statement_id, place),
	CONSTRAINT fk_line_tenant_id_statement_id FOREIGN KEY(tenant_id, statement_id) REFERENCES statements.statement (tenant_id, id),
	CONSTRAINT ck_line_adds_up CHECK (quantity = redeemed - undone AND amount_fen = quantity * unit_cost_fen)
);

COMMENT ON TABLE statements.line IS 'Lines of a statement: one per SKU, campaign and unit cost';

COMMENT ON COLUMN statements.line.source_id IS 'the campaign';

COMMENT ON COLUMN statements.line.campaign IS 'its name when the statement was made';

COMMENT ON COLUMN statements.line.quantity IS 'redeemed less undone; may be below zero';

ALTER TABLE statements.line ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON statements.line TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON statements.line TO huoke_app;

CREATE TABLE catalogue.sku (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	item_id UUID NOT NULL,
	code TEXT COLLATE "C" NOT NULL,
	kind TEXT NOT NULL,
	status TEXT NOT NULL,
	version INTEGER NOT NULL,
	draft JSONB,
	search TEXT COLLATE "C" NOT NULL,
	added_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_sku PRIMARY KEY (tenant_id, id),
	CONSTRAINT uq_sku_tenant_id_code UNIQUE (tenant_id, code),
	CONSTRAINT fk_sku_tenant_id_item_id FOREIGN KEY(tenant_id, item_id) REFERENCES catalogue.item (tenant_id, id),
	CONSTRAINT ck_sku_kind_known CHECK (kind IN ('voucher', 'points')),
	CONSTRAINT ck_sku_status_known CHECK (status IN ('draft', 'published', 'retired')),
	CONSTRAINT ck_sku_published_has_version CHECK (status <> 'published' OR version > 0)
);

CREATE INDEX ix_sku_item ON catalogue.sku (tenant_id, item_id);

COMMENT ON COLUMN catalogue.sku.version IS 'The newest published version; 0 before the first.';

COMMENT ON COLUMN catalogue.sku.draft IS 'Terms in the making; null when there are none beyond the published ones.';

ALTER TABLE catalogue.sku ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON catalogue.sku TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON catalogue.sku TO huoke_app;

CREATE TABLE people.staff_role (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	staff_id UUID NOT NULL,
	role TEXT NOT NULL,
	unit_id INTEGER NOT NULL,
	duty TEXT GENERATED ALWAYS AS (CASE WHEN role IN ('system_admin', 'security_admin', 'auditor') THEN role ELSE 'business' END) STORED NOT NULL,
	CONSTRAINT pk_staff_role PRIMARY KEY (tenant_id, staff_id, role, unit_id),
	CONSTRAINT fk_staff_role_tenant_id_staff_id_duty FOREIGN KEY(tenant_id, staff_id, duty) REFERENCES people.staff (tenant_id, id, duty),
	CONSTRAINT fk_staff_role_tenant_id_unit_id FOREIGN KEY(tenant_id, unit_id) REFERENCES people.unit (tenant_id, id)
);

COMMENT ON TABLE people.staff_role IS 'A role within a unit and everything below it.';

ALTER TABLE people.staff_role ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON people.staff_role TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON people.staff_role TO huoke_app;

CREATE TABLE catalogue.sku_version (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	sku_id UUID NOT NULL,
	version INTEGER NOT NULL,
	name TEXT NOT NULL,
	name_en TEXT NOT NULL,
	face_value_fen BIGINT NOT NULL,
	cost_fen BIGINT NOT NULL,
	points BIGINT NOT NULL,
	supplier_id UUID,
	valid_days INTEGER,
	valid_until DATE,
	tax_code TEXT NOT NULL,
	regions TEXT[] NOT NULL,
	acceptance TEXT NOT NULL,
	acceptance_en TEXT NOT NULL,
	published_at TIMESTAMP WITH TIME ZONE NOT NULL,
	published_by TEXT NOT NULL,
	CONSTRAINT pk_sku_version PRIMARY KEY (tenant_id, sku_id, version),
	CONSTRAINT fk_sku_version_tenant_id_sku_id FOREIGN KEY(tenant_id, sku_id) REFERENCES catalogue.sku (tenant_id, id),
	CONSTRAINT ck_sku_version_amounts_fit CHECK (face_value_fen >= 0 AND cost_fen >= 0 AND points >= 0),
	CONSTRAINT ck_sku_version_one_validity CHECK ((valid_days IS NULL) <> (valid_until IS NULL)),
	CONSTRAINT ck_sku_version_tax_code_known CHECK (tax_code IN ('occasional_income', 'spending_points', 'purchase_gift', 'discount_coupon'))
);

COMMENT ON TABLE catalogue.sku_version IS 'Published terms: the application may add a version and never change one';

ALTER TABLE catalogue.sku_version ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON catalogue.sku_version TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));

GRANT SELECT, INSERT ON catalogue.sku_version TO huoke_app;

-- pgqueuer 1.6.0 -- prefix='' schema='queue' durability=durable

CREATE SCHEMA IF NOT EXISTS queue;

CREATE TYPE queue.pgqueuer_status AS ENUM ('queued', 'picked', 'successful', 'exception', 'canceled', 'deleted', 'failed');

CREATE TABLE queue.pgqueuer (
    id bigserial NOT NULL PRIMARY KEY,
    priority integer NOT NULL,
    queue_manager_id uuid,
    created timestamp with time zone NOT NULL DEFAULT now(),
    updated timestamp with time zone NOT NULL DEFAULT now(),
    heartbeat timestamp with time zone NOT NULL DEFAULT now(),
    execute_after timestamp with time zone NOT NULL DEFAULT now(),
    status queue.pgqueuer_status NOT NULL,
    entrypoint text NOT NULL,
    dedupe_key text,
    payload bytea,
    headers jsonb,
    attempts integer NOT NULL DEFAULT 0,
    slot bigint
);

CREATE TABLE queue.pgqueuer_log (
    id bigint GENERATED BY DEFAULT AS IDENTITY NOT NULL PRIMARY KEY,
    created timestamp with time zone NOT NULL DEFAULT now(),
    job_id bigint NOT NULL,
    status queue.pgqueuer_status NOT NULL,
    priority integer NOT NULL,
    entrypoint text NOT NULL,
    traceback jsonb,
    aggregated boolean DEFAULT false
);

CREATE TABLE queue.pgqueuer_schedules (
    id bigserial NOT NULL PRIMARY KEY,
    expression text NOT NULL,
    entrypoint text NOT NULL,
    heartbeat timestamp with time zone NOT NULL DEFAULT now(),
    created timestamp with time zone NOT NULL DEFAULT now(),
    updated timestamp with time zone NOT NULL DEFAULT now(),
    next_run timestamp with time zone NOT NULL DEFAULT now(),
    last_run timestamp with time zone,
    status queue.pgqueuer_status DEFAULT 'queued'::queue.pgqueuer_status,
    UNIQUE (expression, entrypoint)
);

CREATE TABLE queue.pgqueuer_statistics (
    id bigserial NOT NULL PRIMARY KEY,
    created timestamp with time zone NOT NULL DEFAULT date_trunc('sec'::text, now()),
    count bigint NOT NULL,
    priority integer NOT NULL,
    status queue.pgqueuer_status NOT NULL,
    entrypoint text NOT NULL
);

CREATE INDEX pgqueuer_ep_ea_idx ON queue.pgqueuer USING btree (entrypoint, execute_after) WHERE (status = 'queued'::queue.pgqueuer_status);

CREATE INDEX pgqueuer_ep_prio_id_idx ON queue.pgqueuer USING btree (entrypoint, priority DESC, id) WHERE (status = 'queued'::queue.pgqueuer_status);

CREATE INDEX pgqueuer_log_created ON queue.pgqueuer_log USING btree (created);

CREATE INDEX pgqueuer_log_job_id_status ON queue.pgqueuer_log USING btree (job_id, created DESC);

CREATE INDEX pgqueuer_log_not_aggregated ON queue.pgqueuer_log USING btree ((1)) WHERE (NOT aggregated);

CREATE INDEX pgqueuer_log_status ON queue.pgqueuer_log USING btree (status);

CREATE INDEX pgqueuer_picked_heartbeat_idx ON queue.pgqueuer USING btree (heartbeat) WHERE (status = 'picked'::queue.pgqueuer_status);

CREATE UNIQUE INDEX pgqueuer_picked_slot_idx ON queue.pgqueuer USING btree (entrypoint, slot) WHERE ((status = 'picked'::queue.pgqueuer_status) AND (slot IS NOT NULL));

CREATE INDEX pgqueuer_priority_id_id1_idx ON queue.pgqueuer USING btree (priority, id DESC) INCLUDE (id) WHERE (status = 'queued'::queue.pgqueuer_status);

CREATE INDEX pgqueuer_queue_manager_id_idx ON queue.pgqueuer USING btree (queue_manager_id) WHERE (queue_manager_id IS NOT NULL);

CREATE UNIQUE INDEX pgqueuer_statistics_unique_count ON queue.pgqueuer_statistics USING btree (priority, date_trunc('sec'::text, timezone('UTC'::text, created)), status, entrypoint);

CREATE UNIQUE INDEX pgqueuer_unique_dedupe_key ON queue.pgqueuer USING btree (dedupe_key) WHERE ((status = ANY (ARRAY['queued'::queue.pgqueuer_status, 'picked'::queue.pgqueuer_status])) AND (dedupe_key IS NOT NULL));

CREATE INDEX pgqueuer_updated_id_id1_idx ON queue.pgqueuer USING btree (updated, id DESC) INCLUDE (id) WHERE (status = 'picked'::queue.pgqueuer_status);

CREATE FUNCTION queue.fn_pgqueuer_changed() RETURNS TRIGGER AS $$
DECLARE
    to_emit BOOLEAN := false;  -- Flag to decide whether to emit a notification
BEGIN
    -- Check operation type and set the emit flag accordingly
    IF TG_OP = 'UPDATE' AND OLD IS DISTINCT FROM NEW THEN
        to_emit := true;
    ELSIF TG_OP = 'DELETE' THEN
        to_emit := true;
    ELSIF TG_OP = 'INSERT' THEN
        to_emit := true;
    ELSIF TG_OP = 'TRUNCATE' THEN
        to_emit := true;
    END IF;

    -- Perform notification if the emit flag is set
    IF to_emit THEN
        PERFORM pg_notify(
            'ch_pgqueuer',
            json_build_object(
                'channel', 'ch_pgqueuer',
                'operation', lower(TG_OP),
                'sent_at', NOW(),
                'table', TG_TABLE_NAME,
                'type', 'table_changed_event'
            )::text
        );
    END IF;

    -- Return appropriate value based on the operation
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' THEN
        RETURN OLD;
    ELSE
        RETURN NULL; -- For TRUNCATE and other non-row-specific contexts
    END IF;

END;
$$ LANGUAGE plpgsql;

CREATE TRIGGER tg_pgqueuer_changed
AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON queue.pgqueuer
EXECUTE FUNCTION queue.fn_pgqueuer_changed();

GRANT USAGE ON SCHEMA queue TO huoke_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA queue TO huoke_app;

GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA queue TO huoke_app;
