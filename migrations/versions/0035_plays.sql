CREATE SCHEMA plays;
GRANT USAGE ON SCHEMA plays TO huoke_app, huoke_feed;
CREATE TABLE plays.draw (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	play_id UUID NOT NULL, 
	number BIGINT NOT NULL, 
	seq INTEGER NOT NULL, 
	mark BYTEA NOT NULL, 
	version INTEGER NOT NULL, 
	outcome INTEGER NOT NULL, 
	picked SMALLINT NOT NULL, 
	given SMALLINT NOT NULL, 
	steps JSONB NOT NULL, 
	available BIGINT NOT NULL, 
	grant_id UUID, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_draw PRIMARY KEY (tenant_id, play_id, number), 
	CONSTRAINT ck_draw_outcome_possible CHECK (outcome BETWEEN 0 AND 999999 AND number > 0)
);
CREATE INDEX ix_draw_mark ON plays.draw (tenant_id, mark, number);
COMMENT ON TABLE plays.draw IS 'Every draw with all that is needed to do it again; never changed, kept (rule L5)';
COMMENT ON COLUMN plays.draw.mark IS 'Stands for the natural person in the public archive';
COMMENT ON COLUMN plays.draw.available IS 'Units the pool of the given line had before';
ALTER TABLE plays.draw ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON plays.draw TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON plays.draw TO huoke_app;
CREATE TABLE plays.line_day (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	play_id UUID NOT NULL, 
	day DATE NOT NULL, 
	line SMALLINT NOT NULL, 
	given INTEGER NOT NULL, 
	CONSTRAINT pk_line_day PRIMARY KEY (tenant_id, play_id, day, line)
);
COMMENT ON TABLE plays.line_day IS 'How often a line was given on a day of the bank: what its daily limit looks at';
ALTER TABLE plays.line_day ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON plays.line_day TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON plays.line_day TO huoke_app;
CREATE TABLE plays.odds_check (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	play_id UUID NOT NULL, 
	day DATE NOT NULL, 
	draws BIGINT NOT NULL, 
	p_ppm INTEGER NOT NULL, 
	alarm BOOLEAN NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_odds_check PRIMARY KEY (tenant_id, play_id, day)
);
COMMENT ON TABLE plays.odds_check IS 'Observed against stated odds, day by day (chi-square)';
COMMENT ON COLUMN plays.odds_check.p_ppm IS 'How probable a gap this large is, in ppm';
ALTER TABLE plays.odds_check ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON plays.odds_check TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON plays.odds_check TO huoke_app;
CREATE TABLE plays.play (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	code TEXT NOT NULL, 
	unit_id INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	draft JSONB NOT NULL, 
	opens_at TIMESTAMP WITH TIME ZONE, 
	closes_at TIMESTAMP WITH TIME ZONE, 
	table_version INTEGER NOT NULL, 
	drawn BIGINT NOT NULL, 
	commitment BYTEA, 
	sealed_seed BYTEA, 
	seed BYTEA, 
	change_id UUID, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	published_at TIMESTAMP WITH TIME ZONE, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_play PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_play_tenant_id_code UNIQUE (tenant_id, code), 
	CONSTRAINT ck_play_state_known CHECK (state IN ('draft', 'submitted', 'live', 'paused', 'ended')), 
	CONSTRAINT ck_play_seed_after_end CHECK (seed IS NULL OR state = 'ended'), 
	CONSTRAINT ck_play_drawn_counted CHECK (drawn >= 0)
);
CREATE INDEX ix_play_closes_at ON plays.play (tenant_id, closes_at) WHERE state IN ('live', 'paused');
COMMENT ON TABLE plays.play IS 'Plays; once live only the state, the last number and the seed''s revelation change';
COMMENT ON COLUMN plays.play.code IS 'Its address on the phone';
COMMENT ON COLUMN plays.play.sealed_seed IS 'Under the bank''s key until the end (rule L6)';
ALTER TABLE plays.play ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON plays.play TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON plays.play TO huoke_app;
CREATE TABLE plays.player (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	play_id UUID NOT NULL, 
	seq INTEGER NOT NULL, 
	person INTEGER NOT NULL, 
	CONSTRAINT pk_player PRIMARY KEY (tenant_id, play_id, seq)
);
CREATE INDEX ix_player_person ON plays.player (tenant_id, person);
COMMENT ON TABLE plays.player IS 'Which natural person stands behind a customer who played (rule R1)';
ALTER TABLE plays.player ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON plays.player TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON plays.player TO huoke_app;
CREATE TABLE plays.prize_table (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	play_id UUID NOT NULL, 
	version INTEGER NOT NULL, 
	rules JSONB NOT NULL, 
	hash BYTEA NOT NULL, 
	published_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_prize_table PRIMARY KEY (tenant_id, play_id, version), 
	CONSTRAINT fk_prize_table_tenant_id_play_id FOREIGN KEY(tenant_id, play_id) REFERENCES plays.play (tenant_id, id)
);
COMMENT ON TABLE plays.prize_table IS 'Prizes, odds and limits as published; never changed (rule L3)';
ALTER TABLE plays.prize_table ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON plays.prize_table TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON plays.prize_table TO huoke_app;
