import asyncio
import gzip
import re
from datetime import timedelta

import pytest

from huoke.reach import campaigns
from huoke.reward import grants
from tests.app.h5.conftest import fields_of, state_of
from tests.make import campaigns as make
from tests.make import catalogue as make_catalogue

pytestmark = pytest.mark.usefixtures("clock")


async def grants_of(walk, campaign_id) -> list[grants.GrantItem]:
    async with walk.world.begin() as tx:
        return await grants.find_grants(tx, source_id=campaign_id, limit=200)


async def pull(walk, **changes):
    campaign_id = await make.live(walk.world, **{"published": True, "stock": 10, **changes})
    return campaign_id, await walk.entry_code(campaign_id)


async def test_a_ticket_becomes_a_cookie_and_leaves_the_address(walk):
    phone = await walk.phone()
    ticket = await walk.ticket(walk.world.seqs[0])
    answer = await phone.get("enter", params={"ticket": ticket})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{phone.home}/benefits"
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert (await phone.get("benefits")).status_code == 200
    again = await phone.get("enter", params={"ticket": ticket})
    assert again.status_code == 409
    assert "这个链接已经用过" in again.text


async def test_a_visitor_reads_the_page_and_is_asked_to_come_through_the_app(walk):
    _, code = await pull(walk)
    phone = await walk.phone()
    assert await phone.state(code) == "sign_in"
    page = await phone.get("benefits")
    assert page.status_code == 401
    assert "请从" in page.text
    refused = await phone.post(f"c/{code}/claim", data={"csrf": "x", "request_no": "1"})
    assert refused.status_code == 401


