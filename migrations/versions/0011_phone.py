"""The living bank: signing in by a code, the customer's own choices."""

revision = "0011_phone"
down_revision = "0010_effects"


def upgrade() -> None:
    """Nothing yet."""
