"""Rule L6: the commitment comes first, the seed after the end, every draw can be done again, and nothing is forced."""

import ast
import hashlib
from importlib import import_module
from pathlib import Path

import asyncpg
import pytest

import huoke.reward.plays as module
from huoke.know.customers import NotEligible
from huoke.reward import grants, plays
from huoke.reward.plays import SeedSecret
from tests.make import campaigns
from tests.make import grants as make_grants
from tests.make import plays as make


@pytest.fixture(scope="module")
async def world(database, feed, clickhouse, bank, ports, analytics):
    return await campaigns.world(database, feed, clickhouse, analytics, bank, count=30, same_person=0)


async def test_the_seed_stays_secret_until_the_end_and_is_the_one_committed_to(world, clock):
    prize = await make.prize(world, 400_000, stock=4, fallback=1)
    play_id = await make.live(world, [prize, make.nothing(600_000)])
    commitment = (await make.get(world, play_id)).commitment
    await make.draw(world, play_id, *world.seqs)
    with pytest.raises(SeedSecret):
        await plays.replay(world.database, world.tenant, play_id)
    with pytest.raises(asyncpg.CheckViolationError):
        async with world.begin() as tx:
            await tx.execute("UPDATE plays.play SET seed = $2 WHERE id = $1", play_id, b"x" * 32)
    await make.end(world, play_id)
    play = await make.get(world, play_id)
    assert hashlib.sha256(play.seed).digest() == commitment == play.commitment
    found = await plays.replay(world.database, world.tenant, play_id)
    assert (found.draws, found.mismatches) == (30, [])
    assert await make.stock(world, prize) == 0


async def test_a_winner_who_was_forced_is_seen_by_the_replay(world, clock, monkeypatch):
    """The negative control: a draw that points at the prize whatever the seed says."""
    drawing = import_module("huoke.reward.plays.draw")
    prize = await make.prize(world, 1, stock=9, fallback=1)
    play_id = await make.live(world, [prize, make.nothing(999_999)])
    await make.draw(world, play_id, world.seqs[0])
    with monkeypatch.context() as planted:
        planted.setattr(drawing, "outcome_of", lambda *_: 0)
        [forced] = await make.draw(world, play_id, world.seqs[1])
    assert forced.line == 0
    await make.end(world, play_id)
    found = await plays.replay(world.database, world.tenant, play_id)
    assert {(one.number, one.field) for one in found.mismatches} >= {(2, "outcome")}
    assert all(one.number == 2 for one in found.mismatches)


async def test_a_prize_leaves_its_pool_by_a_draw_alone(world, clock):
    prize = await make.prize(world, 0, stock=4, fallback=1)
    play_id = await make.live(world, [prize, make.nothing(1_000_000)])
    async with world.begin() as tx:
        [offer] = await grants.find_offers(tx, "play", play_id)
        claim = grants.OwnClaim(request_no="by-hand", offer_id=offer.id, seq=world.seqs[0])
        [refused] = await grants.claim_own(tx, make_grants.calls([claim], tx.now))
    assert isinstance(refused, NotEligible)
    assert await make.stock(world, prize) == 4


def test_the_outcome_knows_nothing_but_seed_play_and_number():
    tree = ast.parse((Path(module.__file__).parent / "chance.py").read_text())
    [outcome] = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "outcome_of"]
    assert [argument.arg for argument in outcome.args.args] == ["seed", "play_id", "number"]
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for name in node.names}
    assert imported.isdisjoint({"Tx", "datetime", "customers", "random"})
