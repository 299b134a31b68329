"""A platform's list of a day's uses beside ours, and an alarm while differences with a supplier stand."""

from pathlib import Path

from migrations.statements import run

revision = "0068_use_files"
down_revision = "0067_coupon_uses"


def upgrade() -> None:
    """A platform's list of a day's uses beside ours, and an alarm while differences with a supplier stand."""
    run(Path(__file__).with_suffix(".sql").read_text())
