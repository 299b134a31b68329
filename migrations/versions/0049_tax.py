"""Tax withheld on prizes; kind of VAT and state of the invoice per line."""

from pathlib import Path

from migrations.statements import run

revision = "0049_tax"
down_revision = "0048_kits"


def upgrade() -> None:
    """Tax withheld on prizes; kind of VAT and state of the invoice per line."""
    run(Path(__file__).with_suffix(".sql").read_text())
