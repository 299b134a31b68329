"""Group buys over HTTP: open, join, pay, complete; expire and be refunded; leave; nothing for strangers."""

from datetime import timedelta

import pytest

from huoke.app.demo.cashier_server import CashierServer
from huoke.reward import group_buy
from tests.app.h5.conftest import fields_of
from tests.make import catalogue as make_catalogue
from tests.make import customers as make_customers
from tests.make import group_buy as make


@pytest.fixture(scope="module")
async def till(walk):
    with CashierServer([]) as running:
        yield await make.till(walk.world, running)


@pytest.fixture(scope="module")
async def programme_id(walk, till):
    await make.rich(walk.world, *walk.world.seqs[:20])
    return await make.live(walk.world, size=2, cash_fen=990, title="两人咖啡团")


async def taken(phone, path):
    """The seat's form of a page, pressed; where it leads to."""
    answer = await phone.post(path[1], data=fields_of((await phone.get(path[0])).text))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix(f"{phone.home}/")


async def test_two_open_join_pay_and_get_the_benefit_together(walk, programme_id, till, clock):
    one, two = [await walk.phone(seq, "group-buys") for seq in walk.world.seqs[:2]]
    listed = await one.get("group-buys")
    assert "两人咖啡团" in listed.text
    assert "300 积分 + 9.90 元" in listed.text
    page = f"group-buys/{programme_id}"
    at = await taken(one, (page, f"{page}/seat"))
    code = at.removeprefix("g/")
    held = (await one.get(at)).text
    assert "座位已留好，请付款" in held
    assert "去付款" in held
    assert f"http://huoke.test/e/{code}" in held
    followed = await two.client.get(f"/e/{code}")
    assert followed.headers["location"] == f"{two.home}/g/{code}"
    assert await taken(two, (at, f"{page}/seat")) == at
    async with walk.world.begin() as tx:
        found = [await group_buy.group(tx, code, seq) for seq in walk.world.seqs[:2]]
    assert found[0].members[1].name in (await one.get(at)).text
    async with walk.world.begin() as tx:
        numbers = await tx.fetch("SELECT customer_no FROM customers.customer WHERE seq = ANY($1)", walk.world.seqs[:2])
    told = (await one.get(at)).text
    assert [row["customer_no"] for row in numbers if row["customer_no"] in told] == []
    assert (await (await walk.phone(walk.world.seqs[2])).get(at)).text.count("这个团已满") == 1
    await make.pays(walk.world, till, found[0].payment.id)
    await till.wait(clock, 60)
    await make.hear(walk.world)
    assert "还差 1 位付款" in (await one.get(at)).text
    await make.pays(walk.world, till, found[1].payment.id)
    await till.wait(clock, 60)
    await make.hear(walk.world)
    for phone in (one, two):
        assert "已成团，权益已到账" in (await phone.get(at)).text
    assert "已成团" in (await one.get("group-buys/mine")).text
    await till.check()


async def test_a_group_that_does_not_fill_is_refunded_and_its_page_says_so(walk, programme_id, till, clock):
    phone = await walk.phone(walk.world.seqs[3])
    page = f"group-buys/{programme_id}"
    at = await taken(phone, (page, f"{page}/seat"))
    async with walk.world.begin() as tx:
        found = await group_buy.group(tx, at.removeprefix("g/"), walk.world.seqs[3])
    before = await make.purse(walk.world, walk.world.seqs[3])
    await make.pays(walk.world, till, found.payment.id)
    await till.wait(clock, 60)
    await make.hear(walk.world)
    clock.advance(timedelta(hours=24))
    assert await make.expire(walk.world) == 1
    phone = await walk.phone(walk.world.seqs[3])
    assert "现金退回中" in (await phone.get(at)).text
    for _ in range(3):
        await till.wait(clock, 120)
        await make.hear(walk.world)
    assert "已全部退回" in (await phone.get(at)).text
    assert await make.purse(walk.world, walk.world.seqs[3]) == before
    assert "已退回" in (await phone.get("group-buys/mine")).text
    await till.check()


