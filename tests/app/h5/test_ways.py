"""The pages of plays that are done, over HTTP: three days of check-in, the card that mends, missions, every state."""

import asyncio
import re
from datetime import timedelta

import pytest

from huoke.app.h5.rewards import fits
from huoke.kernel import log
from huoke.kernel.jobs import Sweep
from huoke.know import events
from huoke.reward import grants, plays
from huoke.reward.plays import (
    Cards,
    Goal,
    Mission,
    Option,
    PlayKind,
    PrizeDraft,
    Question,
    Quiz,
    Rain,
    Reward,
    Ways,
)
from huoke.reward.plays import jobs as play_jobs
from tests.make import events as make_events
from tests.make import plays as make
from tests.make import points as make_points

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
    assert said[2] == "签到好了，得 咖啡券、蛋糕券、1 次抽奖机会，权益已放入“我的权益”，其余在本页使用。"
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
    assert "The day is made up: Cake, 1 draw. The prize is in your benefits, the rest is used on this page." in page
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
    assert "今日签到，得" in page
    assert "奖品已发完" not in page
    assert "本期结果可验证" not in page
    assert (await phone.get(f"p/{code}/board")).status_code == 404


async def test_what_is_gone_is_not_promised_and_the_streak_goes_on(walk, clock):
    coffee = await make.prize(walk.world, 0, stock=1, title="海岸咖啡中杯券")
    play_id = await make.live(walk.world, [coffee], kind=PlayKind.CHECKIN, daily_chances=0, ways=make.checkin_ways(0))
    code = await code_of(walk, play_id)
    await make.do(walk.world, play_id, walk.world.seqs[5])
    phone = await walk.phone(walk.world.seqs[6])
    page = (await phone.get(f"p/{code}")).text
    assert "奖品已发完" in page
    assert "今日签到，得" not in page
    [form] = forms_of(page)
    assert (await phone.post(f"p/{code}/do", data=form)).status_code == 303
    page = (await phone.get(f"p/{code}", params={"did": "1"})).text
    assert "<b>1</b>" in page
    async with walk.world.begin() as tx:
        assert await grants.find_grants(tx, source_id=play_id, seq=walk.world.seqs[6]) == []


@pytest.mark.parametrize(
    ("name", "fit"),
    [
        ("咖啡券", True), ("到店好礼券", True), ("海岸咖啡中杯券", False), ("Coffee", True), ("Gift", True),
        ("Medium cup", True), ("A gift at the counter", False), ("Subscription", False), ("", True),
    ],
)  # fmt: skip
def test_a_name_stands_in_a_narrow_place_only_where_it_fits(name, fit):
    assert fits(name) is fit


async def test_a_quiz_tells_no_answer_before_it_was_handed_in(walk, clock):
    options = [Option(zh="对的答案"), Option(zh="错的答案")]
    questions = [Question(zh=f"第 {n} 题", options=options, answer=0, why=f"解析 {n}") for n in range(3)]
    quiz = Quiz(questions=questions, ask=2, seconds=60, needed=2, gives=Reward(line=0))
    prizes = [await make.prize(walk.world, 0, title="咖啡券")]
    play_id = await make.live(walk.world, prizes, kind=PlayKind.QUIZ, daily_chances=0, ways=Ways(quiz=quiz))
    code, phone = await code_of(walk, play_id), await walk.phone(walk.world.seqs[4])
    page = (await phone.get(f"p/{code}")).text
    assert "第 0 题" not in page
    [form] = forms_of(page)
    await phone.post(f"p/{code}/do", data=form)
    page = (await phone.get(f"p/{code}")).text
    assert page.count('type="radio"') == 4
    assert "解析" not in page
    assert "正确答案" not in page
    [form] = forms_of(page)
    clock.advance(timedelta(seconds=30))
    answer = await phone.post(f"p/{code}/do", data={"csrf": form["csrf"], "act": "answer", "a0": "0", "a1": "0"})
    assert answer.headers["location"].endswith("?did=1")
    page = (await phone.get(f"p/{code}", params={"did": "1"})).text
    assert "答对 2 题，共 2 题" in page
    assert "已交卷，得 咖啡券" in page
    assert "解析" in page
    assert forms_of(page) == []


