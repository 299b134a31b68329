"""Archives of the log say which events of the chain they hold."""

from pathlib import Path

from migrations.statements import run

revision = "0027_log"
down_revision = "0026_relations"


def upgrade() -> None:
    """The numbers of an archive's events."""
    run(Path(__file__).with_suffix(".sql").read_text())
