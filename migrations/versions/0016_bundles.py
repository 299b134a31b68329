"""The living bank: campaigns of bundles."""

from pathlib import Path

from migrations.statements import run

revision = "0016_bundles"
down_revision = "0015_accounts"


def upgrade() -> None:
    """A campaign's pools, one for each of its benefits."""
    run(Path(__file__).with_suffix(".sql").read_text())
