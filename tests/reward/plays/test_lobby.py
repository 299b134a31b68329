"""Plays of the lobby: checked in by the branch's code, opened by the relationship manager's, once a visit."""

from datetime import timedelta
from uuid import UUID

import pytest

from huoke.govern import privacy
from huoke.kernel.batch import Call
from huoke.kernel.clock import CHINA
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import SYSTEM
from huoke.know import consent, entry_points, events
from huoke.know.consent import SuppressionReason, SuppressionStatement, Verdict
from huoke.reward import plays
from huoke.reward.plays import BranchClosed, CodeOf, Lobby, Scan, visiting
from tests.make import plays as make
from tests.make import points as make_points


def told(answer):
    return getattr(answer, "code", None) or len(answer.opened)


async def at_noon(clock):
    """The branch is open, and no code is about to turn."""
    local = clock.now().astimezone(CHINA)
    noon = local.replace(hour=12, minute=0, second=0, microsecond=0)
    clock.advance(noon - local + (timedelta(days=1) if noon < local else timedelta()))


async def code(world, unit_id, rm=None):
    async with world.begin() as tx:
        return plays.code_now(await privacy.keys(tx), unit_id, UUID(rm.actor.id) if rm else None, tx.now)[0]


async def scan(world, text, *seqs):
    async with world.begin() as tx:
        return await plays.scan(tx, [Call(Scan(seq=seq, code=text), SYSTEM, tx.now) for seq in seqs])


async def lobby_play(world, by=CodeOf.RM, **changes):
    prize = await make.prize(world, 1_000_000, stock=50, fallback=1)
    changes = {"lobby": Lobby(chances=2, by=by), "daily_chances": 0, **changes}
    return await make.live(world, [prize, make.nothing(0)], **changes)


@pytest.fixture
async def ended(world):
    """No play of the lobby is left from another test."""
    yield
    async with world.begin() as tx:
        for play in await visiting.store_lobby.of_the_lobby(tx):
            await plays.move(tx, None, play.id, plays.PlayState.ENDED)


async def visits(world):
    async with world.begin() as tx:
        return [dict(row) for row in await tx.fetch("SELECT * FROM plays.visit ORDER BY checked_in_at, id")]


async def test_a_visit_opens_a_play_once_for_who_checked_in_and_tells_the_rm(world, clock, ended):
    await at_noon(clock)
    play_id, north, rm = await lobby_play(world), world.units.north, world.teller
    seq, other = world.seqs[:2]
    assert [a.code for a in await make.draw(world, play_id, seq)] == ["plays.no_chance"]
    own = await code(world, north, rm)
    assert [told(a) for a in await scan(world, own, seq)] == ["plays.not_checked_in"]
    assert await visits(world) == []
    door = await code(world, north)
    first, again, their = await scan(world, door, seq, seq, other)
    assert (first.checked_in, first.opened, again.visit_id == first.visit_id) == (True, [], True)
    assert their.visit_id != first.visit_id
    assert [told(a) for a in await scan(world, own, seq, seq)] == [1, 1]
    clock.advance(timedelta(seconds=20))
    assert [told(a) for a in await scan(world, await code(world, north, rm), seq)] == [1]
    drawn = await make.draw(world, play_id, seq, seq, seq, other)
    assert [getattr(a, "line", getattr(a, "code", "")) for a in drawn] == [0, 0, "plays.no_chance", "plays.no_chance"]
    async with world.begin(rm) as tx:
        [visit] = await plays.received(tx, rm)
        assert (visit.id, visit.seq, visit.plays[0].draws, visit.plays[0].prizes[0].count) == (
            first.visit_id,
            seq,
            2,
            2,
        )
        [figure] = await plays.lobby_figures(tx, world.operator, play_id)
        assert (figure.unit_id, figure.visits, figure.people, figure.played, figure.draws, figure.won) == (
            north, 1, 1, 1, 2, 2,
        )  # fmt: skip
        taken = await events.taken(tx, (await visits(world))[0]["checked_in_at"])
        assert {one.properties["outlet"] for one in taken if one.name == "branch.visited"} == {"N"}


