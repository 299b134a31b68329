CREATE SCHEMA events;
GRANT USAGE ON SCHEMA events TO huoke_app, huoke_feed;

CREATE TABLE privacy.customer_key (
  tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
  seq INTEGER NOT NULL,
  wrapped BYTEA,
  made_at TIMESTAMP WITH TIME ZONE NOT NULL,
  forgotten_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_customer_key PRIMARY KEY (tenant_id, seq),
  CONSTRAINT ck_customer_key_kept_or_forgotten CHECK ((wrapped IS NULL) = (forgotten_at IS NOT NULL))
);
COMMENT ON TABLE privacy.customer_key IS 'A key of each customer''s own: forgetting it makes all that it sealed unreadable for good';
COMMENT ON COLUMN privacy.customer_key.wrapped IS 'Under the bank''s field key; null once forgotten.';
ALTER TABLE privacy.customer_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON privacy.customer_key TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE ON privacy.customer_key TO huoke_app;

CREATE TABLE events.binding (
  tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
  visitor TEXT COLLATE "C" NOT NULL,
  seq INTEGER NOT NULL,
  bound_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_binding PRIMARY KEY (tenant_id, visitor)
);
COMMENT ON TABLE events.binding IS 'Which customer a visitor turned out to be';
ALTER TABLE events.binding ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON events.binding TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON events.binding TO huoke_app;

CREATE TABLE events.event (
  tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
  recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
  id UUID NOT NULL,
  seq INTEGER NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  amount_fen BIGINT DEFAULT 0 NOT NULL,
  entry_code TEXT DEFAULT '' NOT NULL,
  properties JSONB NOT NULL,
  sealed BYTEA,
  source_id UUID NOT NULL,
  xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
  ordinal INTEGER NOT NULL,
  CONSTRAINT pk_event PRIMARY KEY (tenant_id, recorded_at, id)
)
 PARTITION BY RANGE (recorded_at);
CREATE TABLE events.event_default PARTITION OF events.event DEFAULT;
CREATE INDEX ix_event_place ON events.event (xid, ordinal);
COMMENT ON TABLE events.event IS 'What customers did: facts of the months not yet archived';
COMMENT ON COLUMN events.event.properties IS 'Texts by name; class C2 as ****';
COMMENT ON COLUMN events.event.sealed IS 'Properties of class C2, under the customer''s own key';
ALTER TABLE events.event ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON events.event TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON events.event TO huoke_app;
GRANT SELECT ON events.event TO huoke_feed;

