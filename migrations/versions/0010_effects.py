"""The living bank: effects."""

revision = "0010_effects"
down_revision = "0009_console"


def upgrade() -> None:
    """Nothing yet."""
