"""Exchanging and giving points on the phone, as forms without a script: the quote, the yes, the way back."""

import pytest

from huoke.reward import ledger
from huoke.reward.exchange import NewPartner
from tests.app.h5.conftest import form_to
from tests.make import customers as make_customers
from tests.make import exchange as make
from tests.make import ledger as make_ledger
from tests.make import points as make_points

MILES = {"direction": "out", "source": "POINTS", "target": "MILES", "partner": "sky", "takes": 2, "gives": 1}


@pytest.fixture(scope="module")
async def cards(walk):
    """An open exchange, one with a partner, beans that may be given, and two customers with points."""
    world = walk.world
    async with world.begin() as tx:
        await make_points.kind(tx, "GOLD", transferable=True)
        card_id = await make.open_card(tx, undo_hours=24)
        await make.connect(
            tx,
            NewPartner(
                code="sky", name="云航", name_en="Sky", unit="MILES", unit_name="里程", unit_name_en="Miles",
                address="http://127.0.0.1:9", key_id="k1",
            ),
        )  # fmt: skip
        miles = await make.open_card(tx, name="积分换里程", name_en="Points to miles", **MILES)
        await make.set_aside(tx, 10_000)
        await make.set_aside(tx, 10_000, "MILES", "sky")
        await make_ledger.points(tx, world.seqs[0], 1_000)
        await make_ledger.points(tx, world.seqs[0], 300, currency="GOLD")
    return card_id, miles


async def lots(walk, currency):
    async with walk.world.begin() as tx:
        return [lot.remaining for lot in await ledger.find_lots(tx, walk.world.seqs[0], currency)]


@pytest.mark.parametrize(("language", "title"), [("zh", "积分换金豆"), ("en", "Points to beans")])
async def test_what_may_be_exchanged_is_shown_in_both_languages(walk, cards, language, title):
    phone = await walk.phone(walk.world.seqs[0])
    page = await phone.get(f"exchange?lang={language}")
    assert (page.status_code, title in page.text) == (200, True)
    for path in ("points", "gift", f"exchange/{cards[0]}", f"exchange/{cards[1]}"):
        assert (await phone.get(path)).status_code == 200


async def test_an_exchange_is_quoted_said_yes_to_and_taken_back(walk, cards):
    phone = await walk.phone(walk.world.seqs[0])
    path = f"exchange/{cards[0]}"
    quoted = await phone.get(f"{path}?points=200")
    assert "126" in quoted.text
    order = form_to(quoted.text, "/order")
    assert (order["points"], order["expected"]) == ("200", "126")
    done = await phone.post(f"{path}/order", data=order)
    again = await phone.post(f"{path}/order", data=order)
    assert (done.status_code, done.headers["location"]) == (303, again.headers["location"])
    assert (await lots(walk, "POINTS"), await lots(walk, "GOLD")) == ([800], [300, 126])
    page = (await phone.client.get(done.headers["location"])).text
    assert "兑换完成" in page
    own = done.headers["location"].removeprefix(f"{phone.home}/")
    back = await phone.post(f"{own}/back", data=form_to(page, "/back"))
    assert back.status_code == 303
    assert "已撤回" in (await phone.get(own)).text
    assert (await lots(walk, "POINTS"), await lots(walk, "GOLD")) == ([1_000], [300])


async def test_what_cannot_be_is_said_in_words_and_takes_nothing(walk, cards):
    phone = await walk.phone(walk.world.seqs[0])
    path = f"exchange/{cards[0]}"
    for points, words in (("105", "请按起兑数和步长填写"), ("2000", "积分不足"), ("x", "请按起兑数和步长填写")):
        assert words in (await phone.get(f"{path}?points={points}")).text
    order = form_to((await phone.get(f"{path}?points=200")).text, "/order")
    refused = await phone.post(f"{path}/order", data={**order, "expected": "999"})
    assert "汇率刚刚有变" in (await phone.client.get(refused.headers["location"])).text
    assert (await phone.post(f"{path}/order", data={**order, "csrf": "x"})).status_code == 403
    assert await lots(walk, "POINTS") == [1_000]


async def test_a_partners_member_is_noted_once_and_shown_masked(walk, cards):
    phone = await walk.phone(walk.world.seqs[0])
    path = f"exchange/{cards[1]}"
    form = form_to((await phone.get(path)).text, "/member")
    wrong = await phone.post(f"{path}/member", data={**form, "member": "!"})
    assert "会员号为" in (await phone.client.get(wrong.headers["location"])).text
    await phone.post(f"{path}/member", data={**form, "member": "sky 00778899"})
    page = (await phone.get(f"{path}?points=400")).text
    assert ("8899" in page, "00778899" in page) == (True, False)
    order = form_to(page, "/order")
    asked = await phone.post(f"{path}/order", data=order)
    assert "正在处理" in (await phone.client.get(asked.headers["location"])).text


async def test_a_gift_asks_twice_and_says_who_gets_it(walk, cards):
    world = walk.world
    row = {"customer_no": "GIFT1", "unit_code": "N1", "name": "李小四", "phone": "13800007777"}
    await make_customers.import_rows(world.database, world.tenant, [row], {})
    phone = await walk.phone(world.seqs[0])
    form = form_to((await phone.get("gift")).text, "/gift")
    wish = {**form, "type": "GOLD", "phone": row["phone"], "points": "100"}
    wrong = await phone.post("gift", data={**wish, "phone": "13999999999"})
    assert "没有找到这位本行客户" in wrong.text
    sure = await phone.post("gift", data=wish)
    assert ("核对收赠人" in sure.text, "李小四" in sure.text, "李**" in sure.text) == (True, False, True)
    assert await lots(walk, "GOLD") == [300], "nothing moved yet"
    given = await phone.post("gift", data=form_to(sure.text, "/gift"))
    assert given.status_code == 303
    assert await lots(walk, "GOLD") == [200]
    own = given.headers["location"].removeprefix(f"{phone.home}/")
    await phone.post(f"{own}/back", data=form_to((await phone.get(own)).text, "/back"))
    assert await lots(walk, "GOLD") == [300]
