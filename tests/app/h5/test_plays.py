"""The pages of plays: the board, a draw with and without a script, its result, rules and proof, every state."""

import hashlib
import re
from datetime import timedelta

import pytest

from huoke.app.h5 import plays as pages
from huoke.app.h5 import wheel
from huoke.reward import plays
from huoke.reward.plays import ChannelText, PlayChannel, PlayKind, PlayState
from tests.app.h5.conftest import fields_of
from tests.make import catalogue as make_catalogue
from tests.make import plays as make


async def code_of(walk, play_id) -> str:
    return (await make.get(walk.world, play_id)).code


@pytest.fixture
async def wheel_play(walk, clock):
    prize = await make.prize(walk.world, 1_000_000, stock=40, fallback=1)
    return await make.live(walk.world, [prize, make.nothing(0)])


async def test_a_form_draws_once_and_leads_to_the_result(walk, wheel_play, clock):
    code = await code_of(walk, wheel_play)
    phone = await walk.phone(walk.world.seqs[0], f"play-{code}")
    page = (await phone.get(f"p/{code}")).text
    assert 'id="left-chances">3<' in page
    assert "100%" in page
    answer = await phone.post(f"p/{code}/draw", data=fields_of(page))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{phone.home}/p/{code}/d/1")
    again = await phone.post(f"p/{code}/draw", data=fields_of(page))
    assert again.headers["location"] == f"{phone.home}/p/{code}/d/1"
    result = (await phone.get(f"p/{code}/d/1")).text
    assert "恭喜，抽中了" in result
    assert "继续抽（剩 2 次）" in result
    assert (await make.get(walk.world, wheel_play)).drawn == 1


async def test_the_rules_are_those_of_the_channel_one_came_by_and_others_stay_out(walk, clock):
    prize = await make.prize(walk.world, 1_000_000, stock=4, fallback=1)
    told = {"app": "手机银行的规则", "sms": "短信链接的规则"}
    channels = [ChannelText(channel=PlayChannel(name), zh=zh) for name, zh in told.items()]
    code = await code_of(walk, await make.live(walk.world, [prize, make.nothing(0)], channels=channels))
    phone = await walk.phone(walk.world.seqs[9])
    page = (await phone.get(f"p/{code}")).text
    assert (told["app"] in page, told["sms"] in page) == (True, False)
    inside = {"User-Agent": "Mozilla/5.0 MicroMessenger/8.0"}
    closed = (await phone.get(f"p/{code}", headers=inside)).text
    assert "这个活动可在手机银行、短信链接参与。" in closed
    refused = await phone.post(f"p/{code}/draw", data=fields_of(page), headers={**inside, "Accept": "application/json"})
    assert (refused.status_code, refused.json()) == (409, {"refused": "plays.channel_closed"})
    by_link = (await phone.get(f"p/{code}", params={"via": "sms"})).text
    assert (told["app"] in by_link, told["sms"] in by_link) == (False, True)
    assert told["sms"] in (await phone.get(f"p/{code}")).text, "kept while one signs in and plays"
    assert (await phone.post(f"p/{code}/draw", data=fields_of(by_link))).headers["location"].endswith("/d/1")
    proof = (await phone.get(f"p/{code}/verify")).text
    assert all(zh in proof for zh in told.values())


async def test_a_script_gets_the_same_as_json(walk, wheel_play, clock):
    code = await code_of(walk, wheel_play)
    phone = await walk.phone(walk.world.seqs[1])
    page = (await phone.get(f"p/{code}", params={"lang": "en"})).text
    form = fields_of(page)
    answer = await phone.post(f"p/{code}/draw", data=form, headers={"Accept": "application/json"})
    found = answer.json()
    assert (found["number"], found["line"], found["won"], found["chances"]) == (1, 0, True, 2)
    assert found["title"] == "Coffee"
    assert found["use_path"].startswith(f"{phone.home}/benefits/")
    assert (await phone.get(found["use_path"].removeprefix(f"{phone.home}/"))).status_code == 200


