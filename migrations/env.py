"""Alembic's environment: one connection handed in by `huoke.app.migrate`, no configuration file.

A written revision gives every new table its row-level security and privileges as well (`kernel.schema.policy_sql`).
"""

from typing import Any

from alembic import context
from alembic.operations.ops import CreateTableOp, ExecuteSQLOp

from huoke.kernel.schema import metadata, policy_sql
from migrations.compare import ours


def add_policies(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """After each new table, what binds it to its bank."""
    for script in directives:
        operations = script.upgrade_ops.ops
        for operation in [one for one in operations if isinstance(one, CreateTableOp)]:
            table = metadata.tables[f"{operation.schema}.{operation.table_name}"]
            place = operations.index(operation) + 1
            operations[place:place] = [ExecuteSQLOp(statement) for statement in policy_sql(table)]


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    include_schemas=True,
    include_object=ours,
    version_table_schema="kernel",
    transaction_per_migration=True,
    process_revision_directives=add_policies,
)
with context.begin_transaction():
    context.run_migrations()
