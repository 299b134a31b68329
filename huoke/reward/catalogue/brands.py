"""Adding, changing and retiring brands and items."""

from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.govern import audit
from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.reward.catalogue import store
from huoke.reward.catalogue.model import BrandChange, BrandsChanged, ItemChange, ItemsChanged, NewBrand, NewItem, Status
from huoke.reward.catalogue.refusals import Retired, Unknown
from huoke.reward.catalogue.terms import check_label


async def add_brand(tx: Tx, new: NewBrand) -> UUID:
    """Add a brand; returns its id. `CatalogueUnfit`, `CodeTaken`."""
    check_label(new.code, new.name, new.name_en)
    brand_id = new_id()
    row = {"id": brand_id, "code": new.code, **_names(new, new.code), "status": "active", "added_at": tx.now}
    await store.add(tx, "brand", row)
    await _tell(tx, "brand", brand_id, "added", None, {"code": new.code, "name": new.name})
    return brand_id


async def change_brand(tx: Tx, wanted: BrandChange) -> UUID:
    """Rename a brand. `Unknown`, `CatalogueUnfit`."""
    check_label(None, wanted.name, wanted.name_en)
    known = await locked(tx, "brand", wanted.id)
    await store.change(tx, "brand", wanted.id, _names(wanted, known["code"]))
    await _tell(tx, "brand", wanted.id, "changed", {"name": known["name"]}, {"name": wanted.name})
    return wanted.id


async def retire_brand(tx: Tx, brand_id: UUID) -> UUID:
    """Take a brand out of use; doing it again changes nothing. `Unknown`."""
    return await _retire(tx, "brand", brand_id)


async def add_item(tx: Tx, new: NewItem) -> UUID:
    """Add an item to a brand; returns its id. `CatalogueUnfit`, `CodeTaken`, `Unknown`, `Retired`."""
    check_label(new.code, new.name, new.name_en)
    check_label(new.category, new.name, "")
    await usable(tx, "brand", new.brand_id)
    item_id = new_id()
    row = {
        "id": item_id,
        "brand_id": new.brand_id,
        "code": new.code,
        **_names(new, new.code),
        "category": new.category,
        "status": "active",
        "added_at": tx.now,
    }
    await store.add(tx, "item", row)
    await _tell(tx, "item", item_id, "added", None, {"code": new.code, "name": new.name})
    return item_id


async def change_item(tx: Tx, wanted: ItemChange) -> UUID:
    """Rename an item or move it to another category. `Unknown`, `CatalogueUnfit`."""
    check_label(wanted.category, wanted.name, wanted.name_en)
    known = await locked(tx, "item", wanted.id)
    await store.change(tx, "item", wanted.id, {**_names(wanted, known["code"]), "category": wanted.category})
    before = {"name": known["name"], "category": known["category"]}
    await _tell(tx, "item", wanted.id, "changed", before, {"name": wanted.name, "category": wanted.category})
    return wanted.id


async def retire_item(tx: Tx, item_id: UUID) -> UUID:
    """Take an item out of use; doing it again changes nothing. `Unknown`."""
    return await _retire(tx, "item", item_id)


async def locked(tx: Tx, table: store.Table, row_id: UUID) -> Record:
    """One row, locked; `Unknown`."""
    row = await store.lock(tx, table, row_id)
    if row is None:
        raise Unknown(f"There is no such {table} in this bank.", pointer="/id")
    return row


async def usable(tx: Tx, table: store.Table, row_id: UUID) -> Record:
    """One row, locked, that is not retired; `Unknown`, `Retired`."""
    row = await locked(tx, table, row_id)
    if row["status"] == Status.RETIRED:
        raise Retired(f"The {table} '{row['code']}' is retired.", pointer=f"/{table}_id")
    return row


async def _retire(tx: Tx, table: store.Table, row_id: UUID) -> UUID:
    known = await locked(tx, table, row_id)
    if known["status"] != Status.RETIRED:
        await store.change(tx, table, row_id, {"status": Status.RETIRED.value})
        await _tell(tx, table, row_id, "retired", {"status": known["status"]}, {"status": "retired"})
    return row_id


def _names(wanted: NewBrand | BrandChange | NewItem | ItemChange, code: str) -> dict[str, str]:
    return {
        "name": wanted.name.strip(),
        "name_en": wanted.name_en.strip(),
        "search": f"{code} {wanted.name} {wanted.name_en}".lower(),
    }


async def _tell(
    tx: Tx,
    table: store.Table,
    row_id: UUID,
    change: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    told = (
        BrandsChanged(brand_id=row_id, change=change)
        if table == "brand"
        else ItemsChanged(item_id=row_id, change=change)
    )
    tx.emit(told)
    entry = audit.AuditEntry(
        action=f"catalogue.{table}_{change}", subject_kind=table, subject_id=str(row_id), before=before, after=after
    )
    await audit.record(tx, entry)