async def test_somebody_else_sees_the_odds_and_no_draw(walk, wheel_play, clock):
    code = await code_of(walk, wheel_play)
    await make.draw(walk.world, wheel_play, walk.world.seqs[2])
    stranger = await walk.phone()
    assert "请先登录" in (await stranger.get(f"p/{code}")).text
    assert (await stranger.get(f"p/{code}/d/1")).status_code == 401
    other = await walk.phone(walk.world.seqs[3])
    assert (await other.get(f"p/{code}/d/1")).status_code == 404
    refused = await other.post(f"p/{code}/draw", data={"csrf": "wrong", "request_no": "x"})
    assert refused.status_code == 403
    assert (await make.get(walk.world, wheel_play)).drawn == 1


async def test_every_state_says_what_happened_and_what_is_kept(walk, wheel_play, clock):
    world, code = walk.world, await code_of(walk, wheel_play)
    phone = await walk.phone(world.seqs[4])
    await make.draw(world, wheel_play, *[world.seqs[4]] * 3)
    assert "机会用完了" in (await phone.get(f"p/{code}")).text
    async with world.begin(world.operator) as tx:
        await plays.move(tx, world.operator, wheel_play, PlayState.PAUSED, "盘点")
    assert "活动暂停" in (await phone.get(f"p/{code}")).text
    await make.end(world, wheel_play)
    assert "活动已结束" in (await phone.get(f"p/{code}")).text
    gone = await make.live(world, [await make.prize(world, 500_000, stock=0, fallback=1), make.nothing(500_000)])
    assert "奖品已发完" in (await phone.get(f"p/{await code_of(walk, gone)}")).text
    later = await make.live(world, [make.nothing(1_000_000)], opens_at=clock.now() + timedelta(days=1))
    assert "还没有开始" in (await phone.get(f"p/{await code_of(walk, later)}")).text
    assert (
        await phone.get(f"p/{await code_of(walk, await make.create(world, [make.nothing(1_000_000)]))}")
    ).status_code == 404


@pytest.mark.parametrize("kind", sorted(plays.BOARDS))
async def test_every_kind_shows_its_board_in_both_languages(walk, clock, kind):
    prize = await make.prize(walk.world, 200_000, fallback=1)
    code = await code_of(walk, await make.live(walk.world, [prize, make.nothing(800_000)], kind=kind))
    phone = await walk.phone(walk.world.seqs[5])
    for language in ("zh", "en"):
        page = (await phone.get(f"p/{code}", params={"lang": language})).text
        assert re.search(r"<button class=\"(hub|cell go|cover|pick)\"", page)
        assert len(page.encode()) < 90_000


async def test_a_prize_table_changed_after_its_publication_is_not_the_one_the_page_of_proof_promises(
    walk, wheel_play, clock, owner
):
    world, code = walk.world, await code_of(walk, wheel_play)
    await make.draw(world, wheel_play, world.seqs[13])
    await make.end(world, wheel_play)
    phone = await walk.phone()
    proof = (await phone.get(f"p/{code}/verify")).text
    [promised] = re.findall(r'<dd data-table="1">([0-9a-f]{64})</dd>', proof)
    assert (await plays.replay(world.database, world.tenant, wheel_play)).mismatches == []
    async with owner.begin_shared() as tx:
        changed = "UPDATE plays.prize_table SET rules = jsonb_set(rules, '{draws_a_day}', '7') WHERE play_id = $1"
        assert await tx.execute(changed, wheel_play) == 1
    archive = (await phone.get(f"p/{code}/archive.json")).json()
    [table] = archive["tables"]
    assert table["hash"] == promised, "the hash is the one that was published"
    assert hashlib.sha256(table["text"].encode()).hexdigest() != promised
    [wrong] = (await plays.replay(world.database, world.tenant, wheel_play)).mismatches
    assert (wrong.field, wrong.number, wrong.replayed) == ("table", 1, promised)
    assert promised in (await phone.get(f"p/{code}/verify")).text


