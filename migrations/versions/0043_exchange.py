"""Points: exchange between types and with partners, limits of giving."""

from pathlib import Path

from migrations.statements import run

revision = "0043_exchange"
down_revision = "0042_shop"


def upgrade() -> None:
    """Points: exchange between types and with partners, limits of giving."""
    run(Path(__file__).with_suffix(".sql").read_text())
