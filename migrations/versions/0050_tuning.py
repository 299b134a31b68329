"""Room in pages for rows that change often."""

from pathlib import Path

from migrations.statements import run

revision = "0050_tuning"
down_revision = "0049_tax"


def upgrade() -> None:
    """Room in pages for rows that change often."""
    run(Path(__file__).with_suffix(".sql").read_text())
