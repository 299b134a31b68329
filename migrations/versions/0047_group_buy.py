"""Group buys: what is bought together, the groups, their seats."""

from pathlib import Path

from migrations.statements import run

revision = "0047_group_buy"
down_revision = "0046_offers"


def upgrade() -> None:
    """Group buys: what is bought together, the groups, their seats."""
    run(Path(__file__).with_suffix(".sql").read_text())
