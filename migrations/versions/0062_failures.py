"""Why a tag could not be filled, as code and facts."""

from pathlib import Path

from migrations.statements import run

revision = "0062_failures"
down_revision = "0061_channels"


def upgrade() -> None:
    """Why a tag could not be filled, as code and facts."""
    run(Path(__file__).with_suffix(".sql").read_text())
