"""Merchants and their stores. Whoever writes says which units they look after; of others nothing changes."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern import audit
from huoke.kernel import files
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.reward.merchants import store
from huoke.reward.merchants.model import (
    IMPORT_ROWS_MAX,
    Merchant,
    MerchantChange,
    MerchantsChanged,
    MerchantUnfit,
    NewMerchant,
    NewStore,
    Status,
    Store,
    StoreChange,
    Units,
    Unknown,
    check_merchant,
    check_scope,
    check_store,
)

COLUMNS = ("code", "name", "region", "street", "hours", "name_en", "latitude", "longitude")
"""Of a file of stores; the first four have to be there."""


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a file of stores; `problems` say line and cause."""

    added: int
    changed: int
    problems: list[tuple[int, str]]


async def add_merchant(tx: Tx, new: NewMerchant, *, units: Units) -> UUID:
    """Add a merchant; returns its id. `MerchantUnfit`, `CodeTaken`, `OutOfScope`."""
    check_scope(units, new.unit_id)
    check_merchant(new.code, new.name, new.name_en, new.category)
    merchant_id = new_id()
    row = {"id": merchant_id, "code": new.code, **_merchant(new, new.code), "status": "active", "added_at": tx.now}
    await store.add(tx, "merchant", row)
    await tell(tx, "merchant", merchant_id, "added", {"code": new.code, "name": new.name})
    return merchant_id


async def change_merchant(tx: Tx, wanted: MerchantChange, *, units: Units) -> UUID:
    """Set a merchant's names, category and unit. `Unknown`, `MerchantUnfit`, `OutOfScope` for either unit."""
    check_scope(units, wanted.unit_id)
    check_merchant(None, wanted.name, wanted.name_en, wanted.category)
    known = await locked(tx, "merchant", wanted.id, units)
    await store.change(tx, "merchant", wanted.id, _merchant(wanted, known["code"]))
    await tell(tx, "merchant", wanted.id, "changed", {"name": wanted.name, "unit_id": wanted.unit_id})
    return wanted.id


async def retire_merchant(tx: Tx, merchant_id: UUID, *, units: Units) -> UUID:
    """Take a merchant with all its stores out of use; doing it again changes nothing. `Unknown`, `OutOfScope`."""
    return await _retire(tx, "merchant", merchant_id, units)


async def add_store(tx: Tx, new: NewStore, *, units: Units) -> UUID:
    """Add a store; returns its id. `MerchantUnfit`, `CodeTaken`, `Unknown`, `OutOfScope`."""
    check_store(new)
    await locked(tx, "merchant", new.merchant_id, units)
    store_id = new_id()
    row = {
        "id": store_id,
        "merchant_id": new.merchant_id,
        "code": new.code,
        **_store(new, new.code),
        "status": "active",
        "added_at": tx.now,
    }
    await store.add(tx, "store", row)
    await tell(tx, "store", store_id, "added", {"code": new.code, "name": new.name})
    return store_id


async def change_store(tx: Tx, wanted: StoreChange, *, units: Units) -> UUID:
    """Set a store's name, place and hours. `Unknown`, `MerchantUnfit`, `OutOfScope`."""
    check_store(wanted)
    known = await locked(tx, "store", wanted.id, units)
    await store.change(tx, "store", wanted.id, _store(wanted, known["code"]))
    await tell(tx, "store", wanted.id, "changed", {"name": wanted.name, "street": wanted.street})
    return wanted.id


async def retire_store(tx: Tx, store_id: UUID, *, units: Units) -> UUID:
    """Take a store out of use; doing it again changes nothing. `Unknown`, `OutOfScope`."""
    return await _retire(tx, "store", store_id, units)


async def import_stores(tx: Tx, merchant_id: UUID, content: bytes, *, units: Units) -> Imported:
    """Write stores from a CSV (UTF-8 or GB18030) with a header of `code name region street hours name_en
    latitude longitude`.

    A known code of this merchant is changed, a new one added, a line that cannot be is told and left out.
    `MerchantUnfit` for a file without that header or with more than 5,000 lines, `Unknown`, `OutOfScope`.
    """
    await locked(tx, "merchant", merchant_id, units)
    lines = list(csv.DictReader(io.StringIO(files.text_of(content), newline="")))
    if lines and not set(COLUMNS[:4]) <= lines[0].keys():
        raise MerchantUnfit("The header names code, name, region and street.", pointer="/")
    if len(lines) > IMPORT_ROWS_MAX:
        raise MerchantUnfit(f"A file has at most {IMPORT_ROWS_MAX} stores; split it.", pointer="/")
    rows: dict[str, tuple[object, ...]] = {}
    numbers: dict[str, int] = {}
    problems: list[tuple[int, str]] = []
    for number, line in enumerate(lines, start=2):
        try:
            new = _read(merchant_id, line)
            check_store(new)
            if new.code in rows:
                raise MerchantUnfit("An earlier line has the same code.")
        except Refusal as refusal:
            problems.append((number, refusal.detail))
            continue
        numbers[new.code] = number
        rows[new.code] = (new_id(), new.code, *_store(new, new.code).values())
    written = await store.put_stores(tx, merchant_id, list(rows.values())) if rows else []
    done = {row["code"]: row["is_new"] for row in written}
    problems += [(numbers[code], "Another merchant's store has this code.") for code in rows if code not in done]
    await tell(tx, "merchant", merchant_id, "stores_imported", {"stores": len(done)})
    return Imported(added=sum(done.values()), changed=len(done) - sum(done.values()), problems=sorted(problems))


