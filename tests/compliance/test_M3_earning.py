"""Rule M3 for earn rules, missions and conditions to play: none hangs on sharing, whatever a bank calls it."""

from importlib import import_module

import pytest

from huoke.govern.approvals import CheckFailed, CheckVerdict
from huoke.kernel.ids import new_id
from huoke.know import events, segments
from huoke.know.events import NewSchema, SharingRewarded
from huoke.know.language import Serves
from huoke.know.segments import NewSegment
from huoke.reward import plays, points
from huoke.reward.plays import Goal, Mission, PlayKind, PlayState, Reward, Ways
from huoke.reward.points import AskedRule, Link, Multiplier, RuleApproval
from huoke.reward.points.earning import WantedRule
from huoke.reward.points.rulebook import requests, require_compiled
from tests.make import campaigns
from tests.make import plays as make
from tests.make import points as make_points

SHARED = ("page.shared", "h5.click", "x.sent")


def did(name):
    return {"kind": "event", "name": name, "op": ">=", "value": 1}


async def called(world, name, title, title_en=""):
    async with world.begin() as tx:
        await events.define(tx, [NewSchema(name=name, title=title, title_en=title_en)])


@pytest.fixture(scope="module")
async def world(database, feed, clickhouse, bank, ports, analytics):
    world = await campaigns.world(database, feed, clickhouse, analytics, bank, count=4, same_person=0)
    for name, title, title_en in zip(
        SHARED, ("页面互动", "转发给好友", "发出"), ("Page", "Click", "Invitation sent"), strict=True
    ):
        await called(world, name, title, title_en)
    async with world.begin() as tx:
        await make_points.kind(tx)
    return world


async def missions(world, name):
    ways = Ways(missions=[Mission(title="任务", event=name, goals=[Goal(target=1, gives=Reward(line=0))])])
    prizes = [await make.prize(world, 0)]
    return await make.create(world, prizes, kind=PlayKind.MISSION, daily_chances=0, ways=ways)


async def verdicts(world, play_id):
    async with world.begin() as tx:
        found = await plays.rules(tx, await plays.seen(tx, play_id, world.operator))
    return {one.data["code"]: one.verdict for one in found if one.rule == "M3"}


@pytest.mark.parametrize("name", SHARED)
async def test_no_part_of_an_earn_rule_asks_for_sharing(world, clock, name):
    async with world.begin() as tx:
        segment_id = await segments.save(tx, NewSegment(name=f"互动 {name}", expression=did(name)))
    steps = {"kind": "sequence", "steps": [{"name": "app.login"}, {"name": name}], "within_days": 7}
    wrong = {
        "/rule/event": {"event": name},
        "/rule/confirmed_by": {"confirmed_by": Link(event=name, key="order")},
        "/rule/who": {"who": {"kind": "segment", "segment_id": str(segment_id)}},
        "/rule/multipliers/0/who": {"multipliers": (Multiplier(percent=200, who=steps),)},
    }
    for pointer, change in wrong.items():
        async with world.begin(world.operator) as tx:
            with pytest.raises(SharingRewarded) as refused:
                await points.request_rule(tx, AskedRule(rule=make_points.earn_rule(**change), reason="新规则"))
        assert (refused.value.pointer, refused.value.data["rule"]) == (pointer, "M3")
    async with world.begin() as tx:
        assert (await requests(tx), await points.rules(tx)) == ([], [])
        await require_compiled(tx, make_points.earn_rule())


async def test_what_became_an_event_of_sharing_is_seen_when_a_rule_is_decided(world, clock, other_bank):
    await called(world, "task.done", "完成任务", "Task done")
    wanted = WantedRule(id=new_id(), rule=make_points.earn_rule(event="task.done"))
    approval = RuleApproval(world.analytics)
    async with world.begin() as tx:
        assert {one.rule: one.verdict for one in await approval.checks(tx, wanted)}["M3"] is CheckVerdict.PASS
    await called(world, "task.done", "分享活动页", "Task done")
    async with world.begin() as tx:
        with pytest.raises(SharingRewarded):
            await approval.checks(tx, wanted)
    async with world.database.begin(other_bank) as tx:  # what one bank calls it says nothing of another's event
        await events.define(tx, [NewSchema(name="task.done", title="完成任务")])
        await require_compiled(tx, wanted.rule)


@pytest.mark.parametrize("name", SHARED)
async def test_no_mission_asks_for_sharing(world, clock, name):
    async with world.begin() as tx:
        before = await tx.fetch_value("SELECT count(*) FROM plays.play")
    with pytest.raises(SharingRewarded) as refused:
        await missions(world, name)
    assert refused.value.pointer == "/ways/missions/0/event"
    async with world.begin() as tx:
        assert await tx.fetch_value("SELECT count(*) FROM plays.play") == before


async def test_a_mission_that_became_one_of_sharing_is_not_submitted(world, clock):
    await called(world, "form.sent", "提交表单")
    play_id = await missions(world, "form.sent")
    assert await verdicts(world, play_id) == {"no_sharing": CheckVerdict.PASS, "platforms": CheckVerdict.PASS}
    await called(world, "form.sent", "转发表单")
    assert (await verdicts(world, play_id))["no_sharing"] is CheckVerdict.FAIL
    with pytest.raises(CheckFailed):
        await make.submit(world, play_id)
    assert (await make.get(world, play_id)).state is PlayState.DRAFT


async def test_playing_has_no_condition_on_sharing_however_deep(world, clock):
    async def conditioned(expression):
        async with world.begin() as tx:
            new = NewSegment(name=f"条件 {new_id().hex[:6]}", expression=expression, serves=Serves.CONDITION)
            segment_id = await segments.save(tx, new)
        return segment_id, await make.create(world, [make.nothing(1_000_000)], segment_id=segment_id)

    inner, asks = await conditioned(did("page.shared"))
    _, deep = await conditioned({"kind": "all", "of": [{"kind": "segment", "segment_id": str(inner)}]})
    _, fine = await conditioned(did("payment.made"))
    for play_id in (asks, deep):
        with pytest.raises(CheckFailed):
            await make.submit(world, play_id)
    await make.submit(world, fine)


async def test_without_the_look_at_names_sharing_would_be_paid(world, clock, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(import_module("huoke.know.events.sharing"), "tells_of_sharing", lambda _: False)
    await missions(world, "page.shared")
    async with world.begin() as tx:
        await require_compiled(tx, make_points.earn_rule(event="page.shared"))
