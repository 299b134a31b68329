"""English names of stores."""

from pathlib import Path

from migrations.statements import run

revision = "0063_store_names"
down_revision = "0062_failures"


def upgrade() -> None:
    """English names of stores."""
    run(Path(__file__).with_suffix(".sql").read_text())
