"""Room for what comes next: tags."""

revision = "0023_tags"
down_revision = "0022_care"


def upgrade() -> None:
    """Nothing yet."""