async def test_the_next_day_and_another_branch_are_other_visits(world, clock, ended):
    await at_noon(clock)
    play_id, seq = await lobby_play(world, CodeOf.BRANCH), world.seqs[4]
    north, south = world.units.north, world.units.south
    assert [told(a) for a in await scan(world, await code(world, north), seq)] == [1]
    assert [told(a) for a in await scan(world, await code(world, south), seq)] == [1]
    assert [told(a) for a in await scan(world, await code(world, south, world.teller), seq)] == [1]
    assert [getattr(a, "line", a) for a in await make.draw(world, play_id, *[seq] * 4)] == [0] * 4
    clock.advance(timedelta(days=1))
    assert [a.code for a in await make.draw(world, play_id, seq)] == ["plays.no_chance"]
    assert [told(a) for a in await scan(world, await code(world, north), seq)] == [1]
    assert [getattr(a, "line", a) for a in await make.draw(world, play_id, seq)] == [0]


async def test_old_forged_foreign_and_night_codes_open_nothing(world, clock, ended, other_bank):
    await at_noon(clock)
    await lobby_play(world, CodeOf.BRANCH)
    seq, before = world.seqs[5], await visits(world)
    text = await code(world, world.units.north)
    async with world.database.begin(other_bank) as tx:
        foreign = plays.code_now(await privacy.keys(tx), world.units.north, None, tx.now)[0]
    swapped = ("B" if text[0] != "B" else "C") + text[1:]
    nowhere = await code(world, 999_999)
    for wrong in (foreign, swapped, "", "x" * 43, nowhere):
        assert [told(a) for a in await scan(world, wrong, seq)] == ["plays.code_unknown"]
    clock.advance(timedelta(seconds=60))
    assert [told(a) for a in await scan(world, text, seq)] == ["plays.code_stale"]
    clock.advance(timedelta(hours=9))
    assert [told(a) for a in await scan(world, await code(world, world.units.north), seq)] == ["plays.branch_closed"]
    assert await visits(world) == before


async def test_one_natural_person_has_one_visit_and_who_is_suppressed_opens_nothing(world, clock, ended):
    await at_noon(clock)
    await lobby_play(world, CodeOf.BRANCH)
    one, two = world.seqs[-2:]
    first, second = await scan(world, await code(world, world.units.north), one, two)
    assert first.visit_id == second.visit_id
    staff = world.seqs[9]
    async with world.begin() as tx:
        members = CustomerSet.of(world.tenant, [staff])
        reason = SuppressionReason.STAFF
        await consent.suppress(tx, [SuppressionStatement(reason=reason, verdict=Verdict.GIVEN, members=members)])
    [came] = await scan(world, await code(world, world.units.north), staff)
    assert (came.checked_in, came.opened) == (True, [])


async def test_a_visit_told_by_the_banks_own_queue_counts_as_checked_in(world, clock, ended):
    await at_noon(clock)
    await lobby_play(world)
    seq = world.seqs[10]
    said = [make_points.event(seq, clock.now(), "branch.visited", outlet=outlet) for outlet in ("N", "nowhere")]
    async with world.begin() as tx:
        assert [await visiting.note(tx, said), await visiting.note(tx, said)] == [1, 0]
    assert [told(a) for a in await scan(world, await code(world, world.units.north, world.teller), seq)] == [1]


async def test_a_screen_shows_its_code_as_a_picture_while_the_branch_is_open(world, clock):
    await at_noon(clock)
    async with world.begin(world.teller) as tx:
        drawn = await plays.screen_png(tx, world.teller, CodeOf.BRANCH, "https://bank.example")
        shown = await plays.screen(tx, world.teller, CodeOf.BRANCH, "https://bank.example")
    assert drawn == entry_points.qr_png(f"https://bank.example{shown.path}")
    assert drawn.startswith(b"\x89PNG")
    clock.advance(timedelta(hours=12))
    async with world.begin(world.teller) as tx:
        with pytest.raises(BranchClosed):
            await plays.screen_png(tx, world.teller, CodeOf.BRANCH, "https://bank.example")


@pytest.mark.parametrize(
    ("name", "planted"),
    [
        ("_valid", lambda keys, scan, known, hours, tx, persons: plays.read_code(keys, scan.code)),
        ("_opens", lambda *_: True),
    ],
)
async def test_planted_bugs_of_the_lobby_are_seen(world, clock, ended, monkeypatch, name, planted):
    await at_noon(clock)
    await lobby_play(world)
    text, seq = await code(world, world.units.north), world.seqs[11]
    monkeypatch.setattr(visiting, name, planted)
    if name == "_valid":
        clock.advance(timedelta(seconds=60))
    [answer] = await scan(world, text, seq)
    assert told(answer) != ("plays.code_stale" if name == "_valid" else 0)
