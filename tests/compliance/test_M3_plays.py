"""Rule M3: a play carries rules per channel, frozen with the rest, and no words of it induce sharing or following."""

from importlib import import_module

import msgspec
import pytest

from huoke.govern import approvals
from huoke.govern.approvals import CheckFailed, CheckVerdict
from huoke.reward import plays
from huoke.reward.plays import ChannelText, NewAmendment, Page, PlayChannel, PlayState, PlayUnfit
from tests.make import campaigns
from tests.make import plays as make

APP = ChannelText(channel=PlayChannel.APP, zh="在手机银行参与，每天三次。", en="Play in the app, three a day.")
WECHAT = ChannelText(channel=PlayChannel.WECHAT, zh="在微信内参与，结果与微信无关。", en="WeChat is no organiser.")
INDUCING = ("分享到朋友圈可多抽一次", "转发给三位好友即可领取", "Share this page and win")


@pytest.fixture(scope="module")
async def world(database, feed, clickhouse, bank, ports, analytics):
    return await campaigns.world(database, feed, clickhouse, analytics, bank, count=4, same_person=0)


async def drafted(world, *channels, **changes):
    return await make.create(world, [make.nothing(1_000_000)], channels=list(channels), **changes)


async def verdict(world, play_id):
    async with world.begin() as tx:
        found = await plays.rules(tx, await plays.seen(tx, play_id, world.operator))
    [one] = [one for one in found if one.data["code"] == "platforms"]
    return one.rule, one.verdict


async def test_rules_per_channel_are_approved_published_and_stand(world, clock):
    play_id = await drafted(world, APP, WECHAT)
    change_id = await make.submit(world, play_id)
    async with world.begin(world.reviewer) as tx:
        change = await approvals.find_change(tx, change_id)
        shown = {one.path: one.after for one in change.diff}
    assert shown["channels"] == "手机银行、微信"
    assert (shown["channels/wechat"], shown["channels/wechat/en"]) == (WECHAT.zh, WECHAT.en)
    await campaigns.approve(world, change_id)
    play = await make.get(world, play_id)
    assert (play.state, play.draft.channels) == (PlayState.LIVE, [APP, WECHAT])
    assert [play.draft.shown_on(one) for one in PlayChannel] == [True, True, False, False]
    for channels in ([APP], [APP, msgspec.structs.replace(WECHAT, zh="另写一条规则")], []):
        wanted = msgspec.structs.replace(play.draft, channels=channels, daily_chances=play.draft.daily_chances + 1)
        async with world.begin(world.operator) as tx:
            with pytest.raises(PlayUnfit) as refused:
                new = NewAmendment(draft=wanted, zh="改渠道", en="Other channels")
                await plays.amend(tx, world.operator, play_id, new)
        assert refused.value.pointer == "/channels"
    assert (await make.get(world, play_id)).draft.channels == [APP, WECHAT]


@pytest.mark.parametrize("words", INDUCING)
async def test_words_that_induce_sharing_are_refused_on_whatever_channel(world, clock, words):
    common = await drafted(world, zh=Page(title="转盘", rules=words))
    own = await drafted(world, msgspec.structs.replace(APP, zh=words))
    for play_id in (common, own):
        assert await verdict(world, play_id) == ("M3", CheckVerdict.FAIL)
        with pytest.raises(CheckFailed):
            await make.submit(world, play_id)
        assert (await make.get(world, play_id)).state is PlayState.DRAFT


async def test_following_is_not_to_be_induced_where_wechat_shows_it(world, clock):
    page = Page(title="转盘", rules="关注公众号可领一次机会。")
    assert await verdict(world, await drafted(world, zh=page)) == ("M3", CheckVerdict.FAIL), "shown everywhere"
    assert await verdict(world, await drafted(world, WECHAT, zh=page)) == ("M3", CheckVerdict.FAIL)
    assert await verdict(world, await drafted(world, APP, zh=page)) == ("M3", CheckVerdict.PASS)


@pytest.mark.parametrize("words", ["转发不产生奖励。", "无需分享，每天可抽三次。", "可以分享给家人。每天抽三次。"])
async def test_words_that_deny_it_pass(world, clock, words):
    play_id = await drafted(world, msgspec.structs.replace(WECHAT, zh=words))
    assert await verdict(world, play_id) == ("M3", CheckVerdict.PASS)
    await make.submit(world, play_id)


async def test_a_channel_is_named_once_and_has_its_rules(world, clock):
    for wrong in ([APP, APP], [msgspec.structs.replace(APP, zh=" ")]):
        with pytest.raises(PlayUnfit) as refused:
            await make.submit(world, await drafted(world, *wrong))
        assert {one["code"] for one in refused.value.data["problems"]} == {"channels"}


async def test_without_the_look_at_the_words_inducement_would_go_live(world, clock, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(import_module("huoke.reward.plays.check"), "induces_sharing", lambda _: "")
    assert await make.submit(world, await drafted(world, msgspec.structs.replace(APP, zh=INDUCING[0])))
