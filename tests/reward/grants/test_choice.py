"""Bundles: offers of one campaign share a choice limit for each natural person, whatever happens at the same time."""

import asyncio

import pytest

from huoke.kernel.ids import new_id
from huoke.reward import grants
from huoke.reward.grants import Mode
from tests.make import grants as make


async def bundle(tx, *, choose=2, size=3, **changes):
    source_id = new_id()
    return [
        await make.world(tx, stock=10, source_id=source_id, line=line, choose=choose, **changes) for line in range(size)
    ]


async def test_a_person_chooses_no_more_than_the_bundle_allows(database, bank):
    async with database.begin(bank) as tx:
        worlds = await bundle(tx)
        answers = [
            (await make.claim_all(tx, make.claim(world.offer.id, seq, person=50)))[0]
            for world, seq in zip(worlds, (50, 51, 52), strict=True)
        ]
        assert [getattr(answer, "code", "granted") for answer in answers] == [
            "granted",
            "granted",
            "grants.already_chosen",
        ]
        assert answers[2].data == {"chosen": 2, "choose": 2}
        assert await make.pool_numbers(tx, worlds[2].pool_id) == (10, 10, 0, 0, 0)
        await make.assert_sound(tx)


async def test_one_batch_counts_its_own_choices(database, bank):
    async with database.begin(bank) as tx:
        worlds = await bundle(tx)
        answers = await make.claim_all(tx, *(make.claim(world.offer.id, 60) for world in worlds))
        assert [getattr(answer, "code", "granted") for answer in answers] == [
            "granted",
            "granted",
            "grants.already_chosen",
        ]


async def test_a_choice_taken_back_may_be_made_again(database, bank):
    async with database.begin(bank) as tx:
        first, second = await bundle(tx, choose=1, size=2)
        [claimed] = await make.claim_all(tx, make.claim(first.offer.id, 70))
        [refused] = await make.claim_all(tx, make.claim(second.offer.id, 70))
        assert refused.code == "grants.already_chosen"
        await grants.return_(tx, [claimed.grant_id], "换一个")
        [again] = await make.claim_all(tx, make.claim(second.offer.id, 70))
        assert isinstance(again, grants.Claimed)
        await make.assert_sound(tx)


async def test_two_tabs_that_choose_at_once_get_one_choice(database, bank):
    async with database.begin(bank) as tx:
        worlds = await bundle(tx, choose=1, size=4)

    async def tab(world, person):
        async with database.begin(bank) as tx:
            return (await make.claim_all(tx, make.claim(world.offer.id, person)))[0]

    answers = await asyncio.gather(*(tab(world, person) for person in range(100, 105) for world in worlds))
    assert sum(isinstance(answer, grants.Claimed) for answer in answers) == 5
    assert {answer.code for answer in answers if not isinstance(answer, grants.Claimed)} == {"grants.already_chosen"}
    async with database.begin(bank) as tx:
        await make.assert_sound(tx)


async def test_without_the_siblings_locks_two_tabs_get_two(database, bank):
    """The negative control: each tab locks its own offer only, and both read that nothing was chosen."""
    async with database.begin(bank) as tx:
        worlds = await bundle(tx, choose=1, size=2)
    both = asyncio.Barrier(2)
    seen = []

    async def careless(world):
        async with database.begin(bank) as tx:
            await tx.execute("SELECT 1 FROM grants.offer WHERE id = $1 FOR NO KEY UPDATE", world.offer.id)
            seen.append(await grants.store.chosen(tx, [(world.offer.source_id, 200)]))
            await both.wait()

    await asyncio.gather(*(careless(world) for world in worlds))
    assert seen == [{}, {}]


async def test_a_choice_written_past_the_grants_is_found(database, owner, other_bank):
    async with database.begin(other_bank) as tx:
        worlds = await bundle(tx, choose=2, size=2)
        await make.claim_all(tx, make.claim(worlds[0].offer.id, 1))
    async with owner.begin_shared() as tx:
        await tx.execute("UPDATE grants.choice_limit SET taken = 2 WHERE source_id = $1", worlds[0].offer.source_id)
    async with database.begin(other_bank) as tx:
        [difference] = await grants.verify(tx)
        assert (difference.what, difference.stored, difference.recomputed) == ("choice_limit", 2, 1)


async def test_a_bundle_is_never_pushed(database, bank):
    async with database.begin(bank) as tx:
        with pytest.raises(grants.UnfitOffer) as refused:
            await bundle(tx, mode=Mode.PUSH)
        assert refused.value.pointer == "/choose"


async def test_the_page_shows_what_is_left_and_what_was_chosen(database, bank):
    async with database.begin(bank) as tx:
        first, second = await bundle(tx, choose=1, size=2)
        await make.claim_all(tx, make.claim(first.offer.id, 301), make.claim(first.offer.id, 302))
        shown = await grants.choices(tx, "campaign", first.offer.source_id, 301)
        assert (shown.choose, shown.chosen) == (1, 1)
        assert [(item.offer.id, item.left, item.mine) for item in shown.items] == [
            (first.offer.id, 8, 1),
            (second.offer.id, 10, 0),
        ]
        assert (await grants.choices(tx, "campaign", new_id(), 301)).items == []
