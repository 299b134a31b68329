"""Caps of earn rules hold for natural persons (rule R1), also for those found to be one, and again when they part."""

import pytest

from huoke.kernel.ids import new_id
from huoke.know import customers
from huoke.reward import points
from huoke.reward.points import Caps
from huoke.reward.points.earn import ids_of
from tests.make import events as make_events
from tests.make import points as make


@pytest.fixture
def recounted():
    customers.register_recount("points", points.recount)
    yield
    customers.aliases._RECOUNTS.pop("points", None)


@pytest.fixture
async def pair(database, bank, units):
    """Two who turn out to be one, and a stranger; not those of an earlier test."""
    numbers = [new_id().hex for _ in range(3)]
    found = await make_events.people(database, bank, *numbers)
    return [found[number] for number in numbers]


@pytest.fixture
async def rule(database, bank):
    """A rule that gives ten points an event: at most 25 a day, 35 a month, 45 a person."""
    async with database.begin(bank) as tx:
        await make.kind(tx)
        await tx.execute("DELETE FROM points.rule")
        return await make.rule(tx, points=10, per_fen=0, caps=Caps(day=25, month=35, person=45))


async def earn(tx, seq, times):
    ready = await points.prepare(tx, None, ids_of(await points.rules(tx)))
    return (await points.earn(tx, ready, [make.event(seq, tx.now) for _ in range(times)])).points


async def counted(tx, rule):
    rows = await tx.fetch("SELECT person, span, points FROM points.earned WHERE rule_id = $1", rule)
    found = {}
    for person, span, sum_ in (tuple(row) for row in rows):
        found.setdefault(person, {})[span] = sum_
    return found


def each(amount):
    return {"day": amount, "month": amount, "rule": amount}


async def test_what_was_earned_under_two_numbers_counts_for_one_and_apart_again(database, bank, pair, rule, recounted):
    first, second, stranger = pair
    async with database.begin(bank) as tx:
        assert [await earn(tx, seq, 1) for seq in (first, second, stranger)] == [10, 10, 10]
        before = await counted(tx, rule)
        assert before == {first: each(10), second: each(10), stranger: each(10)}
        await customers.join(tx, second, first)
        assert await counted(tx, rule) == {first: each(20), stranger: each(10)}
        assert await earn(tx, first, 1) == 5, "a cap has room for what two took, and no more"
        await customers.part(tx, second)
        assert await counted(tx, rule) == {first: each(15), second: each(10), stranger: each(10)}
        assert [await earn(tx, seq, 2) for seq in (first, second)] == [10, 15]


async def test_who_got_more_as_two_than_a_cap_allows_keeps_it_and_gets_no_more(database, bank, pair, rule, recounted):
    first, second, _ = pair
    async with database.begin(bank) as tx:
        assert [await earn(tx, seq, 3) for seq in (first, second)] == [25, 25]
        await customers.join(tx, second, first)
        assert await counted(tx, rule) == {first: each(50)}
        assert await earn(tx, first, 1) == 0


async def test_without_the_recount_a_joined_person_would_earn_twice(database, bank, pair, rule):
    """The negative control: nobody is told of the joining."""
    first, second, _ = pair
    async with database.begin(bank) as tx:
        await earn(tx, second, 3)
        await customers.join(tx, second, first)
        assert await earn(tx, first, 3) == 25
