"""Points: types, earn rules, exchange, what is owed by age."""

from pathlib import Path

from migrations.statements import run

revision = "0034_points"
down_revision = "0033_rest"


def upgrade() -> None:
    """Points."""
    run(Path(__file__).with_suffix(".sql").read_text())