CREATE TABLE events.message (
  tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
  id UUID NOT NULL,
  recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_message PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ix_message_recorded ON events.message USING brin (recorded_at);
COMMENT ON TABLE events.message IS 'Messages taken lately: the same one again is a duplicate';
COMMENT ON COLUMN events.message.id IS 'Made from the sender''s own message id';
ALTER TABLE events.message ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON events.message TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, DELETE ON events.message TO huoke_app;

CREATE TABLE events.quarantine (
  tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  property TEXT NOT NULL,
  seq INTEGER,
  body BYTEA,
  source_id UUID NOT NULL,
  recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_quarantine PRIMARY KEY (tenant_id, id),
  CONSTRAINT ck_quarantine_reason_known CHECK (reason IN ('unknown_name', 'unknown_property', 'unfit_property', 'missing_property', 'unfit_time'))
);
CREATE INDEX ix_quarantine_name ON events.quarantine (tenant_id, name, recorded_at);
COMMENT ON TABLE events.quarantine IS 'Messages put aside because no schema fits them, until it is amended or they expire';
COMMENT ON COLUMN events.quarantine.property IS 'Which one is unfit; empty when it is none';
COMMENT ON COLUMN events.quarantine.seq IS 'The customer, where known: whose key the body is under; else the bank''s';
COMMENT ON COLUMN events.quarantine.body IS 'The whole message, sealed';
ALTER TABLE events.quarantine ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON events.quarantine TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON events.quarantine TO huoke_app;

CREATE TABLE events.schema (
  tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  title TEXT NOT NULL,
  title_en TEXT NOT NULL,
  aliases TEXT[] NOT NULL,
  properties JSONB NOT NULL,
  deposit_derived BOOLEAN NOT NULL,
  version INTEGER NOT NULL,
  changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  changed_by TEXT NOT NULL,
  CONSTRAINT pk_schema PRIMARY KEY (tenant_id, name)
);
COMMENT ON TABLE events.schema IS 'What a bank says of an event name beside the standard ones';
COMMENT ON COLUMN events.schema.aliases IS 'Other names under which sources send it';
COMMENT ON COLUMN events.schema.deposit_derived IS 'rule B1';
ALTER TABLE events.schema ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON events.schema TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE ON events.schema TO huoke_app;

CREATE TABLE events.source (
  tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  key_hash BYTEA NOT NULL,
  key_hint TEXT NOT NULL,
  former_hash BYTEA,
  former_until TIMESTAMP WITH TIME ZONE,
  made_at TIMESTAMP WITH TIME ZONE NOT NULL,
  made_by TEXT NOT NULL,
  rotated_at TIMESTAMP WITH TIME ZONE,
  revoked_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_source PRIMARY KEY (tenant_id, id),
  CONSTRAINT uq_source_tenant_id_key_hash UNIQUE (tenant_id, key_hash),
  CONSTRAINT uq_source_tenant_id_name UNIQUE (tenant_id, name)
);
COMMENT ON TABLE events.source IS 'Who may send events: each with a write key of its own';
COMMENT ON COLUMN events.source.key_hash IS 'SHA-256 of the write key';
COMMENT ON COLUMN events.source.key_hint IS 'The last four characters of the write key';
COMMENT ON COLUMN events.source.former_hash IS 'The key before, good until former_until';
ALTER TABLE events.source ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON events.source TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON events.source TO huoke_app;

CREATE TABLE events.waiting (
  tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
  id UUID NOT NULL,
  visitor TEXT COLLATE "C" NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  amount_fen BIGINT DEFAULT 0 NOT NULL,
  entry_code TEXT DEFAULT '' NOT NULL,
  properties JSONB NOT NULL,
  sealed BYTEA,
  source_id UUID NOT NULL,
  recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_waiting PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ix_waiting_visitor ON events.waiting (tenant_id, visitor);
COMMENT ON TABLE events.waiting IS 'Events of visitors nobody has identified yet; C2 under the bank''s key';
COMMENT ON COLUMN events.waiting.visitor IS 'a: anonymous id, u: user id nobody has yet';
COMMENT ON COLUMN events.waiting.properties IS 'Texts by name; class C2 as ****';
COMMENT ON COLUMN events.waiting.sealed IS 'Properties of class C2, under the customer''s own key';
ALTER TABLE events.waiting ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON events.waiting TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON events.waiting TO huoke_app;

CREATE TABLE kernel.archive (
  tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
  id UUID NOT NULL,
  source TEXT NOT NULL,
  origin TEXT NOT NULL,
  month DATE NOT NULL,
  rows BIGINT NOT NULL,
  sha256 BYTEA NOT NULL,
  file_id UUID NOT NULL,
  first_at TIMESTAMP WITH TIME ZONE NOT NULL,
  last_at TIMESTAMP WITH TIME ZONE NOT NULL,
  made_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_archive PRIMARY KEY (tenant_id, id),
  CONSTRAINT uq_archive_tenant_id_source_sha256 UNIQUE (tenant_id, source, sha256),
  CONSTRAINT ck_archive_rows_positive CHECK (rows > 0)
);
COMMENT ON TABLE kernel.archive IS 'Rows that lie in hashed Parquet files of the file store instead of their table';
COMMENT ON COLUMN kernel.archive.source IS 'The PostgreSQL table whose rows these are, or would be';
COMMENT ON COLUMN kernel.archive.origin IS 'log: a month that was closed; else where a file came from';
COMMENT ON COLUMN kernel.archive.month IS 'First day (UTC) of the month of the first row';
COMMENT ON COLUMN kernel.archive.sha256 IS 'Of the Parquet file';
ALTER TABLE kernel.archive ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON kernel.archive TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON kernel.archive TO huoke_app;
GRANT SELECT ON kernel.archive TO huoke_feed;
