"""Scenario kits: what was set up from which template."""

from pathlib import Path

from migrations.statements import run

revision = "0048_kits"
down_revision = "0047_group_buy"


def upgrade() -> None:
    """Scenario kits: what was set up from which template."""
    run(Path(__file__).with_suffix(".sql").read_text())
