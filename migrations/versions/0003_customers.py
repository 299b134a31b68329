"""The living bank: customers."""

revision = "0003_customers"
down_revision = "0002_events"


def upgrade() -> None:
    """Nothing yet."""
