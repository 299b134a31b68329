"""Payments: charges, refunds, what the cashier said."""

from pathlib import Path

from migrations.statements import run

revision = "0041_payments"
down_revision = "0040_kits"


def upgrade() -> None:
    """Payments: charges, refunds, what the cashier said."""
    run(Path(__file__).with_suffix(".sql").read_text())
