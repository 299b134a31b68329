"""Refunds asked of suppliers for delivered orders."""

from pathlib import Path

from migrations.statements import run

revision = "0065_refunds"
down_revision = "0064_card_codes"


def upgrade() -> None:
    """Refunds asked of suppliers for delivered orders."""
    run(Path(__file__).with_suffix(".sql").read_text())