async def test_leaving_before_paying_frees_the_seat(walk, programme_id, till, clock):
    phone = await walk.phone(walk.world.seqs[4])
    page = f"group-buys/{programme_id}"
    at = await taken(phone, (page, f"{page}/seat"))
    assert await taken(phone, (at, f"{at}/leave")) == at
    for _ in range(3):
        await till.wait(clock, 90)
        await make.hear(walk.world)
    assert "参团" in (await phone.get(at, params={"lang": "zh"})).text
    assert (await make.states(walk.world, at.removeprefix("g/")))[1] == ["released"]


async def test_a_double_tap_is_one_seat_and_a_changed_price_is_said(walk, programme_id, till, clock):
    phone = await walk.phone(walk.world.seqs[5])
    page = f"group-buys/{programme_id}"
    fields = fields_of((await phone.get(page)).text)
    answers = [await phone.post(f"{page}/seat", data=fields) for _ in range(2)]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    other = await walk.phone(walk.world.seqs[6])
    fields = {**fields_of((await other.get(page)).text), "cash": "1"}
    refused = await other.post(f"{page}/seat", data=fields)
    assert refused.headers["location"].endswith("?refused=group_buy.price_changed")
    assert "价格已变化" in (await other.client.get(refused.headers["location"])).text


async def test_a_top_up_bought_together_asks_which_number_before_a_seat_is_taken(walk, till, clock):
    async with walk.world.begin() as tx:
        sku_id = await make_catalogue.topup(tx, supplier_id=walk.world.supplier_id)
    programme_id = await make.live(walk.world, name="话费", size=2, sku_id=sku_id, title="两人充话费")
    one, two = [await walk.phone(seq, "group-buys") for seq in walk.world.seqs[7:9]]
    page = f"group-buys/{programme_id}"
    asked = (await one.get(page)).text
    assert "充值到哪个号码" in asked
    refused = await one.post(f"{page}/seat", data={**fields_of(asked), "phone": "123"})
    assert "送达信息有误" in (await one.client.get(refused.headers["location"])).text
    told = {**fields_of(asked), "phone": "13800138000"}
    at = (await one.post(f"{page}/seat", data=told)).headers["location"].removeprefix(f"{one.home}/")
    joining = (await two.get(at)).text
    assert "充值到哪个号码" in joining
    assert "13800138000" not in joining
    await two.post(f"{page}/seat", data={**fields_of(joining), "phone": "13900139000"})
    assert "已成团，正在为您送达" in (await one.get(at)).text


@pytest.mark.parametrize(("place", "region", "elsewhere"), [(9, "330203", 0), (10, "500112", 1)])
async def test_a_group_buy_says_where_it_is_of_no_use_and_takes_everybody(walk, place, region, elsewhere):
    world = walk.world
    row = {"customer_no": f"C{place:06}", "unit_code": ("N", "S", "N1")[place % 3], "region": region}
    await make_customers.import_rows(world.database, world.tenant, [row], {"region": "text"})
    async with world.begin() as tx:
        sku_id = await make_catalogue.voucher(tx, regions=["330200"])
    programme_id = await make.live(world, name=f"本地团{place}", size=2, sku_id=sku_id, title="本地两人团")
    phone = await walk.phone(world.seqs[place], "group-buys")
    page = f"group-buys/{programme_id}"
    assert (await phone.get(page)).text.count("常住地不在其中") == elsewhere
    at = await taken(phone, (page, f"{page}/seat"))
    assert at.startswith("g/"), "told, and not refused"
    stranger = (await (await walk.phone()).get(page)).text
    assert "常住地不在其中" not in stranger


async def test_a_stranger_reads_and_takes_nothing(walk, programme_id, clock):
    stranger = await walk.phone()
    page = (await stranger.get(f"group-buys/{programme_id}", params={"lang": "en"})).text
    assert "Sign in to join" in page
    assert "/seat" not in page
    assert (await stranger.post(f"group-buys/{programme_id}/seat", data={"csrf": ""})).status_code == 401
    assert (await stranger.get("group-buys/mine")).status_code == 401
    assert (await stranger.get("g/2222222222zz")).status_code == 404
    forged = await walk.phone(walk.world.seqs[7])
    assert (await forged.post(f"group-buys/{programme_id}/seat", data={"csrf": "forged"})).status_code == 403
