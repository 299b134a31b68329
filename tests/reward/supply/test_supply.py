import pytest

from huoke.govern import privacy
from huoke.kernel.tx import SYSTEM
from huoke.reward import supply
from huoke.reward.supply import (
    NewSupplier,
    SupplierChange,
    SupplierCodeTaken,
    SupplierStatus,
    SupplierUnfit,
    SupplierUnknown,
)
from tests.make import catalogue as make_catalogue


@pytest.fixture(scope="module", autouse=True)
def master_key(tmp_path_factory):
    privacy.unlock(tmp_path_factory.mktemp("keys") / "master.key")


@pytest.fixture
async def tx(database, bank):
    async with database.begin(bank, SYSTEM) as tx:
        yield tx


async def test_a_contact_is_stored_unreadable_and_shown_masked(tx):
    supplier_id = await make_catalogue.supplier(tx, contact_name="张三丰", contact_phone="138 0000 8000")
    row = await tx.fetch_row("SELECT contact_name, contact_phone FROM supply.supplier WHERE id = $1", supplier_id)
    assert "张".encode() not in row["contact_name"]
    assert b"8000" not in row["contact_phone"]
    found = await supply.get(tx, supplier_id)
    assert (found.contact_name, found.contact_phone[:3], found.contact_phone[-4:]) == ("张**", "138", "8000")


async def test_a_change_without_contact_keeps_the_contact(tx):
    supplier_id = await make_catalogue.supplier(tx, contact_name="李四", contact_phone="13900001234")
    await supply.change(tx, SupplierChange(id=supplier_id, name="新名字", settlement_days=45))
    found = await supply.get(tx, supplier_id)
    assert (found.name, found.settlement_days, found.contact_name) == ("新名字", 45, "李*")


async def test_a_code_is_used_once(tx):
    await supply.add(tx, NewSupplier(code="ONCE", name="第一家"))
    with pytest.raises(SupplierCodeTaken):
        async with tx.savepoint():
            await supply.add(tx, NewSupplier(code="ONCE", name="第二家"))
    assert [found.name for found in await supply.find(tx, q="once")] == ["第一家"]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"code": "有空 格"}, "/code"),
        ({"code": ""}, "/code"),
        ({"name": " "}, "/name"),
        ({"tax_no": "123"}, "/tax_no"),
        ({"settlement_days": -1}, "/settlement_days"),
        ({"settlement_days": 2**63}, "/settlement_days"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_field(tx, fields, pointer):
    before = await supply.count(tx)
    with pytest.raises(SupplierUnfit) as refused:
        await supply.add(tx, NewSupplier(**{"code": "X", "name": "某", **fields}))
    assert refused.value.pointer == pointer
    assert await supply.count(tx) == before


async def test_search_filters_and_pages_by_code(tx):
    for code in ("PAGE-1", "PAGE-2", "PAGE-3"):
        await make_catalogue.supplier(tx, code=code, name="翻页供应")
    first = await supply.find(tx, q="page-", limit=2)
    rest = await supply.find(tx, q="page-", after=first[-1].code, limit=2)
    assert [one.code for one in first + rest] == ["PAGE-1", "PAGE-2", "PAGE-3"]
    await supply.retire(tx, rest[0].id)
    assert await supply.count(tx, q="page-") == {"active": 2, "retired": 1}
    assert [one.code for one in await supply.find(tx, q="page-", status=SupplierStatus.RETIRED)] == ["PAGE-3"]


async def test_another_bank_sees_nothing(database, bank, other_bank):
    async with database.begin(bank, SYSTEM) as tx:
        supplier_id = await make_catalogue.supplier(tx)
    async with database.begin(other_bank, SYSTEM) as tx:
        with pytest.raises(SupplierUnknown):
            await supply.get(tx, supplier_id)
        assert await supply.find(tx) == []
