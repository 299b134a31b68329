"""Accounts, holdings and transactions for tests: files imported through the front door."""

from collections.abc import Iterable, Mapping
from typing import Any

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import SYSTEM, Database
from huoke.know import accounts, customers
from huoke.know.customers import Import, NewImport
from tests.make import customers as make_customers


def register() -> None:
    """As `app.ports` does."""
    customers.register_entity(accounts.Accounts(), accounts.Holdings(), accounts.Transactions())


async def bring(
    database: Database,
    clickhouse: ClickHouse,
    tenant: TenantId,
    entity: str,
    rows: Iterable[Mapping[str, Any]],
    *,
    dry_run: bool = False,
    name: str = "",
) -> Import:
    """Import rows as dicts whose keys are fields of the entity."""
    register()
    listed = list(rows)
    columns = [{"column": key, "to": "field", "name": key} for key in listed[0]]
    file_id = await make_customers.file(database, tenant, make_customers.csv_text(listed), f"{entity}.csv")
    new = NewImport(file_id=file_id, mapping={"entity": entity, "columns": columns}, dry_run=dry_run, name=name)
    async with database.begin(tenant) as tx:
        import_id = await customers.start(tx, new)
    return await customers.run_import(database, tenant, import_id, actor=SYSTEM, clickhouse=clickhouse)
