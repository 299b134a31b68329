"""Tags: the catalogue, its versions, what filling gave, and the truth of tags that are put."""

from pathlib import Path

from migrations.statements import run

revision = "0023_tags"
down_revision = "0022_care"


def upgrade() -> None:
    """A schema of its own."""
    run(Path(__file__).with_suffix(".sql").read_text())
