"""The living bank: accounts, holdings, identities; values of class C2 sealed."""

from pathlib import Path

from migrations.statements import run

revision = "0015_accounts"
down_revision = "0014_sources"


def upgrade() -> None:
    """The schemas of accounts and identities; what sealing attribute values and joining customers need."""
    run(Path(__file__).with_suffix(".sql").read_text())