async def test_the_last_card_makes_a_set_and_a_rain_says_when_it_comes(walk, clock):
    coffee = await make.prize(walk.world, 0, title="咖啡券")
    cards = [PrizeDraft(title="春", odds_ppm=500_000), PrizeDraft(title="秋", odds_ppm=500_000)]
    ways = Ways(cards=Cards(lines=[1, 2], gives=Reward(line=0)))
    play_id = await make.live(walk.world, [coffee, *cards], kind=PlayKind.CARDS, daily_chances=20, ways=ways)
    code, phone = await code_of(walk, play_id), await walk.phone(walk.world.seqs[5])
    assert "去抽卡（20 次）" in (await phone.get(f"p/{code}")).text
    board = (await phone.get(f"p/{code}/board")).text
    drawn = (await phone.post(f"p/{code}/draw", data=forms_of(board)[0], headers={"Accept": "application/json"})).json()
    assert (drawn["title"] in ("春", "秋"), drawn["text"], drawn["won"]) == (True, "已放入“我的卡片”。", False)
    await make.draw(walk.world, play_id, *[walk.world.seqs[5]] * 19)
    [form] = forms_of((await phone.get(f"p/{code}")).text)
    assert (form["act"], form["item"]) == ("set", "1")
    await phone.post(f"p/{code}/do", data=form)
    assert "集齐一套，得 咖啡券" in (await phone.get(f"p/{code}", params={"did": "1"})).text
    rain = Ways(rain=Rain(times=["20:00"], seconds=60))
    prize = await make.prize(walk.world, 1_000_000, fallback=1)
    prizes = [prize, make.nothing(0)]
    rainy = await make.live(walk.world, prizes, kind=PlayKind.RAIN, daily_chances=0, ways=rain)
    assert "下一场" in (await phone.get(f"p/{await code_of(walk, rainy)}")).text


async def test_missions_are_taken_from_their_page_once(walk, clock):
    coffee = await make.prize(walk.world, 0, title="咖啡券")
    mission = Mission(title="登录一次", event="app.login", goals=[Goal(target=1, gives=Reward(line=0))])
    ways = Ways(missions=[mission])
    play_id = await make.live(walk.world, [coffee], kind=PlayKind.MISSION, daily_chances=0, ways=ways)
    code, phone = await code_of(walk, play_id), await walk.phone(walk.world.seqs[6])
    assert forms_of((await phone.get(f"p/{code}")).text) == []
    async with walk.world.begin() as tx:
        happened = make_points.event(walk.world.seqs[6], clock.now(), "app.login")
        await plays.count(tx, await plays.listening(tx), [happened])
    [form] = forms_of((await phone.get(f"p/{code}")).text)
    await asyncio.gather(*(phone.post(f"p/{code}/do", data=form) for _ in range(2)))
    page = (await phone.get(f"p/{code}", params={"did": "1"})).text
    assert "领取好了，得 咖啡券" in page
    assert forms_of(page) == []
    async with walk.world.begin() as tx:
        assert len(await grants.find_grants(tx, source_id=play_id, seq=walk.world.seqs[6])) == 1


async def tell(walk, seq, event, clock, **properties):
    """An event as the bank's app sends it, taken in and brought to the plays; how its intake answered."""
    async with walk.world.begin() as tx:
        number = await tx.fetch_value("SELECT customer_no FROM customers.customer WHERE seq = $1", seq)
        source = await events.sources.add(tx, events.NewSource(name=f"{event} {len(properties)}"))
        said = make_events.track(f"{event}-{properties}", number, event, timestamp=clock.now(), properties=properties)
        [outcome] = await events.take(tx, source.id, [said])
    dispatcher = log.Dispatcher(walk.world.database, walk.world.feed, log.subscribers_of([play_jobs]))
    while await dispatcher.run_once():
        pass
    await play_jobs.count.run(Sweep(database=walk.world.database, tenant=walk.world.tenant, parts={}))
    return outcome.status


async def test_a_bill_paid_days_later_is_taken_and_one_with_an_unknown_property_waits_for_people(walk, clock):
    """`amount` is no property of the event (`amount_fen` is): such a message is put aside and counts for nothing."""
    coffee = await make.prize(walk.world, 0, title="咖啡券")
    ways = Ways(missions=[Mission(title="缴一次费", event="bill.paid", goals=[Goal(target=1, gives=Reward(line=0))])])
    play_id = await make.live(walk.world, [coffee], kind=PlayKind.MISSION, daily_chances=0, ways=ways)
    code, seq = await code_of(walk, play_id), walk.world.seqs[7]
    clock.advance(2 * DAY)
    assert await tell(walk, seq, "bill.paid", clock, amount=88.5) is events.Status.QUARANTINED
    phone = await walk.phone(seq)
    assert forms_of((await phone.get(f"p/{code}")).text) == []
    assert await tell(walk, seq, "bill.paid", clock, amount_fen=8_850, category="water") is events.Status.ACCEPTED
    [form] = forms_of((await phone.get(f"p/{code}")).text)
    await phone.post(f"p/{code}/do", data=form)
    assert "领取好了，得 咖啡券" in (await phone.get(f"p/{code}", params={"did": "1"})).text
