"""A day file says whether its supplier is paid ahead: what the ledger's side of it is."""

from pathlib import Path

from migrations.statements import run

revision = "0069_day_file_prepaid"
down_revision = "0068_use_files"


def upgrade() -> None:
    """A day file says whether its supplier is paid ahead: what the ledger's side of it is."""
    run(Path(__file__).with_suffix(".sql").read_text())
