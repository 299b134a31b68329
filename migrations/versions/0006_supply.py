"""The living bank: supply."""

revision = "0006_supply"
down_revision = "0005_benefits"


def upgrade() -> None:
    """Nothing yet."""
