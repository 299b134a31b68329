"""Choosing from a bundle on the phone: one after another, never one too many, and a kind word for every no."""

import asyncio
import re

import msgspec
import pytest

from huoke.kernel.ids import new_id
from huoke.reach import campaigns
from huoke.reward import grants
from tests.app.h5.conftest import fields_of
from tests.make import campaigns as make
from tests.make import catalogue as make_catalogue
from tests.make import customers as make_customers

pytestmark = pytest.mark.usefixtures("clock")


async def bundle(walk, *, choose=2, stocks=(10, 10, 10)):
    """A published campaign whose customers choose `choose` of as many vouchers as there are stocks; its entry code."""
    world = walk.world
    campaign_id = await make.live(world, published=True, stock=stocks[0])
    async with world.begin() as tx:
        await tx.execute("UPDATE grants.offer SET choose = $2 WHERE source_id = $1", campaign_id, choose)
        [first] = await grants.find_offers(tx, "campaign", campaign_id)
        [terms] = set((await grants.unit_terms(tx, first.id)).values())
        for line, stock in enumerate(stocks[1:], start=1):
            sku_id = await make_catalogue.voucher(tx, supplier_id=world.supplier_id, name=f"点心 {line}")
            new = grants.NewPool(sku_id=sku_id, unit_id=world.units.head, name="点心", quantity=stock)
            pool_id = await grants.open_pool(tx, new)
            facts = {name: getattr(first, name) for name in set(first.__struct_fields__) - {"state"}}
            offer = grants.Offer(
                **{**facts, "id": new_id(), "line": line, "sku_id": sku_id, "title": f"点心 {line}"},
                source_kind="campaign",
                source_id=campaign_id,
                supplier_id=world.supplier_id,
                unit_terms={grants.EVERY_UNIT: grants.Terms(terms.budget_id, pool_id)},
            )
            await grants.publish_offer(tx, offer)
    return campaign_id, await walk.entry_code(campaign_id)


def paths(page: str) -> list[str]:
    """Where each benefit that can be chosen is chosen, without the bank's home."""
    return re.findall(r'href="/h5/[^/]+/(c/[^/]+/choose/[0-9a-f-]+)"', page)


async def taken(walk, campaign_id) -> int:
    async with walk.world.begin() as tx:
        return len(await grants.find_grants(tx, source_id=campaign_id, limit=200))


async def choose(phone, path, page=None):
    """Open one benefit and press its button."""
    text = page or (await phone.get(path)).text
    return await phone.post(path, data=fields_of(text))


async def test_one_is_chosen_after_another_until_all_are(walk):
    campaign_id, code = await bundle(walk)
    phone = await walk.phone(walk.world.seqs[0], code)
    page = (await phone.get(f"c/{code}")).text
    assert "任选 2 款" in page
    assert "可选 2 款" in page
    assert page.count("剩 10 份") == 3
    assert "点心 2：" in page
    first, second, third = paths(page)
    answer = await choose(phone, first)
    assert answer.headers["Location"] == f"{phone.home}/c/{code}"
    page = (await phone.get(f"c/{code}")).text
    assert "已选 1 款，还可选 1 款" in page
    assert paths(page) == [second, third]
    late = (await phone.get(third)).text
    assert "选定后不能更换" in late
    await choose(phone, second)
    page = (await phone.get(f"c/{code}")).text
    assert "已选满 2 款" in page
    assert paths(page) == []
    refused = await choose(phone, third, late)
    assert refused.headers["Location"] == f"{phone.home}/{third}"
    assert "已选满 2 款" in (await phone.get(third)).text
    assert await taken(walk, campaign_id) == 2


