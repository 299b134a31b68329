"""Plays in the lobby, and cards that are given."""

from pathlib import Path

from migrations.statements import run

revision = "0055_lobby"
down_revision = "0054_lots"


def upgrade() -> None:
    """Plays in the lobby, and cards that are given."""
    run(Path(__file__).with_suffix(".sql").read_text())
