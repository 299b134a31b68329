"""The living bank: signing in by a code, the customer's own choices."""

from pathlib import Path

from migrations.statements import run

revision = "0011_phone"
down_revision = "0010_effects"


def upgrade() -> None:
    """The schema of sign-in."""
    run(Path(__file__).with_suffix(".sql").read_text())
