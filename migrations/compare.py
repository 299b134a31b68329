"""What the comparison of database and declared tables leaves out."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql.base import ischema_names

from huoke.kernel.schema import Xid8, metadata

ischema_names["xid8"] = Xid8

OTHERS = {"queue", "scratch"}
"""Schemas that are not ours to compare: PgQueuer makes its own tables, tests theirs."""


def ours(thing: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    """Leave out other libraries' schemas, partitions and Alembic's own table."""
    schema = getattr(thing, "schema", None) if isinstance(thing, Table) else None
    return not (kind == "table" and (schema in OTHERS or name == "alembic_version" or is_partition(schema, name)))


def is_partition(schema: str | None, name: str | None) -> bool:
    """Whether a table is a part of one of ours that is partitioned."""
    wholes = [table for table in metadata.tables.values() if table.info["partitioned"] and table.schema == schema]
    return any(name != table.name and str(name).startswith(f"{table.name}_") for table in wholes)
