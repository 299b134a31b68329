"""Listings for tests: of the bank's own SKUs, shipped to where they are searched."""

from typing import Any
from uuid import UUID

from huoke.kernel import log
from huoke.kernel.engines import ClickHouse
from huoke.kernel.tx import Database, Tx
from huoke.reward import catalogue, library
from huoke.reward.catalogue import NewBrand, NewItem, NewSku, SkuKind
from tests.make import catalogue as make


async def sku(tx: Tx, name: str, *, brand: str = "星巴克", category: str = "dining", **fields: Any) -> UUID:
    """A published voucher with its listing."""
    code = make.next_code()
    brand_id = await catalogue.add_brand(tx, NewBrand(code=f"B-{code}", name=brand))
    item_id = await catalogue.add_item(
        tx, NewItem(brand_id=brand_id, code=f"I-{code}", name=fields.pop("item", "饮品"), category=category)
    )
    supplier_id = fields.pop("supplier_id", None) or await make.supplier(tx)
    new_code = fields.pop("code", code)
    terms = make.voucher_terms(supplier_id, **{"name": name, "name_en": "", **fields})
    sku_id = await catalogue.add_sku(tx, NewSku(item_id=item_id, code=new_code, kind=SkuKind.VOUCHER, terms=terms))
    await catalogue.publish(tx, sku_id)
    await library.follow(tx, sku_id)
    return sku_id


async def ship(feed: Database, clickhouse: ClickHouse) -> None:
    """Bring every listing committed so far to where it is searched."""
    await log.Shipper(feed, clickhouse, [library.LISTINGS]).run_once()
