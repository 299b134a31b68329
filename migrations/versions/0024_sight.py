"""Temperature: how a bank measures it, the days that were read, early warnings."""

from pathlib import Path

from migrations.statements import run

revision = "0024_sight"
down_revision = "0023_tags"


def upgrade() -> None:
    """Tables of temperature."""
    run(Path(__file__).with_suffix(".sql").read_text())
