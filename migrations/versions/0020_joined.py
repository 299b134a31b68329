"""Room for what comes next: joined."""

revision = "0020_joined"
down_revision = "0019_bulk"


def upgrade() -> None:
    """Nothing yet."""
