"""The living bank: messages to customers and the gateway they go through."""

from pathlib import Path

from migrations.statements import run

revision = "0008_channels"
down_revision = "0007_campaigns"


def upgrade() -> None:
    """Schema `channels`."""
    run(Path(__file__).with_suffix(".sql").read_text())
