"""The service desk: whatever number leads to its customer, within units and on record; stories in order; reasons that
never tell who is in a control group.
"""

import base64
from datetime import timedelta

import pytest

from huoke.app.demo.sms_gateway import Gateway, Manners, SmsServer
from huoke.decide import experiments
from huoke.govern import audit, tenants
from huoke.kernel.refusals import Invalid
from huoke.kernel.sets import CustomerSet
from huoke.know import consent, customers
from huoke.know.consent import SuppressionReason, SuppressionStatement, Verdict
from huoke.measure import desk
from huoke.measure.desk import Asked, Kind, Purpose
from huoke.reach import campaigns, channels
from huoke.reward import counter, grants
from huoke.reward.counter import Day
from huoke.settle import care
from huoke.settle.care import ActKind, NewAct
from tests.make import campaigns as make_campaigns
from tests.make import care as make
from tests.make import customers as make_customers

KEY = bytes(range(32))


@pytest.fixture(scope="module")
async def place(world) -> make.Desk:
    return await make.desk(world)


@pytest.fixture(scope="module")
async def open_campaign(place):
    return await make_campaigns.live(place.world, published=True, name="人人有份", person_limit=9)


@pytest.fixture
async def gateway(place):
    world = place.world
    async with world.begin() as tx:
        code = (await tenants.get(tx)).code
    theirs = Gateway(code, "huoke", KEY, "http://127.0.0.1:9", world.database.clock.machine, Manners(mute=1.0))
    with SmsServer([theirs]) as server:
        new = channels.NewGateway(
            address=server.address(code),
            sender="第一银行",
            key=base64.b64encode(KEY).decode(),
            link_address="https://m.bank.cn",
        )
        async with world.begin() as tx:
            await channels.set_gateway(tx, new)
        yield theirs


async def find(place, text, principal=None, purpose=Purpose.CALL):
    who = principal or place.clerk
    async with place.begin(who) as tx:
        return await desk.find(tx, who, Asked(text=text, purpose=purpose))


async def claimed(place, campaign_id):
    [answer] = await make_campaigns.claim(place.world, campaign_id, place.seq)
    return answer.grant_id


async def test_every_number_leads_to_its_customer(place, open_campaign):
    grant_id = await claimed(place, open_campaign)
    case_id = await place.case(grant_id)
    async with place.begin() as tx:
        number = (await care.get_case(tx, place.clerk, case_id)).row.number
        code = (await grants.redemption_code(tx, grant_id, place.seq)).code
    wanted = {
        "D000001": (Kind.CUSTOMER, None, None),
        make.PHONE: (Kind.CUSTOMER, None, None),
        str(grant_id): (Kind.GRANT, grant_id, None),
        f"{code[:4]} {code[4:8]}-{code[8:]}": (Kind.CODE, grant_id, None),
        f"HUOKE:R:{code}": (Kind.CODE, grant_id, None),
        number.lower(): (Kind.CASE, grant_id, case_id),
    }
    for text, (kind, grant, case) in wanted.items():
        found = await find(place, text)
        assert (found.kind, found.grant_id, found.case_id) == (kind, grant, case), text
        assert [(row.seq, row.name, row.phone) for row in found.customers] == [(place.seq, "柳**", "138****0001")], text


async def test_a_look_up_is_on_record_with_its_purpose_and_without_what_was_typed(place):
    await find(place, make.PHONE, purpose=Purpose.COMPLAINT)
    async with place.begin() as tx:
        [entry, *_] = await audit.find(tx, audit.AuditFilter(action="desk.find"))
    assert (entry.actor_id, entry.subject_id, entry.reason) == (place.clerk.actor.id, str(place.seq), "complaint")
    assert make.PHONE not in str(entry)


async def test_nobody_found_says_what_was_tried_and_is_on_record_too(place):
    found = await find(place, "000000000000")
    assert (found.kind, found.customers, found.tried) == (None, [], [Kind.CUSTOMER, Kind.CODE, Kind.ORDER])
    async with place.begin() as tx:
        [entry, *_] = await audit.find(tx, audit.AuditFilter(action="desk.find"))
    assert (entry.subject_id, entry.after) == ("", {"kind": "", "tried": ["customer", "code", "order"]})
    with pytest.raises(Invalid):
        await find(place, " 1 ")


