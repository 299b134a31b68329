"""The living bank: saved views, files of lists, the first guide."""

from pathlib import Path

from migrations.statements import run

revision = "0009_console"
down_revision = "0008_channels"


def upgrade() -> None:
    """The schema of views."""
    run(Path(__file__).with_suffix(".sql").read_text())
