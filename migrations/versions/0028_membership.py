"""Who entered and left a segment, day by day; lists that leave people out."""

from pathlib import Path

from migrations.statements import run

revision = "0028_membership"
down_revision = "0027_log"


def upgrade() -> None:
    """Memberships by day."""
    run(Path(__file__).with_suffix(".sql").read_text())
