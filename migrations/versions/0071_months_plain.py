"""Growth by month is kept with its full length word, so that a month is read without a copy of the year."""

from pathlib import Path

from migrations.statements import run

revision = "0071_months_plain"
down_revision = "0070_differences_owed"


def upgrade() -> None:
    """Growth by month is kept with its full length word, so that a month is read without a copy of the year."""
    run(Path(__file__).with_suffix(".sql").read_text())
