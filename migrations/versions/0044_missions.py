"""Plays by what somebody does: check-in, missions, quiz, steps, cards, red packets, lobby."""

from pathlib import Path

from migrations.statements import run

revision = "0044_missions"
down_revision = "0043_exchange"


def upgrade() -> None:
    """Plays by what somebody does: check-in, missions, quiz, steps, cards, red packets, lobby."""
    run(Path(__file__).with_suffix(".sql").read_text())
