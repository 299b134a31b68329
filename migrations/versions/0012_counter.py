"""The living bank: what a store's clerk and a counter see of a day."""

revision = "0012_counter"
down_revision = "0011_phone"


def upgrade() -> None:
    """Nothing yet."""
