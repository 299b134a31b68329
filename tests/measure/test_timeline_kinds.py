"""Every kind of line a timeline has, one customer's whole month; how they stood on its first day and on its last."""

import base64
from datetime import timedelta
from itertools import pairwise

import pytest
from pyroaring import BitMap

from huoke.app.demo.sms_gateway import Gateway, Manners, SmsServer
from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.kernel.ids import new_id
from huoke.kernel.sets import CustomerSet
from huoke.know import consent, grid, identities, membership, segments, temperature
from huoke.know.identities import NewMerge, NewParting
from huoke.know.language import day_of
from huoke.measure import timeline
from huoke.measure.timeline import Asked, Kind
from huoke.reach import channels
from huoke.reward import catalogue, exchange, points
from huoke.reward.exchange import carry
from tests.conftest import START
from tests.know.grid import test_grid as made_grid
from tests.make import accounts as make_accounts
from tests.make import care as make_care
from tests.make import catalogue as make_catalogue
from tests.make import customers as make_customers
from tests.make import events as make_events
from tests.make import exchange as make_exchange
from tests.make import ledger as make_ledger
from tests.make import people
from tests.make import tags as make_tags

DAY = timedelta(days=1)
KEY = bytes(range(32))
TODAY = day_of(START)


@pytest.fixture(scope="module")
async def place(world):
    return await make_care.desk(world)


@pytest.fixture(scope="module")
async def source(place):
    return await make_events.source(place.world.database, place.world.tenant)


async def told(place, **asked):
    async with place.begin(place.clerk) as tx:
        clickhouse = place.world.analytics.clickhouse
        return await timeline.lines(tx, clickhouse, place.clerk, place.seq, Asked(**asked))


async def stood(place, day):
    async with place.begin(place.clerk) as tx:
        return await timeline.standing(tx, place.world.analytics.clickhouse, place.clerk, place.seq, day)


async def happened(place, source, *messages):
    world = place.world
    await make_events.take(world.database, world.tenant, source, *messages)
    await make_events.ship(world.feed, world.analytics.clickhouse)


async def aged(place, age):
    """The record says another age, and ClickHouse knows."""
    world = place.world
    row = {"customer_no": "D000001", "unit_code": "N", "name": "柳青青", "phone": make_care.PHONE, "age": age}
    await make_customers.import_rows(world.database, world.tenant, [row], {"age": "integer"})
    await make_customers.ship(world.feed, world.analytics.clickhouse)


def names(lines):
    return [one.name for one in lines]


async def test_a_call_is_an_event_of_its_own_title(place, source):
    called = make_events.track("c-1", "D000001", "call.made", timestamp=START - DAY, properties={"topic": "理财"})
    await happened(place, source, called)
    [call] = await told(place, names=("call.made",))
    assert (call.kind, call.title, call.title_en, call.properties) == (Kind.EVENT, "通话", "Call", {"topic": "理财"})


async def test_a_tag_that_comes_and_goes_tells_both_and_the_first_filling_neither(place, source, clock):
    world = place.world
    viewed = {"event": "benefit.viewed", "window_days": 2}
    async with world.begin() as tx:
        await make_tags.count(tx, make_tags.statistic("looked", viewed, (1, None), history=True))
    for days in (0, 2, 2):
        clock.advance(days * DAY)
        if clock.now().date() == (START + 2 * DAY).date():
            await happened(place, source, make_events.track("v-1", "D000001", "benefit.viewed", timestamp=clock.now()))
        await make_tags.refresh(world.database, world.analytics.clickhouse, world.tenant)
    assert [(one.name, one.about, one.about_en) for one in await told(place, kinds=(Kind.TAG,))] == [
        ("tag.left", "标签looked：b1", "Tag looked: b1"),
        ("tag.entered", "标签looked：b1", "Tag looked: b1"),
    ]
    assert [had.label for had in (await stood(place, TODAY + 2 * DAY)).tags] == ["标签looked"]
    assert (await stood(place, TODAY + 4 * DAY)).tags == []
    assert (await stood(place, TODAY)).tags == []


