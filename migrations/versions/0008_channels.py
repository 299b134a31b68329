"""The living bank: channels."""

revision = "0008_channels"
down_revision = "0007_campaigns"


def upgrade() -> None:
    """Nothing yet."""
