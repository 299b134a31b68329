"""The migrations and the declared tables say the same."""

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import NullPool
from sqlalchemy.ext.asyncio import create_async_engine

from huoke.app.current import is_current, newest
from huoke.app.migrate import MIGRATIONS, declare_tables, upgrade
from huoke.kernel.schema import metadata
from migrations.compare import ours

ALL = {"SELECT", "INSERT", "UPDATE", "DELETE"}


@pytest.fixture
async def differences(cluster, schema):
    """What Alembic would write next, of all schemas or of one: to read all of them takes seconds."""
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(cluster.database_owner_url), poolclass=NullPool
    )

    def compare(connection, only=None):
        def read(name, kind, _parents):
            return kind != "schema" or only in (None, name)

        def compared(thing, name, kind, reflected, other):
            return ours(thing, name, kind, reflected, other) and only in (None, getattr(thing, "schema", only))

        options = {
            "include_schemas": True, "include_name": read, "include_object": compared, "version_table_schema": "kernel",
        }  # fmt: skip
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    async with engine.connect() as connection:
        yield lambda only=None: connection.run_sync(compare, only)
    await engine.dispose()


async def test_the_migrations_make_what_the_modules_declare(differences):
    declare_tables()
    assert await differences() == []


async def test_a_column_without_its_migration_is_found(owner, differences):
    async with owner.begin_shared() as tx:
        await tx.execute("ALTER TABLE people.staff ADD COLUMN forgotten text")
    try:
        found = await differences("people")
    finally:
        async with owner.begin_shared() as tx:
            await tx.execute("ALTER TABLE people.staff DROP COLUMN forgotten")
    assert [(kind, column.name) for kind, _, _, column in found] == [("remove_column", "forgotten")]


async def test_doing_it_again_does_nothing(cluster, schema):
    assert await upgrade(cluster.database_owner_url) == []


async def test_a_database_is_current_only_where_the_last_migration_ran(cluster, schema, owner):
    history = ScriptDirectory(MIGRATIONS)
    last = history.get_revision("head")
    assert newest() == last.revision
    assert await is_current(cluster.database_owner_url)
    renamed = "UPDATE kernel.alembic_version SET version_num = $1"
    async with owner.begin_shared() as tx:
        await tx.execute(renamed, last.down_revision)
    try:
        assert not await is_current(cluster.database_owner_url)
    finally:
        async with owner.begin_shared() as tx:
            await tx.execute(renamed, last.revision)
    assert not await is_current(cluster.database_owner_url.replace("/huoke?", "/postgres?"))
    assert not await is_current("postgresql://nobody@127.0.0.1:1/nothing")


async def test_every_table_has_the_privileges_it_declares(owner, schema):
    declare_tables()
    async with owner.begin_shared() as tx:
        rows = await tx.fetch(
            "SELECT table_schema || '.' || table_name AS name, grantee, array_agg(privilege_type::text) AS held"
            " FROM information_schema.table_privileges WHERE grantee IN ('huoke_app', 'huoke_feed') GROUP BY 1, 2"
        )
    held = {(row["name"], row["grantee"]): set(row["held"]) for row in rows}
    for table in metadata.tables.values():
        declared = {word for word in ALL if word in table.info["app"].split("UPDATE (")[0].replace(",", " ").split()}
        assert held.get((table.fullname, "huoke_app"), set()) == declared, table.fullname
        assert held.get((table.fullname, "huoke_feed"), set()) == ({"SELECT"} if table.info["feed"] else set())
