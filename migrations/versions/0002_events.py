"""The living bank: events."""

revision = "0002_events"
down_revision = "0001_floor"


def upgrade() -> None:
    """Nothing yet."""
