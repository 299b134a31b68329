"""Suppliers, brands, items and SKUs for tests."""

from itertools import count
from typing import Any
from uuid import UUID

from huoke.kernel.tx import Tx
from huoke.reward import catalogue, supply
from huoke.reward.catalogue import (
    FinancialDetails,
    Instrument,
    NewBrand,
    NewItem,
    NewSku,
    ProductType,
    SkuKind,
    TaxCode,
    Terms,
    TopupDetails,
)
from huoke.reward.supply import NewSupplier

_numbers = count(1)


async def supplier(tx: Tx, **fields: Any) -> UUID:
    """A supplier with a code of its own."""
    number = next(_numbers)
    return await supply.add(tx, NewSupplier(**{"code": f"S{number:05d}", "name": f"供应商{number}", **fields}))


async def item(tx: Tx, **fields: Any) -> UUID:
    """An item of a brand of its own."""
    number = next(_numbers)
    brand_id = await catalogue.add_brand(tx, NewBrand(code=f"B{number:05d}", name=f"品牌{number}"))
    return await catalogue.add_item(
        tx, NewItem(**{"brand_id": brand_id, "code": f"I{number:05d}", "name": f"商品{number}", **fields})
    )


def next_code() -> str:
    """A SKU code nobody has."""
    return f"K{next(_numbers):05d}"


def voucher_terms(supplier_id: UUID | None, **fields: Any) -> Terms:
    """Terms of a coffee voucher worth 28 yuan that costs 19.80 and is good for 30 days."""
    return Terms(
        **{
            "name": "海岸咖啡 中杯券",
            "name_en": "Coast Coffee, medium cup",
            "face_value_fen": 2_800,
            "cost_fen": 1_980,
            "supplier_id": supplier_id,
            "valid_days": 30,
            "tax_code": TaxCode.OCCASIONAL_INCOME,
            "acceptance": "全市 46 家门店可用",
            "acceptance_en": "In all 46 stores of the city",
            **fields,
        }
    )


def financial_terms(instrument: Instrument, *, product_type: ProductType, **fields: Any) -> Terms:
    """Terms of a fee waiver, or of a coupon that takes 0.5 percentage points off, up to 100 yuan."""
    waiver = instrument is Instrument.FEE_WAIVER
    given = {"fee_code": "ANNUAL_FEE"} if waiver else {"rate_bp": 50}
    details = FinancialDetails(instrument=instrument, product_type=product_type, cap_fen=10_000, **(given | fields))
    return Terms(name="年费减免券" if waiver else "分期利率券", details=details, valid_days=30, acceptance="信用卡年费")


async def voucher(tx: Tx, *, published: bool = True, **fields: Any) -> UUID:
    """A voucher SKU, published unless said otherwise."""
    supplier_id = fields.pop("supplier_id", None) or await supplier(tx)
    new = NewSku(
        item_id=await item(tx, category=fields.pop("category", "other")),
        code=f"V{next(_numbers):05d}",
        kind=SkuKind.VOUCHER,
        terms=voucher_terms(supplier_id, **fields),
    )
    sku_id = await catalogue.add_sku(tx, new)
    if published:
        await catalogue.publish(tx, sku_id)
    return sku_id


async def points(tx: Tx, amount: int = 100, **fields: Any) -> UUID:
    """A published SKU of `amount` points that cost one fen each."""
    terms = Terms(
        **{
            "name": f"{amount} 积分",
            "name_en": f"{amount} points",
            "points": amount,
            "cost_fen": amount,
            "valid_days": 365,
            "tax_code": TaxCode.SPENDING_POINTS,
            "acceptance": "积分商城可用",
            **fields,
        }
    )
    new = NewSku(item_id=await item(tx), code=f"P{next(_numbers):05d}", kind=SkuKind.POINTS, terms=terms)
    sku_id = await catalogue.add_sku(tx, new)
    await catalogue.publish(tx, sku_id)
    return sku_id


async def topup(tx: Tx, *, supplier_id: UUID) -> UUID:
    """A published top-up of ten yuan, which its supplier delivers."""
    terms = voucher_terms(supplier_id, name="话费 10 元", name_en="10 yuan of airtime", details=TopupDetails())
    new = NewSku(item_id=await item(tx), code=f"T{next(_numbers):05d}", kind=SkuKind.TOPUP, terms=terms)
    sku_id = await catalogue.add_sku(tx, new)
    await catalogue.publish(tx, sku_id)
    return sku_id


async def financial(tx: Tx, *, details: FinancialDetails, supplier_id: UUID, cost_fen: int) -> UUID:
    """A published financial benefit of core banking's."""
    terms = voucher_terms(supplier_id, name="年费减免", details=details, cost_fen=cost_fen)
    new = NewSku(item_id=await item(tx), code=f"F{next(_numbers):05d}", kind=SkuKind.FINANCIAL, terms=terms)
    sku_id = await catalogue.add_sku(tx, new)
    await catalogue.publish(tx, sku_id)
    return sku_id