async def test_a_customer_of_another_branch_is_nobody(place, open_campaign):
    grant_id = await claimed(place, open_campaign)
    for text in ("D000001", make.PHONE, str(grant_id)):
        found = await find(place, text, place.stranger)
        assert (found.customers, found.grant_id) == ([], None), text
    async with place.begin(place.stranger) as tx:
        with pytest.raises(grants.UnknownGrant):
            await desk.story(tx, place.stranger, grant_id)
        for asked in (
            desk.benefits(tx, place.stranger, place.seq),
            desk.askable(tx, place.stranger, place.seq),
        ):
            with pytest.raises(customers.CustomerUnknown):
                await asked


async def test_too_many_look_ups_are_refused_for_five_minutes(place, clock):
    clock.advance(timedelta(hours=1))
    async with place.begin() as tx:
        await tenants.set_setting(tx, "desk.finds_per_5_minutes", 5, "测试")
    assert [(await find(place, "D000001")).left for _ in range(5)] == [4, 3, 2, 1, 0]
    with pytest.raises(desk.TooManyFinds):
        await find(place, "D000001")
    assert (await find(place, "D000001", place.stranger)).left == 4
    clock.advance(timedelta(minutes=5, seconds=1))
    assert (await find(place, "D000001")).left == 4
    async with place.begin() as tx:
        await tenants.set_setting(tx, "desk.finds_per_5_minutes", 60, "测试")


async def test_counter_and_desk_call_a_benefit_in_both_languages(place, open_campaign):
    grant_id = await claimed(place, open_campaign)
    [redeemed] = await make_campaigns.redeem(place.world, grant_id)
    names = ("海岸咖啡 中杯券", "Coast Coffee, medium cup")
    teller = place.world.teller
    async with place.begin(teller) as tx:
        rows = await counter.read_day(tx, teller, Day())
        totals = await counter.totals_of(tx, teller, Day())
        held = await desk.benefits(tx, place.clerk, place.seq)
    assert [(row.title, row.title_en) for row in rows if row.id == redeemed.redemption_id] == [names]
    assert [(one.title, one.title_en) for one in totals.benefits] == [names]
    assert {(row.title, row.title_en) for row in held} == {names}


async def test_a_story_tells_claim_redemption_and_its_undoing_in_order(place, open_campaign, clock):
    grant_id = await claimed(place, open_campaign)
    clock.advance(timedelta(minutes=1))
    [redeemed] = await make_campaigns.redeem(place.world, grant_id)
    clock.advance(timedelta(minutes=1))
    teller = place.world.teller
    async with place.begin(teller) as tx:
        await grants.undo_redeem(
            tx, redeemed.redemption_id, teller=teller.actor.id, units=frozenset(), reason="扫错了客户"
        )
    async with place.begin() as tx:
        story = await desk.story(tx, place.clerk, grant_id)
    assert [step.what.zh for step in story.steps] == [
        "客户已领取，可以使用",
        f"在 城北分行 核销，经办 {teller.name}",
        "核销已撤销，可以再次使用",
    ]
    assert story.steps[2].more is not None
    assert story.steps[2].more.zh == f"{teller.name}：扫错了客户"
    assert story.script.zh.startswith("您好，您的“海岸咖啡 中杯券”已经领取，请在2026年")
    assert story.script.en.startswith("Your benefit 'Coast Coffee, medium cup' is ready; show its code in a store by ")
    assert (story.benefit.source, set(story.can)) == ("人人有份", {"extend", "compensate"})


async def test_a_link_reaches_the_phone_at_night_and_without_consent_but_never_who_is_left_alone(
    place, open_campaign, gateway, clock
):
    grant_id = await claimed(place, open_campaign)
    case_id = await place.case(grant_id)
    clock.advance(timedelta(hours=14))
    async with place.begin() as tx:
        withdrawn = consent.Statement(
            purpose=consent.MARKETING,
            verdict=Verdict.WITHDRAWN,
            members=CustomerSet.of(tx.tenant, [place.seq]),
            channel="app",
        )
        await consent.record(tx, [withdrawn])
        assert "link" in (await desk.story(tx, place.clerk, grant_id)).can
        new = NewAct(case_id=case_id, grant_id=grant_id, kind=ActKind.LINK, reason="客户未收到短信")
        await care.act(tx, place.clerk, new)
    await hand_over(place)
    [sent] = gateway.books.values()
    assert sent.text.startswith(
        "【第一银行】柳青青您好，您的权益“海岸咖啡 中杯券”请点此查看和使用：https://m.bank.cn/h5/"
    )
    assert sent.text.endswith(f"/benefits/{grant_id}")
    assert "拒收请回复" not in sent.text, "what one asked for is not advertised"

    async with place.begin() as tx:
        left_alone = SuppressionStatement(
            verdict=Verdict.GIVEN,
            reason=SuppressionReason.COMPLAINT,
            members=CustomerSet.of(tx.tenant, [place.seq]),
            source="desk",
        )
        await consent.suppress(tx, [left_alone])
        await care.act(tx, place.clerk, new)
    await hand_over(place)
    async with place.begin() as tx:
        story = await desk.story(tx, place.clerk, grant_id)
        with pytest.raises(care.EnoughSent):
            for _ in range(3):
                await care.act(tx, place.clerk, new)
    said = [(step.what.zh, step.more.zh if step.more else "") for step in story.steps if step.about == "message"]
    assert said.count(("短信没有发送", "客户在免打扰名单上")) == 1
    assert len(gateway.books) == 1


