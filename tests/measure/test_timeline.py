"""The timeline: everything of one customer in one order, narrowed, folded, in pages; nothing beyond one's own units."""

from datetime import timedelta

import pytest

from huoke.kernel.sets import CustomerSet
from huoke.know import consent, customers
from huoke.measure import timeline
from huoke.measure.timeline import Asked, Group, Kind
from huoke.measure.timeline.read import folded
from tests.make import campaigns as make
from tests.make import care as make_care
from tests.make import customers as make_customers
from tests.make import events as make_events

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
async def place(world) -> make_care.Desk:
    """A customer of the north who signed in four times, redeemed nothing yet, said yes and no, and called the desk."""
    place = await make_care.desk(world)
    made = await make_events.source(world.database, world.tenant)
    async with world.begin() as tx:
        now = tx.now
    said = [
        make_events.track(f"t-{hour}", "D000001", "app.login", timestamp=now - timedelta(days=3, minutes=hour))
        for hour in range(4)
    ]
    paid = make_events.track(
        "t-pay", "D000001", "payment.made", timestamp=now - 2 * DAY, properties={"amount_fen": 3680, "channel": "qr"}
    )
    await make_events.take(world.database, world.tenant, made, *said, paid)
    await make_events.ship(world.feed, world.analytics.clickhouse)
    campaign_id = await make.live(world, published=True, name="人人有份", person_limit=9)
    [answer] = await make.claim(world, campaign_id, place.seq)
    await place.case(answer.grant_id)
    return place


async def told(place, principal=None, **asked):
    who = principal or place.clerk
    async with place.begin(who) as tx:
        return await timeline.lines(tx, place.world.analytics.clickhouse, who, place.seq, Asked(**asked))


async def test_everything_of_a_customer_stands_in_one_order(place):
    found = await told(place)
    assert [one.place for one in found] == sorted((one.place for one in found), reverse=True)
    assert [one.name for one in found if one.kind is Kind.EVENT] == ["payment.made", *["app.login"] * 4]
    assert [(one.title, one.about) for one in found if one.kind is Kind.CASE] == [("建立服务工单", "短信没收到")]
    assert {one.kind for one in found} >= {Kind.EVENT, Kind.GRANT, Kind.CASE, Kind.RECORD}
    assert next(one.title for one in found if one.kind is Kind.GRANT) == "领取权益"
    [paid] = [one for one in found if one.name == "payment.made"]
    assert (paid.amount_fen, paid.withheld, paid.properties["channel"]) == (3680, False, "qr")


async def test_pages_make_up_the_whole_whether_folded_or_not(place):
    for fold in (False, True):
        whole, pages, before = await told(place, folded=fold), [], None
        while page := await told(place, folded=fold, before=before, limit=2):
            pages += page
            before = page[-1].place
        assert pages == whole
    assert [(one.name, one.times) for one in whole if one.name == "app.login"] in (
        [("app.login", 4)],
        [("app.login", 3), ("app.login", 1)],
        [("app.login", 2), ("app.login", 2)],
        [("app.login", 1), ("app.login", 3)],
    ), "four sign-ins within minutes are of one day, or of two around midnight"


async def test_it_is_narrowed_by_kind_name_channel_and_time(place):
    assert {one.kind for one in await told(place, kinds=(Kind.GRANT,))} == {Kind.GRANT}
    assert [one.name for one in await told(place, channels=("qr",))] == ["payment.made"]
    assert len(await told(place, names=("app.login",))) == 4
    assert {one.name for one in await told(place, group=Group.MONEY)} == {"payment.made"}
    assert {one.name for one in await told(place, group=Group.VISITS)} == {"app.login"}
    assert {one.kind for one in await told(place, group=Group.SERVICE)} == {Kind.CASE}
    assert await told(place, group=Group.BENEFITS, names=("app.login",)) == []
    [paid] = await told(place, names=("payment.made",))
    assert await told(place, names=("payment.made",), until=paid.at) == []
    assert await told(place, names=("payment.made",), since=paid.at) == [paid]


async def test_a_changed_record_and_a_consent_tell_what_was_and_what_became(place):
    world = place.world
    row = {"customer_no": "D000001", "unit_code": "N", "name": "柳青青", "phone": make_care.PHONE, "age": 31}
    async with world.begin() as tx:
        before = await customers.get(tx, place.seq)
    await make_customers.import_rows(world.database, world.tenant, [row], {"age": "integer"})
    [changed] = await told(place, names=("record.changed",))
    assert (changed.about, changed.properties["before"], changed.properties["after"]) == ("age", "30", "31")
    async with world.begin() as tx:
        members = CustomerSet.of(tx.tenant, [place.seq], tx.now)
        statement = consent.SuppressionStatement(
            reason=consent.SuppressionReason.COMPLAINT, verdict=consent.Verdict.GIVEN, members=members
        )
        await consent.suppress(tx, [statement])
    assert [one.about for one in await told(place, names=("suppression.given",))] == ["投诉未结"]
    async with world.begin() as tx:
        today = await timeline.standing(tx, world.analytics.clickhouse, place.clerk, place.seq, tx.now.date())
        assert {fact.name: fact.value for fact in today.facts}["age"] == 31
        earlier = before.created_at.date() - DAY
        gone = await timeline.standing(tx, world.analytics.clickhouse, place.clerk, place.seq, earlier)
    assert (gone.existed, gone.facts) == (False, [])


async def test_another_unit_finds_nobody(place):
    with pytest.raises(customers.CustomerUnknown):
        await told(place, place.stranger)
    async with place.begin() as tx:
        with pytest.raises(customers.CustomerUnknown):
            await timeline.standing(tx, place.world.analytics.clickhouse, place.stranger, place.seq, tx.now.date())


async def test_a_line_of_a_day_counts_what_it_stands_for_and_keeps_the_rest_apart(place):
    lines = await told(place)
    days = folded(lines)
    assert sum(one.times for one in days) == len(lines)
    assert [one for one in days if one.name == "payment.made"] == [one for one in lines if one.name == "payment.made"]


async def test_an_erased_customer_has_no_timeline_and_stood_nowhere(place):
    world = place.world
    async with world.begin() as tx:
        assert await timeline.lines(tx, world.analytics.clickhouse, place.clerk, world.seqs[0], Asked())
        await tx.execute("UPDATE customers.customer SET status = 'erased' WHERE seq = $1", world.seqs[0])
        assert await timeline.lines(tx, world.analytics.clickhouse, place.clerk, world.seqs[0], Asked()) == []
        stood = await timeline.standing(tx, world.analytics.clickhouse, place.clerk, world.seqs[0], tx.now.date())
        assert (stood.existed, stood.tags) == (False, [])
