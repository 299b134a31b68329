"""Rules of referral per channel."""

from pathlib import Path

from migrations.statements import run

revision = "0061_channels"
down_revision = "0060_consignments"


def upgrade() -> None:
    """Rules of referral per channel."""
    run(Path(__file__).with_suffix(".sql").read_text())