async def hand_over(place):
    while await channels.hand_over(place.world.database, place.world.tenant):
        pass


async def reasons(place, clickhouse, principal, seq, campaign_id):
    async with place.begin(principal) as tx:
        return await desk.reasons(tx, clickhouse, principal, seq, campaign_id)


async def test_the_desk_cannot_tell_a_control_group_from_a_list_one_is_not_on(place, clickhouse):
    campaign_id = await make_campaigns.live(place.world, name="成年客户咖啡", control_percent=50)
    await make_campaigns.run(place.world, campaign_id)
    async with place.begin() as tx:
        control = await experiments.control_members(tx, campaign_id)
        unit = {row.seq: row.unit_id for row in await customers.masked_rows(tx, place.world.seqs)}
    inside = next(seq for seq in place.world.seqs if seq in control and unit[seq] == place.world.units.north)
    left_out = await newcomer(place)
    told = await reasons(place, clickhouse, place.clerk, inside, campaign_id)
    open_words = await reasons(place, clickhouse, place.world.operator, inside, campaign_id)
    assert ("selected", False) in [(one.condition, one.holds) for one in told.answers]
    assert {"audience", "not_control"} & {one.condition for one in told.answers} == set()
    assert "对照" not in str(told)
    assert "control" not in str(told).lower()
    assert ("not_control", False) in [(one.condition, one.holds) for one in open_words.answers]
    assert told.script == open_words.script
    assert "这一次没有选到您" in told.script.zh
    other = await reasons(place, clickhouse, place.clerk, left_out, campaign_id)
    assert [one for one in other.answers if one.condition == "selected"] == [
        one for one in told.answers if one.condition == "selected"
    ]


async def newcomer(place):
    """A customer who came after every audience was frozen, and fits the rule."""
    world = place.world
    row = {"customer_no": "D000002", "unit_code": "N", "name": "陆知遥", "phone": "13812340002", "age": 40}
    await make_customers.import_rows(world.database, world.tenant, [row], {"age": "integer"})
    await make_campaigns.ship(world.feed, world.analytics.clickhouse)
    async with place.begin() as tx:
        return int((await customers.find_by_no(tx, ["D000002"]))["D000002"])


async def test_reasons_say_what_stands_in_the_way_and_what_to_say(place, clickhouse):
    campaign_id = await make_campaigns.live(place.world, published=True, name="一人一份", stock=1, budget_fen=1_980)
    seq, late = [seq for seq in place.world.seqs if seq % 3 == 0][:2]
    before = await reasons(place, clickhouse, place.world.operator, seq, campaign_id)
    assert (before.script.zh, [one.condition for one in before.answers if not one.holds]) == (
        "您可以参加本次活动，请打开活动页面领取。",
        [],
    )
    [answer] = await make_campaigns.claim(place.world, campaign_id, seq)
    held = await reasons(place, clickhouse, place.world.operator, seq, campaign_id)
    assert (held.grant_ids, held.script.zh[:8]) == ([answer.grant_id], "您已经领取过本次")
    gone = await reasons(place, clickhouse, place.world.operator, late, campaign_id)
    assert [one.condition for one in gone.answers if not one.holds] == ["stock", "budget"]
    assert gone.script.zh == "本次活动的权益已经领完，感谢您的参与。"
    with pytest.raises(campaigns.CampaignUnknown):
        await reasons(place, clickhouse, place.world.operator, seq, await make_campaigns.create(place.world))
