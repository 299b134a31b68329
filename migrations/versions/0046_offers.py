"""Supply: kinds of benefits, second offers, coupons, card-code files."""

from pathlib import Path

from migrations.statements import run

revision = "0046_offers"
down_revision = "0045_designs"


def upgrade() -> None:
    """Supply: kinds of benefits, second offers, coupons, card-code files."""
    run(Path(__file__).with_suffix(".sql").read_text())
