"""Reading suppliers; contacts come masked."""

from collections.abc import Iterable
from uuid import UUID

from asyncpg import Record

from huoke.govern import privacy
from huoke.kernel.tx import Tx
from huoke.reward.supply import store
from huoke.reward.supply.model import Supplier, SupplierStatus, SupplierUnknown


async def get(tx: Tx, supplier_id: UUID) -> Supplier:
    """One supplier; `SupplierUnknown`."""
    row = await store.get(tx, supplier_id)
    if row is None:
        raise SupplierUnknown("There is no such supplier in this bank.")
    return (await _read(tx, [row]))[0]


async def find(
    tx: Tx, *, status: SupplierStatus | None = None, q: str = "", after: str = "", limit: int = 50
) -> list[Supplier]:
    """Suppliers by code, later than `after`; `q` is a part of code or name."""
    return await _read(tx, await store.find(tx, status, q.strip(), after, limit))


async def count(tx: Tx, *, q: str = "") -> dict[str, int]:
    """How many suppliers of each status match."""
    return await store.count(tx, q.strip())


async def names(tx: Tx, supplier_ids: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """Name and English name by id; ids of no supplier are left out."""
    return await store.names(tx, list(supplier_ids))


async def _read(tx: Tx, rows: list[Record]) -> list[Supplier]:
    places = [row["id"].int for row in rows]
    keys = await privacy.keys(tx)
    contact_names = keys.decrypt("supplier.contact_name", places, [row["contact_name"] for row in rows])
    phones = keys.decrypt("supplier.contact_phone", places, [row["contact_phone"] for row in rows])
    return [
        Supplier(
            id=row["id"],
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            tax_no=row["tax_no"],
            settlement_days=row["settlement_days"],
            contact_name=privacy.mask(privacy.Field.NAME, name or ""),
            contact_phone=privacy.mask(privacy.Field.PHONE, phone or ""),
            status=SupplierStatus(row["status"]),
            added_at=row["added_at"],
        )
        for row, name, phone in zip(rows, contact_names, phones, strict=True)
    ]
