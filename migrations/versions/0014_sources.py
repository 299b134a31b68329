"""The living bank: declared feeds and their days."""

revision = "0014_sources"
down_revision = "0013_desk"


def upgrade() -> None:
    """Nothing yet."""
