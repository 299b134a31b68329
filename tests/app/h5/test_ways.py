"""The pages of plays that are done, over HTTP: three days of check-in, the card that mends, missions, every state."""

import asyncio
import re
from datetime import timedelta

import pytest

from huoke.reward import grants
from huoke.reward.plays import PlayKind, Reward
from tests.make import plays as make

DAY = timedelta(days=1)


def forms_of(html: str) -> list[dict[str, str]]:
    """The hidden fields of every form of the page."""
    found = re.findall(r"<form.*?</form>", html, re.DOTALL)
    return [dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)) for form in found]


@pytest.fixture
async def calendar(walk, clock):
    coffee = await make.prize(walk.world, 0, stock=100, title="咖啡券", title_en="Coffee")
    cake = await make.prize(walk.world, 0, stock=20, title="蛋糕券", title_en="Cake")
    ways = make.checkin_ways(0, milestones={3: Reward(line=1, chances=1)}, cards_a_month=1)
    return await make.live(
        walk.world, [coffee, cake, make.nothing(1_000_000)], kind=PlayKind.CHECKIN, daily_chances=0, ways=ways
    )


async def code_of(walk, play_id) -> str:
    return (await make.get(walk.world, play_id)).code


async def test_three_days_of_check_in_without_a_script(walk, calendar, clock):
    code = await code_of(walk, calendar)
    said = []
    for day in range(3):
        phone = await walk.phone(walk.world.seqs[0], f"play-{code}")
        page = (await phone.get(f"p/{code}")).text
        assert f"<b>{day}</b>" in page
        [form] = forms_of(page)
        answers = await asyncio.gather(*(phone.post(f"p/{code}/do", data=form) for _ in range(3)))
        assert {answer.status_code for answer in answers} == {303}
        after = (await phone.get(f"p/{code}", params={"did": "1"})).text
        assert "今天已签到" in after
        said.append(re.search(r'role="status">.*?<span>(.*?)</span>', after, re.DOTALL)[1])
        clock.advance(DAY)
    assert said[:2] == ["签到好了，得 咖啡券，已放入“我的权益”。"] * 2
    assert said[2] == "签到好了，得 咖啡券、蛋糕券、1 次抽奖机会，已放入“我的权益”。"
    async with walk.world.begin() as tx:
        assert len(await grants.find_grants(tx, source_id=calendar, seq=walk.world.seqs[0])) == 4
    phone = await walk.phone(walk.world.seqs[0])
    assert "去抽奖（1 次）" in (await phone.get(f"p/{code}")).text
    board = (await phone.get(f"p/{code}/board")).text
    assert 'id="left-chances">1<' in board
    assert "完成即得" in board


async def test_a_missed_day_is_mended_by_its_card_once(walk, calendar, clock):
    code, seq = await code_of(walk, calendar), walk.world.seqs[1]
    await make.do(walk.world, calendar, seq)
    clock.advance(2 * DAY)
    await make.do(walk.world, calendar, seq)
    phone = await walk.phone(seq)
    page = (await phone.get(f"p/{code}", params={"lang": "en"})).text
    assert "make-up cards: 1" in page
    [form] = forms_of(page)
    assert form["act"] == "make_up"
    clock.advance(timedelta(minutes=1))
    answer = await phone.post(f"p/{code}/do", data=form)
    assert answer.headers["location"].endswith("?did=1")
    page = (await phone.get(f"p/{code}", params={"did": "1", "lang": "en"})).text
    assert "The day is made up: Cake, 1 draw. It is in your benefits." in page
    assert forms_of(page) == []
    clock.advance(2 * DAY)
    phone = await walk.phone(seq)
    form = forms_of((await phone.get(f"p/{code}")).text)[0] | {"act": "make_up"}
    late = await phone.post(f"p/{code}/do", data={**form, "day": (clock.now() - DAY).date().isoformat()})
    assert late.headers["location"].endswith("?no=plays.no_card")


async def test_somebody_else_reads_and_cannot_check_in(walk, calendar, clock):
    code = await code_of(walk, calendar)
    stranger = await walk.phone()
    page = (await stranger.get(f"p/{code}")).text
    assert "请先登录" in page
    assert forms_of(page) == []
    assert (await stranger.post(f"p/{code}/do", data={"csrf": "x", "act": "check_in"})).status_code == 401
    phone = await walk.phone(walk.world.seqs[2])
    assert (await phone.post(f"p/{code}/do", data={"csrf": "wrong", "act": "check_in"})).status_code == 403
    assert (await phone.get(f"p/{code}", params={"no": "<b>"})).status_code == 200
    await make.end(walk.world, calendar)
    page = (await phone.get(f"p/{code}")).text
    assert "活动已结束" in page
    assert forms_of(page) == []


async def test_a_calendar_that_gives_no_draws_has_no_board(walk, clock):
    coffee = await make.prize(walk.world, 0, stock=100)
    play_id = await make.live(walk.world, [coffee], kind=PlayKind.CHECKIN, daily_chances=0, ways=make.checkin_ways(0))
    code = await code_of(walk, play_id)
    phone = await walk.phone(walk.world.seqs[3])
    page = (await phone.get(f"p/{code}")).text
    assert "本期结果可验证" not in page
    assert (await phone.get(f"p/{code}/board")).status_code == 404
