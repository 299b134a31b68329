"""Parts of reductions that went back; partners connected, and exchanges let go of, by two people."""

from pathlib import Path

from migrations.statements import run

revision = "0059_parts"
down_revision = "0058_whole_bundles"


def upgrade() -> None:
    """Parts of reductions that went back; partners connected, and exchanges let go of, by two people."""
    run(Path(__file__).with_suffix(".sql").read_text())
