"""Customers who turn out to be one natural person share limits and benefits (rule R1), and part as they were."""

import asyncio

import pytest

from huoke.kernel.batch import Call
from huoke.kernel.ids import new_id
from huoke.kernel.tx import SYSTEM
from huoke.know import customers
from huoke.reward import grants
from huoke.reward.grants import Mode, OwnClaim, Redemption, State
from tests.make import grants as make

FIRST, SECOND, THIRD, TWIN, STRANGER = 1, 2, 3, 4, 5


@pytest.fixture
async def people(owner, bank):
    """Five customers of unit 7, joined to nobody; the twin has the id document of the second."""
    async with owner.begin_shared() as tx:
        for table in ("customers.alias", "customers.former", "customers.customer"):
            await tx.execute(f"DELETE FROM {table} WHERE tenant_id = $1", bank)
        for seq in (FIRST, SECOND, THIRD, TWIN, STRANGER):
            await tx.execute(
                "INSERT INTO customers.customer (tenant_id, seq, customer_no, unit_id, person, created_at, changed_at,"
                " ordinal) VALUES ($1, $2, $3, 7, $4, $5, $5, $2)",
                bank,
                seq,
                str(seq),
                SECOND if seq == TWIN else seq,
                tx.now,
            )


@pytest.fixture(autouse=True)
def ports(people):
    """Offers mean everybody; grants are recounted."""

    async def eligible(_tx, _source_id, seqs):
        return [True] * len(seqs)

    grants.register_eligibility("campaign", eligible)
    customers.register_recount("grants", grants.recount)
    yield
    grants.eligibility._PORTS.pop("campaign")


async def claim(tx, offer_id, *seqs):
    calls = [Call(OwnClaim(request_no=new_id().hex, offer_id=offer_id, seq=seq), SYSTEM, tx.now) for seq in seqs]
    answers = await grants.claim_own(tx, calls)
    return [getattr(answer, "code", "granted") for answer in answers]


async def limits(tx, offer_id):
    rows = await tx.fetch(
        "SELECT person, taken, allowed FROM grants.person_limit WHERE offer_id = $1 AND taken > 0 ORDER BY person",
        offer_id,
    )
    return [tuple(row) for row in rows]


async def owned(tx, world, seq):
    return [item for item in await grants.wallet(tx, seq) if item.offer_id == world.offer.id]


async def join(database, bank, seq, kept):
    async with database.begin(bank) as tx:
        await customers.join(tx, seq, kept)


async def part(database, bank, seq):
    async with database.begin(bank) as tx:
        await customers.part(tx, seq)


async def test_what_was_taken_under_either_number_counts_for_both(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx, person_limit=2)
        assert await claim(tx, world.offer.id, SECOND, SECOND) == ["granted", "granted"]
    await join(database, bank, SECOND, FIRST)
    async with database.begin(bank) as tx:
        assert await claim(tx, world.offer.id, FIRST) == ["grants.limit_reached"]
        assert await limits(tx, world.offer.id) == [(FIRST, 2, 2)]
        await make.assert_sound(tx)


async def test_counting_without_the_joining_would_give_a_third(database, bank):
    """The negative control: nobody is told of the joining."""
    async with database.begin(bank) as tx:
        world = await make.world(tx, person_limit=2)
        await claim(tx, world.offer.id, SECOND, SECOND)
        customers.aliases._RECOUNTS.pop("grants")
    await join(database, bank, SECOND, FIRST)
    async with database.begin(bank) as tx:
        assert await claim(tx, world.offer.id, FIRST) == ["granted"]


