"""Files of events are loaded, and withdrawn, as one."""

from pathlib import Path

from migrations.statements import run

revision = "0019_bulk"
down_revision = "0018_imports"


def upgrade() -> None:
    """The list of loads; archives and waiting events know their load."""
    run(Path(__file__).with_suffix(".sql").read_text())
