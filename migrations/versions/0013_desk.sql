CREATE SCHEMA care;
GRANT USAGE ON SCHEMA care TO huoke_app, huoke_feed;
CREATE TABLE care.act (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	case_id UUID NOT NULL,
	seq INTEGER NOT NULL,
	grant_id UUID NOT NULL,
	kind TEXT NOT NULL,
	reason TEXT NOT NULL,
	ref_id UUID,
	staff_id TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_act PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_act_kind_known CHECK (kind IN ('message', 'link', 'query_order', 'cancel_order', 'deliver_again'))
);
CREATE INDEX ix_act_case_id ON care.act (tenant_id, case_id, at);
CREATE INDEX ix_act_grant_id ON care.act (tenant_id, grant_id);
CREATE INDEX ix_act_seq ON care.act (tenant_id, seq, at);
COMMENT ON TABLE care.act IS 'What the desk did at once, each with its reason; never changed';
COMMENT ON COLUMN care.act.ref_id IS 'what came of it: the order, the new grant; a message has the act''s own id';
ALTER TABLE care.act ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON care.act TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON care.act TO huoke_app;
CREATE TABLE care.case_file (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	number TEXT COLLATE "C" NOT NULL,
	seq INTEGER NOT NULL,
	unit_id INTEGER NOT NULL,
	kind TEXT NOT NULL,
	title TEXT NOT NULL,
	state TEXT NOT NULL,
	grant_id UUID,
	campaign_id UUID,
	outcome TEXT DEFAULT '' NOT NULL,
	opened_by TEXT NOT NULL,
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_case_file PRIMARY KEY (tenant_id, id),
	CONSTRAINT uq_case_file_tenant_id_number UNIQUE (tenant_id, number),
	CONSTRAINT ck_case_file_state_known CHECK (state IN ('open', 'closed')),
	CONSTRAINT ck_case_file_kind_known CHECK (kind IN ('question', 'not_received', 'not_redeemable', 'order_failed', 'complaint', 'other')),
	CONSTRAINT ck_case_file_closed_at_a_time CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);