async def test_the_archive_gives_seed_and_draws_but_nobody(walk, wheel_play, clock):
    world, code = walk.world, await code_of(walk, wheel_play)
    await make.draw(world, wheel_play, *world.seqs[6:12])
    phone = await walk.phone()
    before = (await phone.get(f"p/{code}/archive.json")).json()
    assert (before["seed"], len(before["draws"]), before["count"]) == (None, 6, 6)
    await make.end(world, wheel_play)
    after = (await phone.get(f"p/{code}/archive.json")).json()
    assert hashlib.sha256(bytes.fromhex(after["seed"])).hexdigest() == after["commitment"] == before["commitment"]
    assert [hashlib.sha256(one["text"].encode()).hexdigest() for one in after["tables"]] == [after["tables"][0]["hash"]]
    assert all(
        len(draw[7]) == 16 and str(seq) != draw[7] for draw, seq in zip(after["draws"], world.seqs[6:12], strict=True)
    )
    proof = (await phone.get(f"p/{code}/verify")).text
    assert after["seed"] in proof
    assert "在手机上重放全部抽奖" in proof


def test_odds_are_written_exactly():
    assert [pages.percent(ppm) for ppm in (1_000_000, 120_000, 1_000, 15, 0)] == [
        "100%",
        "12%",
        "0.1%",
        "0.0015%",
        "0%",
    ]


@pytest.mark.parametrize("kind", ["wheel", "grid"])
async def test_a_field_shows_the_picture_of_the_kind_of_prize_that_stands_on_it(walk, kind, clock):
    async with walk.world.begin() as tx:
        ride, film = [await make_catalogue.voucher(tx, category=one) for one in ("travel", "entertainment")]
    prizes = [await make.prize(walk.world, 300_000, stock=4, fallback=2, sku_id=one) for one in (ride, film)]
    code = await code_of(walk, await make.live(walk.world, [*prizes, make.nothing(400_000)], kind=PlayKind(kind)))
    page = (await (await walk.phone(walk.world.seqs[0], f"play-{code}")).get(f"p/{code}")).text
    board = page[page.index('id="draw"') : page.index("</form>", page.index('id="draw"'))]
    car, screen, drop, cup = "M5 16v2M19 16v2", "M4 6h16v12H4z", "l2 2 3.600-3.800", "M5 9h11v6a4"
    assert [board.count(path) for path in (car, screen, drop, cup)] == [2, 2, 2, 0]


@pytest.mark.parametrize("count", [2, 3, 5, 7, 8, 12])
def test_fields_of_a_wheel_are_alike_and_each_line_has_as_many(count):
    made = wheel.sectors([(f"奖品{n}", "voucher") for n in range(count)])
    assert len(made) >= wheel.FIELDS_MIN
    assert len({sum(one.line == n for one in made) for n in range(count)}) == 1
    assert all(first.fill != second.fill for first, second in zip(made, [*made[1:], made[0]], strict=True))


@pytest.mark.parametrize(("count", "shown"), [(1, 8), (2, 8), (3, 6), (4, 8), (5, 5), (7, 7), (8, 8), (11, 8)])
def test_cells_of_a_nine_grid_give_each_line_as_many_and_are_eight_at_most(count, shown):
    lines = [(f"奖品{place}", "cup") for place in range(count + 1)]
    order = wheel.cells(lines, certain={count})
    assert len(order) == shown
    assert {order.count(line) for line in order} == {shown // min(count, 8)}
    assert count not in order


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("谢谢参与", ["谢谢参与"]),
        ("湾区出行 立减 5 元", ["湾区出行", "立减 5 元"]),
        ("海岸咖啡中杯拿铁", ["海岸咖啡", "中杯拿铁"]),
        ("老街火锅满一百减三十元代金券", ["老街火锅满一", "百减三十元代…"]),
        ("A gift at the counter", ["A gift at", "the counter"]),
        ("Extraordinarily long", ["Extraordinar…", "long"]),
    ],
)
def test_a_field_breaks_its_words_between_them_and_says_where_it_leaves_something_out(title, lines):
    assert wheel.sectors([(title, "cup")])[0].text == lines
