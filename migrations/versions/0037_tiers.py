"""Tiers, the mall and payments."""

from pathlib import Path

from migrations.statements import run

revision = "0037_tiers"
down_revision = "0036_library"


def upgrade() -> None:
    """Tiers, the mall and payments."""
    run(Path(__file__).with_suffix(".sql").read_text())
