"""The micro-batcher: callers queue while a batch commits, each gets its own outcome, one bad item fails alone."""

import asyncio

import pytest

from huoke.kernel.batch import Batcher
from huoke.kernel.refusals import Conflict, Outage
from huoke.kernel.tx import Actor, ActorKind, Database

TELLER = Actor(ActorKind.STAFF, "t1")
NURSE = Actor(ActorKind.STAFF, "t2")


@pytest.fixture(scope="module")
async def marks(owner):
    async with owner.begin_shared() as tx:
        await tx.execute("""
            CREATE SCHEMA IF NOT EXISTS scratch; GRANT USAGE ON SCHEMA scratch TO huoke_app;
            DROP TABLE IF EXISTS scratch.mark;
            CREATE TABLE scratch.mark (tenant_id int NOT NULL DEFAULT kernel.tenant(), id int, actor text,
              CHECK (id <> 13), PRIMARY KEY (tenant_id, id));
            ALTER TABLE scratch.mark ENABLE ROW LEVEL SECURITY;
            CREATE POLICY tenant ON scratch.mark TO huoke_app USING (tenant_id = (SELECT kernel.tenant()));
            GRANT SELECT, INSERT ON scratch.mark TO huoke_app;
        """)


class Marking:
    """A use-case that remembers the sizes of its batches; number 7 is refused, number 13 breaks the database."""

    def __init__(self):
        self.sizes = []

    async def __call__(self, tx, calls):
        self.sizes.append(len(calls))
        fresh = [call for call in calls if call.value != 7]
        await tx.execute(
            "INSERT INTO scratch.mark (id, actor) SELECT * FROM unnest($1::int[], $2::text[]) ON CONFLICT DO NOTHING",
            [call.value for call in fresh],
            [call.actor.id for call in fresh],
        )
        return [Conflict("seven") if call.value == 7 else call.value * 10 for call in calls]


async def stored(database, bank):
    async with database.begin(bank) as tx:
        return {row["id"]: row["actor"] for row in await tx.fetch("SELECT id, actor FROM scratch.mark")}


async def test_callers_who_come_during_a_commit_go_together_as_the_next_batch(database, bank, marks):
    marking = Marking()
    batcher = Batcher(database, marking)
    answers = await asyncio.gather(*(batcher.submit(bank, TELLER, number) for number in range(100, 164)))
    assert answers == [number * 10 for number in range(100, 164)]
    assert sum(marking.sizes) == 64
    assert len(marking.sizes) <= 3


async def test_a_lone_call_does_not_wait_for_company(database, bank, marks):
    marking = Marking()
    assert await Batcher(database, marking).submit(bank, TELLER, 200) == 2000
    assert marking.sizes == [1]


async def test_one_bad_item_fails_alone(database, bank, marks):
    batcher = Batcher(database, Marking())
    numbers = [11, 12, 13, 14, 7]
    answers = await asyncio.gather(*(batcher.submit(bank, NURSE, n) for n in numbers), return_exceptions=True)
    assert [answers[0], answers[1], answers[3]] == [110, 120, 140]
    assert type(answers[2]).__name__ == "CheckViolationError"
    assert isinstance(answers[4], Conflict)
    assert {number for number in await stored(database, bank) if number < 20} == {11, 12, 14}


async def test_every_call_keeps_its_own_actor(database, bank, marks):
    batcher = Batcher(database, Marking())
    await asyncio.gather(batcher.submit(bank, TELLER, 300), batcher.submit(bank, NURSE, 301))
    marks_now = await stored(database, bank)
    assert (marks_now[300], marks_now[301]) == ("t1", "t2")


async def test_banks_have_lanes_of_their_own(database, bank, other_bank, marks):
    batcher = Batcher(database, Marking())
    await asyncio.gather(batcher.submit(bank, TELLER, 400), batcher.submit(other_bank, TELLER, 401))
    assert 401 not in await stored(database, bank)
    assert set(await stored(database, other_bank)) == {401}


class LosingDatabase:
    """The same database, whose first `losses` commits are lost on the way back after they were done."""

    def __init__(self, database: Database, losses: int):
        self.inner, self.losses, self.clock = database, losses, database.clock

    def begin(self, tenant, actor):
        outer = self

        class Lost:
            async def __aenter__(self):
                self.context = outer.inner.begin(tenant, actor)
                return await self.context.__aenter__()

            async def __aexit__(self, *error):
                await self.context.__aexit__(*error)
                if outer.losses > 0:
                    outer.losses -= 1
                    raise Outage("lost", unknown=True)

        return Lost()


async def test_a_lost_commit_is_resolved_by_asking_again(database, bank, marks):
    batcher = Batcher(LosingDatabase(database, 1), Marking())
    assert await batcher.submit(bank, TELLER, 500) == 5000
    assert list(await stored(database, bank)).count(500) == 1


async def test_a_commit_lost_every_time_is_unknown_to_its_callers(database, bank, marks):
    batcher = Batcher(LosingDatabase(database, 99), Marking())
    with pytest.raises(Outage) as outage:
        await batcher.submit(bank, TELLER, 600)
    assert outage.value.unknown
