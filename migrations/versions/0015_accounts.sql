CREATE SCHEMA accounts;
GRANT USAGE ON SCHEMA accounts TO huoke_app, huoke_feed;
CREATE SCHEMA identities;
GRANT USAGE ON SCHEMA identities TO huoke_app, huoke_feed;
CREATE TABLE accounts.account (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	seq INTEGER NOT NULL,
	number_index BYTEA NOT NULL,
	number_enc BYTEA,
	number_masked TEXT,
	kind TEXT NOT NULL,
	currency TEXT DEFAULT 'CNY' NOT NULL,
	opened_on DATE,
	closed_on DATE,
	standing TEXT DEFAULT 'open' NOT NULL,
	unit_id INTEGER,
	balance_enc BYTEA,
	as_of DATE,
	version INTEGER DEFAULT '1' NOT NULL,
	import_id UUID,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_account PRIMARY KEY (tenant_id, id),
	CONSTRAINT uq_account_tenant_id_number_index UNIQUE (tenant_id, number_index),
	CONSTRAINT ck_account_kind_known CHECK (kind IN ('current', 'savings', 'term_deposit', 'credit_card', 'loan', 'wealth', 'other')),
	CONSTRAINT ck_account_standing_known CHECK (standing IN ('open', 'dormant', 'frozen', 'closed'))
);
CREATE INDEX ix_account_seq ON accounts.account (tenant_id, seq);
COMMENT ON TABLE accounts.account IS 'Accounts of customers';
COMMENT ON COLUMN accounts.account.number_index IS 'blind index of the account number: its key';
COMMENT ON COLUMN accounts.account.number_enc IS 'under the customer''s own key';
COMMENT ON COLUMN accounts.account.unit_id IS 'null: the customer''s own';
COMMENT ON COLUMN accounts.account.balance_enc IS 'fen, under the customer''s own key';
COMMENT ON COLUMN accounts.account.as_of IS 'the business day the row speaks of; null where the file named none';
ALTER TABLE accounts.account ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON accounts.account TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts.account TO huoke_app;
CREATE TABLE accounts.former (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	version INTEGER NOT NULL,
	what TEXT NOT NULL,
	seq INTEGER NOT NULL,
	before JSONB NOT NULL,
	import_id UUID,
	actor TEXT NOT NULL,
	replaced_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_former PRIMARY KEY (tenant_id, id, version),
	CONSTRAINT ck_former_what_known CHECK (what IN ('account', 'holding'))
);
CREATE INDEX ix_former_seq ON accounts.former (tenant_id, seq);
COMMENT ON TABLE accounts.former IS 'What accounts and holdings were before each change; emptied when the customer is erased';
COMMENT ON COLUMN accounts.former.id IS 'of the account or holding';
COMMENT ON COLUMN accounts.former.before IS 'what the changed columns held; sealed ones as they lay';
ALTER TABLE accounts.former ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON accounts.former TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE (before) ON accounts.former TO huoke_app;
CREATE TABLE accounts.holding (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	seq INTEGER NOT NULL,
	holding_no TEXT COLLATE "C" NOT NULL,
	product TEXT NOT NULL,
	kind TEXT NOT NULL,
	account_index BYTEA,
	currency TEXT DEFAULT 'CNY' NOT NULL,
	started_on DATE,
	matures_on DATE,
	standing TEXT DEFAULT 'open' NOT NULL,
	amount_enc BYTEA,
	counted_past BOOLEAN DEFAULT false NOT NULL,
	as_of DATE,
	version INTEGER DEFAULT '1' NOT NULL,
	import_id UUID,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_holding PRIMARY KEY (tenant_id, id),
	CONSTRAINT uq_holding_tenant_id_holding_no UNIQUE (tenant_id, holding_no),
	CONSTRAINT ck_holding_kind_known CHECK (kind IN ('term_deposit', 'wealth', 'fund', 'insurance', 'bond', 'metal', 'loan', 'credit_card', 'other')),
	CONSTRAINT ck_holding_standing_known CHECK (standing IN ('open', 'dormant', 'frozen', 'closed'))
);
CREATE INDEX ix_holding_matures ON accounts.holding (tenant_id, matures_on) WHERE NOT counted_past;
CREATE INDEX ix_holding_seq ON accounts.holding (tenant_id, seq);
COMMENT ON TABLE accounts.holding IS 'Products that customers hold';
COMMENT ON COLUMN accounts.holding.account_index IS 'blind index of the account it stands on';
COMMENT ON COLUMN accounts.holding.amount_enc IS 'fen, under the customer''s own key';
COMMENT ON COLUMN accounts.holding.counted_past IS 'its maturity is over, and its customer''s next one was counted without it';
COMMENT ON COLUMN accounts.holding.as_of IS 'the business day the row speaks of; null where the file named none';
ALTER TABLE accounts.holding ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON accounts.holding TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts.holding TO huoke_app;
CREATE TABLE customers.alias (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	seq INTEGER NOT NULL,
	kept_seq INTEGER NOT NULL,
	person_before INTEGER NOT NULL,
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_alias PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_alias_two_customers CHECK (seq <> kept_seq)
);
CREATE INDEX ix_alias_kept ON customers.alias (tenant_id, kept_seq);
CREATE UNIQUE INDEX ix_alias_open ON customers.alias (tenant_id, seq) WHERE closed_at IS NULL;
COMMENT ON TABLE customers.alias IS 'Customers that were found to be one: read wherever customers are loaded';
COMMENT ON COLUMN customers.alias.seq IS 'whose number leads to the other one while the alias is open';
COMMENT ON COLUMN customers.alias.person_before IS 'the natural person of `seq` before';
ALTER TABLE customers.alias ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON customers.alias TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON customers.alias TO huoke_app;
CREATE TABLE identities.apart (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	seq INTEGER NOT NULL,
	other_seq INTEGER NOT NULL,
	decided_by TEXT NOT NULL,
	decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_apart PRIMARY KEY (tenant_id, seq, other_seq),
	CONSTRAINT ck_apart_ordered CHECK (seq < other_seq)
);
COMMENT ON TABLE identities.apart IS 'Pairs that a person found to be two customers: suggested no more';
COMMENT ON COLUMN identities.apart.seq IS 'the smaller number of the two';
ALTER TABLE identities.apart ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON identities.apart TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON identities.apart TO huoke_app;
CREATE TABLE identities.merge (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	verb TEXT NOT NULL,
	seq INTEGER NOT NULL,
	kept_seq INTEGER NOT NULL,
	unit_id INTEGER NOT NULL,
	reason TEXT NOT NULL,
	state TEXT NOT NULL,
	change_id UUID,
	carried JSONB DEFAULT '{}' NOT NULL,
	requested_by TEXT NOT NULL,
	requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_merge PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_merge_verb_known CHECK (verb IN ('join', 'part')),
	CONSTRAINT ck_merge_state_known CHECK (state IN ('requested', 'done', 'refused', 'withdrawn')),
	CONSTRAINT ck_merge_two_customers CHECK (seq <> kept_seq)
);
CREATE UNIQUE INDEX ix_merge_open ON identities.merge (tenant_id, seq) WHERE state = 'requested';
COMMENT ON TABLE identities.merge IS 'Requests to join two customers into one, or to part them';
COMMENT ON COLUMN identities.merge.verb IS 'join, or part again';
COMMENT ON COLUMN identities.merge.seq IS 'whose number is to lead to the other one';
COMMENT ON COLUMN identities.merge.carried IS 'refusals and suppressions that the joining put on the kept one, to be taken back by parting';
ALTER TABLE identities.merge ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON identities.merge TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON identities.merge TO huoke_app;
ALTER TABLE customers.attribute ADD COLUMN bands TEXT[] DEFAULT '{}' NOT NULL;
ALTER TABLE customers.attribute ADD COLUMN sealed_at TIMESTAMP WITH TIME ZONE;
COMMENT ON COLUMN customers.attribute.bands IS 'edges, for class C2 only';
COMMENT ON COLUMN customers.attribute.sealed_at IS 'since when all values lie as the definition says; class C2';
ALTER TABLE customers.customer DROP CONSTRAINT ck_customer_status_known;
ALTER TABLE customers.customer ADD CONSTRAINT ck_customer_status_known CHECK (status IN ('active', 'closed', 'erased', 'undone', 'merged'));
