"""Referral and group buy."""

from pathlib import Path

from migrations.statements import run

revision = "0038_referral"
down_revision = "0037_tiers"


def upgrade() -> None:
    """Referral and group buy."""
    run(Path(__file__).with_suffix(".sql").read_text())
