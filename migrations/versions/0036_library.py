"""The library: suppliers' catalogues, prices of two, search by number."""

from pathlib import Path

from migrations.statements import run

revision = "0036_library"
down_revision = "0035_plays"


def upgrade() -> None:
    """The library."""
    run(Path(__file__).with_suffix(".sql").read_text())
