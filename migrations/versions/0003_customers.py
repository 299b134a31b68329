"""The living bank: customers can be erased, by two people."""

from pathlib import Path

from migrations.statements import run

revision = "0003_customers"
down_revision = "0002_events"


def upgrade() -> None:
    """customers.erasure; the status erased; history that can be emptied."""
    run(Path(__file__).with_suffix(".sql").read_text())
