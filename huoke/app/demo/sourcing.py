"""The demo's library: catalogues of two suppliers, one of them delivered again with new prices that wait for approval.

`huoke demo library --size 2000000` takes in as many listings as one asks for, in the same way.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from itertools import islice
from uuid import UUID

from huoke.app.demo.fill import Peopled
from huoke.app.runtime import Runtime
from huoke.govern.people import Role
from huoke.kernel import files
from huoke.reward import library, supply
from huoke.reward.library import NewCatalogue
from huoke.reward.supply import NewSupplier

SIZE = 12_000
PER_CUSTOMER = 2
"""A small demo has a small library: its listings are a tenth of the time that one of few customers is made in."""
SUPPLIERS = (("WANXUAN", "万选优品", "Wanxuan Select"), ("LIHUI", "礼汇供应链", "Lihui Supply"))
BRANDS = 3_000
BLOCK_LINES = 5_000
POLL_SECONDS = 0.2
HEADER = "编码,名称,品牌,商品,类别,类型,面值,结算价,适用地区,有效天数,库存"
_FIRST = "星云海山川江河湖林森木石金银玉瑞祥福禄寿喜安康宁和平顺达通联合众诚信义德仁礼智勇明光华盛兴隆昌茂丰裕永久恒泰"
_SECOND = "味香鲜品坊记堂阁轩居家馆园社物集铺行屋里"
_OFFERS = {
    "餐饮": ("咖啡 拿铁 奶茶 果汁 火锅 烧烤 寿司 汤包 蛋糕 面包 简餐 早茶", "代金券 双人餐 单人餐 下午茶 次卡"),
    "出行": ("打车 加油 洗车 代驾 停车 充电 租车 机场贵宾厅", "代金券 月卡 次卡 立减券"),
    "零售": ("水果 生鲜 茶叶 坚果 洗护 图书 玩具 鲜花 香水 箱包", "礼盒 代金券 礼品卡 满减券"),
    "娱乐": ("电影 演出 游乐园 剧本杀 健身 游泳 瑜伽 密室", "兑换券 年卡 月卡 双人票"),
    "充值": ("话费 流量 视频会员 音乐会员 阅读会员 网盘会员", "月卡 季卡 年卡 直充"),
}
_REGIONS = ("", "", "", "330200", "990000", "990100", "990200;990300")
_WORTH = (5, 10, 15, 20, 30, 50, 80, 100, 200, 500)


def brands() -> list[str]:
    """Three thousand invented names."""
    draw = random.Random(11)  # noqa: S311 - invented names
    found: dict[str, None] = {}
    while len(found) < BRANDS:
        found["".join(draw.sample(_FIRST, 2)) + draw.choice((*_SECOND, "", ""))] = None
    return list(found)


def lines(size: int, seed: int, *, again: bool = False) -> Iterator[str]:
    """The lines of a catalogue; `again` is its next delivery: some prices moved, some lines new, gone or unfit."""
    draw, names = random.Random(seed), brands()  # noqa: S311 - invented offers
    yield HEADER + "\n"
    for number in range(size):
        brand, category = draw.choice(names), draw.choice(tuple(_OFFERS))
        things, forms = (draw.choice(words.split()) for words in _OFFERS[category])
        worth, share, stock = draw.choice(_WORTH), draw.uniform(0.68, 0.94), draw.choice((0, 40, 200, 1_000, 5_000))
        region, days = draw.choice(_REGIONS), draw.choice((30, 60, 90, 180, 365))
        if again and number % 700 == 350:
            continue
        if again and number % 250 == 0:
            share *= 1.5 if number % 2_000 == 0 else 1.04
        kind = "直充" if forms == "直充" else "实物" if forms == "礼盒" else "券"
        told = f"{brand}{things}{forms}{worth}元" if worth > 10 else f"{brand}{things}{forms}"
        money = f"{worth},{worth * share:.2f}"
        yield f"{seed}-{number:07d},{told},{brand},{things},{category},{kind},{money},{region},{days},{stock}\n"
    if again:
        for number in range(12):
            yield f"{seed}-N{number:06d},{names[number]}新品礼盒,{names[number]},礼盒,零售,实物,98,79.00,,90,300\n"
        yield f"{seed}-N000099,{names[99]}礼盒,{names[99]},礼盒,零售,实物,九十八,79.00,,90,300\n"


async def bring_library(runtime: Runtime, bank: Peopled, size: int = SIZE) -> None:
    """Take in the catalogues of both suppliers, and the second delivery of the last; what is known changes nothing."""
    buyer = bank.actors[Role.BUYER]
    suppliers = [await _supplier(runtime, bank, *told) for told in SUPPLIERS]
    each = size // len(SUPPLIERS)
    await asyncio.gather(
        *(
            take_in(runtime, bank, supplier_id, f"{told[1]}商品目录.csv", lines(each, seed))
            for seed, (supplier_id, told) in enumerate(zip(suppliers, SUPPLIERS, strict=True), 1)
        )
    )
    again = lines(each, len(SUPPLIERS), again=True)
    import_id = await take_in(runtime, bank, suppliers[-1], f"{SUPPLIERS[-1][1]}商品目录（更新）.csv", again)
    async with runtime.database.begin(bank.tenant, buyer.actor) as tx:
        if (await library.get_import(tx, import_id)).price_state is library.PriceState.OPEN:
            await library.submit_prices(tx, import_id, bank.head_office())


async def take_in(runtime: Runtime, bank: Peopled, supplier_id: UUID, name: str, told: Iterator[str]) -> UUID:
    """Upload a catalogue, have the worker compare it and write it into the library; returns the import."""
    database, tenant, actor = runtime.database, bank.tenant, bank.actors[Role.BUYER].actor
    until = database.clock.now() + timedelta(days=7)
    file_id = await files.upload(database, tenant, actor, name, "text/csv", _blocks(told), until)
    async with database.begin(tenant, actor) as tx:
        import_id = await library.start(tx, NewCatalogue(supplier_id=supplier_id, file_id=file_id))
    await _reached(runtime, bank, import_id, library.ImportState.READY)
    async with database.begin(tenant, actor) as tx:
        await library.apply(tx, import_id)
    await _reached(runtime, bank, import_id, library.ImportState.DONE)
    return import_id


async def _supplier(runtime: Runtime, bank: Peopled, code: str, name: str, name_en: str) -> UUID:
    async with runtime.database.begin(bank.tenant, bank.actors[Role.BUYER].actor) as tx:
        known = {row.code: row.id for row in await supply.find(tx, limit=200)}
        return known.get(code) or await supply.add(tx, NewSupplier(code=code, name=name, name_en=name_en))


async def _reached(runtime: Runtime, bank: Peopled, import_id: UUID, wanted: library.ImportState) -> None:
    while True:
        async with runtime.database.begin(bank.tenant) as tx:
            found = await library.get_import(tx, import_id)
        if found.state is wanted:
            return
        assert found.state is not library.ImportState.REFUSED, found.refusal
        await asyncio.sleep(POLL_SECONDS)


async def _blocks(told: Iterator[str]) -> AsyncIterator[bytes]:
    while block := "".join(islice(told, BLOCK_LINES)):
        yield block.encode()
