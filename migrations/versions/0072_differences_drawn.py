"""An accepted difference of a day file says what was drawn for it from money paid ahead, and whether it is owed."""

from pathlib import Path

from migrations.statements import run

revision = "0072_differences_drawn"
down_revision = "0071_months_plain"


def upgrade() -> None:
    """An accepted difference of a day file says what was drawn for it from money paid ahead, and whether it is owed."""
    run(Path(__file__).with_suffix(".sql").read_text())