async def find_merchants(
    tx: Tx,
    *,
    ids: Sequence[UUID] | None = None,
    status: Status | None = None,
    q: str = "",
    units: Iterable[int] | None = None,
    after: str = "",
    limit: int = 50,
) -> list[Merchant]:
    """Merchants by code, later than `after`; `q` is a part of code or name."""
    rows = await store.merchants(
        tx, ids=ids, status=status, text=q.strip().lower(), units=units, after=after, limit=limit
    )
    return [msgspec.convert(dict(row), Merchant) for row in rows]


async def find_stores(
    tx: Tx,
    *,
    ids: Sequence[UUID] | None = None,
    merchant_ids: Sequence[UUID] | None = None,
    q: str = "",
    units: Iterable[int] | None = None,
    after: str = "",
    limit: int = 50,
) -> list[Store]:
    """Stores by code, later than `after`, that match every filter given."""
    rows = await store.stores(
        tx, ids=ids, merchant_ids=merchant_ids, text=q.strip().lower(), units=units, after=after, limit=limit
    )
    return [msgspec.convert(dict(row), Store) for row in rows]


async def get_store(tx: Tx, store_id: UUID) -> Store:
    """One store; `Unknown`."""
    found = await find_stores(tx, ids=[store_id], limit=1)
    if not found:
        raise Unknown("There is no such store in this bank.")
    return found[0]


async def locked(tx: Tx, table: store.Place, row_id: UUID, units: Units) -> Any:
    """A merchant or store locked for a change, which needs its unit to be one of `units`. `Unknown`, `OutOfScope`."""
    row = await store.lock(tx, table, row_id)
    if row is None:
        raise Unknown(f"There is no such {table} in this bank.", pointer=f"/{table}_id")
    check_scope(units, row["unit_id"])
    return row


async def _retire(tx: Tx, table: store.Place, row_id: UUID, units: Units) -> UUID:
    if (await locked(tx, table, row_id, units))["status"] != Status.RETIRED:
        await store.change(tx, table, row_id, {"status": Status.RETIRED.value})
        await tell(tx, table, row_id, "retired", {"status": "retired"})
    return row_id


def _merchant(wanted: NewMerchant | MerchantChange, code: str) -> dict[str, Any]:
    return {
        "name": wanted.name.strip(),
        "name_en": wanted.name_en.strip(),
        "category": wanted.category,
        "unit_id": wanted.unit_id,
        "search": f"{code} {wanted.name} {wanted.name_en}".lower(),
    }


def _store(wanted: NewStore | StoreChange, code: str) -> dict[str, Any]:
    return {
        "name": wanted.name.strip(),
        "name_en": wanted.name_en.strip(),
        "region": wanted.region,
        "street": wanted.street.strip(),
        "hours": wanted.hours.strip(),
        "latitude": wanted.latitude,
        "longitude": wanted.longitude,
        "search": f"{code} {wanted.name} {wanted.name_en} {wanted.street}".lower(),
    }


def _read(merchant_id: UUID, line: dict[str, Any]) -> NewStore:
    cells = {name: (line.get(name) or "").strip() for name in COLUMNS}
    try:
        latitude, longitude = (float(cells.pop(name)) if line.get(name) else None for name in COLUMNS[6:])
    except ValueError:
        raise MerchantUnfit("Latitude and longitude are numbers of degrees.") from None
    for name in COLUMNS[6:]:
        cells.pop(name, None)
    return NewStore(merchant_id=merchant_id, latitude=latitude, longitude=longitude, **cells)


async def tell(tx: Tx, kind: str, subject_id: UUID, change: str, after: dict[str, Any]) -> None:
    """Write a change into the log and the audit trail."""
    tx.emit(MerchantsChanged(subject_kind=kind, subject_id=subject_id, change=change))
    entry = audit.AuditEntry(
        action=f"merchants.{kind}_{change}", subject_kind=kind, subject_id=str(subject_id), after=after
    )
    await audit.record(tx, entry)
