"""Rules by which two customers are taken for one, and leads."""

from pathlib import Path

from migrations.statements import run

revision = "0030_identity"
down_revision = "0029_grid"


def upgrade() -> None:
    """Identity rules."""
    run(Path(__file__).with_suffix(".sql").read_text())
