"""Who looks after whom: one owner, any co-owners; to a relationship manager others' customers are not there."""

from collections import Counter
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoke.govern.people import Role, UnevenRoles
from huoke.kernel.tx import Actor, ActorKind
from huoke.know import customers
from huoke.know.customers import (
    EndedOwnership,
    Given,
    HandedOver,
    HandOver,
    Managed,
    NewOwnership,
    OwnershipStanding,
    OwnershipUnfit,
)
from huoke.know.customers.ownership_model import changes
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


async def test_of_two_owners_in_one_list_the_first_counts(rolled_back, seqs):
    tx = rolled_back
    wanted = [new("W0", "ann"), new("W0", "bo"), new("W0", "bo", CO_OWNER)]
    assert await customers.give(tx, wanted) == [Given.ADDED, Given.OWNER_TWICE, Given.ADDED]
    assert await names(tx, seqs["W0"]) == [("安宁", OWNER), ("薄荷", CO_OWNER)]


async def test_every_change_stands_in_the_history(rolled_back, seqs):
    tx = rolled_back
    await customers.give(tx, [new("W0", "ann"), new("W0", "bo", CO_OWNER)])
    await customers.give(tx, [new("W0", "bo")])
    await customers.give(tx, [new("W0", "bo")])
    await customers.end_one(tx, EndedOwnership(customer_no="W0", login="bo"))
    steps = [(one.name, one.before, one.standing) for one in await customers.ownership_history(tx, seqs["W0"])]
    assert steps[0] == ("薄荷", OWNER, None), "the latest first"
    assert sorted(steps[1:3], key=str) == sorted([("薄荷", CO_OWNER, OWNER), ("安宁", OWNER, None)], key=str)
    assert sorted(steps[3:], key=str) == sorted([("薄荷", None, CO_OWNER), ("安宁", None, OWNER)], key=str)


async def test_all_customers_of_one_manager_go_to_another_within_their_units(rolled_back, seqs, managers):
    tx = rolled_back
    await customers.give(
        tx,
        [new("W0", "ann"), new("W1", "ann"), new("W1", "bo", CO_OWNER), new("W2", "bo"), new("W2", "ann", CO_OWNER)],
    )
    wanted = HandOver(login="ann", to="bo")
    expected = HandedOver(owned=2, shared=1, left=0)
    assert await customers.hand_over(tx, wanted, trial=True) == expected
    assert await names(tx, seqs["W0"]) == [("安宁", OWNER)], "a trial moves nothing"
    assert await customers.hand_over(tx, wanted) == expected
    for number in ("W0", "W1", "W2"):
        assert await names(tx, seqs[number]) == [("薄荷", OWNER)], number
    counts = await customers.count_managed(tx, [managers["ann"], managers["bo"]])
    assert counts == {managers["bo"]: Managed(owned=3, shared=0)}
    assert await customers.hand_over(tx, HandOver(login="bo", to="cai")) == HandedOver(owned=0, shared=0, left=3)
    assert await names(tx, seqs["W0"]) == [("薄荷", OWNER)], "the south does not reach the north"


async def test_the_pool_is_who_has_no_owner(rolled_back, seqs):
    tx = rolled_back
    await customers.give(tx, [new("W0", "ann"), new("W1", "bo", CO_OWNER), new("W6", "cai")])
    assert await customers.pool_size(tx) == 6
    found = await customers.listed(tx, pool=True)
    assert ([row.customer_no for row in found.rows], sum(found.counts.values())) == (
        ["W1", "W2", "W3", "W4", "W5", "W7"],
        6,
    )
    assert await customers.hand_over(tx, HandOver(login="ann")) == HandedOver(owned=1, shared=0, left=0)
    assert await customers.pool_size(tx) == 7
    units = await make_people.units(tx)
    assert await customers.pool_size(tx, scope={units.south}) == 1


async def test_customers_are_found_by_who_looks_after_them(rolled_back, seqs, managers):
    tx = rolled_back
    await customers.give(tx, [new("W0", "ann"), new("W1", "bo"), new("W1", "ann", CO_OWNER), new("W2", "bo")])
    found = await customers.listed(tx, looked_after_by=managers["ann"])
    assert ([row.customer_no for row in found.rows], sum(found.counts.values())) == (["W0", "W1"], 2)


async def test_a_hand_over_to_oneself_or_to_nobody_is_refused(rolled_back, seqs):
    tx = rolled_back
    units = await make_people.units(tx)
    await customers.give(tx, [new("W0", "ann")])
    for wanted, scope, pointer in (
        (HandOver(login="ann", to="ann"), None, "/to"),
        (HandOver(login="ann", to="teller-n"), None, "/to"),
        (HandOver(login="nobody", to="bo"), None, "/login"),
        (HandOver(login="ann", to="bo"), {units.south}, "/login"),
    ):
        with pytest.raises(OwnershipUnfit) as refused:
            await customers.hand_over(tx, wanted, scope=scope)
        assert refused.value.pointer == pointer
    assert await names(tx, seqs["W0"]) == [("安宁", OWNER)]


STAFF = [UUID(int=n) for n in range(3)]
PAIRS = st.tuples(st.integers(0, 3), st.sampled_from(STAFF))


def one_owner_each(pairs):
    """Pairs with at most one owner a customer: further ones become co-owners."""
    owned = set()
    return {
        pair: CO_OWNER if standing is OWNER and (pair[0] in owned or owned.add(pair[0])) else standing
        for pair, standing in pairs.items()
    }


@given(
    stood=st.dictionaries(PAIRS, st.sampled_from([OWNER, CO_OWNER])).map(one_owner_each),
    wanted=st.dictionaries(PAIRS, st.sampled_from([OWNER, CO_OWNER, None])).map(one_owner_each),
)
def test_whatever_is_wanted_stands_after_its_changes_and_nobody_has_two_owners(stood, wanted):
    after = dict(stood)
    for change in changes({pair: standing.value for pair, standing in stood.items()}, wanted):
        assert after.get((change.seq, change.staff_id)) == change.before != change.standing
        after[change.seq, change.staff_id] = change.standing
    assert {pair: after.get(pair) for pair in wanted} == wanted
    owners = Counter(seq for (seq, _), standing in after.items() if standing is OWNER)
    assert set(owners.values()) <= {1}
    displaced = {pair for pair in stood if after[pair] != stood[pair] and pair not in wanted}
    assert all(stood[pair] is OWNER and after[pair] is None for pair in displaced), "co-owners stay"


async def test_units_out_of_scope_are_refused(rolled_back, seqs):
    tx = rolled_back
    units = await make_people.units(tx)
    with pytest.raises(OwnershipUnfit):
        await customers.give_one(tx, new("W0", "ann"), scope={units.south})
    assert await names(tx, seqs["W0"]) == []
    await customers.give(tx, [new("W0", "ann")])
    with pytest.raises(OwnershipUnfit) as refused:
        await customers.end_one(tx, EndedOwnership(customer_no="W0", login="ann"), scope={units.south})
    assert (refused.value.pointer, await names(tx, seqs["W0"])) == ("/customer_no", [("安宁", OWNER)])


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
    assert await customers.ownership_history(tx, seqs["W3"]) == []


async def test_a_relationship_manager_holds_no_other_role(database, bank):
    async with database.begin(bank) as tx:
        with pytest.raises(UnevenRoles):
            await make_people.staff(tx, Role.RM, Role.BRANCH_OPERATOR)
