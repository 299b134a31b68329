"""Booked visits of branches: when their customer checked in, and who served them."""

from pathlib import Path

from migrations.statements import run

revision = "0066_booked_visits"
down_revision = "0065_refunds"


def upgrade() -> None:
    """Booked visits of branches: when their customer checked in, and who served them."""
    run(Path(__file__).with_suffix(".sql").read_text())
