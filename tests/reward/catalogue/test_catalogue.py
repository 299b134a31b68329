from datetime import date
from uuid import uuid4

import asyncpg
import pytest

from huoke.govern import privacy
from huoke.kernel.tx import SYSTEM
from huoke.reward import catalogue, supply
from huoke.reward.catalogue import (
    CatalogueUnfit,
    CodeTaken,
    NewBrand,
    NewItem,
    NewSku,
    NotPublished,
    Retired,
    SkuChange,
    SkuKind,
    SkuStatus,
    TaxCode,
    Terms,
    Unknown,
)
from tests.make import catalogue as make


@pytest.fixture(scope="module", autouse=True)
def master_key(tmp_path_factory):
    privacy.unlock(tmp_path_factory.mktemp("keys") / "master.key")


@pytest.fixture
async def tx(database, bank, clock):
    async with database.begin(bank, SYSTEM) as tx:
        yield tx


async def test_a_published_sku_is_what_campaigns_see(tx):
    sku_id = await make.voucher(tx)
    sku = await catalogue.sku(tx, sku_id)
    assert (sku.version, sku.kind, sku.face_value_fen, sku.cost_fen, sku.valid_days) == (1, "voucher", 2_800, 1_980, 30)
    assert sku.withholding_ppm == 200_000
    assert sku.supplier_id is not None


async def test_a_draft_is_not_for_use(tx):
    sku_id = await make.voucher(tx, published=False)
    with pytest.raises(NotPublished):
        await catalogue.sku(tx, sku_id)
    with pytest.raises(Unknown):
        await catalogue.sku(tx, uuid4())


async def test_a_change_makes_a_new_version_and_leaves_the_old_one(tx):
    sku_id = await make.voucher(tx)
    supplier_id = (await catalogue.sku(tx, sku_id)).supplier_id
    await catalogue.change_sku(tx, SkuChange(id=sku_id, terms=make.voucher_terms(supplier_id, cost_fen=2_100)))
    assert (await catalogue.sku(tx, sku_id)).cost_fen == 1_980
    assert await catalogue.publish(tx, sku_id) == 2
    assert (await catalogue.sku(tx, sku_id)).cost_fen == 2_100
    assert (await catalogue.sku(tx, sku_id, version=1)).cost_fen == 1_980
    assert [version.version for version in await catalogue.versions(tx, sku_id)] == [2, 1]
    with pytest.raises(NotPublished):
        await catalogue.publish(tx, sku_id)


@pytest.mark.parametrize(
    "statement", ["UPDATE catalogue.sku_version SET cost_fen = 1", "DELETE FROM catalogue.sku_version"]
)
async def test_the_database_itself_keeps_published_versions(tx, statement):
    await make.voucher(tx)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with tx.savepoint():
            await tx.execute(statement)


async def test_a_retired_sku_takes_no_campaign_but_stays_readable(tx):
    sku_id = await make.voucher(tx)
    await catalogue.retire(tx, sku_id)
    await catalogue.retire(tx, sku_id)
    with pytest.raises(Retired):
        await catalogue.sku(tx, sku_id)
    assert (await catalogue.skus(tx, [sku_id]))[sku_id].cost_fen == 1_980
    assert (await catalogue.sku(tx, sku_id, version=1)).cost_fen == 1_980


@pytest.mark.parametrize(
    ("kind", "fields", "pointer"),
    [
        ("voucher", {"cost_fen": -1}, "/terms/cost_fen"),
        ("voucher", {"face_value_fen": 2**63}, "/terms/face_value_fen"),
        ("voucher", {"valid_until": date(2026, 12, 31)}, "/terms/valid_days"),
        ("voucher", {"valid_days": None}, "/terms/valid_days"),
        ("voucher", {"valid_days": 0}, "/terms/valid_days"),
        ("voucher", {"points": 5}, "/terms/points"),
        ("voucher", {"tax_code": TaxCode.SPENDING_POINTS}, "/terms/tax_code"),
        ("voucher", {"regions": ["３３０２００"]}, "/terms/regions"),
        ("voucher", {"name": ""}, "/name"),
        ("points", {}, "/terms/points"),
    ],
)
async def test_terms_that_contradict_themselves_are_refused(tx, kind, fields, pointer):
    item_id = await make.item(tx)
    terms = make.voucher_terms(await make.supplier(tx), **fields)
    with pytest.raises(CatalogueUnfit) as refused:
        await catalogue.add_sku(tx, NewSku(item_id=item_id, code="BAD", kind=SkuKind(kind), terms=terms))
    assert refused.value.pointer == pointer
    assert await catalogue.find_skus(tx, item_id=item_id) == []


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"supplier_id": None}, "/terms/supplier_id"),
        ({"acceptance": " "}, "/terms/acceptance"),
        ({"valid_days": None, "valid_until": date(2026, 3, 1)}, "/terms/valid_until"),
    ],
)
async def test_a_draft_may_lack_what_publishing_demands(tx, fields, pointer):
    terms = make.voucher_terms(**{"supplier_id": await make.supplier(tx), **fields})
    code = f"LACK-{pointer[-4:]}"
    sku_id = await catalogue.add_sku(
        tx, NewSku(item_id=await make.item(tx), code=code, kind=SkuKind.VOUCHER, terms=terms)
    )
    with pytest.raises(CatalogueUnfit) as refused:
        await catalogue.publish(tx, sku_id)
    assert refused.value.pointer == pointer
    assert (await catalogue.get_sku(tx, sku_id)).version == 0


