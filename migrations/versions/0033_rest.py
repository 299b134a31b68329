"""The last of knowing the customer."""

from pathlib import Path

from migrations.statements import run

revision = "0033_rest"
down_revision = "0032_columns"


def upgrade() -> None:
    """The rest."""
    run(Path(__file__).with_suffix(".sql").read_text())
