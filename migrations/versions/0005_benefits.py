"""The living bank: five kinds of benefits, bundles, card codes, merchants and stores, outlet stock."""

from migrations.statements import run

revision = "0005_benefits"
down_revision = "0004_segments"

KINDS = """
ALTER TABLE catalogue.sku DROP CONSTRAINT ck_sku_kind_known;
ALTER TABLE catalogue.sku ADD CONSTRAINT ck_sku_kind_known
  CHECK (kind IN ('voucher', 'topup', 'physical', 'points', 'financial'));
ALTER TABLE catalogue.sku_version ADD COLUMN details jsonb, ADD COLUMN picture_id uuid;
COMMENT ON COLUMN catalogue.sku_version.details IS 'What the kind adds; null for points and the usual voucher.';
"""

GRANTS = """
ALTER TABLE grants.offer ADD COLUMN sku_version integer, ADD COLUMN handover text, ADD COLUMN choose integer;
UPDATE grants.offer o SET choose = 0, handover = CASE kind WHEN 'points' THEN 'credit' ELSE 'counter' END,
  sku_version = coalesce((SELECT max(v.version) FROM catalogue.sku_version v WHERE v.tenant_id = o.tenant_id
    AND v.sku_id = o.sku_id AND v.published_at <= o.published_at), 1);
ALTER TABLE grants.offer ALTER COLUMN sku_version SET NOT NULL, ALTER COLUMN handover SET NOT NULL,
  ALTER COLUMN choose SET NOT NULL;
ALTER TABLE grants.offer ADD CONSTRAINT ck_offer_handover_known
  CHECK (handover IN ('counter', 'card_code', 'order', 'credit'));
ALTER TABLE grants.offer ADD CONSTRAINT ck_offer_choice_is_pull CHECK (choose = 0 OR choose > 0 AND mode = 'pull');

ALTER TABLE grants.grant ADD COLUMN reason text;
COMMENT ON COLUMN grants.grant.reason IS 'Why it failed or was taken back, as its customer may read it';

ALTER TABLE grants.redemption ADD COLUMN way text, ADD COLUMN store_id uuid;
UPDATE grants.redemption SET way = 'counter';
ALTER TABLE grants.redemption ALTER COLUMN way SET NOT NULL;
ALTER TABLE grants.redemption ADD CONSTRAINT ck_redemption_way_known
  CHECK (way IN ('counter', 'store', 'delivery', 'card_code'));
ALTER TABLE grants.redemption ADD CONSTRAINT ck_redemption_store_named
  CHECK ((way = 'store') = (store_id IS NOT NULL));
COMMENT ON TABLE grants.redemption IS
  'What was used where, by whom or what; line is the ledger line of the supplier''s payable';

CREATE TABLE grants.choice_limit (
  tenant_id integer DEFAULT kernel.tenant() NOT NULL,
  source_id uuid NOT NULL,
  person integer NOT NULL,
  taken integer NOT NULL,
  allowed integer NOT NULL,
  CONSTRAINT pk_choice_limit PRIMARY KEY (tenant_id, source_id, person),
  CONSTRAINT ck_choice_limit_taken_within_limit CHECK (taken BETWEEN 0 AND allowed)
);
COMMENT ON TABLE grants.choice_limit IS
  'How many benefits of a bundle a natural person has, over all offers of its campaign';

CREATE TABLE grants.delivery (
  tenant_id integer DEFAULT kernel.tenant() NOT NULL,
  grant_id uuid NOT NULL,
  sealed bytea NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT pk_delivery PRIMARY KEY (tenant_id, grant_id)
);
COMMENT ON TABLE grants.delivery IS 'Where a benefit that a supplier delivers goes to';
COMMENT ON COLUMN grants.delivery.sealed IS 'C2, under the bank''s key, bound to this grant.';
"""

BUNDLES = """
CREATE TABLE catalogue.bundle (
  tenant_id integer DEFAULT kernel.tenant() NOT NULL,
  id uuid NOT NULL,
  code text COLLATE "C" NOT NULL,
  status text NOT NULL,
  version integer NOT NULL,
  draft jsonb,
  search text COLLATE "C" NOT NULL,
  added_at timestamptz NOT NULL,
  CONSTRAINT pk_bundle PRIMARY KEY (tenant_id, id),
  CONSTRAINT uq_bundle_tenant_id_code UNIQUE (tenant_id, code),
  CONSTRAINT ck_bundle_status_known CHECK (status IN ('draft', 'published', 'retired')),
  CONSTRAINT ck_bundle_published_has_version CHECK (status <> 'published' OR version > 0)
);
COMMENT ON COLUMN catalogue.bundle.version IS 'The newest published version; 0 before the first.';

CREATE TABLE catalogue.bundle_version (
  tenant_id integer DEFAULT kernel.tenant() NOT NULL,
  bundle_id uuid NOT NULL,
  version integer NOT NULL,
  name text NOT NULL,
  name_en text NOT NULL,
  choose integer NOT NULL,
  sku_ids uuid[] NOT NULL,
  published_at timestamptz NOT NULL,
  published_by text NOT NULL,
  CONSTRAINT pk_bundle_version PRIMARY KEY (tenant_id, bundle_id, version),
  CONSTRAINT fk_bundle_version_tenant_id_bundle_id FOREIGN KEY (tenant_id, bundle_id) REFERENCES catalogue.bundle (tenant_id, id),
  CONSTRAINT ck_bundle_version_can_be_chosen CHECK (choose BETWEEN 1 AND cardinality(sku_ids))
);
COMMENT ON TABLE catalogue.bundle_version IS 'Published bundles: choose so many of these SKUs';
"""