async def test_a_fixed_last_day_counts_itself():
    terms = {"valid_days": None, "valid_until": date(2026, 3, 31)}
    sku = catalogue.Sku(
        id=uuid4(),
        version=1,
        kind=SkuKind.VOUCHER,
        code="C",
        item_id=uuid4(),
        brand_id=uuid4(),
        brand_name="",
        brand_name_en="",
        category="dining",
        name="券",
        name_en="",
        face_value_fen=0,
        cost_fen=0,
        points=0,
        supplier_id=None,
        tax_code=TaxCode.DISCOUNT_COUPON,
        regions=[],
        acceptance="",
        acceptance_en="",
        **terms,
    )
    assert [sku.days_from(day) for day in (date(2026, 3, 31), date(2026, 3, 2), date(2026, 4, 2))] == [1, 30, 0]


async def test_nothing_new_hangs_below_what_is_retired(tx):
    brand_id = await catalogue.add_brand(tx, NewBrand(code="OLD", name="旧牌"))
    await catalogue.retire_brand(tx, brand_id)
    with pytest.raises(Retired):
        await catalogue.add_item(tx, NewItem(brand_id=brand_id, code="NEW", name="新品"))
    supplier_id, item_id = await make.supplier(tx), await make.item(tx)
    await supply.retire(tx, supplier_id)
    with pytest.raises(Retired):
        await catalogue.add_sku(
            tx, NewSku(item_id=item_id, code="SX", kind=SkuKind.VOUCHER, terms=make.voucher_terms(supplier_id))
        )


async def test_codes_are_used_once_and_search_finds_parts_of_names(tx):
    item_id, supplier_id = await make.item(tx), await make.supplier(tx)
    for code in ("FIND-1", "FIND-2", "FIND-3"):
        terms = make.voucher_terms(supplier_id, name=f"潮汐影院 {code}")
        await catalogue.add_sku(tx, NewSku(item_id=item_id, code=code, kind=SkuKind.VOUCHER, terms=terms))
    with pytest.raises(CodeTaken):
        async with tx.savepoint():
            await catalogue.add_sku(tx, NewSku(item_id=item_id, code="FIND-1", kind=SkuKind.VOUCHER, terms=terms))
    first = await catalogue.find_skus(tx, q="潮汐", limit=2)
    rest = await catalogue.find_skus(tx, q="潮汐", after=first[-1].code)
    assert [row.code for row in first + rest] == ["FIND-1", "FIND-2", "FIND-3"]
    await catalogue.publish(tx, rest[0].id)
    assert await catalogue.count_skus(tx, q="潮汐") == {"draft": 2, "published": 1}
    assert [row.code for row in await catalogue.find_skus(tx, status=SkuStatus.PUBLISHED, supplier_id=supplier_id)] == [
        "FIND-3"
    ]


async def test_a_point_sku_credits_points(tx):
    sku = await catalogue.sku(tx, await make.points(tx, 250))
    assert (sku.kind, sku.points, sku.cost_fen, sku.withholding_ppm) == ("points", 250, 250, 0)


async def test_another_bank_sees_nothing(database, bank, other_bank):
    async with database.begin(bank, SYSTEM) as tx:
        sku_id = await make.voucher(tx)
    async with database.begin(other_bank, SYSTEM) as tx:
        with pytest.raises(Unknown):
            await catalogue.sku(tx, sku_id)
        assert await catalogue.find_skus(tx) == []
        assert await catalogue.skus(tx, [sku_id]) == {}


async def test_every_change_leaves_a_line_in_the_trail(tx):
    sku_id = await make.voucher(tx)
    rows = await tx.fetch("SELECT action FROM audit.entry WHERE subject_id = $1 ORDER BY id", str(sku_id))
    assert [row["action"] for row in rows] == ["catalogue.sku_added", "catalogue.sku_published"]


def test_a_draft_survives_its_way_through_json():
    import msgspec

    terms = make.voucher_terms(uuid4(), valid_days=None, valid_until=date(2026, 5, 1))
    assert msgspec.convert(msgspec.json.decode(msgspec.json.encode(terms)), Terms) == terms