async def test_a_claim_without_a_script_is_one_grant_however_often_it_is_pressed(walk):
    campaign_id, code = await pull(walk)
    phone = await walk.phone(walk.world.seqs[0], code)
    page = (await phone.get(f"c/{code}")).text
    assert state_of(page) == "open"
    assert 'data-left="10"' in page
    answers = await asyncio.gather(*(phone.claim(code, page) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {303}
    assert len(await grants_of(walk, campaign_id)) == 1
    after = (await phone.get(f"c/{code}")).text
    assert state_of(after) == "claimed"
    assert 'data-left="9"' in after


async def test_two_tabs_of_one_customer_are_one_grant(walk):
    campaign_id, code = await pull(walk)
    phone = await walk.phone(walk.world.seqs[1], code)
    first, second = [(await phone.get(f"c/{code}")).text for _ in range(2)]
    assert fields_of(first)["request_no"] != fields_of(second)["request_no"]
    await asyncio.gather(phone.claim(code, first), phone.claim(code, second))
    assert len(await grants_of(walk, campaign_id)) == 1


async def test_one_person_with_two_customer_numbers_claims_once(walk):
    campaign_id, code = await pull(walk)
    for seq in walk.world.seqs[-2:]:
        phone = await walk.phone(seq, code)
        await phone.claim(code)
    assert len(await grants_of(walk, campaign_id)) == 1


async def test_a_form_of_somebody_elses_session_moves_nothing(walk):
    campaign_id, code = await pull(walk)
    phone, other = await walk.phone(walk.world.seqs[2], code), await walk.phone(walk.world.seqs[3], code)
    foreign = fields_of((await other.get(f"c/{code}")).text)
    answer = await phone.claim(code, **foreign)
    assert answer.status_code == 403
    assert "页面放得太久了" in answer.text
    assert await grants_of(walk, campaign_id) == []


async def test_states_follow_the_campaign(walk, clock):
    world = walk.world
    now = clock.now()
    campaign_id, code = await pull(walk, opens_at=now, closes_at=now + timedelta(days=2), stock=1)
    phone = await walk.phone(world.seqs[4], code)
    assert await phone.state(code) == "open"
    async with world.begin(world.operator) as tx:
        await campaigns.pause(tx, world.operator, campaign_id, "核对库存")
    assert await phone.state(code) == "paused"
    async with world.begin(world.operator) as tx:
        await campaigns.resume(tx, world.operator, campaign_id, "核对完毕")
    other = await walk.phone(world.seqs[5], code)
    page = (await phone.get(f"c/{code}")).text
    await other.claim(code)
    assert await phone.state(code) == "sold_out"
    assert (await phone.claim(code, page)).status_code == 303
    assert len(await grants_of(walk, campaign_id)) == 1
    assert await (await walk.phone()).state(code) == "sold_out"
    clock.advance(timedelta(days=2))
    late = await walk.phone(world.seqs[4], code)
    assert await late.state(code) == "ended"


async def test_a_campaign_that_has_not_begun_says_when(walk, clock):
    begins = clock.now() + timedelta(days=1)
    _, code = await pull(walk, opens_at=begins, closes_at=begins + timedelta(days=1))
    phone = await walk.phone(walk.world.seqs[6], code)
    page = (await phone.get(f"c/{code}")).text
    assert state_of(page) == "not_started"
    assert "2026-03-03 09:00" in page


async def test_a_pushed_benefit_is_claimed_by_its_customer_and_refused_without_a_reason(walk):
    world = walk.world
    campaign_id = await make.live(world, control_percent=50)
    await make.run(world, campaign_id)
    code = await walk.entry_code(campaign_id)
    held = {item.seq for item in await grants_of(walk, campaign_id)}
    invited, control = min(held), min(set(world.seqs) - held)
    phone = await walk.phone(invited, code)
    await phone.claim(code)
    assert await phone.state(code) == "claimed"
    left_out = await walk.phone(control, code)
    page = (await left_out.get(f"c/{code}")).text
    assert state_of(page) == "not_eligible"
    assert "每期活动面向不同的客户" in page
    for telling in ("对照", "存款", "年龄", "成年客户", "余额"):
        assert telling not in page


async def test_from_wallet_to_code_to_counter_to_receipt(walk):
    world = walk.world
    _, code = await pull(walk)
    seq = world.seqs[7]
    phone = await walk.phone(seq, code)
    await phone.claim(code)
    wallet = (await phone.get("benefits")).text
    assert re.search(r"可用&nbsp;[12]<", wallet)
    path = re.search(rf'href="{phone.home}/(benefits/[0-9a-f-]+)"', wallet)[1]
    page = (await phone.get(path)).text
    digits = re.search(r'id="digits">([0-9 ]+)<', page)[1].replace(" ", "")
    assert len(digits) == 12
    assert page.count("<svg") >= 3
    assert '<noscript><meta http-equiv="refresh"' in page
    token = re.search(r'data-csrf="([^"]+)"', page)[1]
    assert (await phone.post(f"{path}/code")).status_code == 403
    renewed = (await phone.post(f"{path}/code", headers={"X-CSRF-Token": token})).json()
    assert renewed["live_seconds"] == 60
    assert renewed["digits"].replace(" ", "") != digits
    assert (await phone.get(f"{path}/state")).json() == {"state": "fulfilled"}
    async with world.begin(world.teller) as tx:
        item = grants.Redemption(request_no="counter-1", code=renewed["digits"])
        await grants.redeem(tx, [item], teller=world.teller.actor.id, unit_id=world.units.north)
    assert (await phone.get(f"{path}/state")).json() == {"state": "used"}
    assert "已核销，请享用" in (await phone.get(path)).text
    assert re.search(r"已使用&nbsp;1", (await phone.get("benefits")).text)
    neighbour = await walk.phone(world.seqs[8], code)
    assert (await neighbour.get(path)).status_code == 404
    assert (await neighbour.get(f"{path}/state")).status_code == 404


async def test_a_session_of_one_bank_is_nobody_at_another(walk, other_bank):
    _, code = await pull(walk)
    phone = await walk.phone(walk.world.seqs[9], code)
    foreign = f"/h5/bank-{other_bank}"
    assert (await phone.client.get(f"{foreign}/benefits")).status_code == 401
    assert (await phone.client.get(f"{foreign}/c/{code}")).status_code == 404
    ticket = await walk.ticket(walk.world.seqs[9])
    assert (await phone.client.get(f"{foreign}/enter", params={"ticket": ticket})).status_code != 303


async def test_a_short_link_leads_to_its_banks_page(walk):
    _, code = await pull(walk)
    phone = await walk.phone()
    answer = await phone.client.get(f"/e/{code}")
    assert answer.headers["Location"] == f"{phone.home}/c/{code}"
    assert (await phone.client.get("/e/nothing")).status_code == 404


async def test_english_is_asked_for_once_and_kept(walk):
    _, code = await pull(walk)
    phone = await walk.phone()
    assert "Autumn coffee" in (await phone.get(f"c/{code}?lang=en")).text
    page = (await phone.get(f"c/{code}/rules")).text
    assert '<html lang="en">' in page
    assert "One per person, valid for 14 days." in page
    assert "每人限领" not in page
    assert "中文" in page


async def test_every_page_stands_under_a_strict_policy(walk):
    _, code = await pull(walk)
    phone = await walk.phone(walk.world.seqs[10], code)
    for path in (f"c/{code}", f"c/{code}/rules", "benefits", "c/none"):
        page = await phone.get(path)
        policy = page.headers["Content-Security-Policy"]
        nonce = re.search(r"script-src 'nonce-([^']+)'", policy)[1]
        assert "unsafe" not in policy
        assert page.headers["Cache-Control"] == "no-store"
        assert set(re.findall(r'<(?:script|style) nonce="([^"]+)"', page.text)) == {nonce}
        assert not re.search(r"\son\w+=|\sstyle=", page.text)
        assert "uoke" not in re.sub(r"huoke_\w+", "", page.text)


async def test_words_of_the_bank_are_never_markup(walk):
    texts = campaigns.PageTexts(
        zh=campaigns.PageText(title='<b onclick="x">秋</b>', rules="<script>alert(1)</script>"), en=make.TEXTS.en
    )
    _, code = await pull(walk, page_texts=texts)
    phone = await walk.phone()
    page = (await phone.get(f"c/{code}")).text + (await phone.get(f"c/{code}/rules")).text
    assert "<b onclick" not in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


async def test_a_top_up_asks_for_its_phone_and_says_that_it_is_on_its_way(walk):
    async with walk.world.begin() as tx:
        sku_id = await make_catalogue.topup(tx, supplier_id=walk.world.supplier_id)
    campaign_id, code = await pull(walk, sku_id=sku_id)
    phone = await walk.phone(walk.world.seqs[4], code)
    page = (await phone.get(f"c/{code}")).text
    assert 'name="phone"' in page
    assert 'name="address"' not in page
    refused = await phone.claim(code, page, phone="12345")
    assert refused.status_code == 422
    assert await grants_of(walk, campaign_id) == []
    assert (await phone.claim(code, page, phone="13812345678")).status_code == 303
    [grant] = await grants_of(walk, campaign_id)
    assert grant.state is grants.State.FULFILLING
    assert "办理中" in (await phone.get("benefits")).text
    assert "正在办理" in (await phone.get(f"benefits/{grant.id}")).text
    assert "13812345678" not in (await phone.get(f"benefits/{grant.id}")).text


async def test_the_landing_page_travels_in_one_flight(walk):
    _, code = await pull(walk)
    phone = await walk.phone(walk.world.seqs[11], code)
    page = await phone.get(f"c/{code}", headers={"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    assert len(gzip.compress(page.content, 6)) <= 10 * 1_460
    assert not re.search(r"<(link rel=.stylesheet|script src|img|iframe)", page.text)


async def test_an_address_that_is_none_is_a_page_of_the_bank(walk):
    phone = await walk.phone()
    for path in ("nothing", "c/x/y/z"):
        page = await phone.get(path)
        assert page.status_code == 404
        assert "没有找到这一页" in page.text
    page = await phone.client.get("/h5/no-such-bank/benefits")
    assert page.status_code == 404
    assert "没有找到这一页" in page.text


async def test_a_link_of_another_bank_says_so(walk, other_bank):
    _, code = await pull(walk)
    phone = await walk.phone()
    page = await phone.client.get(f"/h5/bank-{other_bank}/c/{code}")
    assert page.status_code == 404
    assert "它属于另一家银行" in page.text
    ticket = await walk.ticket(walk.world.seqs[12])
    taken = await phone.client.get(f"/h5/bank-{other_bank}/enter", params={"ticket": ticket})
    assert taken.status_code == 409
    assert "它属于另一家银行" in taken.text
    assert "Set-Cookie" not in taken.headers


async def test_a_stopped_campaign_and_a_full_one_say_so(walk):
    world = walk.world
    campaign_id, code = await pull(walk, budget_fen=1_980)
    phone, other = await walk.phone(world.seqs[13], code), await walk.phone(world.seqs[14], code)
    await other.claim(code)
    page = (await phone.get(f"c/{code}")).text
    assert "本期名额已满</h2>" in page
    assert 'data-left="9"' in page
    async with world.begin(world.operator) as tx:
        await campaigns.stop(tx, world.operator, campaign_id, "不再需要")
    assert "活动已提前结束" in (await phone.get(f"c/{code}")).text
    assert len(await grants_of(walk, campaign_id)) == 1
