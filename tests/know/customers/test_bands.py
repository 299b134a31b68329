"""Bands of sealed values: asked for by one person, decided by another, brought along by nobody (rules F1, D5)."""

import pytest

from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.know import customers
from huoke.know.customers import Attribute, AttributeType, BandsOpen, BandsUndecided, NewBands
from huoke.know.customers.bands import check_decided
from huoke.know.customers.model import BandsUnfit
from tests.make import people

SALARY = Attribute(name="salary", label="月薪", label_en="Salary", type=AttributeType.DECIMAL, data_class="C2")
WANTED = NewBands(name="salary", bands=("5000", "20000"), reason="工资客群分层")


@pytest.fixture(scope="module")
async def actors(database, bank, units):
    approvals.register(customers.BandsApproval())
    async with database.begin(bank) as tx:
        await customers.define_attributes(tx, [SALARY])
        asks = await people.staff(tx, Role.OPERATOR, unit_id=units.head, login="asks")
        decides = await people.staff(tx, Role.APPROVER, unit_id=units.head, login="decides")
    return people.actor(asks), people.actor(decides)


async def bands(database, bank):
    async with database.begin(bank) as tx:
        [found] = [one.bands for one in await customers.list_attributes(tx) if one.name == "salary"]
        return found


async def decided(database, bank, actors, verdict, reason=""):
    async with database.begin(bank) as tx:
        [request] = [one for one in await customers.band_requests(tx) if one.state == "requested"]
        change = await approvals.find_change(tx, request.change_id)
    with pytest.raises(approvals.OwnChange):
        async with database.begin(bank, actors[0]) as tx:
            await approvals.decide(tx, change.id, verdict, reason, change.diff_hash)
    async with database.begin(bank, actors[1]) as tx:
        await approvals.decide(tx, change.id, verdict, reason, change.diff_hash)
    async with database.begin(bank) as tx:
        [request] = [one for one in await customers.band_requests(tx) if one.id == request.id]
    return request.state


async def test_bands_hold_once_another_person_has_approved_them(database, bank, actors):
    async with database.begin(bank, actors[0]) as tx:
        await customers.request_bands(tx, WANTED)
        with pytest.raises(BandsOpen):
            await customers.request_bands(tx, WANTED)
    assert await bands(database, bank) == ()
    assert await decided(database, bank, actors, approvals.Verdict.APPROVE) == "done"
    assert await bands(database, bank) == ("5000", "20000")
    async with database.begin(bank, actors[0]) as tx:
        await customers.define_attributes(tx, [SALARY])
    assert await bands(database, bank) == ("5000", "20000"), "a definition that says nothing of them leaves them"


async def test_what_is_rejected_changes_nothing(database, bank, actors):
    before = await bands(database, bank)
    async with database.begin(bank, actors[0]) as tx:
        await customers.request_bands(tx, NewBands(name="salary", bands=(), reason="不再使用"))
    assert await decided(database, bank, actors, approvals.Verdict.REJECT, "客群还在使用") == "refused"
    assert await bands(database, bank) == before


@pytest.mark.parametrize(
    "wanted",
    [
        NewBands(name="nothing", bands=("1",), reason="没有这个属性"),
        NewBands(name="salary", bands=("x",), reason="不是数字"),
        NewBands(name="salary", bands=("1", "1.0"), reason="重复"),
    ],
    ids=["unknown", "no number", "twice"],
)
async def test_bands_that_are_none_are_refused(database, bank, actors, wanted):
    async with database.begin(bank, actors[0]) as tx:
        with pytest.raises(BandsUnfit):
            await customers.request_bands(tx, wanted)
        assert [one for one in await customers.band_requests(tx) if one.state == "requested"] == []


async def test_nobody_brings_bands_along_with_a_definition(database, bank, actors):
    brought = Attribute(**{**{name: getattr(SALARY, name) for name in SALARY.__struct_fields__}, "bands": ("1",)})
    async with database.begin(bank, actors[0]) as tx:
        with pytest.raises(BandsUndecided) as refused:
            await check_decided(tx, [brought])
        assert refused.value.data["name"] == "salary"
    async with database.begin(bank) as tx:
        await check_decided(tx, [brought])
