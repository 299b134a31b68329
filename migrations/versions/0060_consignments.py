"""Consignments: goods to send, handed over as files."""

from pathlib import Path

from migrations.statements import run

revision = "0060_consignments"
down_revision = "0059_parts"


def upgrade() -> None:
    """Consignments: goods to send, handed over as files."""
    run(Path(__file__).with_suffix(".sql").read_text())
