"""Bundles that give some of their benefits at once."""

from pathlib import Path

from migrations.statements import run

revision = "0058_whole_bundles"
down_revision = "0057_reading"


def upgrade() -> None:
    """Bundles that give some of their benefits at once."""
    run(Path(__file__).with_suffix(".sql").read_text())
