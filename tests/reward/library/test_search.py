from datetime import date

import pytest

from huoke.kernel import files, log
from huoke.kernel.tx import SYSTEM
from huoke.reward import catalogue, library
from huoke.reward.catalogue import SkuChange, SkuKind
from huoke.reward.library import Asked, Facet, SearchUnfit, Sort, finding, sql_search
from huoke.reward.library.sql_search import Others
from tests.make import catalogue as make_sku
from tests.make import library as make

NAMES = {
    "拿铁中杯券": {"name_en": "Latte, medium", "face_value_fen": 3_000, "cost_fen": 2_000},
    "美式咖啡": {"face_value_fen": 2_500, "cost_fen": 2_200, "regions": ["330200"]},
    "咖啡机清洗": {"brand": "家政通", "category": "life", "face_value_fen": 9_900, "cost_fen": 100},
    "重庆火锅双人餐": {"brand": "渝味", "face_value_fen": 19_900, "valid_days": None, "valid_until": date(2026, 5, 1)},
    "ＣＧＶ电影票": {
        "brand": "CGV 影城",
        "category": "leisure",
        "face_value_fen": 5_000,
        "regions": ["330000", "310000"],
    },
    "银行卡年费抵扣": {"brand": "本行", "category": "finance", "face_value_fen": 100},
}


@pytest.fixture(scope="module")
async def shelves(database, bank, other_bank, feed, clickhouse):
    """Six listings of this bank, one of another, all shipped."""
    async with database.begin(bank, SYSTEM) as tx:
        skus = {name: await make.sku(tx, name, **more) for name, more in NAMES.items()}
    async with database.begin(other_bank, SYSTEM) as tx:
        await make.sku(tx, "别家的咖啡")
    await make.ship(feed, clickhouse)
    return skus


@pytest.fixture
async def find(shelves, database, bank, clickhouse):
    async def names(q="", **more):
        async with database.begin(bank, SYSTEM) as tx:
            found = await library.search(tx, clickhouse, Asked(q=q, **more))
        assert found.total == len(found.listings)
        return [one.name for one in found.listings]

    return names


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("咖啡", {"美式咖啡", "咖啡机清洗"}),
        ("啡", {"美式咖啡", "咖啡机清洗"}),
        ("咖啡机", {"咖啡机清洗"}),
        ("啡咖", set()),
        ("星巴", {"拿铁中杯券", "美式咖啡"}),
        ("星巴克 拿铁", {"拿铁中杯券"}),
        ("latte", {"拿铁中杯券"}),
        ("LATTE,", {"拿铁中杯券"}),
        ("cgv", {"ＣＧＶ电影票"}),
        ("ｃｇｖ电影", {"ＣＧＶ电影票"}),
        ("natie", {"拿铁中杯券"}),
        ("ntzb", {"拿铁中杯券"}),
        ("nt", {"拿铁中杯券"}),
        ("chongqing", {"重庆火锅双人餐"}),
        ("zhongqing", set()),
        ("yinhangka", {"银行卡年费抵扣"}),
        ("yinxing", set()),
        ("别家", set()),
        ("%", set()),
        ("咖_", set()),
    ],
)
async def test_what_is_typed_is_found_wherever_it_stands(find, q, names):
    assert set(await find(q)) == names


async def test_before_the_first_shipment_nothing_is_found(database, own_bank, clickhouse):
    await clickhouse.create_database(own_bank)
    async with database.begin(own_bank, SYSTEM) as tx:
        found = await library.search(tx, clickhouse, Asked(q="咖啡"))
    assert (found.listings, found.total, found.facets) == ([], 0, [])


async def test_what_begins_with_it_comes_first(find):
    assert await find("咖啡") == ["咖啡机清洗", "美式咖啡"]


async def test_filters_narrow_and_sorts_order(find):
    assert await find(sort=Sort.COST, limit=2, category="dining", price_max=3_000) == ["拿铁中杯券", "美式咖啡"]
    assert await find(category="dining", price_min=2_501, sort=Sort.WORTH_DOWN) == ["重庆火锅双人餐", "拿铁中杯券"]
    assert await find("咖啡", brand="家政通") == ["咖啡机清洗"]
    assert "重庆火锅双人餐" in await find(valid_on=date(2026, 5, 1))
    assert "重庆火锅双人餐" not in await find(valid_on=date(2026, 5, 2))


