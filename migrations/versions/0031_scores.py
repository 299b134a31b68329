"""Scores and warnings."""

from pathlib import Path

from migrations.statements import run

revision = "0031_scores"
down_revision = "0030_identity"


def upgrade() -> None:
    """Scores."""
    run(Path(__file__).with_suffix(".sql").read_text())
