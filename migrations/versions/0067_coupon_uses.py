"""Coupons of a platform used in our places, and refunds of which a supplier knows nothing."""

from pathlib import Path

from migrations.statements import run

revision = "0067_coupon_uses"
down_revision = "0066_booked_visits"


def upgrade() -> None:
    """Coupons of a platform used in our places, and refunds of which a supplier knows nothing."""
    run(Path(__file__).with_suffix(".sql").read_text())
