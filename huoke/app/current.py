"""Whether a database has the whole schema, asked without loading what would bring it: a start seldom has to.

`python -m huoke.app.current` brings it where it is not there yet.
"""

import asyncio
import os
from importlib import import_module
from pathlib import Path

import asyncpg

import huoke
from huoke.kernel.settings import load

INSIDE = Path(huoke.__file__).parent / "migrations"
MIGRATIONS = INSIDE if INSIDE.is_dir() else Path(huoke.__file__).parents[1] / "migrations"
"""Beside the package in the tree, inside it in an installed wheel."""


def newest() -> str:
    """The name of the last migration; each is the name of its file, which begins with its number."""
    return max(path.stem for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


async def is_current(owner_url: str) -> bool:
    """Whether the last migration ran there; False as well where nobody answers: whoever migrates says why."""
    try:
        connection = await asyncpg.connect(owner_url)
    except (OSError, asyncpg.PostgresError):
        return False
    try:
        found = await connection.fetch("SELECT version_num FROM kernel.alembic_version")
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError):
        return False
    finally:
        await connection.close()
    return [row["version_num"] for row in found] == [newest()]


def main() -> None:
    """Do what `huoke.app.migrate` does, which is loaded only where there is something to do."""
    if asyncio.run(is_current(os.environ.get("DATABASE_OWNER_URL") or load().database_owner_url)):
        print("The schema is up to date.")
    else:
        import_module("huoke.app.migrate").main()


if __name__ == "__main__":
    main()