CREATE INDEX ix_case_file_changed_at ON care.case_file (tenant_id, changed_at, id);
CREATE INDEX ix_case_file_seq ON care.case_file (tenant_id, seq);
COMMENT ON TABLE care.case_file IS 'Cases of customers at the service desk';
COMMENT ON COLUMN care.case_file.unit_id IS 'the customer''s';
COMMENT ON COLUMN care.case_file.title IS 'without personal data';
ALTER TABLE care.case_file ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON care.case_file TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON care.case_file TO huoke_app;
CREATE TABLE care.compensation (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	case_id UUID NOT NULL,
	service_offer_id UUID NOT NULL,
	seq INTEGER NOT NULL,
	person INTEGER NOT NULL,
	unit_id INTEGER NOT NULL,
	amount_fen BIGINT NOT NULL,
	reason TEXT NOT NULL,
	state TEXT NOT NULL,
	change_id UUID,
	grant_id UUID,
	created_by TEXT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_compensation PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_compensation_state_known CHECK (state IN ('submitted', 'granted', 'refused', 'taken_back')),
	CONSTRAINT ck_compensation_granted_once CHECK ((state IN ('granted', 'taken_back')) = (grant_id IS NOT NULL))
);
CREATE INDEX ix_compensation_case_id ON care.compensation (tenant_id, case_id);
CREATE INDEX ix_compensation_created_at ON care.compensation (tenant_id, created_at, id);
CREATE INDEX ix_compensation_person ON care.compensation (tenant_id, person, created_at);
COMMENT ON TABLE care.compensation IS 'Goodwill benefits asked for and given, never without a second person';
COMMENT ON COLUMN care.compensation.person IS 'limits count natural persons (rule R1)';
ALTER TABLE care.compensation ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON care.compensation TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON care.compensation TO huoke_app;
CREATE TABLE care.counter (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	day DATE NOT NULL,
	last INTEGER NOT NULL,
	CONSTRAINT pk_counter PRIMARY KEY (tenant_id, day)
);
COMMENT ON TABLE care.counter IS 'Cases opened on a day: the last part of their numbers, and the lock under which limits are counted';
ALTER TABLE care.counter ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON care.counter TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON care.counter TO huoke_app;
CREATE TABLE care.extension (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	case_id UUID NOT NULL,
	grant_id UUID NOT NULL,
	seq INTEGER NOT NULL,
	unit_id INTEGER NOT NULL,
	before_at TIMESTAMP WITH TIME ZONE NOT NULL,
	until_at TIMESTAMP WITH TIME ZONE NOT NULL,
	reason TEXT NOT NULL,
	state TEXT NOT NULL,
	change_id UUID,
	created_by TEXT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_extension PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_extension_state_known CHECK (state IN ('submitted', 'done', 'refused')),
	CONSTRAINT ck_extension_later CHECK (until_at > before_at)
);
CREATE INDEX ix_extension_case_id ON care.extension (tenant_id, case_id);
CREATE UNIQUE INDEX uq_extension_grant ON care.extension (tenant_id, grant_id) WHERE state <> 'refused';
COMMENT ON TABLE care.extension IS 'Benefits that are good until later, each decided by a second person, once a benefit';
ALTER TABLE care.extension ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON care.extension TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON care.extension TO huoke_app;
CREATE TABLE care.note (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	case_id UUID NOT NULL,
	place SMALLINT NOT NULL,
	way TEXT NOT NULL,
	body TEXT NOT NULL,
	staff_id TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_note PRIMARY KEY (tenant_id, case_id, place),
	CONSTRAINT ck_note_way_known CHECK (way IN ('phone', 'counter', 'online', 'internal'))
);
COMMENT ON TABLE care.note IS 'What was said in a case, one a contact';
COMMENT ON COLUMN care.note.body IS 'without personal data; forgotten with its customer';
ALTER TABLE care.note ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON care.note TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON care.note TO huoke_app;
CREATE TABLE care.service_offer (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	unit_id INTEGER NOT NULL,
	name TEXT NOT NULL,
	sku_id UUID NOT NULL,
	pool_id UUID,
	budget_id UUID NOT NULL,
	stock INTEGER NOT NULL,
	budget_fen BIGINT NOT NULL,
	valid_days INTEGER NOT NULL,
	closes_on DATE NOT NULL,
	state TEXT NOT NULL,
	offer_id UUID,
	change_id UUID,
	created_by TEXT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_service_offer PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_service_offer_state_known CHECK (state IN ('submitted', 'live', 'refused', 'stopped')),
	CONSTRAINT ck_service_offer_positive CHECK (stock > 0 AND budget_fen > 0 AND valid_days > 0)
);
CREATE INDEX ix_service_offer_created_at ON care.service_offer (tenant_id, created_at, id);
COMMENT ON TABLE care.service_offer IS 'Goodwill benefits with money and stock of their own, each approved before the desk may give it';
COMMENT ON COLUMN care.service_offer.pool_id IS 'the pool its units come out of; null for new units';
COMMENT ON COLUMN care.service_offer.budget_id IS 'the budget that pays';
COMMENT ON COLUMN care.service_offer.closes_on IS 'the last day on which it is given';
COMMENT ON COLUMN care.service_offer.offer_id IS 'once approved';
ALTER TABLE care.service_offer ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON care.service_offer TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON care.service_offer TO huoke_app;
ALTER TABLE channels.plan ADD COLUMN service BOOLEAN DEFAULT false NOT NULL;
COMMENT ON COLUMN channels.plan.service IS 'asked for by its customer';
CREATE INDEX ix_redemption_grant_id ON grants.redemption (tenant_id, grant_id);
CREATE TABLE customers.forgotten (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	hash BYTEA NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_forgotten PRIMARY KEY (tenant_id, hash)
);
COMMENT ON TABLE customers.forgotten IS 'Numbers of erased customers, as hashes under the bank''s key, so that no import brings them back';
ALTER TABLE customers.forgotten ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON customers.forgotten TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON customers.forgotten TO huoke_app;
