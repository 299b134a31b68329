CREATE TABLE plays.deed (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	play_id UUID NOT NULL, 
	seq INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	item INTEGER NOT NULL, 
	day DATE NOT NULL, 
	line SMALLINT, 
	chances SMALLINT NOT NULL, 
	cards SMALLINT NOT NULL, 
	lacked BOOLEAN NOT NULL, 
	grant_id UUID, 
	note JSONB, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	undone_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_deed PRIMARY KEY (tenant_id, play_id, seq, kind, item, day), 
	CONSTRAINT ck_deed_reward_counted CHECK (chances >= 0 AND cards >= 0)
);
CREATE INDEX ix_deed_at ON plays.deed (tenant_id, play_id, at);
COMMENT ON TABLE plays.deed IS 'What somebody did in a play, each once, and what it gave for certain';
COMMENT ON COLUMN plays.deed.line IS 'The line of the prize table it gave';
COMMENT ON COLUMN plays.deed.lacked IS 'A prize was promised and had run out';
COMMENT ON COLUMN plays.deed.note IS 'Questions asked, answers given';
COMMENT ON COLUMN plays.deed.undone_at IS 'What led to it was taken back';
ALTER TABLE plays.deed ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON plays.deed TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON plays.deed TO huoke_app;
CREATE TABLE plays.act (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	play_id UUID NOT NULL, 
	item SMALLINT NOT NULL, 
	event_id UUID NOT NULL, 
	seq INTEGER NOT NULL, 
	day DATE NOT NULL, 
	count BIGINT NOT NULL, 
	key TEXT, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	undone_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_act PRIMARY KEY (tenant_id, play_id, item, event_id)
);
CREATE INDEX ix_act_key ON plays.act (tenant_id, seq, key) WHERE key IS NOT NULL;
CREATE INDEX ix_act_seq ON plays.act (tenant_id, play_id, seq);
COMMENT ON TABLE plays.act IS 'Events that count for a mission, each once';
COMMENT ON COLUMN plays.act.key IS 'By what a later event takes it back';
ALTER TABLE plays.act ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON plays.act TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON plays.act TO huoke_app;
CREATE TABLE plays.arrival (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_arrival PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE plays.arrival IS 'Batches of events that wait to be counted for missions';
ALTER TABLE plays.arrival ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON plays.arrival TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON plays.arrival TO huoke_app;
