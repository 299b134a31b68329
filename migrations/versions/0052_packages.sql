ALTER TABLE catalogue.bundle_version ADD COLUMN split JSONB;
COMMENT ON COLUMN catalogue.bundle_version.split IS 'The variants of a bundle that differs by tier, segment or cell';
ALTER TABLE catalogue.bundle_version DROP CONSTRAINT ck_bundle_version_can_be_chosen;
ALTER TABLE catalogue.bundle_version ADD CONSTRAINT ck_bundle_version_can_be_chosen CHECK (choose BETWEEN 1 AND cardinality(sku_ids) OR split IS NOT NULL AND choose = 0 AND cardinality(sku_ids) = 0);
CREATE SCHEMA variants;
GRANT USAGE ON SCHEMA variants TO huoke_app, huoke_feed;
CREATE TABLE variants.member (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	source_id UUID NOT NULL, 
	place SMALLINT NOT NULL, 
	chunk INTEGER NOT NULL, 
	members BYTEA NOT NULL, 
	CONSTRAINT pk_member PRIMARY KEY (tenant_id, source_id, place, chunk)
);
COMMENT ON TABLE variants.member IS 'Who falls in a variant by segment or cell, one roaring bitmap per chunk; nobody is in two';
COMMENT ON COLUMN variants.member.source_id IS 'The campaign that gives the bundle';
COMMENT ON COLUMN variants.member.place IS 'Of the variant in its bundle';
ALTER TABLE variants.member ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON variants.member TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON variants.member TO huoke_app;
CREATE SCHEMA bookings;
GRANT USAGE ON SCHEMA bookings TO huoke_app, huoke_feed;
CREATE TABLE bookings.slot (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	sku_id UUID NOT NULL, 
	unit_id INTEGER NOT NULL, 
	store_id UUID, 
	starts_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	minutes INTEGER NOT NULL, 
	capacity INTEGER NOT NULL, 
	taken INTEGER DEFAULT 0 NOT NULL, 
	closed BOOLEAN DEFAULT false NOT NULL, 
	CONSTRAINT pk_slot PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_slot_tenant_id_sku_id_unit_id_store_id_starts_at UNIQUE NULLS NOT DISTINCT (tenant_id, sku_id, unit_id, store_id, starts_at), 
	CONSTRAINT ck_slot_never_oversold CHECK (taken BETWEEN 0 AND capacity)
);
CREATE INDEX ix_slot_starts_at ON bookings.slot (tenant_id, starts_at);
COMMENT ON TABLE bookings.slot IS 'When and where a service is given, and to how many';
COMMENT ON COLUMN bookings.slot.store_id IS 'A merchant''s store; null for the unit''s own counters';
COMMENT ON COLUMN bookings.slot.taken IS 'Bookings that stand or were honoured';
ALTER TABLE bookings.slot ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON bookings.slot TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON bookings.slot TO huoke_app;
CREATE TABLE bookings.booking (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	grant_id UUID NOT NULL, 
	seq INTEGER NOT NULL, 
	sku_id UUID NOT NULL, 
	slot_id UUID NOT NULL, 
	state TEXT NOT NULL, 
	moves INTEGER DEFAULT 0 NOT NULL, 
	booked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_booking PRIMARY KEY (tenant_id, id), 
	CONSTRAINT fk_booking_tenant_id_slot_id FOREIGN KEY(tenant_id, slot_id) REFERENCES bookings.slot (tenant_id, id), 
	CONSTRAINT ck_booking_state_known CHECK (state IN ('booked', 'honoured', 'cancelled', 'missed'))
);
CREATE INDEX ix_booking_grant ON bookings.booking (tenant_id, grant_id);
CREATE INDEX ix_booking_slot ON bookings.booking (tenant_id, slot_id);
CREATE UNIQUE INDEX uq_booking_standing ON bookings.booking (tenant_id, grant_id) WHERE state = 'booked';
COMMENT ON TABLE bookings.booking IS 'Who booked which slot for which benefit; one booking of a benefit stands';
ALTER TABLE bookings.booking ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON bookings.booking TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON bookings.booking TO huoke_app;
ALTER TABLE fulfilment.supplier_order DROP CONSTRAINT ck_supplier_order_kind_known;
ALTER TABLE fulfilment.supplier_order ADD CONSTRAINT ck_supplier_order_kind_known CHECK (kind IN ('topup', 'physical', 'financial'));
CREATE TABLE fulfilment.core_file (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	supplier_id UUID NOT NULL, 
	business_on DATE NOT NULL, 
	lines INTEGER NOT NULL, 
	hash TEXT NOT NULL, 
	sent_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_core_file PRIMARY KEY (tenant_id, supplier_id, business_on)
);
COMMENT ON TABLE fulfilment.core_file IS 'Files of financial benefits that core banking took, one a day';
COMMENT ON COLUMN fulfilment.core_file.hash IS 'SHA-256 of the file as it was taken';
ALTER TABLE fulfilment.core_file ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON fulfilment.core_file TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON fulfilment.core_file TO huoke_app;
