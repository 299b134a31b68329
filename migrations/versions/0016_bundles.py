"""The living bank: campaigns of bundles."""

revision = "0016_bundles"
down_revision = "0015_accounts"


def upgrade() -> None:
    """Nothing yet."""
