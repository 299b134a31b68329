"""Room for what comes next: imports."""

revision = "0018_imports"
down_revision = "0017_history"


def upgrade() -> None:
    """Nothing yet."""