async def test_the_temperature_stands_at_each_line_and_its_stages_are_lines(place, source, clock):
    world = place.world
    clock.advance(100 * DAY)
    said = [make_events.track(f"w-{day}", "D000001", "app.login", timestamp=START + day * DAY) for day in range(1, 60)]
    await happened(place, source, *said)
    clickhouse = world.analytics.clickhouse
    await temperature.refresh(world.database, clickhouse, world.tenant, until=TODAY + 99 * DAY)
    async with world.begin() as tx:
        points = await temperature.history(tx, clickhouse, place.seq, since=TODAY)
    moved = await told(place, kinds=(Kind.TEMPERATURE,))
    assert len(moved) == sum(one.stage is not other.stage for one, other in pairwise(points)) >= 1
    lines = await told(place, names=("app.login",), limit=100)
    for line in lines:
        before = [point for point in points if point.day < day_of(line.at)]
        assert line.temperature == (round(before[-1].temperature) if before else None)
    assert len({line.temperature for line in lines}) > 2
    then = await stood(place, TODAY + 99 * DAY)
    assert (then.temperature.temperature, then.temperature.stage) == (round(points[-1].temperature), points[-1].stage)
    assert (await stood(place, points[0].day - DAY)).temperature is None


async def test_a_followed_segment_is_entered_and_left_and_known_as_of_a_day(place, clock):
    world = place.world
    older = {"kind": "all", "of": [{"kind": "attr", "name": "age", "op": ">=", "value": 60}]}
    async with world.begin() as tx:
        segment_id = await segments.save(tx, segments.NewSegment(name="年长客户", expression=older))
        await membership.follow(tx, segment_id)
    for days, age in ((0, 31), (2, 65), (2, 32)):
        clock.advance(days * DAY)
        await aged(place, age)
        await membership.reckon(world.database, world.analytics, world.tenant, [segment_id], _onward)
    found = await told(place, kinds=(Kind.SEGMENT,))
    assert [(one.name, one.about) for one in found] == [("segment.left", "年长客户"), ("segment.entered", "年长客户")]
    stands = [[had.label for had in (await stood(place, TODAY + days * DAY)).segments] for days in (0, 2, 3, 4)]
    assert stands == [[], ["年长客户"], ["年长客户"], []]


async def _onward(done, total):
    return True


async def test_what_was_written_to_them_and_what_they_allow(place, clock):
    world = place.world
    async with world.begin() as tx:
        members = CustomerSet.of(tx.tenant, [place.seq])
        for verdict in (consent.Verdict.GIVEN, consent.Verdict.WITHDRAWN, consent.Verdict.GIVEN):
            clock.advance(timedelta(minutes=1))
            said = consent.Statement(
                purpose=consent.MARKETING, verdict=verdict, members=members, channel="counter", text_version="v1"
            )
            await consent.record(tx, [said])
    told_of = [one for one in await told(place, kinds=(Kind.CONSENT,)) if one.properties.get("channel") == "counter"]
    assert names(told_of) == ["consent.given", "consent.withdrawn", "consent.given"]
    assert {(one.about, one.about_en) for one in told_of} == {("营销与权益", "Marketing and benefits")}
    gateway = Gateway("b", "huoke", KEY, "http://127.0.0.1:9", world.database.clock.machine, Manners(mute=1.0))
    source_id = new_id()
    with SmsServer([gateway]) as server:
        async with world.begin() as tx:
            new = channels.NewGateway(
                address=server.address("b"), sender="滨海银行", key=base64.b64encode(KEY).decode(), timeout_seconds=2
            )
            await channels.set_gateway(tx, new)
            plan = channels.Plan(
                source_id=source_id,
                source_kind="campaign",
                name="秋日咖啡季",
                texts={"zh": "您好，{link}"},
                link="/c/AB",
            )
            await channels.add_plan(tx, plan)
            assert await channels.queue(tx, source_id, BitMap([place.seq])) == 1
        while await channels.hand_over(world.database, world.tenant):
            pass
    [sent] = await told(place, kinds=(Kind.MESSAGE,))
    assert (sent.name, sent.about, sent.properties["channel"]) == ("message.sent", "秋日咖啡季", "sms")


