"""The grid of 112 cells."""

from pathlib import Path

from migrations.statements import run

revision = "0029_grid"
down_revision = "0028_membership"


def upgrade() -> None:
    """Axes, versions and cells."""
    run(Path(__file__).with_suffix(".sql").read_text())
