"""Room for what comes next: relations."""

revision = "0026_relations"
down_revision = "0025_models"


def upgrade() -> None:
    """Nothing yet."""
