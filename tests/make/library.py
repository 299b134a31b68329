"""Listings for tests: of the bank's own SKUs and of catalogues, shipped to where they are searched."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from huoke.kernel import files
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import SYSTEM, Database, Tx
from huoke.reward import catalogue, library
from huoke.reward.catalogue import NewBrand, NewItem, NewSku, SkuKind
from huoke.reward.library import NewCatalogue
from tests.make import catalogue as make
from tests.make import shipping


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
    await shipping.ship(feed, clickhouse, library.LISTINGS)


async def take_in(database: Database, tenant: TenantId, supplier_id: UUID, content: bytes, **more: Any) -> UUID:
    """A catalogue that was read and compared; returns the import's id."""
    name = more.pop("name", "catalogue.csv")
    async with database.begin(tenant, SYSTEM) as tx:
        until = tx.now + timedelta(days=1)
        file_id = await files.put(tx, name, "text/csv", content, until)
        import_id = await library.start(tx, NewCatalogue(supplier_id=supplier_id, file_id=file_id, **more))
    await library.read(database, tenant, import_id, actor=SYSTEM, progress=goes_on)
    return import_id


async def carry_in(database: Database, tenant: TenantId, import_id: UUID, **more: Any) -> None:
    """Apply a catalogue that was read."""
    async with database.begin(tenant, SYSTEM) as tx:
        await library.apply(tx, import_id, **more)
    await library.run_apply(database, tenant, import_id, actor=SYSTEM, progress=goes_on)


async def goes_on(_done: int, _total: int) -> bool:
    """Progress nobody stops."""
    return True


def lines(*rows: str, header: str = "编码,名称,品牌,结算价,面值,库存") -> bytes:
    """A catalogue as CSV."""
    return "\n".join([header, *rows]).encode()
