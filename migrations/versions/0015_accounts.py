"""The living bank: accounts, holdings, identities."""

revision = "0015_accounts"
down_revision = "0014_sources"


def upgrade() -> None:
    """Nothing yet."""
