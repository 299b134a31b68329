"""Adding, changing and retiring suppliers."""

from typing import Any
from uuid import UUID

from huoke.govern import audit, privacy
from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.reward.supply import store
from huoke.reward.supply.model import (
    NewSupplier,
    SupplierChange,
    SuppliersChanged,
    SupplierStatus,
    SupplierUnknown,
    check_new,
    check_terms,
)

CONTACT_FIELDS = ("contact_name", "contact_phone")


async def add(tx: Tx, new: NewSupplier) -> UUID:
    """Add a supplier; returns its id. `SupplierUnfit`, `SupplierCodeTaken`."""
    check_new(new)
    supplier_id = new_id()
    row = {
        "id": supplier_id,
        "code": new.code,
        **_terms(new, new.code),
        **await _contact(tx, supplier_id, new),
        "status": SupplierStatus.ACTIVE.value,
        "added_at": tx.now,
    }
    await store.add(tx, row)
    await _tell(tx, supplier_id, "added", after={"code": new.code, "name": new.name})
    return supplier_id


async def change(tx: Tx, wanted: SupplierChange) -> UUID:
    """Set a supplier's names, tax number, terms and, where given, contact. `SupplierUnknown`, `SupplierUnfit`."""
    check_terms(wanted)
    known = await store.get(tx, wanted.id, lock=True)
    if known is None:
        raise SupplierUnknown("There is no such supplier in this bank.", pointer="/id")
    terms = _terms(wanted, known["code"])
    await store.change(tx, wanted.id, {**terms, **await _contact(tx, wanted.id, wanted)})
    told = [name for name in ("name", "name_en", "tax_no", "settlement_days") if known[name] != terms[name]]
    await _tell(
        tx,
        wanted.id,
        "changed",
        before={name: known[name] for name in told},
        after={name: terms[name] for name in told},
    )
    return wanted.id


async def retire(tx: Tx, supplier_id: UUID) -> UUID:
    """Take a supplier out of use; doing it again changes nothing. `SupplierUnknown`."""
    known = await store.get(tx, supplier_id, lock=True)
    if known is None:
        raise SupplierUnknown("There is no such supplier in this bank.", pointer="/id")
    if known["status"] != SupplierStatus.RETIRED:
        await store.change(tx, supplier_id, {"status": SupplierStatus.RETIRED.value})
        await _tell(tx, supplier_id, "retired", before={"status": known["status"]}, after={"status": "retired"})
    return supplier_id


def _terms(wanted: NewSupplier | SupplierChange, code: str) -> dict[str, Any]:
    return {
        "name": wanted.name.strip(),
        "name_en": wanted.name_en.strip(),
        "tax_no": wanted.tax_no,
        "settlement_days": wanted.settlement_days,
        "search": f"{code} {wanted.name} {wanted.name_en}".lower(),
    }


async def _contact(tx: Tx, supplier_id: UUID, wanted: NewSupplier | SupplierChange) -> dict[str, bytes | None]:
    """Ciphertexts of the contact fields that are given, bound to the supplier."""
    keys = await privacy.keys(tx)
    given = {name: text for name in CONTACT_FIELDS if (text := getattr(wanted, name)) is not None}
    return {
        name: keys.encrypt(f"supplier.{name}", [supplier_id.int], [text.strip() or None])[0]
        for name, text in given.items()
    }


async def _tell(
    tx: Tx,
    supplier_id: UUID,
    change: str,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    tx.emit(SuppliersChanged(supplier_ids=(supplier_id,), change=change))
    entry = audit.AuditEntry(
        action=f"supply.{change}", subject_kind="supplier", subject_id=str(supplier_id), before=before, after=after
    )
    await audit.record(tx, entry)
