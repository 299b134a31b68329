"""The shop: pictures of benefits, and messages that go out at once."""

from pathlib import Path

from migrations.statements import run

revision = "0021_shop"
down_revision = "0020_joined"


def upgrade() -> None:
    """Pictures lie beside the published terms that name them; a code for signing in is a message like any other."""
    run(Path(__file__).with_suffix(".sql").read_text())
