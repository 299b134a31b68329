"""Relationship managers: what became of ownership, hand-overs by two people."""

from pathlib import Path

from migrations.statements import run

revision = "0051_knowing"
down_revision = "0050_tuning"


def upgrade() -> None:
    """Relationship managers: what became of ownership, hand-overs by two people."""
    run(Path(__file__).with_suffix(".sql").read_text())
