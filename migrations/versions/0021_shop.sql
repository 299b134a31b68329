CREATE TABLE catalogue.picture (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	narrow BYTEA NOT NULL,
	wide BYTEA NOT NULL,
	added_at TIMESTAMP WITH TIME ZONE NOT NULL,
	added_by TEXT NOT NULL,
	CONSTRAINT pk_picture PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE catalogue.picture IS 'Pictures of benefits, drawn again from what was uploaded; never changed';
COMMENT ON COLUMN catalogue.picture.id IS 'Made of its bytes: another picture has another id';
COMMENT ON COLUMN catalogue.picture.narrow IS 'WebP, 192 pixels each way';
COMMENT ON COLUMN catalogue.picture.wide IS 'WebP, 384 pixels each way';
ALTER TABLE catalogue.picture ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON catalogue.picture TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON catalogue.picture TO huoke_app;

ALTER TABLE channels.message ADD COLUMN at_once BOOLEAN DEFAULT false NOT NULL;
COMMENT ON COLUMN channels.message.at_once IS 'its source may write again';
ALTER TABLE channels.message DROP CONSTRAINT uq_message_tenant_id_source_id_seq;
CREATE UNIQUE INDEX uq_message_source_seq ON channels.message (tenant_id, source_id, seq) WHERE NOT at_once;
