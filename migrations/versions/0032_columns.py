"""What a refresh of tags remembers."""

from pathlib import Path

from migrations.statements import run

revision = "0032_columns"
down_revision = "0031_scores"


def upgrade() -> None:
    """Refreshes."""
    run(Path(__file__).with_suffix(".sql").read_text())
