"""Claims as customers make them: unit, person and eligibility are looked up for the whole batch."""

import pytest

from huoke.kernel.batch import Call
from huoke.kernel.ids import new_id
from huoke.kernel.tx import SYSTEM
from huoke.reward import grants
from huoke.reward.grants import Mode, OwnClaim, State
from tests.make import grants as make


@pytest.fixture(scope="module", autouse=True)
async def members(owner, bank):
    """Customers 1 to 5 of unit 7; 1 and 2 are one person, 5 has left."""
    async with owner.begin_shared() as tx:
        for seq in range(1, 6):
            await tx.execute(
                "INSERT INTO customers.customer (tenant_id, seq, customer_no, unit_id, person, status, created_at,"
                " changed_at, ordinal) VALUES ($1, $2, $3, 7, $4, $5, $6, $6, $2)",
                bank,
                seq,
                str(seq),
                1 if seq == 2 else seq,
                "closed" if seq == 5 else "active",
                tx.now,
            )


@pytest.fixture
def source_kind():
    """A source that means even customers and the first."""

    async def eligible(_tx, _source_id, seqs):
        return [seq % 2 == 0 or seq == 1 for seq in seqs]

    grants.register_eligibility("test", eligible)
    yield "test"
    grants.eligibility._PORTS.pop("test")


async def claim(tx, offer_id, *seqs):
    calls = [Call(OwnClaim(request_no=new_id().hex, offer_id=offer_id, seq=seq), SYSTEM, tx.now) for seq in seqs]
    return await grants.claim_own(tx, calls)


async def test_facts_come_from_the_customers_records_and_eligibility_from_the_source(database, bank, source_kind):
    async with database.begin(bank) as tx:
        world = await make.world(tx, source_kind=source_kind)
        answers = await claim(tx, world.offer.id, 1, 2, 3, 4, 5, 99)
        assert [getattr(answer, "code", "granted") for answer in answers] == [
            "granted",
            "grants.limit_reached",
            "customers.not_eligible",
            "granted",
            "customers.not_eligible",
            "customers.not_eligible",
        ]
        [item] = await grants.wallet(tx, 4)
        assert item.unit_id == 7
        await make.assert_sound(tx)


async def test_where_nobody_answers_for_a_source_nobody_pulls(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx, source_kind="nobody")
        [refused] = await claim(tx, world.offer.id, 4)
        assert refused.code == "customers.not_eligible"


async def test_a_pushed_grant_is_claimed_without_asking_again(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx, source_kind="nobody", mode=Mode.PUSH)
        await grants.grant_members(tx, world.offer.id, make.facts([3], unit_id=7))
        [claimed] = await claim(tx, world.offer.id, 3)
        assert claimed.state is State.FULFILLED
