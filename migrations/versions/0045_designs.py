"""Plays: pages designed by operators, amendments, prizes sent to an address."""

from pathlib import Path

from migrations.statements import run

revision = "0045_designs"
down_revision = "0044_missions"


def upgrade() -> None:
    """Plays: pages designed by operators, amendments, prizes sent to an address."""
    run(Path(__file__).with_suffix(".sql").read_text())
