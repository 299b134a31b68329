"""Alembic's environment: one connection handed in by `huoke.app.migrate`, no configuration file."""

from alembic import context

from huoke.kernel.schema import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    include_schemas=True,
    version_table_schema="kernel",
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
