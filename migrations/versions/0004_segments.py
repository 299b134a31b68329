"""The living bank: segments."""

revision = "0004_segments"
down_revision = "0003_customers"


def upgrade() -> None:
    """Nothing yet."""