async def test_who_has_more_as_two_keeps_it_gets_no_more_and_parts_as_before(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx)
        assert await claim(tx, world.offer.id, FIRST, SECOND, STRANGER) == ["granted"] * 3
        before = await limits(tx, world.offer.id)
    await join(database, bank, SECOND, FIRST)
    async with database.begin(bank) as tx:
        assert await limits(tx, world.offer.id) == [(FIRST, 2, 2), (STRANGER, 1, 1)]
        assert await claim(tx, world.offer.id, FIRST, TWIN) == ["grants.limit_reached"] * 2
        await make.assert_sound(tx)
    await part(database, bank, SECOND)
    async with database.begin(bank) as tx:
        assert await limits(tx, world.offer.id) == before == [(FIRST, 1, 1), (SECOND, 1, 1), (STRANGER, 1, 1)]
        persons = await customers.facts(tx, [FIRST, SECOND, TWIN])
        assert persons.persons.tolist() == [FIRST, SECOND, SECOND]
        await make.assert_sound(tx)


async def test_what_comes_in_between_stays_with_whom_it_came_to(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx, person_limit=3)
        await claim(tx, world.offer.id, SECOND)
    await join(database, bank, SECOND, FIRST)
    async with database.begin(bank) as tx:
        assert await claim(tx, world.offer.id, FIRST, FIRST, FIRST) == ["granted", "granted", "grants.limit_reached"]
    await part(database, bank, SECOND)
    async with database.begin(bank) as tx:
        assert await limits(tx, world.offer.id) == [(FIRST, 2, 3), (SECOND, 1, 3)]
        assert await claim(tx, world.offer.id, SECOND, FIRST) == ["granted", "granted"], "lines go on where they were"
        await make.assert_sound(tx)


async def test_what_is_given_back_is_given_back_to_the_person_of_now(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx)
        await claim(tx, world.offer.id, FIRST, SECOND)
    await join(database, bank, SECOND, FIRST)
    async with database.begin(bank) as tx:
        ids = [item.id for item in await owned(tx, world, FIRST)]
        await grants.revoke(tx, ids, "测试收回")
        assert await limits(tx, world.offer.id) == []
        assert await claim(tx, world.offer.id, FIRST) == ["granted"]
        await make.assert_sound(tx)
    await part(database, bank, SECOND)
    async with database.begin(bank) as tx:
        assert await limits(tx, world.offer.id) == [(FIRST, 1, 1)]
        assert await claim(tx, world.offer.id, SECOND) == ["granted"]


async def test_a_bundle_is_chosen_from_by_the_person(database, bank):
    async with database.begin(bank) as tx:
        one = await make.world(tx, choose=1)
        other = await make.world(tx, choose=1, source_id=one.offer.source_id, line=1)
        assert await claim(tx, one.offer.id, SECOND) == ["granted"]
    await join(database, bank, SECOND, FIRST)
    async with database.begin(bank) as tx:
        assert await claim(tx, other.offer.id, FIRST) == ["grants.already_chosen"]
        await make.assert_sound(tx)
    await part(database, bank, SECOND)
    async with database.begin(bank) as tx:
        assert await claim(tx, other.offer.id, FIRST, SECOND) == ["granted", "grants.already_chosen"]
        await make.assert_sound(tx)


async def test_three_become_one_and_the_middle_one_parts_with_whoever_came_with_them(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx)
        await claim(tx, world.offer.id, THIRD, SECOND, FIRST)
    await join(database, bank, THIRD, SECOND)
    await join(database, bank, SECOND, FIRST)
    async with database.begin(bank) as tx:
        assert await limits(tx, world.offer.id) == [(FIRST, 3, 3)]
        assert await customers.numbers_of(tx, FIRST) == [FIRST, SECOND, THIRD]
        assert len(await owned(tx, world, FIRST)) == 3
    await part(database, bank, SECOND)
    async with database.begin(bank) as tx:
        assert await limits(tx, world.offer.id) == [(FIRST, 1, 1), (SECOND, 2, 2)]
        assert [item.seq for item in await owned(tx, world, FIRST)] == [FIRST]
        assert {item.seq for item in await owned(tx, world, SECOND)} == {SECOND, THIRD}
    await part(database, bank, THIRD)
    async with database.begin(bank) as tx:
        assert await limits(tx, world.offer.id) == [(FIRST, 1, 1), (SECOND, 1, 1), (THIRD, 1, 1)]
        await make.assert_sound(tx)


