"""Reading imports and what they differ in."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern.people import staff
from huoke.kernel.tx import Tx
from huoke.reward.library import store_import
from huoke.reward.library.import_model import CatalogueImport, Difference, ImportUnknown

Which = Literal["", "new", "changed", "gone", "price", "held"]


async def get_import(tx: Tx, import_id: UUID) -> CatalogueImport:
    """One import; `ImportUnknown`."""
    row = await store_import.get(tx, import_id)
    if row is None:
        raise ImportUnknown("There is no such import in this bank.")
    return (await _imports(tx, [row]))[0]


async def find_imports(
    tx: Tx, *, supplier_id: UUID | None = None, before: tuple[datetime, UUID] | None = None, limit: int = 50
) -> list[CatalogueImport]:
    """Imports, latest first."""
    return await _imports(tx, await store_import.find(tx, supplier_id, before, limit))


async def differences(
    tx: Tx, import_id: UUID, *, which: Which = "", after: int | None = None, limit: int = 50
) -> list[Difference]:
    """What an import changes, in the order of its lines, what is gone first; `ImportUnknown`."""
    await get_import(tx, import_id)
    rows = await store_import.differences(tx, import_id, which, after, limit)
    return [msgspec.convert(dict(row), Difference) for row in rows]


async def _imports(tx: Tx, rows: list[Record]) -> list[CatalogueImport]:
    people = await staff.names(tx, {row["created_by"] for row in rows})
    return [
        msgspec.convert({**dict(row), "created_by": people.get(row["created_by"], row["created_by"])}, CatalogueImport)
        for row in rows
    ]
