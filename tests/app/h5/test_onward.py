"""The links under the own benefits lead to what there is, and to nothing there is not."""

import re

import pytest

from tests.make import mall as make_mall
from tests.make import plays as make_plays
from tests.make import referral as make_referral

pytestmark = pytest.mark.usefixtures("clock")


async def links(phone, language="zh"):
    page = (await phone.get("benefits", params={"lang": language})).text
    found = re.findall(r'<li><a href="([^"]*)"><span>([^<]*)</span>', page)
    return [(path.removeprefix(phone.home), label) for path, label in found]


async def test_plays_the_mall_and_inviting_are_linked_from_the_day_they_are_open(walk):
    world = walk.world
    phone = await walk.phone(world.seqs[0])
    before = await links(phone)
    assert ("/choices", "我的选择") in before
    assert {path for path, _ in before}.isdisjoint({"/invite", "/mall"})
    await make_referral.live(world)
    await make_mall.on_shelf(world.database, world.tenant)
    play_id = await make_plays.live(world, [make_plays.nothing(1_000_000)])
    play = await make_plays.get(world, play_id)
    opened = (f"/p/{play.code}", "幸运转盘")
    assert {*await links(phone)} - {*before} == {opened, ("/mall", "积分商城"), ("/invite", "邀请好友")}
    assert (f"/p/{play.code}", "Lucky wheel") in await links(phone, "en")
    for path, _ in await links(phone):
        assert (await phone.get(path.removeprefix("/"))).status_code in (200, 303), path
    await make_plays.end(world, play_id)
    assert opened not in await links(phone)
