CREATE SCHEMA IF NOT EXISTS membership;
GRANT USAGE ON SCHEMA membership TO huoke_app, huoke_feed;
CREATE TABLE membership.chunk (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	segment_id UUID NOT NULL,
	chunk INTEGER NOT NULL,
	members BYTEA NOT NULL,
	CONSTRAINT pk_chunk PRIMARY KEY (tenant_id, segment_id, chunk)
);
COMMENT ON TABLE membership.chunk IS 'Who is in a followed segment now, one roaring bitmap per chunk';
ALTER TABLE membership.chunk ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON membership.chunk TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON membership.chunk TO huoke_app;
CREATE TABLE membership.delta (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	segment_id UUID NOT NULL,
	day DATE NOT NULL,
	chunk INTEGER NOT NULL,
	entered BYTEA NOT NULL,
	gone BYTEA NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_delta PRIMARY KEY (tenant_id, segment_id, day, chunk)
);
COMMENT ON TABLE membership.delta IS 'Who entered and left a followed segment on a day';
ALTER TABLE membership.delta ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON membership.delta TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON membership.delta TO huoke_app;
CREATE TABLE membership.figure (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	segment_id UUID NOT NULL,
	day DATE NOT NULL,
	unit_id INTEGER NOT NULL,
	members INTEGER NOT NULL,
	entered INTEGER NOT NULL,
	gone INTEGER NOT NULL,
	version INTEGER NOT NULL,
	CONSTRAINT pk_figure PRIMARY KEY (tenant_id, segment_id, day, unit_id)
);
COMMENT ON TABLE membership.figure IS 'Members of a followed segment by day and unit; a unit''s own customers, without those of units below';
COMMENT ON COLUMN membership.figure.unit_id IS '0 is all of them together';
ALTER TABLE membership.figure ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON membership.figure TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON membership.figure TO huoke_app;
CREATE TABLE membership.following (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	segment_id UUID NOT NULL,
	since DATE,
	day DATE,
	version INTEGER,
	members INTEGER DEFAULT '0' NOT NULL,
	data_at TIMESTAMP WITH TIME ZONE,
	reckoned_at TIMESTAMP WITH TIME ZONE,
	held TEXT DEFAULT '' NOT NULL,
	held_detail TEXT DEFAULT '' NOT NULL,
	began_by TEXT NOT NULL,
	began_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_following PRIMARY KEY (tenant_id, segment_id),
	CONSTRAINT ck_following_first_and_latest CHECK ((since IS NULL) = (day IS NULL))
);
COMMENT ON TABLE membership.following IS 'Segments whose members are worked out every night';
COMMENT ON COLUMN membership.following.since IS 'the first day that was worked out';
COMMENT ON COLUMN membership.following.day IS 'the latest one';
COMMENT ON COLUMN membership.following.version IS 'the version of the rule it was worked out by';
COMMENT ON COLUMN membership.following.held IS 'why the latest attempt came to nothing; a code';
ALTER TABLE membership.following ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON membership.following TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON membership.following TO huoke_app;
CREATE SCHEMA IF NOT EXISTS exclusions;
GRANT USAGE ON SCHEMA exclusions TO huoke_app, huoke_feed;
CREATE TABLE exclusions.exclusion (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	reason TEXT NOT NULL,
	owner TEXT NOT NULL,
	upload_id UUID,
	segment_id UUID,
	until_on DATE,
	created_by TEXT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	change_id UUID,
	lifting_reason TEXT DEFAULT '' NOT NULL,
	lifted_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_exclusion PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_exclusion_kind_known CHECK (kind IN ('complaint', 'staff', 'legal', 'risk', 'other')),
	CONSTRAINT ck_exclusion_one_source CHECK ((upload_id IS NULL) <> (segment_id IS NULL))
);
COMMENT ON TABLE exclusions.exclusion IS 'Lists whose customers are left out of every audience, and of every hand-over';
COMMENT ON COLUMN exclusions.exclusion.owner IS 'a member of staff, who answers for it';
COMMENT ON COLUMN exclusions.exclusion.upload_id IS 'an uploaded list';
COMMENT ON COLUMN exclusions.exclusion.segment_id IS 'or a segment, which is followed for it';
COMMENT ON COLUMN exclusions.exclusion.until_on IS 'the last day it counts; NULL until it is lifted';
COMMENT ON COLUMN exclusions.exclusion.change_id IS 'the change that asks to lift it';
ALTER TABLE exclusions.exclusion ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON exclusions.exclusion TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON exclusions.exclusion TO huoke_app;
CREATE SCHEMA IF NOT EXISTS lookalikes;
GRANT USAGE ON SCHEMA lookalikes TO huoke_app, huoke_feed;
CREATE TABLE lookalikes.search (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	name TEXT NOT NULL,
	segment_id UUID,
	segment_version INTEGER,
	seed_upload_id UUID,
	wanted INTEGER NOT NULL,
	units JSONB,
	state TEXT DEFAULT 'asked' NOT NULL,
	failure TEXT DEFAULT '' NOT NULL,
	failure_detail TEXT DEFAULT '' NOT NULL,
	asked_by TEXT NOT NULL,
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	seed INTEGER DEFAULT '0' NOT NULL,
	others INTEGER DEFAULT '0' NOT NULL,
	auc FLOAT,
	drivers JSONB DEFAULT '[]' NOT NULL,
	upload_id UUID,
	found INTEGER DEFAULT '0' NOT NULL,
	CONSTRAINT pk_search PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_search_state_known CHECK (state IN ('asked', 'done', 'failed')),
	CONSTRAINT ck_search_one_seed CHECK ((segment_id IS NULL) <> (seed_upload_id IS NULL)),
	CONSTRAINT ck_search_done_has_list CHECK ((state = 'done') = (upload_id IS NOT NULL))
);
CREATE INDEX ix_search_asked ON lookalikes.search (tenant_id, asked_at);
COMMENT ON TABLE lookalikes.search IS 'Searches for customers like those of a seed: who asked, what was learned, who was found';
COMMENT ON COLUMN lookalikes.search.segment_id IS 'the seed: a segment';
COMMENT ON COLUMN lookalikes.search.seed_upload_id IS 'or an uploaded list';
COMMENT ON COLUMN lookalikes.search.units IS 'organisation scope of who asked; null is the whole bank';
COMMENT ON COLUMN lookalikes.search.failure IS 'the code of what it was refused for';
COMMENT ON COLUMN lookalikes.search.seed IS 'customers of the seed that could be learned';
COMMENT ON COLUMN lookalikes.search.others IS 'those they were set beside';
COMMENT ON COLUMN lookalikes.search.auc IS 'on customers kept aside';
COMMENT ON COLUMN lookalikes.search.upload_id IS 'who was found, a leaf of the language';
ALTER TABLE lookalikes.search ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON lookalikes.search TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON lookalikes.search TO huoke_app;
ALTER TABLE segments.audience ADD COLUMN left_out JSONB DEFAULT '[]' NOT NULL;
COMMENT ON COLUMN segments.audience.left_out IS 'how many by which list of exclusions';
