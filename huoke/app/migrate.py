"""Bring the database schema up to date: `await upgrade(owner_url)`, or `python -m huoke.app.migrate`."""

import asyncio
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import asyncpg

import huoke
from huoke.kernel import schema
from huoke.kernel.refusals import Outage
from huoke.kernel.settings import load

_LOCK = 4_817_001
"""Advisory lock that lets one upgrade run at a time."""


class BrokenModule(Exception):  # noqa: N818 - named for what is wrong
    """A module's tables cannot be imported or made; the message says which."""


async def upgrade(owner_url: str) -> list[str]:
    """Make every table that all modules declare, as huoke_owner; returns the names of the tables that are new.

    Doing it again does nothing. `BrokenModule` names the module at fault; `Outage` when PostgreSQL is away.
    """
    modules = declare_tables()
    try:
        connection = await asyncpg.connect(owner_url)
    except (OSError, asyncpg.PostgresError) as error:
        raise Outage(f"PostgreSQL does not answer: {error}") from error
    try:
        async with connection.transaction():
            await connection.execute(f"SELECT pg_advisory_xact_lock({_LOCK})")
            return await _create(connection, modules)
    finally:
        await connection.close()


def declare_tables() -> dict[str, str]:
    """Import the tables of every module; returns for each PostgreSQL schema the Python module that declared it."""
    modules = {}
    for name in table_modules():
        before = set(schema.metadata.tables)
        try:
            import_module(name)
        except Exception as error:
            raise BrokenModule(f"{name} cannot be imported: {type(error).__name__}: {error}") from error
        modules.update({table.partition(".")[0]: name for table in set(schema.metadata.tables) - before})
    return modules


def table_modules() -> Iterator[str]:
    """The dotted names of all files that declare tables: every tables.py, and the kernel files that hold their own."""
    root = Path(huoke.__file__).parent
    yield "huoke.kernel.idempotency"
    for path in sorted(root.rglob("tables.py")):
        yield ".".join(["huoke", *path.relative_to(root).with_suffix("").parts])


async def _create(connection: asyncpg.Connection, modules: dict[str, str]) -> list[str]:
    declared = [table.fullname for table in schema.metadata.sorted_tables]
    missing = await connection.fetch("SELECT t FROM unnest($1::text[]) AS t WHERE to_regclass(t) IS NULL", declared)
    new = [row["t"] for row in missing]
    if not new:
        return []
    if len(new) < len(declared):
        raise Outage(f"The database has an older schema, without {', '.join(new)}: give the instance a new --home.")
    for statement in [schema.BOOTSTRAP_SQL, *schema.create_sql()]:
        try:
            await connection.execute(statement)
        except asyncpg.PostgresError as error:
            names = [module for name, module in modules.items() if f"{name}." in statement]
            at_fault = names[0] if names else "huoke.kernel.schema"
            raise BrokenModule(f"{at_fault}: PostgreSQL refuses a statement: {error}\n{statement}") from error
    return new


def main() -> None:
    """Upgrade the database of $DATABASE_OWNER_URL, or of the instance at $HUOKE_HOME."""
    url = os.environ.get("DATABASE_OWNER_URL") or load().database_owner_url
    try:
        made = asyncio.run(upgrade(url))
    except (BrokenModule, Outage) as error:
        sys.exit(str(error))
    print(f"{len(made)} tables made." if made else "The schema is up to date.")


if __name__ == "__main__":
    main()
