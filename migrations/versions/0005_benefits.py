"""The living bank: five kinds of benefits, bundles, card codes, merchants and stores, outlet stock."""

from pathlib import Path

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
"""


def upgrade() -> None:
    """What there is becomes wider; then the new tables."""
    run(KINDS)
    run(GRANTS)
    run(Path(__file__).with_suffix(".sql").read_text())
