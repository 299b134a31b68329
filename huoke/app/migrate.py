"""Bring the database schema up to date: `await upgrade(owner_url)`, or `huoke migrate`."""

import asyncio
import os
import re
import sys
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool
from sqlalchemy.ext.asyncio import create_async_engine

import huoke
from huoke.app.current import INSIDE, MIGRATIONS, is_current
from huoke.kernel.refusals import Outage
from huoke.kernel.settings import load

_LOCK = 4_817_001
"""Advisory lock that lets one upgrade run at a time."""


async def upgrade(owner_url: str) -> list[str]:
    """Run, as huoke_owner, every migration this database has not seen; returns their names, oldest first.

    Each runs in a transaction of its own. They are frozen SQL, so no module's tables need be known, whose import would
    take longer than a start that has nothing to migrate. `Outage` when PostgreSQL is away.
    """
    if await is_current(owner_url):
        return []
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=partial(asyncpg.connect, owner_url), poolclass=NullPool
    )
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_upgrade)
    except (OSError, asyncpg.CannotConnectNowError, asyncpg.PostgresConnectionError) as error:
        raise Outage(f"PostgreSQL does not answer: {error}") from error
    finally:
        await engine.dispose()


def declare_tables() -> None:
    """Import the tables of every module, so that one metadata knows them all."""
    for name in table_modules():
        import_module(name)


def table_modules() -> Iterator[str]:
    """The dotted names of all files that declare tables: every tables.py, and the kernel files that hold their own."""
    root = Path(huoke.__file__).parent
    yield "huoke.kernel.idempotency"
    for path in sorted(root.rglob("tables.py")):
        yield ".".join(["huoke", *path.relative_to(root).with_suffix("").parts])


def config(connection: Connection) -> Config:
    """Alembic's configuration for one connection; there is no file."""
    if INSIDE.is_dir():
        # The files of the history import one another as `migrations`, wherever they lie.
        sys.modules.setdefault("migrations", import_module("huoke.migrations"))
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


async def write(owner_url: str, message: str) -> Path:
    """Write a new migration with what the declared tables have and the database at `owner_url` has not yet."""
    declare_tables()

    def compare(connection: Connection) -> Path:
        script = ScriptDirectory.from_config(config(connection))
        number = len(list(script.walk_revisions())) + 1
        name = f"{number:04d}_{re.sub(r'[^a-z0-9]+', '_', message.lower()).strip('_')}"
        made = command.revision(config(connection), message, autogenerate=True, rev_id=name)
        assert not isinstance(made, list)
        assert made is not None
        connection.rollback()
        return Path(made.path)

    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=partial(asyncpg.connect, owner_url), poolclass=NullPool
    )
    async with engine.connect() as connection:
        return await connection.run_sync(compare)


def _upgrade(connection: Connection) -> list[str]:
    connection.exec_driver_sql(f"SELECT pg_advisory_lock({_LOCK})")
    connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS kernel")
    connection.commit()
    before = _current(connection)
    command.upgrade(config(connection), "head")
    connection.commit()
    script = ScriptDirectory.from_config(config(connection))
    return [revision.revision for revision in script.iterate_revisions("head", before)][::-1]


def _current(connection: Connection) -> str:
    context = MigrationContext.configure(connection, opts={"version_table_schema": "kernel"})
    current = context.get_current_revision()
    connection.rollback()
    return current or "base"


def main() -> None:
    """Upgrade the database of $DATABASE_OWNER_URL, or of the instance at $HUOKE_HOME."""
    url = os.environ.get("DATABASE_OWNER_URL") or load().database_owner_url
    try:
        ran = asyncio.run(upgrade(url))
    except Outage as outage:
        sys.exit(outage.detail)
    print(f"Ran {', '.join(ran)}." if ran else "The schema is up to date.")


if __name__ == "__main__":
    main()
