"""The living bank: shared segments, lists handed out."""

from pathlib import Path

from migrations.statements import run

revision = "0004_segments"
down_revision = "0003_customers"


def upgrade() -> None:
    """Whom a segment is shared with; lists that are handed out as files."""
    run(Path(__file__).with_suffix(".sql").read_text())
