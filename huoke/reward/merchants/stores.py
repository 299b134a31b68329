"""Merchants, their stores and the clerks who redeem there."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern import audit, people
from huoke.govern.people import Role
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.reward.merchants import store
from huoke.reward.merchants.model import (
    IMPORT_ROWS_MAX,
    ClerkUnfit,
    Merchant,
    MerchantChange,
    MerchantsChanged,
    MerchantUnfit,
    NewMerchant,
    NewStore,
    Place,
    Status,
    Store,
    StoreChange,
    Unknown,
    check_merchant,
    check_store,
)

COLUMNS = ("code", "name", "region", "street", "hours", "latitude", "longitude")


class Clerk(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who redeems in a store."""

    staff_id: UUID
    name: str
    store_id: UUID


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a file of stores; `problems` say line and cause."""

    added: int
    changed: int
    problems: list[tuple[int, str]]


async def add_merchant(tx: Tx, new: NewMerchant) -> UUID:
    """Add a merchant; returns its id. `MerchantUnfit`, `CodeTaken`."""
    check_merchant(new.code, new.name, new.name_en, new.category)
    merchant_id = new_id()
    row = {"id": merchant_id, "code": new.code, **_merchant(new, new.code), "status": "active", "added_at": tx.now}
    await store.add(tx, "merchant", row)
    await _tell(tx, "merchant", merchant_id, "added", {"code": new.code, "name": new.name})
    return merchant_id


async def change_merchant(tx: Tx, wanted: MerchantChange) -> UUID:
    """Set a merchant's names, category and unit. `Unknown`, `MerchantUnfit`."""
    check_merchant(None, wanted.name, wanted.name_en, wanted.category)
    known = await _locked(tx, "merchant", wanted.id)
    await store.change(tx, "merchant", wanted.id, _merchant(wanted, known["code"]))
    await _tell(tx, "merchant", wanted.id, "changed", {"name": wanted.name, "unit_id": wanted.unit_id})
    return wanted.id


async def retire_merchant(tx: Tx, merchant_id: UUID) -> UUID:
    """Take a merchant with all its stores out of use; doing it again changes nothing. `Unknown`."""
    return await _retire(tx, "merchant", merchant_id)


async def add_store(tx: Tx, new: NewStore) -> UUID:
    """Add a store; returns its id. `MerchantUnfit`, `CodeTaken`, `Unknown`."""
    check_store(new)
    await _locked(tx, "merchant", new.merchant_id)
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
    await _tell(tx, "store", store_id, "added", {"code": new.code, "name": new.name})
    return store_id


async def change_store(tx: Tx, wanted: StoreChange) -> UUID:
    """Set a store's name, place and hours. `Unknown`, `MerchantUnfit`."""
    check_store(wanted)
    known = await _locked(tx, "store", wanted.id)
    await store.change(tx, "store", wanted.id, _store(wanted, known["code"]))
    await _tell(tx, "store", wanted.id, "changed", {"name": wanted.name, "street": wanted.street})
    return wanted.id


async def retire_store(tx: Tx, store_id: UUID) -> UUID:
    """Take a store out of use; doing it again changes nothing. `Unknown`."""
    return await _retire(tx, "store", store_id)


async def import_stores(tx: Tx, merchant_id: UUID, content: bytes) -> Imported:
    """Write stores from a CSV (UTF-8 or GB18030) with a header of `code name region street hours latitude longitude`.

    A known code of this merchant is changed, a new one added, a line that cannot be is told and left out.
    `MerchantUnfit` for a file without that header or with more than 5,000 lines, `Unknown`.
    """
    await _locked(tx, "merchant", merchant_id)
    lines = list(csv.DictReader(io.StringIO(_text(content), newline="")))
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
    await _tell(tx, "merchant", merchant_id, "stores_imported", {"stores": len(done)})
    return Imported(added=sum(done.values()), changed=len(done) - sum(done.values()), problems=sorted(problems))


async def bind_clerk(tx: Tx, staff_id: UUID, store_id: UUID) -> UUID:
    """Have a member of staff redeem in one store, and in no other. `Unknown`, `ClerkUnfit`, `people.StaffUnknown`."""
    await _locked(tx, "store", store_id)
    staff = await people.staff.get(tx, staff_id)
    if {scope.role for scope in staff.roles} != {Role.MERCHANT_CLERK} or not staff.active:
        raise ClerkUnfit("A clerk is active and has the role merchant_clerk alone.", pointer="/staff_id")
    await store.put_clerk(tx, staff_id, store_id)
    await _tell(tx, "clerk", staff_id, "bound", {"store_id": str(store_id)})
    return staff_id


