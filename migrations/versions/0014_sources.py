"""The living bank: more sources of imports, what an import brought, and feeds with their days."""

from pathlib import Path

from migrations.statements import run

revision = "0014_sources"
down_revision = "0013_desk"


def upgrade() -> None:
    """Changed imports; databases, extracts, feeds, days."""
    run(Path(__file__).with_suffix(".sql").read_text())
