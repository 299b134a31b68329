"""The floor: every table of the first modules, their row-level security and privileges."""

from pathlib import Path

from migrations.statements import run

revision = "0001_floor"
down_revision = None


def upgrade() -> None:
    run(Path(__file__).with_suffix(".sql").read_text())
