"""R1: a person's limit counts the natural person, not the phone, the account or the customer number."""

from huoke.reward import grants
from huoke.reward.grants import Mode
from tests.make import grants as make


async def test_two_customers_who_are_one_person_share_one_limit(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx)
        first, second, other = await make.claim_all(
            tx,
            make.claim(world.offer.id, 1, person=1),
            make.claim(world.offer.id, 2, person=1),
            make.claim(world.offer.id, 3, person=3),
        )
        assert first.grant_id != other.grant_id
        assert second.code == "grants.limit_reached"
        [later] = await make.claim_all(tx, make.claim(world.offer.id, 2, person=1))
        assert later.code == "grants.limit_reached"
        assert (await make.pool_numbers(tx, world.pool_id))[2] == 2


async def test_a_push_grants_one_person_once_however_many_customers_they_are(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx, mode=Mode.PUSH)
        pushed = await grants.grant_members(tx, world.offer.id, make.facts([1, 2, 3], persons=[1, 1, 3]))
        again = await grants.grant_members(tx, world.offer.id, make.facts([1, 2, 3], persons=[1, 1, 3]))
        assert (pushed.granted, pushed.limit_reached) == (2, 1)
        assert (again.granted, again.exists, again.limit_reached) == (0, 2, 1)


async def test_counting_customers_instead_would_give_two(database, bank):
    """The negative control: the same two customers, each taken for a person of their own."""
    async with database.begin(bank) as tx:
        world = await make.world(tx)
        answers = await make.claim_all(tx, make.claim(world.offer.id, 1), make.claim(world.offer.id, 2))
        assert len({answer.grant_id for answer in answers}) == 2
