"""Where lots end, and what exchange keeps beside itself."""

from pathlib import Path

from migrations.statements import run

revision = "0054_lots"
down_revision = "0053_reductions"


def upgrade() -> None:
    """Where lots end, and what exchange keeps beside itself."""
    run(Path(__file__).with_suffix(".sql").read_text())
