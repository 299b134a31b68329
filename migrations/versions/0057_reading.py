"""One reader for what happened."""

from pathlib import Path

from migrations.statements import run

revision = "0057_reading"
down_revision = "0056_papers"


def upgrade() -> None:
    """One reader for what happened."""
    run(Path(__file__).with_suffix(".sql").read_text())