async def test_a_region_finds_what_holds_there_and_what_holds_everywhere(find):
    ningbo, shanghai, beijing = [set(await find(region=code)) for code in ("330200", "310100", "110100")]
    assert {"美式咖啡", "ＣＧＶ电影票"} <= ningbo
    assert "ＣＧＶ电影票" in shanghai
    assert "美式咖啡" not in shanghai
    assert beijing == set(NAMES) - {"美式咖啡", "ＣＧＶ电影票"}


async def test_facets_count_the_hits(shelves, database, bank, clickhouse):
    async with database.begin(bank, SYSTEM) as tx:
        found = await library.search(tx, clickhouse, Asked(q="咖啡", limit=1))
    assert (found.total, len(found.listings)) == (2, 1)
    counted = {(one.facet, one.value): one.count for one in found.facets}
    assert counted[Facet.CATEGORY, "dining"] == counted[Facet.CATEGORY, "life"] == 1
    assert counted[Facet.BRAND, "星巴克"] == counted[Facet.BRAND, "家政通"] == 1
    assert counted[Facet.KIND, "voucher"] == 2
    assert counted[Facet.PRICE, "1000"] == counted[Facet.PRICE, "5000"] == 1
    assert counted[Facet.REGION, "330000"] == counted[Facet.REGION, ""] == 1


async def test_pages_follow_each_other(shelves, database, bank, clickhouse):
    seen = []
    for after in range(0, 6, 2):
        async with database.begin(bank, SYSTEM) as tx:
            found = await library.search(tx, clickhouse, Asked(after=after, limit=2, sort=Sort.WORTH))
        seen += [one.name for one in found.listings]
    assert seen == sorted(NAMES, key=lambda name: NAMES[name]["face_value_fen"])


@pytest.mark.parametrize(
    "asked", [Asked(limit=0), Asked(after=10_001), Asked(region="33"), Asked(price_min=2, price_max=1)]
)
async def test_what_cannot_be_asked_is_refused(database, bank, clickhouse, asked):
    async with database.begin(bank, SYSTEM) as tx:
        with pytest.raises(SearchUnfit):
            await library.search(tx, clickhouse, asked)


async def test_a_new_version_is_found_by_its_new_name_alone(database, own_bank, feed, clickhouse):
    async with database.begin(own_bank, SYSTEM) as tx:
        sku_id = await make.sku(tx, "旧名字券")
        await make.sku(tx, "不动的券")
        supplier_id = (await catalogue.sku(tx, sku_id)).supplier_id
    await make.ship(feed, clickhouse)
    async with database.begin(own_bank, SYSTEM) as tx:
        await catalogue.change_sku(tx, SkuChange(id=sku_id, terms=make_sku.voucher_terms(supplier_id, name="新名字券")))
        await catalogue.publish(tx, sku_id)
        await library.follow(tx, sku_id)
    await make.ship(feed, clickhouse)
    async with database.begin(own_bank, SYSTEM) as tx:
        assert (await library.search(tx, clickhouse, Asked(q="旧名"))).total == 0
        found = await library.search(tx, clickhouse, Asked(q="新名"))
        assert [one.sku_id for one in found.listings] == [sku_id]
        await catalogue.retire(tx, sku_id)
        await library.follow(tx, sku_id)
    await make.ship(feed, clickhouse)
    async with database.begin(own_bank, SYSTEM) as tx:
        assert (await library.search(tx, clickhouse, Asked(q="新名"))).total == 0
        assert (await library.search(tx, clickhouse, Asked(q="新名", gone=True))).total == 1
        assert (await library.search(tx, clickhouse, Asked())).total == 1


