"""The living bank: desk."""

revision = "0011_desk"
down_revision = "0010_effects"


def upgrade() -> None:
    """Nothing yet."""
