"""Imports that can be undone whole, databases that two people add, feeds that read them."""

from pathlib import Path

from migrations.statements import run

revision = "0018_imports"
down_revision = "0017_history"


def upgrade() -> None:
    """What was imported before keeps its consents when it is undone: they do not say what declared them."""
    run(Path(__file__).with_suffix(".sql").read_text())
