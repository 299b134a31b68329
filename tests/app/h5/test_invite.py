"""The pages of invitations: a code of one's own, accepting without a script, every state, nobody's name in clear."""

import re
from datetime import timedelta
from importlib import import_module

import pytest

from huoke.govern import tenants
from huoke.kernel.batch import Call
from huoke.kernel.tx import SYSTEM
from huoke.know.entry_points import PngUnavailable, raster
from huoke.reward import grants, referral
from tests.app.h5.conftest import fields_of
from tests.make import customers as make_customers
from tests.make import referral as make


@pytest.fixture(scope="module")
async def programme_id(walk):
    return await make.live(walk.world)


async def test_a_customer_begins_to_invite_and_a_friend_accepts_by_form(walk, programme_id, clock):
    inviter, friend = walk.world.seqs[0], walk.world.seqs[1]
    phone = await walk.phone(inviter, "invite")
    found = await phone.get("invite")
    assert (found.status_code, found.headers["location"]) == (303, f"{phone.home}/invite/{programme_id}")
    page = (await phone.get(f"invite/{programme_id}")).text
    assert "开始邀请" in page
    begun = await phone.post(f"invite/{programme_id}", data=fields_of(page))
    assert begun.status_code == 303
    page = (await phone.get(f"invite/{programme_id}")).text
    shown = re.search(r"http://huoke\.test/e/(\w+)", page)
    assert shown is not None
    code = shown[1]
    assert code != await make.code(walk.world, programme_id, inviter), "the code to type in is another one"
    assert "转发本身不产生权益" in page
    assert "这是您自己的邀请" in (await phone.get(f"r/{code}")).text
    guest = await walk.phone(friend)
    followed = await guest.client.get(f"/e/{code}")
    assert followed.headers["location"] == f"{guest.home}/r/{code}"
    page = (await guest.get(f"r/{code}")).text
    assert "接受邀请" in page
    accepted = await guest.post(f"r/{code}/accept", data=fields_of(page))
    again = await guest.post(f"r/{code}/accept", data=fields_of(page))
    assert (accepted.status_code, again.status_code) == (303, 303)
    assert "已接受邀请" in (await guest.get(f"r/{code}")).text
    async with walk.world.begin() as tx:
        own = await referral.own(tx, programme_id, inviter)
    [shown] = own.friends
    assert shown.name in (await phone.get(f"invite/{programme_id}")).text
    assert "进行中" in (await phone.get(f"invite/{programme_id}")).text


async def test_a_ticket_with_an_inviters_code_leads_to_the_invitation(walk, programme_id, clock):
    code = await make.code(walk.world, programme_id, walk.world.seqs[2])
    phone = await walk.phone()
    answer = await phone.get("enter", params={"ticket": await walk.ticket(walk.world.seqs[3], code)})
    assert answer.headers["location"] == f"{phone.home}/r/{code}"


async def test_a_stranger_reads_the_invitation_and_accepts_nothing(walk, programme_id, clock):
    code = await make.code(walk.world, programme_id, walk.world.seqs[4])
    stranger = await walk.phone()
    page = (await stranger.get(f"r/{code}", params={"lang": "en"})).text
    assert "Sign in to accept" in page
    assert "/accept" not in page
    assert (await stranger.post(f"r/{code}/accept", data={"csrf": ""})).status_code == 401
    assert (await stranger.get(f"invite/{programme_id}")).status_code == 401
    assert (await stranger.get("r/2222222222zz")).status_code == 404


async def test_a_form_without_its_token_accepts_nothing(walk, programme_id, clock):
    code = await make.code(walk.world, programme_id, walk.world.seqs[5])
    phone = await walk.phone(walk.world.seqs[6])
    assert (await phone.post(f"r/{code}/accept", data={"csrf": "forged"})).status_code == 403
    async with walk.world.begin() as tx:
        assert (await referral.invitation(tx, code, walk.world.seqs[6])).bond is None


async def test_a_circle_is_said_on_the_page(walk, programme_id, clock):
    one, two = walk.world.seqs[7], walk.world.seqs[8]
    await make.invited(walk.world, programme_id, one, two)
    code = await make.code(walk.world, programme_id, two)
    phone = await walk.phone(one)
    answer = await phone.post(f"r/{code}/accept", data=fields_of((await phone.get(f"r/{code}")).text))
    assert "不能接受这份邀请" in (await phone.client.get(answer.headers["location"])).text


