"""Supply: connections, orders at suppliers, day files with their differences, prepayments, alarms."""

from pathlib import Path

from migrations.statements import run

revision = "0006_supply"
down_revision = "0005_benefits"


def upgrade() -> None:
    run(Path(__file__).with_suffix(".sql").read_text())
