CREATE TABLE plays.draft_version (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	play_id UUID NOT NULL,
	version INTEGER NOT NULL,
	draft JSONB NOT NULL,
	made_by TEXT NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_draft_version PRIMARY KEY (tenant_id, play_id, version),
	CONSTRAINT fk_draft_version_tenant_id_play_id FOREIGN KEY(tenant_id, play_id) REFERENCES plays.play (tenant_id, id)
);
COMMENT ON TABLE plays.draft_version IS 'Every saved draft with its maker: what copy stood there when (rule B3)';
COMMENT ON COLUMN plays.draft_version.made_by IS 'Staff id, or the name of what made it';
ALTER TABLE plays.draft_version ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON plays.draft_version TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON plays.draft_version TO huoke_app;
CREATE TABLE plays.release (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	play_id UUID NOT NULL,
	table_version INTEGER NOT NULL,
	version INTEGER NOT NULL,
	change_id UUID NOT NULL,
	zh TEXT NOT NULL,
	en TEXT NOT NULL,
	closes_at TIMESTAMP WITH TIME ZONE NOT NULL,
	published_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_release PRIMARY KEY (tenant_id, play_id, table_version),
	CONSTRAINT fk_release_tenant_id_play_id FOREIGN KEY(tenant_id, play_id) REFERENCES plays.play (tenant_id, id)
);
COMMENT ON TABLE plays.release IS 'What was published when and under which approval; never changed (rule L3)';
COMMENT ON COLUMN plays.release.version IS 'The draft that was approved';
COMMENT ON COLUMN plays.release.zh IS 'What was changed and why, for the rules page; empty for the first';
ALTER TABLE plays.release ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON plays.release TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON plays.release TO huoke_app;
CREATE TABLE plays.amendment (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	play_id UUID NOT NULL,
	table_version INTEGER NOT NULL,
	draft JSONB NOT NULL,
	stock JSONB NOT NULL,
	zh TEXT NOT NULL,
	en TEXT NOT NULL,
	state TEXT NOT NULL,
	change_id UUID,
	made_by TEXT NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_amendment PRIMARY KEY (tenant_id, id),
	CONSTRAINT fk_amendment_tenant_id_play_id FOREIGN KEY(tenant_id, play_id) REFERENCES plays.play (tenant_id, id),
	CONSTRAINT ck_amendment_state_known CHECK (state IN ('submitted', 'applied', 'refused'))
);
CREATE INDEX ix_amendment_play ON plays.amendment (tenant_id, play_id, made_at);
CREATE UNIQUE INDEX uq_amendment_open ON plays.amendment (tenant_id, play_id) WHERE state = 'submitted';
COMMENT ON TABLE plays.amendment IS 'Changes of running plays in their customers'' favour, decided by two people (rule L3)';
COMMENT ON COLUMN plays.amendment.table_version IS 'The prize table it changes';
COMMENT ON COLUMN plays.amendment.draft IS 'The play as it would be';
COMMENT ON COLUMN plays.amendment.stock IS 'Units to add, by line';
ALTER TABLE plays.amendment ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON plays.amendment TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON plays.amendment TO huoke_app;
CREATE TABLE plays.picture (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	body BYTEA NOT NULL,
	added_by TEXT NOT NULL,
	added_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_picture PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE plays.picture IS 'Pictures of pages, drawn again from what was uploaded; never changed';
COMMENT ON COLUMN plays.picture.id IS 'Made of its bytes: another picture has another id';
COMMENT ON COLUMN plays.picture.body IS 'WebP, 780 by 420 pixels';
ALTER TABLE plays.picture ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON plays.picture TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON plays.picture TO huoke_app;
CREATE TABLE plays.preview (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	token_hash BYTEA NOT NULL,
	play_id UUID NOT NULL,
	made_by TEXT NOT NULL,
	draft JSONB NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_preview PRIMARY KEY (tenant_id, token_hash)
);
CREATE INDEX ix_preview_expires_at ON plays.preview (tenant_id, expires_at);
COMMENT ON TABLE plays.preview IS 'Drafts somebody looks at on a phone frame for a quarter of an hour';
COMMENT ON COLUMN plays.preview.draft IS 'As it stands in the editor, saved or not';
ALTER TABLE plays.preview ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON plays.preview TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON plays.preview TO huoke_app;
INSERT INTO plays.draft_version (tenant_id, play_id, version, draft, made_by, made_at)
  SELECT tenant_id, id, version, draft, 'huoke', created_at FROM plays.play;
INSERT INTO plays.release (tenant_id, play_id, table_version, version, change_id, zh, en, closes_at, published_at)
  SELECT tenant_id, id, table_version, version, change_id, '', '', closes_at, published_at FROM plays.play
  WHERE published_at IS NOT NULL AND change_id IS NOT NULL;
