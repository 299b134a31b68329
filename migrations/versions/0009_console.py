"""The living bank: console."""

revision = "0009_console"
down_revision = "0008_channels"


def upgrade() -> None:
    """Nothing yet."""
