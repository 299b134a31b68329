"""Clerks stand in stores, tellers at counters; whoever binds them keeps to the units they look after."""

import pytest

from huoke.govern import people
from huoke.govern.people import Role
from huoke.kernel.ids import new_id
from huoke.kernel.principal import OutOfScope
from huoke.reward import merchants
from huoke.reward.merchants import (
    ClerkUnfit,
    Desk,
    MerchantChange,
    NewMerchant,
    NewRule,
    NewStore,
    NotYourStore,
    Place,
    Scope,
    StoreChange,
    StoreNotChosen,
    Unknown,
)
from tests.make import merchants as make
from tests.make import people as make_people


@pytest.fixture
async def tx(database, bank, clock):
    async with database.begin(bank) as tx:
        yield tx


@pytest.fixture
async def units(tx):
    return await make_people.units(tx)


async def test_a_teller_redeems_at_the_counter_of_their_unit_and_in_no_store(tx, units):
    teller = await make_people.staff(tx, Role.TELLER, unit_id=units.north)
    desk = await merchants.desk_of(tx, str(teller), units.north)
    assert desk == Desk(unit_id=units.north, is_clerk=False, stores=[])
    assert (desk.place(), desk.store_ids) == (Place(unit_id=units.north), None)
    with pytest.raises(NotYourStore):
        desk.place(new_id())


async def test_a_clerk_redeems_in_the_stores_they_are_bound_to_and_says_which(tx, units):
    clerk = await make_people.staff(tx, Role.MERCHANT_CLERK, unit_id=units.north)
    merchant_id = await make.merchant(tx)
    first, second, third = [await make.store(tx, merchant_id) for _ in range(3)]

    async def desk():
        return await merchants.desk_of(tx, str(clerk), units.north)

    with pytest.raises(ClerkUnfit):
        (await desk()).place()
    assert (await desk()).store_ids == frozenset()
    await merchants.bind_clerk(tx, clerk, first, units=None)
    assert (await desk()).place() == Place(unit_id=units.north, store_id=first, merchant_id=merchant_id)
    await merchants.bind_clerk(tx, clerk, second, units=None)
    with pytest.raises(StoreNotChosen):
        (await desk()).place()
    assert (await desk()).place(second).store_id == second
    with pytest.raises(NotYourStore):
        (await desk()).place(third)
    await merchants.retire_store(tx, second, units=None)
    with pytest.raises(Unknown):
        (await desk()).place(second)
    await merchants.unbind_clerk(tx, clerk, second, units=None)
    assert (await desk()).store_ids == {first}


async def test_binding_twice_and_unbinding_twice_changes_nothing_and_is_told_once(tx, units):
    clerk = await make_people.staff(tx, Role.MERCHANT_CLERK, unit_id=units.north)
    store_id = await make.store(tx, await make.merchant(tx))

    async def told():
        return await tx.fetch_value("SELECT count(*) FROM audit.entry WHERE subject_id = $1", str(clerk))

    before = await told()
    for _ in range(2):
        assert await merchants.bind_clerk(tx, clerk, store_id, units=None) == clerk
    [bound] = await merchants.find_clerks(tx, store_id=store_id)
    assert (bound.staff_id, await told()) == (clerk, before + 1)
    for _ in range(2):
        assert await merchants.unbind_clerk(tx, clerk, store_id, units=None) == clerk
    assert (await merchants.find_clerks(tx, store_id=store_id), await told()) == ([], before + 2)


