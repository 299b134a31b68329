"""Papers of invoices and tax, groups that expire."""

from pathlib import Path

from migrations.statements import run

revision = "0056_papers"
down_revision = "0055_lobby"


def upgrade() -> None:
    """Papers of invoices and tax, groups that expire."""
    run(Path(__file__).with_suffix(".sql").read_text())
