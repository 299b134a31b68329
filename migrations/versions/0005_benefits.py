"""The living bank: benefits."""

revision = "0005_benefits"
down_revision = "0004_segments"


def upgrade() -> None:
    """Nothing yet."""
