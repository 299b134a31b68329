"""A member of staff's own codes: what they may invite by, what came of it, and nothing of anybody else's."""

import pytest

from huoke.govern import identity
from huoke.govern.people import Role
from huoke.know import customers
from huoke.know.customers import NewOwnership
from huoke.reward import referral
from tests.make import people as make_people
from tests.make import referral as make


@pytest.fixture(scope="module")
async def manager(world):
    """A relationship manager as the session has them."""
    async with world.begin() as tx:
        staff_id = await make_people.staff(tx, Role.RM, unit_id=world.units.head, login="coder")
        return await identity.principal_of_staff(tx, staff_id)


@pytest.fixture
async def programme_id(world):
    return await make.live(world)


async def own(world, who, programme_id):
    async with world.begin(who) as tx:
        return next(
            (one for one in await referral.staff_programmes(tx, who, "https://bank.example") if one.id == programme_id),
            None,
        )


async def open_code(world, who, programme_id):
    async with world.begin(who) as tx:
        return await referral.own_staff_code(tx, who, programme_id)


async def test_a_programme_is_offered_before_its_code_is_opened_and_shown_with_it_after(world, manager, programme_id):
    before = await own(world, manager, programme_id)
    assert (before.address, before.can, before.accepted) == ("", ["open"], 0)
    code = await open_code(world, manager, programme_id)
    after = await own(world, manager, programme_id)
    assert (after.address, after.can) == (f"https://bank.example/e/{code}", [])
    async with world.begin(manager) as tx:
        drawn = await referral.staff_poster(tx, manager, programme_id, "https://bank.example", english=True)
    assert b"<svg" in drawn


async def test_who_came_counts_for_whose_code_it_was_and_names_are_of_own_customers(world, manager, programme_id):
    code = await open_code(world, manager, programme_id)
    operators = await open_code(world, world.operator, programme_id)
    mine, theirs, elsewhere = world.seqs[40:43]
    await make.accept(world, (code, mine))
    await make.accept(world, (code, theirs))
    await make.accept(world, (operators, elsewhere))
    async with world.begin() as tx:
        [row] = await customers.masked_rows(tx, [mine])
        await customers.give(tx, [NewOwnership(customer_no=row.customer_no, login="coder")])
    assert (await own(world, manager, programme_id)).accepted == 2
    assert (await own(world, world.operator, programme_id)).accepted == 1
    async with world.begin(manager) as tx:
        found = await referral.staff_invited(tx, manager, programme_id)
        [latest] = await referral.staff_invited(tx, manager, programme_id, limit=1)
        rest = await referral.staff_invited(tx, manager, programme_id, before=(latest.bound_at, latest.id))
    assert {(one.seq, one.name) for one in found} == {(mine, row.name), (None, None)}
    assert [one.id for one in found] == [latest.id, *(one.id for one in rest)]


async def test_who_has_no_code_has_nobody_who_came(world, manager, programme_id):
    async with world.begin(manager) as tx:
        with pytest.raises(referral.ProgrammeUnknown):
            await referral.staff_invited(tx, manager, programme_id)
        with pytest.raises(referral.ProgrammeUnknown):
            await referral.staff_poster(tx, manager, programme_id, "https://bank.example", english=False)


async def test_a_stopped_programme_is_shown_to_who_invited_by_it_and_to_nobody_else(world, manager, programme_id):
    await open_code(world, world.operator, programme_id)
    async with world.begin() as tx:
        await tx.execute("UPDATE referral.programme SET state = 'stopped' WHERE id = $1", programme_id)
    assert await own(world, manager, programme_id) is None
    ended = await own(world, world.operator, programme_id)
    assert (ended.state, ended.can) == ("stopped", [])


async def test_a_branch_is_told_the_names_of_its_own_customers_alone(world, programme_id):
    code = await open_code(world, world.branch_operator, programme_id)
    seqs = world.seqs[44:50]
    await make.accept(world, *((code, seq) for seq in seqs))
    async with world.begin() as tx:
        rows = await customers.masked_rows(tx, seqs)
    own = {(row.seq, row.name) for row in rows if world.branch_operator.covers(row.unit_id)}
    assert 0 < len(own) < len(seqs), "some are another branch's"
    async with world.begin(world.branch_operator) as tx:
        found = await referral.staff_invited(tx, world.branch_operator, programme_id)
    assert len(found) == len(seqs)
    assert {(one.seq, one.name) for one in found} == own | {(None, None)}
