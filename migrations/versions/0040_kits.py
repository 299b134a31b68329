"""Kits."""

from pathlib import Path

from migrations.statements import run

revision = "0040_kits"
down_revision = "0039_orders"


def upgrade() -> None:
    """Kits."""
    run(Path(__file__).with_suffix(".sql").read_text())
