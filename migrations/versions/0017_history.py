"""The living bank: what comes after."""

revision = "0017_history"
down_revision = "0016_bundles"


def upgrade() -> None:
    """Nothing yet."""
