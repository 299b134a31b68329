ALTER TABLE grants."grant" ADD COLUMN back_fen BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE grants."grant" ADD CONSTRAINT ck_grant_back_of_used CHECK (back_fen = 0 OR back_fen BETWEEN 0 AND amount_fen AND state = 'used');
COMMENT ON COLUMN grants."grant".back_fen IS 'Of amount_fen, what is available again while it is used';
CREATE TABLE exchange.connection (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	code TEXT COLLATE "C" NOT NULL, 
	body JSONB NOT NULL, 
	key BYTEA, 
	reason TEXT NOT NULL, 
	state TEXT NOT NULL, 
	change_id UUID, 
	requested_by TEXT NOT NULL, 
	requested_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_connection PRIMARY KEY (tenant_id, id), 
	CONSTRAINT ck_connection_state_known CHECK (state IN ('requested', 'done', 'refused', 'withdrawn'))
);
CREATE UNIQUE INDEX uq_connection_open ON exchange.connection (tenant_id, code) WHERE state = 'requested';
COMMENT ON TABLE exchange.connection IS 'How partners are reached: asked for by one person, decided by another';
COMMENT ON COLUMN exchange.connection.body IS 'the partner as it is wanted, without its key';
COMMENT ON COLUMN exchange.connection.key IS 'Sealed under the bank''s own; null keeps the one there is';
ALTER TABLE exchange.connection ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON exchange.connection TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON exchange.connection TO huoke_app;
CREATE TABLE exchange.release (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	trade_id UUID NOT NULL, 
	body JSONB NOT NULL, 
	reason TEXT NOT NULL, 
	state TEXT NOT NULL, 
	change_id UUID, 
	requested_by TEXT NOT NULL, 
	requested_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_release PRIMARY KEY (tenant_id, id), 
	CONSTRAINT ck_release_state_known CHECK (state IN ('requested', 'done', 'refused', 'withdrawn'))
);
CREATE UNIQUE INDEX uq_release_open ON exchange.release (tenant_id, trade_id) WHERE state = 'requested';
COMMENT ON TABLE exchange.release IS 'Exchanges a partner never answered, let go of: asked for by one person, decided by another';
COMMENT ON COLUMN exchange.release.body IS 'which exchange, and the partner''s word';
ALTER TABLE exchange.release ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON exchange.release TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON exchange.release TO huoke_app;
