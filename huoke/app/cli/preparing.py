"""Supplier, benefit and budget out of one file, for a bank that has none yet."""

from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel.principal import Principal
from huoke.kernel.refusals import Invalid
from huoke.kernel.tx import Tx
from huoke.reward import catalogue, ledger, supply
from huoke.reward.catalogue import NewBrand, NewItem, NewSku, SkuKind, Terms
from huoke.reward.supply import NewSupplier


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """A brand or an item by its code."""

    code: str
    name: str
    name_en: str = ""
    category: str = "other"


class SkuFile(msgspec.Struct, frozen=True, kw_only=True):
    """A SKU by its code; its supplier is the file's."""

    code: str
    kind: SkuKind
    terms: Terms


class BudgetFile(msgspec.Struct, frozen=True, kw_only=True):
    """A root budget by its name, in fen."""

    name: str
    limit_fen: int


class BenefitFile(msgspec.Struct, frozen=True, kw_only=True):
    """What `huoke campaign prepare` reads."""

    supplier: NewSupplier
    brand: Named
    item: Named
    sku: SkuFile
    budget: BudgetFile


class Prepared(msgspec.Struct, frozen=True):
    """What is there now."""

    supplier_id: UUID
    sku_id: UUID
    budget_id: UUID


async def prepare_benefit(tx: Tx, principal: Principal, content: dict[str, Any]) -> Prepared:
    """Add what is missing of a file's supplier, brand, item, published SKU and budget; raises what adding raises."""
    try:
        wanted = msgspec.convert(content, BenefitFile)
    except msgspec.ValidationError as error:
        raise Invalid(f"The file cannot be read: {error}.") from None
    supplier_id = await _supplier(tx, wanted.supplier)
    return Prepared(supplier_id, await _sku(tx, wanted, supplier_id), await _budget(tx, principal, wanted.budget))


async def _supplier(tx: Tx, wanted: NewSupplier) -> UUID:
    for known in await supply.find(tx, q=wanted.code, limit=200):
        if known.code == wanted.code:
            return known.id
    return await supply.add(tx, wanted)


async def _sku(tx: Tx, wanted: BenefitFile, supplier_id: UUID) -> UUID:
    for known in await catalogue.find_skus(tx, q=wanted.sku.code, limit=200):
        if known.code == wanted.sku.code:
            return known.id
    brand = wanted.brand
    brands = {one.code: one.id for one in await catalogue.find_brands(tx, q=brand.code, limit=200)}
    brand_id = brands.get(brand.code) or await catalogue.add_brand(
        tx, NewBrand(code=brand.code, name=brand.name, name_en=brand.name_en)
    )
    item = wanted.item
    items = {one.code: one.id for one in await catalogue.find_items(tx, q=item.code, limit=200)}
    item_id = items.get(item.code) or await catalogue.add_item(
        tx, NewItem(brand_id=brand_id, code=item.code, name=item.name, name_en=item.name_en, category=item.category)
    )
    terms = msgspec.structs.replace(wanted.sku.terms, supplier_id=supplier_id)
    sku_id = await catalogue.add_sku(
        tx, NewSku(item_id=item_id, code=wanted.sku.code, kind=wanted.sku.kind, terms=terms)
    )
    await catalogue.publish(tx, sku_id)
    return sku_id


async def _budget(tx: Tx, principal: Principal, wanted: BudgetFile) -> UUID:
    for known in await ledger.find_budgets(tx, units=principal.units):
        if known.name == wanted.name and known.parent_id is None:
            return known.id
    assert principal.unit_id is not None, "a member of staff has a unit"
    return await ledger.open_budget(
        tx, ledger.NewBudget(name=wanted.name, unit_id=principal.unit_id, limit_fen=wanted.limit_fen)
    )
