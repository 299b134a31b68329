"""Models: versions as they were learned, judged and approved, and their scorings."""

from pathlib import Path

from migrations.statements import run

revision = "0025_models"
down_revision = "0024_sight"


def upgrade() -> None:
    """A schema of its own."""
    run(Path(__file__).with_suffix(".sql").read_text())