async def test_an_approval_about_them_a_joining_and_a_parting_and_what_they_hold(place):
    world = place.world
    row = {"customer_no": "D000002", "unit_code": "N", "name": "柳青青", "age": 30}
    await make_customers.import_rows(world.database, world.tenant, [row], {"age": "integer"})
    held = {"account_no": "6222021234567890123", "customer_no": "D000002", "kind": "储蓄", "opened_on": "2020-05-01"}
    await make_accounts.bring(world.database, world.analytics.clickhouse, world.tenant, "accounts", [held])
    async with world.begin() as tx:
        other = await tx.fetch_value("SELECT seq FROM customers.customer WHERE customer_no = 'D000002'")
        asks, decides = [people.actor(await people.staff(tx, role)) for role in (Role.OPERATOR, Role.APPROVER)]
    for request, new in (
        (identities.request_join, NewMerge(seq=other, kept_seq=place.seq, reason="同一身份证件")),
        (identities.request_part, NewParting(seq=other, reason="合并错误")),
    ):
        async with world.database.begin(world.tenant, asks) as tx:
            merge_id = await request(tx, new)
            change_id = await tx.fetch_value("SELECT change_id FROM identities.merge WHERE id = $1", merge_id)
        async with world.database.begin(world.tenant, decides) as tx:
            change = await approvals.find_change(tx, change_id)
            await approvals.decide(tx, change_id, approvals.Verdict.APPROVE, "", change.diff_hash)
        joined = request is identities.request_join
        assert bool([one for one in await told(place, kinds=(Kind.PRODUCT,)) if one.about.endswith("0123")]) is joined
        assert bool([one for one in (await stood(place, TODAY)).products if one.label.endswith("0123")]) is joined
    assert sorted(names(await told(place, kinds=(Kind.JOIN,)))) == ["join.join", "join.part"]
    about = names(await told(place, kinds=(Kind.APPROVAL,)))
    assert (about.count("approval.submitted"), about.count("approval.approve")) == (2, 2)


async def test_another_cell_of_the_grid_is_a_line_and_the_cell_of_a_day_is_known(place, clock):
    world = place.world
    row = made_grid.row(1, "60000", "育儿家庭", "企业职员", unit="N") | {"customer_no": "D000001"}
    await make_customers.import_rows(world.database, world.tenant, [row], made_grid.TYPES)
    await make_customers.ship(world.feed, world.analytics.clickhouse)
    for axis in grid.USUAL.values():
        await made_grid.change_axis(world.database, world.tenant, axis)
    for job in ("企业职员", "公务员"):
        await make_customers.import_rows(world.database, world.tenant, [row | {"job": job}], made_grid.TYPES)
        await make_customers.ship(world.feed, world.analytics.clickhouse)
        await make_tags.refresh(world.database, world.analytics.clickhouse, world.tenant)
        await grid.place(world.database, world.analytics.clickhouse, world.tenant)
        clock.advance(31 * DAY)
    [moved] = await told(place, kinds=(Kind.CELL,))
    was, became = moved.about.split(" → ")
    assert was.split(" × ")[:2] == became.split(" × ")[:2], "wealth and life stage are as they were"
    assert was != became
    assert (await stood(place, TODAY)).cell.label == was
    assert (await stood(place, TODAY + 31 * DAY)).cell.label == became
    assert (await stood(place, TODAY - 40 * DAY)).existed is False


