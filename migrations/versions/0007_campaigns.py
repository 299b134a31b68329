"""The living bank: campaigns."""

revision = "0007_campaigns"
down_revision = "0006_supply"


def upgrade() -> None:
    """Nothing yet."""
