"""Tables: one metadata for all modules, one PostgreSQL schema each, and what each role may do with them.

Every table of a bank's data leads with `tenant_id` and is bound by row-level security to the bank of the transaction
(`app.tenant`, set by `kernel.tx`). `module_table` is the only way to declare one. Roles (DESIGN.md, "Roles"):

A table declared with `portfolio=True` has customers as its rows (`seq`): to a relationship manager's transaction
(`app.portfolio`, from `kernel.tx.Actor`) only those are there whom `customers.ownership` gives them.

    huoke_owner  owns everything, runs migrations; not bound by row-level security (no FORCE)
    huoke_app    owns nothing; every statement sees one bank
    huoke_feed   BYPASSRLS, SELECT on the tables declared with `feed=True` and nothing else
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Integer, MetaData, Table, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable, SchemaItem, SetColumnComment, SetTableComment
from sqlalchemy.types import UserDefinedType

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

EXTRA_SQL: list[str] = []
"""Statements that follow all tables: what a module's `tables.py` adds beside tables (another library's queue, say)."""

APP_ALL = "SELECT, INSERT, UPDATE, DELETE"
APP_APPEND = "SELECT, INSERT"


def tenant_column() -> Column[int]:
    """The bank a row belongs to: first column of every key; filled in by row-level security's default."""
    return Column(
        "tenant_id",
        Integer,
        primary_key=True,
        nullable=False,
        autoincrement=False,
        server_default=text("kernel.tenant()"),
    )


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id: the first part of a row's place in the stream."""

    cache_ok = True

    def get_col_spec(self, **_kw: Any) -> str:
        return "xid8"


def position_columns() -> tuple[Column[int], Column[int]]:
    """The two columns of a table that is shipped: its transaction id (filled in by default) and its ordinal in it."""
    return (
        Column("xid", Xid8, nullable=False, server_default=text("pg_current_xact_id()")),
        Column("ordinal", Integer, nullable=False),
    )


def module_table(
    schema: str,
    name: str,
    *items: SchemaItem,
    app: str = APP_ALL,
    feed: bool = False,
    shared: bool = False,
    portfolio: bool = False,
    partition_by: str | None = None,
    comment: str | None = None,
) -> Table:
    """Declare table `schema.name`.

    `app` are the privileges of huoke_app (use APP_APPEND for facts nobody may change); `feed` lets huoke_feed read it;
    `portfolio` keeps rows of other people's customers from a relationship manager, by its column `seq`;
    `shared` is for the few tables that belong to no bank (no tenant column is added, no row-level security);
    `partition_by` is PostgreSQL's clause, for instance "RANGE (recorded_at)": its partitions are made by `kernel.log`.
    `tenant_id` is added as the first primary-key column unless `shared`.
    """
    columns = items if shared else (tenant_column(), *items)
    dialect: dict[str, Any] = {"postgresql_partition_by": partition_by} if partition_by else {}
    return Table(
        name,
        metadata,
        *columns,
        schema=schema,
        comment=comment,
        info={
            "app": app,
            "feed": feed,
            "shared": shared,
            "portfolio": portfolio,
            "partitioned": partition_by is not None,
        },
        **dialect,
    )


BOOTSTRAP_SQL = """
CREATE SCHEMA IF NOT EXISTS kernel;
CREATE OR REPLACE FUNCTION kernel.tenant() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT NULLIF(current_setting('app.tenant', true), '')::integer $$;
GRANT USAGE ON SCHEMA kernel TO huoke_app, huoke_feed;
"""
"""Run first by the first migration: the function that every policy and default asks for the bank of the transaction."""


def policy_sql(table: Table) -> Iterator[str]:
    """Statements that give one table its row-level security and its privileges."""
    name = f"{table.schema}.{table.name}"
    if not table.info["shared"]:
        yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
        yield (
            f"CREATE POLICY tenant ON {name} TO huoke_app USING (tenant_id = (SELECT kernel.tenant()))"
            " WITH CHECK (tenant_id = (SELECT kernel.tenant()))"
        )
    if table.info["portfolio"]:
        yield (
            f"CREATE POLICY portfolio ON {name} AS RESTRICTIVE TO huoke_app USING ((SELECT kernel.portfolio()) IS NULL"
            " OR seq IN (SELECT o.seq FROM customers.ownership AS o WHERE o.staff_id = (SELECT kernel.portfolio())))"
        )
    if table.info["app"]:
        yield f"GRANT {table.info['app']} ON {name} TO huoke_app"
    if table.info["feed"]:
        yield f"GRANT SELECT ON {name} TO huoke_feed"


def create_sql() -> Iterator[str]:
    """All statements that make the whole schema from nothing, in dependency order."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for schema in sorted({table.schema for table in metadata.tables.values() if table.schema}):
        yield f"CREATE SCHEMA IF NOT EXISTS {schema}"
        yield f"GRANT USAGE ON SCHEMA {schema} TO huoke_app, huoke_feed"
    for table in metadata.sorted_tables:
        yield str(CreateTable(table).compile(dialect=dialect)).strip()
        if table.info["partitioned"]:
            yield f"CREATE TABLE {table.fullname}_default PARTITION OF {table.fullname} DEFAULT"
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield str(CreateIndex(index).compile(dialect=dialect)).strip()
        if table.comment:
            yield str(SetTableComment(table).compile(dialect=dialect)).strip()
        for column in table.columns:
            if column.comment:
                yield str(SetColumnComment(column).compile(dialect=dialect)).strip()
        yield from policy_sql(table)
    yield from EXTRA_SQL
