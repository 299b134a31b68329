"""Reductions at the till, merchants' settlement, a delivery's way."""

from pathlib import Path

from migrations.statements import run

revision = "0053_reductions"
down_revision = "0052_packages"


def upgrade() -> None:
    """Reductions at the till, merchants' settlement, a delivery's way."""
    run(Path(__file__).with_suffix(".sql").read_text())
