"""Relations: edges between customers and what they share, and rings that somebody judges."""

from pathlib import Path

from migrations.statements import run

revision = "0026_relations"
down_revision = "0025_models"


def upgrade() -> None:
    """Two tables in a schema of their own."""
    run(Path(__file__).with_suffix(".sql").read_text())
