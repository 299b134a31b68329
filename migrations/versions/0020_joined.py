"""Whom customers count as where they were joined, and the bands of attributes that wait for a second person."""

from pathlib import Path

from migrations.statements import run

revision = "0020_joined"
down_revision = "0019_bulk"


def upgrade() -> None:
    """Open aliases keep their effect: the person by document goes back to its place, whom one counts as beside it."""
    run(Path(__file__).with_suffix(".sql").read_text())
