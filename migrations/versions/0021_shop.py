"""Room for what comes next: shop."""

revision = "0021_shop"
down_revision = "0020_joined"


def upgrade() -> None:
    """Nothing yet."""
