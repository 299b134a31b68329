"""Who looks after whom: one owner, any co-owners; to a relationship manager others' customers are not there."""

from uuid import UUID

import pytest

from huoke.govern.people import Role, UnevenRoles
from huoke.kernel.tx import Actor, ActorKind
from huoke.know import customers
from huoke.know.customers import EndedOwnership, Given, NewOwnership, OwnershipStanding, OwnershipUnfit
from tests.make import customers as make
from tests.make import people as make_people

OWNER, CO_OWNER = OwnershipStanding.OWNER, OwnershipStanding.CO_OWNER


@pytest.fixture(scope="module")
async def managers(database, bank):
    """Two of the north and one of the south; a teller of the north."""
    async with database.begin(bank) as tx:
        units = await make_people.units(tx)
        return {
            "ann": await make_people.staff(tx, Role.RM, unit_id=units.north, name="安宁", login="ann"),
            "bo": await make_people.staff(tx, Role.RM, unit_id=units.north, name="薄荷", login="bo"),
            "cai": await make_people.staff(tx, Role.RM, unit_id=units.south, name="蔡南", login="cai"),
            "teller": await make_people.staff(tx, Role.TELLER, unit_id=units.north, login="teller-n"),
        }


@pytest.fixture(scope="module")
async def seqs(database, bank, managers):
    """Six customers of the north, two of the south, by number."""
    rows = [{"customer_no": f"W{n}", "name": "王五", "unit_code": "N1" if n < 6 else "S"} for n in range(8)]
    await make.import_rows(database, bank, rows, {})
    async with database.begin(bank) as tx:
        return await customers.find_by_no(tx, [row["customer_no"] for row in rows])


@pytest.fixture
async def rolled_back(database, bank, managers, seqs):
    """A transaction of the operator that leaves nothing behind."""

    class Undo(Exception):
        pass

    try:
        async with database.begin(bank) as tx:
            yield tx
            raise Undo
    except Undo:
        pass


def as_manager(staff_id: UUID) -> Actor:
    return Actor(ActorKind.STAFF, str(staff_id), own_customers=True)


def new(number, login, standing=OWNER):
    return NewOwnership(customer_no=number, login=login, standing=standing)


async def names(tx, seq):
    return [(one.name, one.standing) for one in await customers.owners_of(tx, seq)]


async def test_each_of_a_batch_has_its_own_outcome(rolled_back, seqs):
    tx = rolled_back
    wanted = [
        new("W0", "ann"), new("W1", "ann"), new("W1", "BO ", CO_OWNER), new("W9", "ann"), new("W2", "nobody"),
        new("W2", "teller-n"), new("W6", "ann"), new("W6", "cai"),
    ]  # fmt: skip
    assert await customers.give(tx, wanted) == [
        Given.ADDED, Given.ADDED, Given.ADDED, Given.CUSTOMER_UNKNOWN, Given.STAFF_UNFIT, Given.STAFF_UNFIT,
        Given.OUT_OF_UNITS, Given.ADDED,
    ]  # fmt: skip
    assert await names(tx, seqs["W1"]) == [("安宁", OWNER), ("薄荷", CO_OWNER)]
    assert await names(tx, seqs["W2"]) == []
    assert await customers.give(tx, wanted[:2]) == [Given.SAME, Given.SAME]


async def test_a_new_owner_takes_the_former_ones_place_and_co_owners_stay(rolled_back, seqs):
    tx = rolled_back
    await customers.give(tx, [new("W0", "ann"), new("W0", "bo", CO_OWNER)])
    assert await customers.give(tx, [new("W0", "bo")]) == [Given.CHANGED]
    assert await names(tx, seqs["W0"]) == [("薄荷", OWNER)]


async def test_an_ownership_ends_once(rolled_back, seqs):
    tx = rolled_back
    await customers.give(tx, [new("W0", "ann"), new("W0", "bo", CO_OWNER)])
    await customers.end_one(tx, EndedOwnership(customer_no="W0", login="bo"))
    assert await names(tx, seqs["W0"]) == [("安宁", OWNER)]
    with pytest.raises(OwnershipUnfit):
        await customers.end_one(tx, EndedOwnership(customer_no="W0", login="bo"))
    assert await names(tx, seqs["W0"]) == [("安宁", OWNER)]


async def test_units_out_of_scope_are_refused(rolled_back, seqs):
    tx = rolled_back
    units = await make_people.units(tx)
    with pytest.raises(OwnershipUnfit):
        await customers.give_one(tx, new("W0", "ann"), scope={units.south})
    assert await names(tx, seqs["W0"]) == []


async def test_only_own_customers_are_there_for_a_relationship_manager(database, bank, managers, seqs):
    async with database.begin(bank) as tx:
        await customers.give(tx, [new("W0", "ann"), new("W1", "bo"), new("W1", "ann", CO_OWNER), new("W2", "bo")])
    async with database.begin(bank, as_manager(managers["ann"])) as tx:
        rows, total = await customers.find(tx)
        assert ([row.customer_no for row in rows], total) == (["W0", "W1"], 2)
        assert set(await customers.find_by_no(tx, ["W0", "W1", "W2", "W6"])) == {"W0", "W1"}
        with pytest.raises(customers.CustomerUnknown):
            await customers.get(tx, seqs["W2"])
        mine = await customers.portfolio(tx)
        assert mine is not None
        assert mine.array().tolist() == sorted([seqs["W0"], seqs["W1"]])
    async with database.begin(bank, as_manager(managers["cai"])) as tx:
        assert await customers.find(tx) == ([], 0)
    async with database.begin(bank) as tx:
        assert (await customers.find(tx))[1] == 8, "everybody else sees them all"
        assert await customers.portfolio(tx) is None


async def test_without_the_policy_everybody_would_be_there(owner, database, bank, managers, seqs):
    """The negative control: the rows are kept away by row-level security and by nothing else."""
    async with owner.begin_shared() as tx:
        await tx.execute("ALTER POLICY portfolio ON customers.customer USING (true)")
    try:
        async with database.begin(bank, as_manager(managers["cai"])) as tx:
            assert (await customers.find(tx))[1] == 8
    finally:
        async with owner.begin_shared() as tx:
            await tx.execute(
                "ALTER POLICY portfolio ON customers.customer USING ((SELECT kernel.portfolio()) IS NULL OR seq IN"
                " (SELECT o.seq FROM customers.ownership AS o WHERE o.staff_id = (SELECT kernel.portfolio())))"
            )


async def test_who_is_erased_is_looked_after_by_nobody(rolled_back, seqs):
    tx = rolled_back
    await customers.give(tx, [new("W3", "ann")])
    await customers.PersonalCustomers().erase(tx, [seqs["W3"]])
    assert await names(tx, seqs["W3"]) == []


async def test_a_relationship_manager_holds_no_other_role(database, bank):
    async with database.begin(bank) as tx:
        with pytest.raises(UnevenRoles):
            await make_people.staff(tx, Role.RM, Role.BRANCH_OPERATOR)
