"""Pages of the lobby and of cards that are given, over HTTP: check-in, opening, offering, taking, and every no."""

import re
from datetime import timedelta
from uuid import UUID

from huoke.govern import privacy
from huoke.kernel.clock import CHINA
from huoke.reward import plays
from huoke.reward.plays import Cards, Giving, Lobby, PlayKind, PrizeDraft, Reward, Ways
from tests.app.h5.conftest import fields_of
from tests.make import plays as make


async def test_a_code_at_the_branch_checks_in_and_the_managers_opens_the_play(walk, clock):
    noon = clock.now().astimezone(CHINA).replace(hour=12, minute=0, second=0, microsecond=0)
    clock.advance(noon - clock.now() + timedelta(days=1))
    world, north = walk.world, walk.world.units.north
    prize = await make.prize(world, 1_000_000, stock=5, fallback=1)
    told = {"kind": PlayKind.SCRATCH, "daily_chances": 0, "lobby": Lobby(chances=2)}
    play_id = await make.live(world, [prize, make.nothing(0)], **told)
    path = f"p/{(await make.get(world, play_id)).code}"
    async with world.begin() as tx:
        keys = await privacy.keys(tx)
        door, own = (plays.code_now(keys, north, rm, tx.now)[0] for rm in (None, UUID(world.teller.actor.id)))
    assert "登录后再扫一次" in (await (await walk.phone()).get(f"lobby/{door}")).text
    phone = await walk.phone(world.seqs[8], f"lobby-{door}")
    assert "到网点参与" in (await phone.get(path)).text
    page = (await phone.get(f"lobby/{own}")).text
    assert "参与到店活动" in page
    assert "请先签到" in (await phone.post("lobby", data=fields_of(page))).text
    page = (await phone.get(f"lobby/{door}")).text
    assert "城北分行" in page
    assert "已签到" in (await phone.post("lobby", data=fields_of(page))).text
    opened = (await phone.post("lobby", data={**fields_of(page), "code": own})).text
    assert f'href="{phone.home}/{path}?via=lobby"' in opened
    assert 'id="left-chances">2<' in (await phone.get(path)).text
    clock.advance(timedelta(seconds=60))
    assert "The code has changed" in (await phone.post("lobby", params={"lang": "en"}, data=fields_of(page))).text
    assert "不是本行的二维码" in (await phone.get("lobby/nonsense", params={"lang": "zh"})).text
    assert (await phone.post("lobby", data={"code": own})).status_code == 403


async def test_a_card_is_offered_by_a_link_and_taken_by_a_friend(walk, clock):
    world = walk.world
    coffee = await make.prize(world, 0, stock=5)
    lines = [PrizeDraft(title=name, odds_ppm=500_000) for name in ("春", "秋")]
    ways = Ways(cards=Cards(lines=[1, 2], gives=Reward(line=0), giving=Giving()))
    play_id = await make.live(world, [coffee, *lines], kind=PlayKind.CARDS, daily_chances=1, ways=ways)
    path = f"p/{(await make.get(world, play_id)).code}"
    [drawn] = await make.draw(world, play_id, world.seqs[9])
    giver, friend, stranger = await walk.phone(world.seqs[9]), await walk.phone(world.seqs[10]), await walk.phone()
    page = (await giver.get(path)).text
    assert "送一张" in page
    assert "向好友要" in page
    csrf = {"csrf": re.search(r'name="csrf" value="([^"]+)"', page)[1]}
    made = await giver.post(f"{path}/cards", data={**csrf, "move": "offer", "line": str(drawn.line)})
    gift = made.headers["location"].removeprefix(f"{giver.home}/")
    own = (await giver.get(gift)).text
    assert "<svg" in own
    assert "撤回" in own
    assert "请先登录" in (await stranger.get(gift)).text
    theirs = (await friend.get(gift)).text
    assert f"送你一张“{drawn.title}”" in theirs
    assert (await friend.post(f"{path}/cards", data=fields_of(theirs))).headers["location"] == f"{giver.home}/{gift}"
    assert "已经完成" in (await friend.get(gift)).text
    assert "已送出 1 张" in (await giver.get(path)).text
    again = await giver.post(f"{path}/cards", data={**csrf, "move": "offer", "line": str(drawn.line)})
    assert again.headers["location"].endswith("?no=plays.card_not_free")
    assert "这张卡现在不能送" in (await giver.get(again.headers["location"].removeprefix(f"{giver.home}/"))).text
