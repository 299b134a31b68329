"""Room for what comes next: sight."""

revision = "0024_sight"
down_revision = "0023_tags"


def upgrade() -> None:
    """Nothing yet."""
