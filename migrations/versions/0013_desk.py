"""The living bank: the service desk."""

revision = "0013_desk"
down_revision = "0012_counter"


def upgrade() -> None:
    """Nothing yet."""