async def waiting(owner, task):
    """Until a task has ended, or stands before a lock."""
    while not task.done():
        async with owner.begin_shared() as tx:
            if await tx.fetch_value("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)"):
                return
        await asyncio.sleep(0.01)


async def claimed_while_joined(database, owner, bank, world):
    """One claims under the number that another person is just joining; then the kept one claims."""
    async with database.begin(bank) as tx:
        first = await claim(tx, world.offer.id, SECOND)
        joining = asyncio.create_task(join(database, bank, SECOND, FIRST))
        await waiting(owner, joining)
    await joining
    async with database.begin(bank) as tx:
        return first + await claim(tx, world.offer.id, FIRST)


async def test_a_joining_that_races_a_claim_lets_nobody_exceed_the_limit(database, owner, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx)
    assert await claimed_while_joined(database, owner, bank, world) == ["granted", "grants.limit_reached"]
    async with database.begin(bank) as tx:
        assert await limits(tx, world.offer.id) == [(FIRST, 1, 1)]
        await make.assert_sound(tx)


async def test_without_holding_persons_still_the_race_is_lost(database, owner, bank, monkeypatch):
    """The negative control: claims that do not keep persons as they are."""

    async def nothing(_tx):
        return None

    monkeypatch.setattr(customers, "hold_persons", nothing)
    async with database.begin(bank) as tx:
        world = await make.world(tx)
    assert await claimed_while_joined(database, owner, bank, world) == ["granted", "granted"]


async def test_claims_under_both_numbers_that_wait_for_the_joining_get_one(database, owner, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx)

    async def one(seq):
        async with database.begin(bank) as tx:
            return await claim(tx, world.offer.id, seq)

    async with database.begin(bank) as tx:
        await customers.join(tx, SECOND, FIRST)
        claims = [asyncio.create_task(one(seq)) for seq in (SECOND, FIRST)]
        await waiting(owner, claims[0])
    assert await claims[0] == ["customers.not_eligible"], "the number leads to another customer now"
    assert await claims[1] == ["granted"]


async def test_the_kept_customer_uses_what_came_under_the_joined_number(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx)
        await claim(tx, world.offer.id, SECOND)
        [item] = await owned(tx, world, SECOND)
    await join(database, bank, SECOND, FIRST)
    async with database.begin(bank) as tx:
        assert (await grants.get_own(tx, item.id, FIRST)).seq == SECOND
        code = await grants.redemption_code(tx, item.id, FIRST)
        with pytest.raises(grants.UnknownGrant):
            await grants.redemption_code(tx, item.id, STRANGER)
        with pytest.raises(grants.UnknownGrant):
            await grants.get_own(tx, item.id, STRANGER)
    async with database.begin(bank) as tx:
        redemption = Redemption(request_no=new_id().hex, code=code.code)
        [done] = await grants.redeem(tx, [redemption], teller="t", unit_id=7)
        assert done.grant_id == item.id
        [used] = await owned(tx, world, FIRST)
        assert used.state is State.USED
    await part(database, bank, SECOND)
    async with database.begin(bank) as tx:
        assert await owned(tx, world, FIRST) == []
        assert len(await owned(tx, world, SECOND)) == 1
        with pytest.raises(grants.UnknownGrant):
            await grants.get_own(tx, item.id, FIRST)


async def test_the_kept_customer_claims_what_was_pushed_to_the_joined_number(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx, mode=Mode.PUSH)
        await grants.grant_members(tx, world.offer.id, make.facts([SECOND], unit_id=7))
    await join(database, bank, SECOND, FIRST)
    async with database.begin(bank) as tx:
        assert await claim(tx, world.offer.id, FIRST, STRANGER) == ["granted", "customers.not_eligible"]
        [item] = await owned(tx, world, FIRST)
        assert (item.seq, item.state) == (SECOND, State.FULFILLED)