CARD_CODES = """
CREATE SCHEMA card_codes;
GRANT USAGE ON SCHEMA card_codes TO huoke_app, huoke_feed;

CREATE TABLE card_codes.batch (
  tenant_id integer DEFAULT kernel.tenant() NOT NULL,
  id uuid NOT NULL,
  sku_id uuid NOT NULL,
  unit_id integer NOT NULL,
  file_id uuid NOT NULL,
  file_name text NOT NULL,
  expires_on date NOT NULL,
  state text NOT NULL,
  success integer DEFAULT 0 NOT NULL,
  failed integer DEFAULT 0 NOT NULL,
  "exists" integer DEFAULT 0 NOT NULL,
  duplicate integer DEFAULT 0 NOT NULL,
  lists jsonb NOT NULL,
  error text DEFAULT '' NOT NULL,
  uploaded_by text NOT NULL,
  uploaded_at timestamptz NOT NULL,
  CONSTRAINT pk_batch PRIMARY KEY (tenant_id, id),
  CONSTRAINT ck_batch_state_known CHECK (state IN ('queued', 'reading', 'done', 'failed', 'void'))
);
COMMENT ON TABLE card_codes.batch IS 'Files of card codes';
COMMENT ON COLUMN card_codes.batch.lists IS 'File ids by verdict.';

CREATE TABLE card_codes.card_code (
  tenant_id integer DEFAULT kernel.tenant() NOT NULL,
  id uuid NOT NULL,
  batch_id uuid NOT NULL,
  sku_id uuid NOT NULL,
  sealed bytea NOT NULL,
  blind bytea NOT NULL,
  expires_on date NOT NULL,
  state text NOT NULL,
  grant_id uuid,
  drawn_at timestamptz,
  seen_at timestamptz,
  CONSTRAINT pk_card_code PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_card_code_tenant_id_batch_id FOREIGN KEY (tenant_id, batch_id)
    REFERENCES card_codes.batch (tenant_id, id),
  CONSTRAINT uq_card_code_tenant_id_sku_id_blind UNIQUE (tenant_id, sku_id, blind),
  CONSTRAINT uq_card_code_tenant_id_grant_id UNIQUE (tenant_id, grant_id),
  CONSTRAINT ck_card_code_state_known CHECK (state IN ('free', 'drawn', 'seen', 'void')),
  CONSTRAINT ck_card_code_drawn_for_a_grant CHECK ((state IN ('drawn', 'seen')) = (grant_id IS NOT NULL))
);
CREATE INDEX ix_card_code_free ON card_codes.card_code (tenant_id, sku_id, expires_on, id) WHERE state = 'free';
CREATE INDEX ix_card_code_batch ON card_codes.card_code (tenant_id, batch_id);
COMMENT ON TABLE card_codes.card_code IS 'A supplier''s codes, encrypted one by one; each is drawn once';
COMMENT ON COLUMN card_codes.card_code.sealed IS 'C2, under the bank''s key, bound to this row.';
COMMENT ON COLUMN card_codes.card_code.blind IS 'Blind index of the code, to find duplicates.';
"""

TABLES = {
    "card_codes.batch": "SELECT, INSERT, UPDATE, DELETE",
    "card_codes.card_code": "SELECT, INSERT, UPDATE, DELETE",
    "catalogue.bundle": "SELECT, INSERT, UPDATE, DELETE",
    "catalogue.bundle_version": "SELECT, INSERT",
    "grants.choice_limit": "SELECT, INSERT, UPDATE, DELETE",
    "grants.delivery": "SELECT, INSERT, UPDATE, DELETE",
}
"""New tables and what the application may do with them."""


def upgrade() -> None:
    """Everything of the benefits, each table bound to its bank."""
    for part in (KINDS, GRANTS, BUNDLES, CARD_CODES):
        run(part)
    for table, privileges in TABLES.items():
        run(
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
            f"CREATE POLICY tenant ON {table} TO huoke_app USING (tenant_id = (SELECT kernel.tenant()))"
            " WITH CHECK (tenant_id = (SELECT kernel.tenant()));"
            f"GRANT {privileges} ON {table} TO huoke_app;"
        )
