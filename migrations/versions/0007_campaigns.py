"""The living bank: releases, amendments, templates and lists of campaigns; who came through which way in."""

from pathlib import Path

from migrations.statements import run

revision = "0007_campaigns"
down_revision = "0006_supply"


def upgrade() -> None:
    """Staged reach, four tables beside it, and arrivals."""
    run(Path(__file__).with_suffix(".sql").read_text())
