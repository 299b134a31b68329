"""What an accepted difference of a day file books beside any order stands with it, and on a line of its statement."""

from pathlib import Path

from migrations.statements import run

revision = "0070_differences_owed"
down_revision = "0069_day_file_prepaid"


def upgrade() -> None:
    """What an accepted difference of a day file books beside any order stands with it, and on a line of its own."""
    run(Path(__file__).with_suffix(".sql").read_text())
