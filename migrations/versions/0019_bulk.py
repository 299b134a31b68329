"""Room for what comes next: bulk."""

revision = "0019_bulk"
down_revision = "0018_imports"


def upgrade() -> None:
    """Nothing yet."""
