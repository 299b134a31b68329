"""Room for what comes next: care."""

revision = "0022_care"
down_revision = "0021_shop"


def upgrade() -> None:
    """Nothing yet."""
