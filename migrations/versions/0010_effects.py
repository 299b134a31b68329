"""The living bank: a job shows the file it made."""

from migrations.statements import run

revision = "0010_effects"
down_revision = "0009_console"


def upgrade() -> None:
    """Reports are made by jobs and fetched as their files."""
    run(
        "ALTER TABLE jobs.job ADD COLUMN file_id uuid;"
        " COMMENT ON COLUMN jobs.job.file_id IS 'The file it made, for those who may fetch it';"
    )
