"""Rule R1 for plays: chances, draws a day and prizes count the natural person, whichever of their records draws."""

from datetime import timedelta
from importlib import import_module

import numpy as np
import pytest

from huoke.reward.plays import DrawDone, NoChance
from tests.make import campaigns
from tests.make import plays as make

drawing = import_module("huoke.reward.plays.draw")


@pytest.fixture(scope="module")
async def world(database, feed, clickhouse, bank, ports, analytics):
    return await campaigns.world(database, feed, clickhouse, analytics, bank, count=8, same_person=2)


async def twins(world):
    """Two records of one person, and somebody else."""
    async with world.begin() as tx:
        facts = await drawing.customers.facts(tx, world.seqs)
    seqs, persons = facts.seqs.tolist(), facts.persons.tolist()
    [shared] = {person for person in persons if persons.count(person) > 1}
    first, second = [seq for seq, person in zip(seqs, persons, strict=True) if person == shared][:2]
    other = next(seq for seq, person in zip(seqs, persons, strict=True) if person != shared)
    return first, second, other


async def test_a_persons_chances_and_prizes_are_one_however_many_records_they_have(world, clock):
    first, second, other = await twins(world)
    prize = await make.prize(world, 1_000_000, stock=9, fallback=1, per_person=1)
    once = await make.live(world, [prize, make.nothing(0)], daily_chances=1)
    [won, refused, others] = await make.draw(world, once, first, second, other)
    assert (won.line, others.line) == (0, 0)
    assert isinstance(refused, NoChance)
    days = await make.live(world, [prize, make.nothing(0)], daily_chances=1)
    [won] = await make.draw(world, days, first)
    clock.set(clock.now() + timedelta(days=1))
    [passed, others] = await make.draw(world, days, second, other)
    assert (won.line, passed.line, others.line) == (0, 1, 0)


async def test_counting_records_instead_would_give_two(world, clock, monkeypatch):
    """The negative control: every record taken for a person of its own."""
    first, second, _ = await twins(world)
    real = drawing.customers.facts

    async def each_its_own(tx, seqs):
        found = await real(tx, seqs)
        return type(found)(**{**vars_of(found), "persons": np.array(found.seqs)})

    monkeypatch.setattr(drawing.customers, "facts", each_its_own)
    play_id = await make.live(world, [make.nothing(1_000_000)], daily_chances=1)
    answers = await make.draw(world, play_id, first, second)
    assert [isinstance(one, DrawDone) for one in answers] == [True, True]


def vars_of(found):
    return {name: getattr(found, name) for name in found.__struct_fields__}