async def test_a_double_tap_is_one_choice(walk):
    campaign_id, code = await bundle(walk)
    phone = await walk.phone(walk.world.seqs[1], code)
    path = paths((await phone.get(f"c/{code}")).text)[0]
    page = (await phone.get(path)).text
    answers = await asyncio.gather(*(choose(phone, path, page) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {303}
    assert await taken(walk, campaign_id) == 1


async def test_two_tabs_never_choose_one_too_many(walk):
    campaign_id, code = await bundle(walk, choose=1)
    phone = await walk.phone(walk.world.seqs[2], code)
    wanted = paths((await phone.get(f"c/{code}")).text)
    await asyncio.gather(*(choose(phone, path) for path in wanted))
    assert await taken(walk, campaign_id) == 1


async def test_what_is_gone_says_so_and_the_rest_can_still_be_chosen(walk):
    _, code = await bundle(walk, stocks=(10, 1, 10))
    early, late = await walk.phone(walk.world.seqs[3], code), await walk.phone(walk.world.seqs[4], code)
    scarce = paths((await late.get(f"c/{code}")).text)[1]
    page = (await late.get(scarce)).text
    await choose(early, scarce)
    assert (await choose(late, scarce, page)).headers["Location"] == f"{late.home}/{scarce}"
    told = (await late.get(scarce)).text
    assert "这一款领完了" in told
    assert "您还可以再选 2 款" in told
    assert len(paths((await late.get(f"c/{code}")).text)) == 2
    assert "这一款您已经选了" in (await early.get(scarce)).text


async def only_in_ningbo(owner, offer):
    """What an offer gives is used in one city from now on."""
    async with owner.begin_shared() as tx:
        await tx.execute("UPDATE catalogue.sku_version SET regions = '{330200}' WHERE sku_id = $1", offer.sku_id)


async def test_what_cannot_be_used_where_one_lives_is_not_offered_while_enough_else_is_left(walk, owner):
    world = walk.world
    campaign_id, code = await bundle(walk)
    async with world.begin() as tx:
        [near, _, far] = sorted(await grants.find_offers(tx, "campaign", campaign_id), key=lambda one: one.line)
        rows = [{"customer_no": f"C{n:06}", "unit_code": ("N", "S", "N1")[n % 3], "region": "500112"} for n in (8,)]
    await only_in_ningbo(owner, far)
    await make_customers.import_rows(world.database, world.tenant, rows, {"region": "text"})
    phone = await walk.phone(world.seqs[8], code)
    page = (await phone.get(f"c/{code}")).text
    wanted = f"c/{code}/choose/{far.id}"
    assert len(paths(page)) == 2
    assert wanted not in paths(page)
    assert page.index("点心 1") < page.index("您的常住地不能使用"), "what is of no use comes last"
    told = (await phone.get(wanted)).text
    assert "这一款在您的常住地不能使用" in told
    refused = await choose(phone, wanted, told)
    assert refused.headers["Location"] == f"{phone.home}/{wanted}"
    assert await taken(walk, campaign_id) == 0
    other = await walk.phone(world.seqs[7], code)
    assert len(paths((await other.get(f"c/{code}")).text)) == 3, "nobody knows where this one lives"
    await only_in_ningbo(owner, near)
    page = (await phone.get(f"c/{code}")).text
    assert len(paths(page)) == 3, "one other is not enough for two: nobody loses what the bundle promises"
    told = (await phone.get(wanted)).text
    assert "常住地不在其中" in told
    assert (await choose(phone, wanted, told)).headers["Location"] == f"{phone.home}/c/{code}"
    assert await taken(walk, campaign_id) == 1


async def test_a_visitor_sees_the_choice_and_is_asked_who_they_are(walk):
    _, code = await bundle(walk)
    phone = await walk.phone()
    page = (await phone.get(f"c/{code}")).text
    assert "任选 2 款" in page
    assert paths(page) == []
    assert (await phone.get(f"c/{code}/choose/{new_id()}")).status_code == 401
    known = await walk.phone(walk.world.seqs[5], code)
    assert (await known.get(f"c/{code}/choose/{new_id()}")).status_code == 404


async def test_a_paused_bundle_lets_nobody_choose(walk):
    world = walk.world
    campaign_id, code = await bundle(walk)
    phone = await walk.phone(world.seqs[6], code)
    path = paths((await phone.get(f"c/{code}")).text)[0]
    page = (await phone.get(path)).text
    async with world.begin(world.operator) as tx:
        await campaigns.pause(tx, world.operator, campaign_id, "核对库存")
    await choose(phone, path, page)
    assert "活动暂停" in (await phone.get(path)).text
    assert paths((await phone.get(f"c/{code}")).text) == []
    assert await taken(walk, campaign_id) == 0


async def test_looking_at_a_benefit_is_an_event_of_its_customer(walk):
    world = walk.world
    campaign_id, code = await bundle(walk)
    phone = await walk.phone(world.seqs[7], code)
    path = paths((await phone.get(f"c/{code}")).text)[0]
    await phone.get(path)
    async with world.begin() as tx:
        [offer, *_] = await grants.find_offers(tx, "campaign", campaign_id)
        sku_code = await tx.fetch_value("SELECT code FROM catalogue.sku WHERE id = $1", offer.sku_id)
        rows = await tx.fetch(
            "SELECT properties, entry_code FROM events.event WHERE name = 'benefit.viewed' AND seq = $1", world.seqs[7]
        )
    [row] = rows
    assert row["entry_code"] == code
    assert msgspec.json.encode(row["properties"]).count(sku_code.encode()) == 1
