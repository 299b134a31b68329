CREATE SCHEMA IF NOT EXISTS channels;
GRANT USAGE ON SCHEMA channels TO huoke_app, huoke_feed;
CREATE TABLE channels.gateway (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	address TEXT NOT NULL, 
	sender TEXT NOT NULL, 
	key_id TEXT NOT NULL, 
	key BYTEA NOT NULL, 
	link_address TEXT NOT NULL, 
	price_fen_per_thousand BIGINT NOT NULL, 
	batch_max INTEGER NOT NULL, 
	timeout_seconds INTEGER NOT NULL, 
	enabled BOOLEAN NOT NULL, 
	failures INTEGER DEFAULT 0 NOT NULL, 
	rest_until TIMESTAMP WITH TIME ZONE, 
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_gateway PRIMARY KEY (tenant_id), 
	CONSTRAINT ck_gateway_price_range CHECK (price_fen_per_thousand >= 0)
);
COMMENT ON TABLE channels.gateway IS 'A bank''s gateway of short messages; one a bank';
COMMENT ON COLUMN channels.gateway.key IS 'C3, under the bank''s key; never shown';
COMMENT ON COLUMN channels.gateway.link_address IS 'what a link in a message begins with';
COMMENT ON COLUMN channels.gateway.rest_until IS 'no call before then: it did not answer';
ALTER TABLE channels.gateway ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON channels.gateway TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON channels.gateway TO huoke_app;
CREATE TABLE channels.message (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	source_id UUID NOT NULL, 
	seq INTEGER NOT NULL, 
	unit_id INTEGER NOT NULL, 
	language TEXT NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	segments SMALLINT DEFAULT 0 NOT NULL, 
	steps SMALLINT NOT NULL, 
	attempts SMALLINT DEFAULT 0 NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE, 
	queued_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	handed_at TIMESTAMP WITH TIME ZONE, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_message PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_message_tenant_id_source_id_seq UNIQUE (tenant_id, source_id, seq), 
	CONSTRAINT ck_message_state_known CHECK (state IN ('queued', 'sending', 'sent', 'unknown', 'delivered', 'failed', 'withheld'))
);
CREATE INDEX ix_message_due ON channels.message (tenant_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX ix_message_seq ON channels.message (tenant_id, seq, handed_at);
CREATE INDEX ix_message_source ON channels.message (tenant_id, source_id, state);
COMMENT ON TABLE channels.message IS 'Messages to customers, without text and without number';
ALTER TABLE channels.message ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON channels.message TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON channels.message TO huoke_app;
CREATE TABLE channels.plan (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	source_id UUID NOT NULL, 
	source_kind TEXT NOT NULL, 
	name TEXT NOT NULL, 
	texts JSONB NOT NULL, 
	link TEXT NOT NULL, 
	variables JSONB NOT NULL, 
	send_at TIMESTAMP WITH TIME ZONE, 
	until_at TIMESTAMP WITH TIME ZONE, 
	state TEXT NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_plan PRIMARY KEY (tenant_id, source_id), 
	CONSTRAINT ck_plan_state_known CHECK (state IN ('active', 'held', 'ended'))
);
COMMENT ON TABLE channels.plan IS 'What is written to whom a campaign reaches';
ALTER TABLE channels.plan ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON channels.plan TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON channels.plan TO huoke_app;
CREATE TABLE channels.step (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	message_id UUID NOT NULL, 
	step SMALLINT NOT NULL, 
	seq INTEGER NOT NULL, 
	unit_id INTEGER NOT NULL, 
	source_id UUID NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	segments SMALLINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	xid xid8 DEFAULT pg_current_xact_id() NOT NULL, 
	ordinal INTEGER NOT NULL, 
	CONSTRAINT pk_step PRIMARY KEY (tenant_id, message_id, step)
);
CREATE INDEX ix_step_position ON channels.step (xid, ordinal);
COMMENT ON TABLE channels.step IS 'Every movement of a message from one state to the next; never changed';
ALTER TABLE channels.step ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON channels.step TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON channels.step TO huoke_app;
GRANT SELECT ON channels.step TO huoke_feed;
