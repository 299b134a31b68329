"""Plays by what somebody does: deeds, and events that count for missions."""

from pathlib import Path

from migrations.statements import run

revision = "0044_missions"
down_revision = "0043_exchange"


def upgrade() -> None:
    """Deeds, and events that count for missions."""
    run(Path(__file__).with_suffix(".sql").read_text())
