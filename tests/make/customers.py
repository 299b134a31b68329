"""Customers for tests: files uploaded and imported through the front door."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import timedelta
from typing import Any

from huoke.kernel import files
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import SYSTEM, Database
from huoke.know import customers
from huoke.know.customers import Import, NewImport
from tests.make import shipping

FIELDS = {"customer_no", "name", "phone", "id_document", "unit_code"}
MARKETING = [{"purpose": "marketing", "basis": "consent", "text_version": "1"}]


def mapping(columns: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A mapping: each column to a field by its name, to an attribute of a type ("integer") or of a definition."""
    listed = []
    for column, to in columns.items():
        if isinstance(to, dict):
            listed.append({"column": column, "to": "attribute", "name": column, **to})
        elif to in FIELDS or to == "ignore":
            listed.append({"column": column, "to": to})
        else:
            listed.append({"column": column, "to": "attribute", "name": column, "type": to})
    return {"columns": listed, "consents": MARKETING, **more}


def csv_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as CSV with a header."""
    listed = list(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(listed[0]))
    writer.writeheader()
    writer.writerows(listed)
    return out.getvalue()


async def file(database: Database, tenant: TenantId, content: bytes | str, name: str = "customers.csv") -> files.FileId:
    """An uploaded file."""
    body = content.encode() if isinstance(content, str) else content

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 1 << 20):
            yield body[start : start + (1 << 20)]

    expires_at = database.clock.now() + timedelta(days=7)
    return await files.upload(database, tenant, SYSTEM, name, "text/csv", pieces(), expires_at)


async def import_file(
    database: Database, tenant: TenantId, content: bytes | str, mapped: dict[str, Any], *, dry_run: bool = False
) -> Import:
    """Import a file to its end."""
    file_id = await file(database, tenant, content)
    async with database.begin(tenant) as tx:
        import_id = await customers.start(tx, NewImport(file_id=file_id, mapping=mapped, dry_run=dry_run))
    return await customers.run_import(database, tenant, import_id, actor=SYSTEM)


async def import_rows(
    database: Database, tenant: TenantId, rows: Iterable[Mapping[str, Any]], types: Mapping[str, Any], **more: Any
) -> Import:
    """Import rows as dicts; keys are the customer's fields and attributes of the given types."""
    listed = list(rows)
    columns = {key: types.get(key, key) for key in listed[0]}
    found = await import_file(database, tenant, csv_text(listed), mapping(columns, **more))
    assert found.rows_refused == 0, found.report
    return found


async def ship(feed: Database, clickhouse: Any) -> None:
    """Bring everything committed so far to ClickHouse."""
    await shipping.ship(feed, clickhouse, customers.CUSTOMERS)