async def test_a_poster_is_a_picture_and_says_what_the_friend_does(walk, programme_id, clock, monkeypatch):
    code = await make.code(walk.world, programme_id, walk.world.seqs[9])
    drawn = await (await walk.phone()).get(f"r/{code}/poster.svg")
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert "完成首笔支付" in drawn.text
    kept = await (await walk.phone()).get(f"r/{code}/poster.png")
    assert (kept.headers["content-type"], kept.content[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    monkeypatch.setattr(raster, "_font_of", nowhere)
    told = await (await walk.phone()).get(f"r/{code}/poster.png")
    assert (told.status_code, told.headers["location"][-10:]) == (303, "poster.svg")


def nowhere(sign):
    raise PngUnavailable(f"The sign '{sign}' is in no font here.")


async def test_paused_ended_and_another_invitation_are_said(walk, clock):
    programme_id = await make.live(walk.world, name="状态")
    world = walk.world
    code, other = [await make.code(world, programme_id, seq) for seq in (world.seqs[10], world.seqs[11])]
    await make.accept(world, (code, world.seqs[12]))
    accepted = await walk.phone(world.seqs[12])
    assert "已接受另一位好友的邀请" in (await accepted.get(f"r/{other}")).text
    phone = await walk.phone(world.seqs[13])
    async with world.begin(world.operator) as tx:
        await referral.pause(tx, world.operator, programme_id, "核对名单")
    assert "活动暂停，稍后恢复" in (await phone.get(f"r/{code}")).text
    async with world.begin(world.operator) as tx:
        await referral.stop(tx, world.operator, programme_id, "提前结束")
    clock.advance(timedelta(hours=1))
    assert "活动已结束" in (await phone.get(f"r/{code}")).text


async def test_help_is_asked_for_and_given_by_form(walk, clock):
    coffee = make.terms(walk.world).inviter
    told = {"name": "助力", "hold_days": 0, "fresh_days": 0, "help_hours": 48, "inviter": None, "invitee": coffee}
    steps = (referral.LadderStep(invitees=2, benefit=coffee),)
    helping = await make.live(walk.world, **told, ladder=steps)
    asker, friend = [await walk.phone(seq) for seq in walk.world.seqs[20:22]]
    found = await asker.get("help")
    assert found.headers["location"] == f"{asker.home}/invite/{helping}"
    page = (await asker.get(f"invite/{helping}")).text
    assert "发起后 48 小时内集满 2 位好友的助力" in page
    await asker.post(f"invite/{helping}", data=fields_of(page))
    code = await make.code(walk.world, helping, walk.world.seqs[20])
    page = (await asker.get(f"invite/{helping}")).text
    assert "助力截止" in page
    assert "转发本身不产生权益" in page
    page = (await friend.get(f"r/{code}")).text
    assert "已有 0 / 2 位好友助力" in page
    await friend.post(f"r/{code}/accept", data=fields_of(page))
    assert "已开始助力" in (await friend.get(f"r/{code}")).text
    clock.advance(timedelta(hours=48))
    asker = await walk.phone(walk.world.seqs[20])
    assert "助力时间已过" in (await asker.get(f"invite/{helping}")).text
    late = await walk.phone(walk.world.seqs[22])
    assert "助力时间已过" in (await late.get(f"r/{code}")).text


async def test_campaign_pages_answer_on_their_own_domain_alone(walk, programme_id, clock):
    """Rule M3: with a domain set, another host leads there and serves no campaign; a ticket is carried over."""
    code = await make.code(walk.world, programme_id, walk.world.seqs[9])
    async with walk.world.begin(walk.world.operator) as tx:
        await tenants.set_setting(tx, "referral.pages_url", "https://hd.example.com", "活动独立域名")
    try:
        service = await walk.phone(walk.world.seqs[10])
        for path in (f"r/{code}", f"invite/{programme_id}", "c/2222222222zz", "p/none", "group-buys", "help"):
            answer = await service.get(path)
            assert answer.status_code == 404, path
            assert f"https://hd.example.com{service.home}/{path}" in answer.text
        assert (await service.get("benefits")).status_code == 200
        assert (await service.client.get(f"/e/{code}")).headers["location"] == (
            f"https://hd.example.com{service.home}/r/{code}"
        )
        ticket = await walk.ticket(walk.world.seqs[11], "invite")
        moved = (await service.get("enter", params={"ticket": ticket})).headers["location"]
        assert moved.startswith(f"https://hd.example.com{service.home}/enter?ticket=")
        own = await walk.phone()
        own.client.base_url = "https://hd.example.com"
        entered = await own.client.get(moved)
        assert entered.headers["location"] == f"{own.home}/invite"
        assert (await own.get(f"r/{code}")).status_code == 200
    finally:
        async with walk.world.begin(walk.world.operator) as tx:
            await tenants.set_setting(tx, "referral.pages_url", "", "测试结束")


async def test_both_are_rewarded_once_for_what_the_friend_did_and_nobody_invites_themselves(walk, clock):
    held = await make.live(walk.world, name="走一遍", hold_days=1)
    inviter, friend = walk.world.seqs[30:32]
    code = await make.code(walk.world, held, inviter)
    own = await walk.phone(inviter)
    page = (await own.get(f"r/{code}")).text
    assert "这是您自己的邀请" in page
    assert "/accept" not in page
    async with walk.world.begin() as tx:
        [answer] = await referral.bind(tx, [Call(referral.Bind(code=code, seq=inviter), SYSTEM, tx.now)])
    assert isinstance(answer, referral.SelfInvited)
    guest = await walk.phone(friend)
    await guest.post(f"r/{code}/accept", data=fields_of((await guest.get(f"r/{code}")).text))
    clock.advance(timedelta(minutes=2))
    await make.pays(walk.world, friend)
    clock.advance(timedelta(minutes=2))
    await make.advance(walk.world)
    assert "已完成，观察期中" in (await guest.get(f"r/{code}")).text
    clock.advance(timedelta(days=1, minutes=2))
    for _ in range(2):
        await make.advance(walk.world)
    for seq in (inviter, friend):
        phone = await walk.phone(seq)
        assert (await phone.get("benefits")).text.count('class="ticket') >= 1
    assert "权益已到账" in (await (await walk.phone(friend)).get(f"r/{code}")).text
    assert "已成功 1 人" in (await (await walk.phone(inviter)).get(f"invite/{held}")).text
    async with walk.world.begin() as tx:
        assert [len(await grants.wallet(tx, seq)) for seq in (inviter, friend)] == [1, 1]
        assert await tx.fetch_value("SELECT count(*) FROM referral.bond WHERE programme_id = $1", held) == 1


async def named(walk, seq, name, phone):
    """A customer whose name and phone the bank knows."""
    async with walk.world.begin() as tx:
        number = await tx.fetch_value("SELECT customer_no FROM customers.customer WHERE seq = $1", seq)
    row = {"customer_no": number, "unit_code": "N", "name": name, "phone": phone}
    await make_customers.import_rows(walk.world.database, walk.world.tenant, [row], {})


async def test_who_invited_and_who_accepted_are_shown_by_masked_names_alone(walk, programme_id, clock, monkeypatch):
    inviter, friend = walk.world.seqs[40:42]
    await named(walk, inviter, "司徒云帆", "13912345678")
    await named(walk, friend, "欧阳晓彤", "13787654321")
    phone, guest = await walk.phone(inviter), await walk.phone(friend)
    code = await make.code(walk.world, programme_id, inviter)
    invited = (await guest.get(f"r/{code}")).text
    assert "司**" in invited
    await guest.post(f"r/{code}/accept", data=fields_of(invited))
    listed = (await phone.get(f"invite/{programme_id}")).text
    assert "欧**" in listed
    secrets = ("司徒", "云帆", "欧阳", "晓彤", "13912345678", "13787654321", "139****5678", "137****4321")
    assert [one for one in secrets if one in invited + listed] == []

    async def in_clear(_tx, seqs):
        return dict.fromkeys(seqs, "欧阳晓彤")

    monkeypatch.setattr(import_module("huoke.reward.referral.own"), "_masked", in_clear)
    assert "欧阳晓彤" in (await phone.get(f"invite/{programme_id}")).text, "the page shows whatever it is told"