async def unbind_clerk(tx: Tx, staff_id: UUID) -> UUID:
    """Have a clerk redeem nowhere; doing it again changes nothing."""
    if await store.drop_clerk(tx, staff_id):
        await _tell(tx, "clerk", staff_id, "unbound", {})
    return staff_id


async def find_clerks(tx: Tx, *, store_id: UUID | None = None) -> list[Clerk]:
    """Who redeems in which store, in the order they were bound."""
    rows = await store.clerks(tx, staff_id=None, store_id=store_id)
    names = await people.staff.names(tx, [str(row["staff_id"]) for row in rows])
    return [
        Clerk(staff_id=row["staff_id"], name=names.get(str(row["staff_id"]), ""), store_id=row["store_id"])
        for row in rows
    ]


async def place_of(tx: Tx, staff_id: str, unit_id: int) -> Place:
    """Where a member of staff redeems: a clerk in the store they are bound to, anybody else at a counter of their unit.

    Raises `ClerkUnfit` for a clerk who is bound to no store, `Unknown` where the store is closed.
    """
    if not _is_uuid(staff_id):
        return Place(unit_id=unit_id)
    rows = await store.clerks(tx, staff_id=UUID(staff_id), store_id=None)
    if not rows:
        staff = await people.staff.get(tx, UUID(staff_id))
        if any(scope.role is Role.MERCHANT_CLERK for scope in staff.roles):
            raise ClerkUnfit("You stand in no store yet; ask the bank to bind you to one.")
        return Place(unit_id=unit_id)
    found = await get_store(tx, rows[0]["store_id"])
    if found.status is Status.RETIRED:
        raise Unknown(f"The store {found.name} is closed; nothing is redeemed there.", pointer="/store_id")
    return Place(unit_id=unit_id, store_id=found.id, merchant_id=found.merchant_id)


async def find_merchants(
    tx: Tx,
    *,
    status: Status | None = None,
    q: str = "",
    units: Iterable[int] | None = None,
    after: str = "",
    limit: int = 50,
) -> list[Merchant]:
    """Merchants by code, later than `after`; `q` is a part of code or name."""
    rows = await store.merchants(tx, status=status, text=q.strip().lower(), units=units, after=after, limit=limit)
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


async def _locked(tx: Tx, table: store.Table, row_id: UUID) -> Any:
    row = await store.lock(tx, table, row_id)
    if row is None:
        raise Unknown(f"There is no such {table} in this bank.", pointer=f"/{table}_id")
    return row


async def _retire(tx: Tx, table: store.Table, row_id: UUID) -> UUID:
    if (await _locked(tx, table, row_id))["status"] != Status.RETIRED:
        await store.change(tx, table, row_id, {"status": Status.RETIRED.value})
        await _tell(tx, table, row_id, "retired", {"status": "retired"})
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
        "region": wanted.region,
        "street": wanted.street.strip(),
        "hours": wanted.hours.strip(),
        "latitude": wanted.latitude,
        "longitude": wanted.longitude,
        "search": f"{code} {wanted.name} {wanted.street}".lower(),
    }


def _read(merchant_id: UUID, line: dict[str, Any]) -> NewStore:
    cells = {name: (line.get(name) or "").strip() for name in COLUMNS}
    try:
        latitude, longitude = (float(cells.pop(name)) if line.get(name) else None for name in COLUMNS[5:])
    except ValueError:
        raise MerchantUnfit("Latitude and longitude are numbers of degrees.") from None
    for name in COLUMNS[5:]:
        cells.pop(name, None)
    return NewStore(merchant_id=merchant_id, latitude=latitude, longitude=longitude, **cells)


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise MerchantUnfit("The file is neither UTF-8 nor GB18030 text; save it as CSV.", pointer="/")


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


async def _tell(tx: Tx, kind: str, subject_id: UUID, change: str, after: dict[str, Any]) -> None:
    tx.emit(MerchantsChanged(subject_kind=kind, subject_id=subject_id, change=change))
    entry = audit.AuditEntry(
        action=f"merchants.{kind}_{change}", subject_kind=kind, subject_id=str(subject_id), after=after
    )
    await audit.record(tx, entry)
