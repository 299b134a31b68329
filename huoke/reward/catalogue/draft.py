"""Drafting SKUs: adding one, and writing new terms beside the published ones."""

from typing import Any
from uuid import UUID

import msgspec

from huoke.govern import audit
from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.reward import supply
from huoke.reward.catalogue import store
from huoke.reward.catalogue.brands import usable
from huoke.reward.catalogue.model import NewSku, SkuChange, SkuDrafted, SkuStatus
from huoke.reward.catalogue.refusals import Retired, Unknown
from huoke.reward.catalogue.terms import SkuKind, Terms, check_label, check_terms


async def add_sku(tx: Tx, new: NewSku) -> UUID:
    """Add a SKU as a draft; returns its id. `CatalogueUnfit`, `CodeTaken`, `Unknown`, `Retired`, `SupplierUnknown`."""
    check_label(new.code, new.terms.name, new.terms.name_en)
    await _check(tx, new.kind, new.terms)
    item = await usable(tx, "item", new.item_id)
    sku_id = new_id()
    row = {
        "id": sku_id,
        "item_id": new.item_id,
        "code": new.code,
        "kind": new.kind.value,
        "status": SkuStatus.DRAFT.value,
        "version": 0,
        "draft": new.terms,
        "search": _search(new.code, new.terms, item["name"]),
        "added_at": tx.now,
    }
    await store.add(tx, "sku", row)
    await _tell(tx, sku_id, "sku_added", msgspec.to_builtins(new.terms))
    return sku_id


async def change_sku(tx: Tx, wanted: SkuChange) -> UUID:
    """Write the draft again; what is published stays as it is until the draft is published.

    `CatalogueUnfit`, `Unknown`, `Retired`, `SupplierUnknown`.
    """
    known = await usable(tx, "sku", wanted.id)
    await _check(tx, SkuKind(known["kind"]), wanted.terms)
    item = await store.items(tx, [known["item_id"]])
    search = _search(known["code"], wanted.terms, item[0]["name"])
    await store.change(tx, "sku", wanted.id, {"draft": wanted.terms, "search": search})
    await _tell(tx, wanted.id, "sku_drafted", msgspec.to_builtins(wanted.terms))
    return wanted.id


async def _check(tx: Tx, kind: SkuKind, terms: Terms) -> None:
    check_terms(kind, terms)
    if terms.picture_id is not None and not await store.has_picture(tx, terms.picture_id):
        raise Unknown("There is no such picture in this bank; upload it first.", pointer="/terms/picture_id")
    if terms.supplier_id is not None:
        supplier = await supply.get(tx, terms.supplier_id)
        if supplier.status is supply.SupplierStatus.RETIRED:
            raise Retired(f"The supplier {supplier.name} is retired.", pointer="/terms/supplier_id")


def _search(code: str, terms: Terms, item_name: str) -> str:
    return f"{code} {terms.name} {terms.name_en} {item_name}".lower()


async def _tell(tx: Tx, sku_id: UUID, action: str, after: dict[str, Any]) -> None:
    tx.emit(SkuDrafted(sku_id=sku_id))
    entry = audit.AuditEntry(action=f"catalogue.{action}", subject_kind="sku", subject_id=str(sku_id), after=after)
    await audit.record(tx, entry)
