"""Room for what comes next: models."""

revision = "0025_models"
down_revision = "0024_sight"


def upgrade() -> None:
    """Nothing yet."""
