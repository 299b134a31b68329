"""Suppliers' other tongues: coupons, files of card codes, a second offer."""

from pathlib import Path

from migrations.statements import run

revision = "0039_orders"
down_revision = "0038_referral"


def upgrade() -> None:
    """Other tongues of suppliers."""
    run(Path(__file__).with_suffix(".sql").read_text())
