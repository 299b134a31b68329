CREATE TABLE plays.visit (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	person INTEGER NOT NULL, 
	unit_id INTEGER NOT NULL, 
	day DATE NOT NULL, 
	seq INTEGER NOT NULL, 
	rm_id UUID, 
	checked_in_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_visit PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_visit_tenant_id_person_unit_id_day UNIQUE (tenant_id, person, unit_id, day)
);
CREATE INDEX ix_visit_rm_id ON plays.visit (tenant_id, rm_id, day) WHERE rm_id IS NOT NULL;
COMMENT ON TABLE plays.visit IS 'Who came to which branch on which day of the bank, once for a natural person';
COMMENT ON COLUMN plays.visit.rm_id IS 'Who received them: the first whose code was scanned';
ALTER TABLE plays.visit ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON plays.visit TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON plays.visit TO huoke_app;
CREATE TABLE plays.opening (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	play_id UUID NOT NULL, 
	visit_id UUID NOT NULL, 
	mark BYTEA NOT NULL, 
	chances SMALLINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_opening PRIMARY KEY (tenant_id, play_id, visit_id), 
	CONSTRAINT fk_opening_tenant_id_visit_id FOREIGN KEY(tenant_id, visit_id) REFERENCES plays.visit (tenant_id, id)
);
CREATE INDEX ix_opening_mark ON plays.opening (tenant_id, mark, at);
CREATE INDEX ix_opening_visit_id ON plays.opening (tenant_id, visit_id);
COMMENT ON TABLE plays.opening IS 'Which plays of the lobby a visit opened: one set of chances a visit';
COMMENT ON COLUMN plays.opening.mark IS 'Under which its draws stand';
ALTER TABLE plays.opening ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON plays.opening TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON plays.opening TO huoke_app;
CREATE TABLE plays.card_gift (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	play_id UUID NOT NULL, 
	code TEXT NOT NULL, 
	line SMALLINT NOT NULL, 
	asked BOOLEAN NOT NULL, 
	from_seq INTEGER, 
	to_seq INTEGER, 
	state TEXT NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_card_gift PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_card_gift_tenant_id_code UNIQUE (tenant_id, code), 
	CONSTRAINT ck_card_gift_state_known CHECK (state IN ('open', 'done', 'taken_back')), 
	CONSTRAINT ck_card_gift_has_giver CHECK ((state <> 'done' AND asked) OR from_seq IS NOT NULL), 
	CONSTRAINT ck_card_gift_has_receiver CHECK ((state <> 'done' AND NOT asked) OR to_seq IS NOT NULL), 
	CONSTRAINT ck_card_gift_two_people CHECK (from_seq <> to_seq)
);
CREATE INDEX ix_card_gift_from_seq ON plays.card_gift (tenant_id, play_id, from_seq);
CREATE INDEX ix_card_gift_to_seq ON plays.card_gift (tenant_id, play_id, to_seq);
COMMENT ON TABLE plays.card_gift IS 'Cards that customers give to each other or ask for, each by the consent of both';
COMMENT ON COLUMN plays.card_gift.code IS 'Its address on the phone';
COMMENT ON COLUMN plays.card_gift.asked IS 'Its receiver asked for it; else its giver offered it';
ALTER TABLE plays.card_gift ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON plays.card_gift TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON plays.card_gift TO huoke_app;
