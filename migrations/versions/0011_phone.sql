CREATE SCHEMA IF NOT EXISTS sign_in;
GRANT USAGE ON SCHEMA sign_in TO huoke_app, huoke_feed;
CREATE TABLE sign_in.challenge (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id BYTEA NOT NULL, 
	code_hash BYTEA NOT NULL, 
	number_hash BYTEA NOT NULL, 
	address_hash BYTEA NOT NULL, 
	seqs INTEGER[] NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	tries SMALLINT NOT NULL, 
	used_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_challenge PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_challenge_tenant_id_number_hash_made_at UNIQUE (tenant_id, number_hash, made_at), 
	CONSTRAINT ck_challenge_tries_range CHECK (tries BETWEEN 0 AND 5)
);
CREATE INDEX ix_challenge_address ON sign_in.challenge (tenant_id, address_hash, made_at);
CREATE INDEX ix_challenge_made ON sign_in.challenge (tenant_id, made_at);
COMMENT ON TABLE sign_in.challenge IS 'Codes by short message that customers asked for';
COMMENT ON COLUMN sign_in.challenge.id IS 'SHA-256 of the browser''s token';
COMMENT ON COLUMN sign_in.challenge.code_hash IS 'HMAC under the bank''s key; the code is stored nowhere';
COMMENT ON COLUMN sign_in.challenge.number_hash IS 'HMAC of the phone number, known here or not';
COMMENT ON COLUMN sign_in.challenge.address_hash IS 'HMAC of the network address';
COMMENT ON COLUMN sign_in.challenge.seqs IS 'whose number it is; nobody''s for an unknown one';
ALTER TABLE sign_in.challenge ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON sign_in.challenge TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in.challenge TO huoke_app;
