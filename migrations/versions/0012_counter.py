"""The living bank: what a store's clerk and a counter see of a day."""

from migrations.statements import run

revision = "0012_counter"
down_revision = "0011_phone"


def upgrade() -> None:
    """A clerk may stand in several stores; a store's day is read by store."""
    run(
        "ALTER TABLE merchants.clerk DROP CONSTRAINT pk_clerk;"
        " ALTER TABLE merchants.clerk ADD CONSTRAINT pk_clerk PRIMARY KEY (tenant_id, staff_id, store_id);"
        " COMMENT ON TABLE merchants.clerk IS 'Which stores a member of staff stands in';"
        " CREATE INDEX ix_redemption_store ON grants.redemption (tenant_id, store_id, at) WHERE store_id IS NOT NULL;"
    )
