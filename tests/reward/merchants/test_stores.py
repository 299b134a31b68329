"""Merchants, stores and clerks."""

import pytest

from huoke.govern import privacy
from huoke.reward import merchants
from huoke.reward.merchants import (
    CodeTaken,
    MerchantUnfit,
    NewMerchant,
    NewStore,
    Status,
    StoreChange,
)
from tests.make import merchants as make


@pytest.fixture(scope="module", autouse=True)
def master_key(tmp_path_factory):
    privacy.unlock(tmp_path_factory.mktemp("keys") / "master.key")


@pytest.fixture
async def tx(database, bank, clock):
    async with database.begin(bank) as tx:
        yield tx


async def test_a_store_belongs_to_its_merchant_and_closes_with_it(tx):
    merchant_id = await make.merchant(tx)
    store_id = await make.store(tx, merchant_id)
    store = await merchants.get_store(tx, store_id)
    assert (store.merchant_id, store.unit_id, store.status) == (merchant_id, 1, Status.ACTIVE)
    await merchants.change_store(
        tx, StoreChange(id=store_id, name="新店", region="330203", street="药行街 8 号"), units=None
    )
    assert (await merchants.get_store(tx, store_id)).name == "新店"
    await merchants.retire_merchant(tx, merchant_id, units=None)
    assert (await merchants.get_store(tx, store_id)).status is Status.RETIRED


@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("code", "中", "/code"),
        ("region", "3302", "/region"),
        ("street", "", "/street"),
        ("latitude", 91.0, "/latitude"),
    ],
)
async def test_what_no_store_can_be_is_refused(tx, field, value, pointer):
    merchant_id = await make.merchant(tx)
    fields = {"code": make.code(), "name": "店", "region": "330203", "street": "中山路 1 号", "longitude": 121.5}
    fields |= {"latitude": 29.8, field: value}
    with pytest.raises(MerchantUnfit) as refused:
        await merchants.add_store(tx, NewStore(merchant_id=merchant_id, **fields), units=None)
    assert refused.value.pointer == pointer
    assert await merchants.find_stores(tx, merchant_ids=[merchant_id]) == []


async def test_two_merchants_never_share_a_code(tx):
    code = make.code()
    await merchants.add_merchant(tx, NewMerchant(code=code, name="甲", unit_id=1), units=None)
    with pytest.raises(CodeTaken):
        async with tx.savepoint():
            await merchants.add_merchant(tx, NewMerchant(code=code, name="乙", unit_id=1), units=None)


async def test_a_file_of_stores_adds_changes_and_tells_what_it_left_out(tx):
    merchant_id, other = await make.merchant(tx), await make.merchant(tx)
    await make.store(tx, other, code="OTHERS-1")
    await make.store(tx, merchant_id, code="MINE-1")
    lines = [
        "code,name,region,street,hours,latitude,longitude",
        "MINE-1,改名店,330203,中山东路 1 号,10:00–22:00,29.87,121.55",
        "MINE-2,新店,330205,来福士广场,,,",
        "OTHERS-1,抢来的店,330205,来福士广场,,,",
        "MINE-3,坏店,3302,来福士广场,,,",
        "MINE-2,又一次,330205,来福士广场,,,",
        "MINE-4,坐标,330205,来福士广场,,北纬,东经",
    ]
    done = await merchants.import_stores(tx, merchant_id, "\n".join(lines).encode("gb18030"), units=None)
    assert (done.added, done.changed) == (1, 1)
    assert [number for number, _ in done.problems] == [4, 5, 6, 7]
    assert [(store.code, store.name) for store in await merchants.find_stores(tx, merchant_ids=[merchant_id])] == [
        ("MINE-1", "改名店"),
        ("MINE-2", "新店"),
    ]
    assert [store.name for store in await merchants.find_stores(tx, merchant_ids=[other])] == ["海岸咖啡 天一店"]


async def test_a_file_without_the_header_changes_nothing(tx):
    merchant_id = await make.merchant(tx)
    with pytest.raises(MerchantUnfit):
        await merchants.import_stores(tx, merchant_id, b"a,b\n1,2\n", units=None)
    assert await merchants.find_stores(tx, merchant_ids=[merchant_id]) == []
