"""Group buy and help: groups, seats, helpers."""

from pathlib import Path

from migrations.statements import run

revision = "0047_group_buy"
down_revision = "0046_offers"


def upgrade() -> None:
    """Group buy and help: groups, seats, helpers."""
    run(Path(__file__).with_suffix(".sql").read_text())
