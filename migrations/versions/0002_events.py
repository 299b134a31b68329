"""The living bank: events with their sources and schemas, archives, and a key of each customer's own."""

from pathlib import Path

from migrations.statements import run

revision = "0002_events"
down_revision = "0001_floor"


def upgrade() -> None:
    """Schema `events`, kernel.archive, privacy.customer_key."""
    run(Path(__file__).with_suffix(".sql").read_text())
