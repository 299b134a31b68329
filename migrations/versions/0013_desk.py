"""The living bank: the service desk."""

from pathlib import Path

from migrations.statements import run

revision = "0013_desk"
down_revision = "0012_counter"


def upgrade() -> None:
    """The schema of care; messages that a customer asked for; redemptions found by their grant."""
    run(Path(__file__).with_suffix(".sql").read_text())
