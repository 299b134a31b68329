"""A card code once for each brand."""

from pathlib import Path

from migrations.statements import run

revision = "0064_card_codes"
down_revision = "0063_store_names"


def upgrade() -> None:
    """A card code once for each brand."""
    run(Path(__file__).with_suffix(".sql").read_text())