async def test_points_exchanged_taken_back_and_given_are_told_by_their_names(place, clock):
    world = place.world
    partner = exchange.NewPartner(
        code="sky", name="云程", name_en="Skyway", unit="MILES", unit_name="里程", unit_name_en="Miles",
        address="https://sky.test", key_id="huoke",
    )  # fmt: skip
    async with world.begin() as tx:
        card_id = await make_exchange.open_card(tx, undo_hours=1)
        await make_exchange.set_aside(tx, 10_000)
        await make_ledger.points(tx, place.seq, 2_000)
        wishes = [make_exchange.wish(card_id, place.seq, amount) for amount in (1_200, 300)]
        _, taken = await exchange.exchange(tx, make_exchange.calls(tx, *wishes))
        await make_exchange.connect(tx, partner)
        out = {"direction": "out", "target": "MILES", "partner": "sky", "takes": 2, "gives": 1, "fee_rate": 0}
        out_id = await make_exchange.open_card(tx, **out)
        await make_exchange.set_aside(tx, 500, "MILES", "sky")
        sent = make_exchange.wish(out_id, place.seq, 100, make_exchange.card(**out))
        [asked] = await exchange.exchange(tx, make_exchange.calls(tx, sent))
        clock.advance(timedelta(minutes=5))
    async with world.begin() as tx:
        await exchange.undo(tx, taken.id, [place.seq])
        locked = (await exchange.store.lock(tx, [asked.id]))[asked.id]
        await carry.hear(tx, locked, exchange.Said(told=exchange.Told.FAILED))
        given = {"request_no": "g", "taker": place.seq, "currency": "POINTS", "points": 7, "ended_at": None}
        line = points.GiftLine(id=new_id(), giver=place.seq + 1, state="given", given_at=tx.now, **given)
        await points.store_gift.add(tx, line)
    lines = await told(place, kinds=(Kind.POINTS,))
    assert {one.group for one in lines} == {timeline.Group.BENEFITS}
    assert [(one.name, one.about, one.about_en) for one in reversed(lines)] == [
        ("exchange.done", "1,200 金豆 → 760 金豆", "1,200 Gold beans → 760 Gold beans"),
        ("exchange.done", "300 金豆 → 190 金豆", "300 Gold beans → 190 Gold beans"),
        ("exchange.asked", "100 金豆 → 50 里程", "100 Gold beans → 50 Miles"),
        ("exchange.undone", "300 金豆 → 190 金豆", "300 Gold beans → 190 Gold beans"),
        ("exchange.failed", "100 金豆 → 50 里程", "100 Gold beans → 50 Miles"),
        ("gift.received", "7 金豆", "7 Gold beans"),
    ]
    assert all(one.title and one.title_en for one in lines)


async def test_every_kind_there_is_was_told(place, clock):
    """Each kind but what another file tells, and what belonged to the other, who parted again."""
    clock.advance(200 * DAY)
    assert {one.kind for one in await told(place, limit=500)} >= set(Kind) - {Kind.GRANT, Kind.CASE, Kind.PRODUCT}


async def test_a_benefit_looked_at_is_said_by_its_title_and_an_unknown_code_stays(place, source):
    async with place.world.begin() as tx:
        sku = await catalogue.get_sku(tx, await make_catalogue.voucher(tx))
        version, *_ = await catalogue.versions(tx, sku.id)
    looked = [
        make_events.track(
            f"b-{n}", "D000001", "benefit.viewed", timestamp=START - n * DAY, properties={"benefit": code}
        )
        for n, code in enumerate((sku.code, "GONE-1"), start=1)
    ]
    await happened(place, source, *looked)
    known, gone = await told(place, names=("benefit.viewed",), until=START)
    assert (known.about, known.about_en, known.properties) == (version.terms.name, version.terms.name_en, {})
    assert (gone.about, gone.about_en, gone.properties) == ("", "", {"benefit": "GONE-1"})
