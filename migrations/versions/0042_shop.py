"""The mall's cart, orders that wait for money, after-sales."""

from pathlib import Path

from migrations.statements import run

revision = "0042_shop"
down_revision = "0041_payments"


def upgrade() -> None:
    """The mall's cart, orders that wait for money, after-sales."""
    run(Path(__file__).with_suffix(".sql").read_text())
