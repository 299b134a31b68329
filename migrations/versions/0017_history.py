"""The living bank: traits fill attributes, and a statement tells what was paid ahead."""

from pathlib import Path

from migrations.statements import run

revision = "0017_history"
down_revision = "0016_bundles"


def upgrade() -> None:
    """New tables of events; a statement of before learns what was drawn in its period."""
    run(Path(__file__).with_suffix(".sql").read_text())
