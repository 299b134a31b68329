"""The living bank: releases, amendments and templates of campaigns, posters as ways in."""

from pathlib import Path

from migrations.statements import run

revision = "0007_campaigns"
down_revision = "0006_supply"


def upgrade() -> None:
    """Staged reach, three tables beside it, and one more kind of way in."""
    run(Path(__file__).with_suffix(".sql").read_text())
