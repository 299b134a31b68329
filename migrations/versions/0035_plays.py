"""Plays: prize tables, commitments, draws, chances."""

from pathlib import Path

from migrations.statements import run

revision = "0035_plays"
down_revision = "0034_points"


def upgrade() -> None:
    """Plays."""
    run(Path(__file__).with_suffix(".sql").read_text())