async def test_only_an_active_clerk_is_a_candidate_and_can_be_bound(tx, units):
    clerk = await make_people.staff(tx, Role.MERCHANT_CLERK, unit_id=units.north)
    gone = await make_people.staff(tx, Role.MERCHANT_CLERK, unit_id=units.north)
    teller = await make_people.staff(tx, Role.TELLER, unit_id=units.north)
    await people.staff.disable(tx, gone, "离职，不再上岗")
    store_id = await make.store(tx, await make.merchant(tx))
    found = {one.staff_id for one in await merchants.find_candidates(tx, limit=200)}
    assert clerk in found
    assert not found & {gone, teller}
    for unfit in (gone, teller):
        with pytest.raises(ClerkUnfit):
            await merchants.bind_clerk(tx, unfit, store_id, units=None)
    assert await merchants.find_clerks(tx, store_id=store_id) == []
    await merchants.bind_clerk(tx, clerk, store_id, units=None)
    [one] = [one for one in await merchants.find_candidates(tx, limit=200) if one.staff_id == clerk]
    assert one.stores == 1
    assert await merchants.find_candidates(tx, q="nobody-of-that-name") == []


async def test_an_operator_of_another_unit_changes_nothing(tx, units):
    """Every write there is, by somebody of the south, on a merchant of the north."""
    clerk = await make_people.staff(tx, Role.MERCHANT_CLERK, unit_id=units.north)
    merchant_id = await make.merchant(tx, unit_id=units.north)
    store_id = await make.store(tx, merchant_id)
    told = {"name": "改名", "region": "330203", "street": "药行街 8 号"}
    south, north = frozenset({units.south}), frozenset({units.north})
    merchant = {"name": "改名", "unit_id": units.north}
    rule = NewRule(scope=Scope.CATEGORY, scope_key="dining", merchant_ids=[merchant_id])
    rule_id = await merchants.add_rule(tx, rule, units=None)
    writes = [
        lambda units: merchants.add_merchant(tx, NewMerchant(code=make.code(), **merchant), units=units),
        lambda units: merchants.change_merchant(tx, MerchantChange(id=merchant_id, **merchant), units=units),
        lambda units: merchants.add_store(tx, NewStore(merchant_id=merchant_id, code=make.code(), **told), units=units),
        lambda units: merchants.change_store(tx, StoreChange(id=store_id, **told), units=units),
        lambda units: merchants.import_stores(tx, merchant_id, b"code,name,region,street\n", units=units),
        lambda units: merchants.bind_clerk(tx, clerk, store_id, units=units),
        lambda units: merchants.unbind_clerk(tx, clerk, store_id, units=units),
        lambda units: merchants.retire_store(tx, store_id, units=units),
        lambda units: merchants.retire_merchant(tx, merchant_id, units=units),
    ]
    whole_bank = [
        lambda units: merchants.add_rule(tx, rule, units=units),
        lambda units: merchants.remove_rule(tx, rule_id, units=units),
    ]

    async def state():
        return await tx.fetch(
            "SELECT s.name, s.status, m.name AS merchant, m.status AS of, (SELECT count(*) FROM merchants.clerk) AS n,"
            " (SELECT count(*) FROM merchants.acceptance) AS rules FROM merchants.store s"
            " JOIN merchants.merchant m ON m.id = s.merchant_id ORDER BY s.code"
        )

    before = await state()
    for write in [*writes, *whole_bank]:
        with pytest.raises(OutOfScope):
            await write(south)
    for write in whole_bank:
        with pytest.raises(OutOfScope):
            await write(north)
    assert await state() == before
    for write in writes:  # the control: the same, by somebody of the north
        await write(north)
    assert await state() != before


async def test_a_clerk_of_another_unit_is_not_bound_and_not_found(tx, units):
    clerk = await make_people.staff(tx, Role.MERCHANT_CLERK, unit_id=units.south)
    store_id = await make.store(tx, await make.merchant(tx, unit_id=units.north))
    north = frozenset({units.north})
    assert clerk not in {one.staff_id for one in await merchants.find_candidates(tx, units=north, limit=200)}
    with pytest.raises(OutOfScope):
        await merchants.bind_clerk(tx, clerk, store_id, units=north)
    await merchants.bind_clerk(tx, clerk, store_id, units=None)
    assert [one.staff_id for one in await merchants.find_clerks(tx, units=north, store_id=store_id)] == [clerk]
    assert await merchants.find_clerks(tx, units=frozenset({units.south}), store_id=store_id) == []