async def test_stock_kind_supplier_and_what_is_taken_narrow_as_they_say(
    database, own_bank, other_bank, feed, clickhouse, cluster
):
    """Of the bank's own SKU nobody counts the stock; what a catalogue lists is taken once a SKU is made of it."""
    files.register_keys(files.MasterKeys.load(cluster.home / "master.key"))
    async with database.begin(own_bank, SYSTEM) as tx:
        own = await make.sku(tx, "自有拿铁券")
        ours = (await catalogue.sku(tx, own)).supplier_id
        theirs = await make_sku.supplier(tx)
    header = "编码,名称,品牌,结算价,面值,库存,类型"
    rows = ("A1,有货拿铁券,星巴克,19,30,5,券", "A2,售罄拿铁券,星巴克,19,30,0,券", "A3,话费直充,移动,10,10,9,直充")
    listed = make.lines(*rows, header=header)
    await make.carry_in(database, own_bank, await make.take_in(database, own_bank, theirs, listed))
    await make.ship(feed, clickhouse)

    async def found(**asked):
        async with database.begin(own_bank, SYSTEM) as tx:
            hits = await library.search(tx, clickhouse, Asked(**asked))
        assert hits.total == len(hits.listings)
        return {one.name for one in hits.listings}

    every = {"自有拿铁券", "有货拿铁券", "售罄拿铁券", "话费直充"}
    assert await found() == every
    assert await found(in_stock=True) == every - {"售罄拿铁券"}
    assert await found(kind=SkuKind.TOPUP) == {"话费直充"}
    assert await found(kind=SkuKind.VOUCHER) == every - {"话费直充"}
    assert await found(kind=SkuKind.PHYSICAL) == set()
    assert await found(supplier_id=theirs) == every - {"自有拿铁券"}
    assert await found(supplier_id=ours) == await found(taken=True) == {"自有拿铁券"}
    assert await found(taken=False) == every - {"自有拿铁券"}
    together = {"q": "拿铁", "in_stock": True, "kind": SkuKind.VOUCHER, "supplier_id": theirs, "taken": False}
    assert await found(**together) == {"有货拿铁券"}
    async with database.begin(own_bank, SYSTEM) as tx:
        [number] = [one.number for one in (await library.search(tx, clickhouse, Asked(**together))).listings]
        await library.take(tx, library.Taking(number=number, acceptance="全市门店可用"))
    await make.ship(feed, clickhouse)
    assert (await found(**together), await found(taken=True)) == (set(), {"自有拿铁券", "有货拿铁券"})


async def test_of_a_listing_in_several_parts_the_latest_counts_whichever_part_is_the_largest(
    database, owner, own_bank, feed, clickhouse, monkeypatch
):
    async def found(q):
        async with database.begin(own_bank, SYSTEM) as tx:
            return (await library.search(tx, clickhouse, Asked(q=q))).total

    async def renamed(name):
        async with database.begin(own_bank, SYSTEM) as tx:
            terms = make_sku.voucher_terms(supplier_id, name=name)
            await catalogue.change_sku(tx, SkuChange(id=sku_id, terms=terms))
            await catalogue.publish(tx, sku_id)
            await library.follow(tx, sku_id)
        await make.ship(feed, clickhouse)
        return sql_search.apart((await clickhouse.query(own_bank, sql_search.PARTS)).to_pylist()).others

    async with database.begin(own_bank, SYSTEM) as tx:
        sku_id = await make.sku(tx, "最早的券")
    await make.ship(feed, clickhouse)
    async with database.begin(own_bank, SYSTEM) as tx:
        supplier_id = (await catalogue.sku(tx, sku_id)).supplier_id
        await catalogue.change_sku(tx, SkuChange(id=sku_id, terms=make_sku.voucher_terms(supplier_id, name="改过的券")))
        await catalogue.publish(tx, sku_id)
        await library.follow(tx, sku_id)
        for name in ("甲券", "乙券"):
            await make.sku(tx, name)
    await make.ship(feed, clickhouse)
    assert [await found(q) for q in ("最早", "改过", "甲券", "乙券")] == [0, 1, 1, 1]
    assert await renamed("末次的券") is Others.MIXED
    assert [await found(q) for q in ("最早", "改过", "末次", "甲券")] == [0, 0, 1, 1]
    await clickhouse.merge(own_bank, "listing")
    assert await renamed("并后的券") is Others.ONE_NEWER
    assert [await found(q) for q in ("末次", "并后", "甲券")] == [0, 1, 1]
    assert await renamed("再后的券") is Others.NEWER
    assert [await found(q) for q in ("末次", "并后", "再后", "甲券")] == [0, 0, 1, 1]
    real, asked = finding._parts, []

    async def before_a_merge(*places):
        asked.append(await real(*places))
        if len(asked) > 1:
            return asked[-1]
        await clickhouse.merge(own_bank, "listing")
        assert await renamed("正在找的券") is Others.ONE_NEWER
        return asked[0][:2]

    monkeypatch.setattr(finding, "_parts", before_a_merge)
    assert [await found("券"), len(asked)] == [3, 3], "parts that are no more are asked for again"
    monkeypatch.undo()
    await log.new_epoch(owner)
    await make.ship(feed, clickhouse)
    assert [await found(q) for q in ("再后", "正在找", "甲券", "券")] == [0, 1, 1, 3], "from a restored log"
