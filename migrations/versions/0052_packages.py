"""Packages by level, segment and cell; services to book; orders carried to core banking."""

from pathlib import Path

from migrations.statements import run

revision = "0052_packages"
down_revision = "0051_knowing"


def upgrade() -> None:
    """Packages by level, segment and cell; services to book; orders carried to core banking."""
    run(Path(__file__).with_suffix(".sql").read_text())
