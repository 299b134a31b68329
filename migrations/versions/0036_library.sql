CREATE SCHEMA library;
GRANT USAGE ON SCHEMA library TO huoke_app, huoke_feed;
CREATE TABLE library.numbering (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	next INTEGER NOT NULL, 
	CONSTRAINT pk_numbering PRIMARY KEY (tenant_id)
);
COMMENT ON TABLE library.numbering IS 'One row per bank';
COMMENT ON COLUMN library.numbering.next IS 'The number the next listing gets';
ALTER TABLE library.numbering ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON library.numbering TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON library.numbering TO huoke_app;
CREATE TABLE library.import (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	supplier_id UUID NOT NULL, 
	file_id UUID NOT NULL, 
	file_name TEXT NOT NULL, 
	whole BOOLEAN NOT NULL, 
	bounds JSONB NOT NULL, 
	state TEXT NOT NULL, 
	run UUID, 
	counts JSONB DEFAULT '{}' NOT NULL, 
	causes JSONB DEFAULT '[]' NOT NULL, 
	rejects_file_id UUID, 
	refusal TEXT DEFAULT '' NOT NULL, 
	held_reason TEXT DEFAULT '' NOT NULL, 
	price_state TEXT DEFAULT 'none' NOT NULL, 
	change_id UUID, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	created_by TEXT NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_import PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_import_tenant_id_supplier_id FOREIGN KEY(tenant_id, supplier_id) REFERENCES supply.supplier (tenant_id, id), 
	CONSTRAINT ck_import_state_known CHECK (state IN ('queued', 'reading', 'ready', 'applying', 'done', 'refused', 'cancelled', 'undoing', 'undone')), 
	CONSTRAINT ck_import_price_state_known CHECK (price_state IN ('none', 'open', 'submitted', 'approved', 'applied', 'refused'))
);
CREATE INDEX ix_import_created ON library.import (tenant_id, created_at, id);
CREATE UNIQUE INDEX uq_import_at_work ON library.import (tenant_id, supplier_id) WHERE state IN ('queued', 'reading', 'ready', 'applying', 'undoing');
COMMENT ON TABLE library.import IS 'Catalogues of suppliers: how far each is, and what it brings';
COMMENT ON COLUMN library.import.whole IS 'What the file does not name is gone';
COMMENT ON COLUMN library.import.bounds IS 'How far prices and the catalogue may move by themselves';
COMMENT ON COLUMN library.import.run IS 'Who reads it: another begun later reads alone';
COMMENT ON COLUMN library.import.causes IS 'Refused lines by cause';
COMMENT ON COLUMN library.import.rejects_file_id IS 'Refused lines, each with its cause and mend';
COMMENT ON COLUMN library.import.refusal IS 'Why the whole file was refused';
COMMENT ON COLUMN library.import.held_reason IS 'Why held lines were let go';
COMMENT ON COLUMN library.import.change_id IS 'The approval of its prices';
ALTER TABLE library.import ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON library.import TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON library.import TO huoke_app;
CREATE TABLE library.listing (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	number INTEGER NOT NULL, 
	supplier_id UUID, 
	code TEXT COLLATE "C" NOT NULL, 
	name TEXT NOT NULL, 
	name_en TEXT NOT NULL, 
	brand TEXT NOT NULL, 
	item TEXT NOT NULL, 
	category TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	face_value_fen BIGINT NOT NULL, 
	cost_fen BIGINT NOT NULL, 
	regions TEXT[] NOT NULL, 
	valid_days INTEGER, 
	valid_until DATE, 
	stock BIGINT NOT NULL, 
	words TEXT NOT NULL, 
	sounds TEXT NOT NULL, 
	initials TEXT NOT NULL, 
	digest BYTEA NOT NULL, 
	status TEXT NOT NULL, 
	sku_id UUID, 
	priority SMALLINT DEFAULT 0 NOT NULL, 
	popularity BIGINT DEFAULT 0 NOT NULL, 
	import_id UUID, 
	added_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	xid xid8 DEFAULT pg_current_xact_id() NOT NULL, 
	ordinal INTEGER NOT NULL, 
	CONSTRAINT pk_listing PRIMARY KEY (tenant_id, number), 
	CONSTRAINT uq_listing_tenant_id_supplier_id_code UNIQUE NULLS NOT DISTINCT (tenant_id, supplier_id, code), 
	CONSTRAINT fk_listing_tenant_id_supplier_id FOREIGN KEY(tenant_id, supplier_id) REFERENCES supply.supplier (tenant_id, id), 
	CONSTRAINT ck_listing_status_known CHECK (status IN ('listed', 'gone')), 
	CONSTRAINT ck_listing_amounts_fit CHECK (face_value_fen >= 0 AND cost_fen >= 0 AND stock >= -1)
);
CREATE INDEX ix_listing_feed ON library.listing (xid, ordinal);
CREATE INDEX ix_listing_sku ON library.listing (tenant_id, sku_id) WHERE sku_id IS NOT NULL;
COMMENT ON TABLE library.listing IS 'What suppliers offer and what the bank has of its own, by number';
COMMENT ON COLUMN library.listing.number IS 'Dense within the bank, never reused';
COMMENT ON COLUMN library.listing.supplier_id IS 'Null for a SKU of the bank''s own';
COMMENT ON COLUMN library.listing.code IS 'The supplier''s own';
COMMENT ON COLUMN library.listing.stock IS '-1 where nobody counts it';
COMMENT ON COLUMN library.listing.words IS 'Names as they are written, lower case';
COMMENT ON COLUMN library.listing.sounds IS 'Names in pinyin';
COMMENT ON COLUMN library.listing.initials IS 'First letters of the pinyin';
COMMENT ON COLUMN library.listing.digest IS 'Of the line it was last written from';
COMMENT ON COLUMN library.listing.sku_id IS 'The SKU of the catalogue it was taken into';
COMMENT ON COLUMN library.listing.import_id IS 'The import that wrote it last';
ALTER TABLE library.listing ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON library.listing TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON library.listing TO huoke_app;
GRANT SELECT ON library.listing TO huoke_feed;
CREATE TABLE library.difference (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	import_id UUID NOT NULL, 
	line INTEGER NOT NULL, 
	change TEXT NOT NULL, 
	number INTEGER, 
	code TEXT COLLATE "C" NOT NULL, 
	name TEXT NOT NULL, 
	name_en TEXT NOT NULL, 
	brand TEXT NOT NULL, 
	item TEXT NOT NULL, 
	category TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	face_value_fen BIGINT NOT NULL, 
	cost_fen BIGINT NOT NULL, 
	regions TEXT[] NOT NULL, 
	valid_days INTEGER, 
	valid_until DATE, 
	stock BIGINT NOT NULL, 
	words TEXT NOT NULL, 
	sounds TEXT NOT NULL, 
	initials TEXT NOT NULL, 
	digest BYTEA NOT NULL, 
	cost_before_fen BIGINT, 
	held BOOLEAN NOT NULL, 
	applied BOOLEAN DEFAULT false NOT NULL, 
	former JSONB, 
	CONSTRAINT pk_difference PRIMARY KEY (tenant_id, import_id, line), 
	CONSTRAINT fk_difference_tenant_id_import_id FOREIGN KEY(tenant_id, import_id) REFERENCES library.import (tenant_id, id), 
	CONSTRAINT ck_difference_change_known CHECK (change IN ('new', 'changed', 'gone'))
);
COMMENT ON TABLE library.difference IS 'What an import would change and, once applied, what it changed';
COMMENT ON COLUMN library.difference.line IS 'Of the file; below 0 for what is gone';
COMMENT ON COLUMN library.difference.number IS 'Of the listing; null until a new one has its own';
COMMENT ON COLUMN library.difference.code IS 'The supplier''s own';
COMMENT ON COLUMN library.difference.stock IS '-1 where nobody counts it';
COMMENT ON COLUMN library.difference.words IS 'Names as they are written, lower case';
COMMENT ON COLUMN library.difference.sounds IS 'Names in pinyin';
COMMENT ON COLUMN library.difference.initials IS 'First letters of the pinyin';
COMMENT ON COLUMN library.difference.digest IS 'Of the line it was last written from';
COMMENT ON COLUMN library.difference.cost_before_fen IS 'Where the price changes';
COMMENT ON COLUMN library.difference.held IS 'Beyond the bounds: waits for somebody to let it go';
COMMENT ON COLUMN library.difference.former IS 'The listing as it was';
ALTER TABLE library.difference ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON library.difference TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON library.difference TO huoke_app;
