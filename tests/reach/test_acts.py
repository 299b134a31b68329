"""Acts that kits reward: a review held with the manager, a profile completed on the phone; up to the claim."""

from datetime import timedelta
from importlib import import_module

import pytest

from huoke.govern import people
from huoke.govern.people import PERMISSIONS, Role
from huoke.kernel.ids import Seq
from huoke.kernel.principal import Principal
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Actor, ActorKind
from huoke.know import consent, customers, events, language, profiles, segments
from huoke.know.consent import PROFILING, Statement, Verdict
from huoke.know.customers import CustomerUnknown, NewOwnership, NotEligible
from huoke.know.language import Serves
from huoke.know.profiles import COMPLETED, ConsentMissing, Said, ValueUnfit
from huoke.reach import kits, reviews
from huoke.reach.kits import Chosen, NewSetup, PartKind
from huoke.reach.reviews import Channel, NewReview, NoteLong, NotTheirs, Topic
from huoke.reward import grants
from tests.make import campaigns as make
from tests.make import customers as make_customers
from tests.make import people as make_people
from tests.make import shipping

YUAN = {"type": "decimal", "deposit_derived": True, "data_class": "C2", "bands": ["50000", "200000", "500000"]}
TYPES = {"has_app": "boolean", "job": "text", "life_stage": "text", "wealth_balance": YUAN, "matures_on": "date"}
GIFTS = 20
WHOLE = {"job": "教师", "life_stage": "新婚", "contact_time": "晚上"}


@pytest.fixture(scope="module")
async def world(world):
    day = (world.database.clock.now() + timedelta(days=12)).date().isoformat()
    rows = [
        {
            "customer_no": f"C{n:06}",
            "unit_code": ("N", "S", "N1")[n % 3],
            "has_app": "true",
            "job": "",
            "life_stage": "",
            "wealth_balance": 300_000,
            "matures_on": day,
        }
        for n in range(60)
    ]
    rows[59]["job"] = rows[59]["life_stage"] = "退休"
    await make_customers.import_rows(world.database, world.tenant, rows, TYPES)
    await shipped(world)
    return world


async def shipped(world):
    streams = (customers.CUSTOMERS, events.EVENT, events.TIMELINE)
    await shipping.ship(world.feed, world.analytics.clickhouse, *streams)


async def manager(world, numbers):
    async with world.begin() as tx:
        staff_id = await make_people.staff(tx, Role.RM, unit_id=world.units.north, name="顾言")
        login = (await people.staff.get(tx, staff_id)).login
        await customers.give(tx, [NewOwnership(customer_no=f"C{n:06}", login=login) for n in numbers])
    return Principal(
        actor=Actor(ActorKind.STAFF, str(staff_id), own_customers=True),
        tenant=world.tenant,
        permissions=PERMISSIONS[Role.RM],
        units=frozenset({world.units.north}),
        unit_id=world.units.north,
        name="顾言",
    )


async def live(world, key):
    """A kit live; the campaign that rewards its act."""
    async with world.begin() as tx:
        pool = grants.NewPool(sku_id=world.sku_id, unit_id=world.units.head, name=key, quantity=GIFTS)
        chosen = Chosen(sku_id=world.sku_id, pool_id=await grants.open_pool(tx, pool), stock=GIFTS)
    now = world.database.clock.now()
    new = NewSetup(
        key=key, name=f"{key}{now:%H%M%S%f}"[:30], benefits=[chosen], budget_id=world.budget_id, budget_fen=1_000_000,
        opens_at=now, closes_at=now + timedelta(days=30), control_percent=0, basis_confirmed=True,
    )  # fmt: skip
    async with world.begin(world.operator) as tx:
        setup_id = await kits.set_up(tx, world.operator, new)
        changes = await kits.submit(tx, world.database, world.operator, world.analytics, setup_id)
    for change_id in changes:
        await make.approve(world, change_id)
    async with world.begin(world.operator) as tx:
        parts = (await kits.get(tx, world.operator, setup_id)).parts
    [campaign_id] = [one.id for one in parts if one.kind is PartKind.CAMPAIGN]
    return campaign_id


async def told(world, name, since):
    async with world.begin() as tx:
        rows = await tx.fetch(
            "SELECT seq, properties FROM events.event WHERE name = $1 AND recorded_at >= $2 ORDER BY xid, ordinal",
            name,
            since,
        )
    return [(row["seq"], dict(row["properties"])) for row in rows]


async def hold(world, principal, seq, **changes):
    fields = {"topic": Topic.ASSETS, "channel": Channel.BRANCH, **changes}
    async with world.begin(principal) as tx:
        return await reviews.hold(tx, principal, NewReview(seq=seq, **fields))


@pytest.mark.parametrize(("key", "place"), [("wealth_upgrade", 0), ("maturity_care", 3)])
async def test_a_review_held_by_the_customers_own_manager_opens_the_claim(world, clock, key, place):
    reward, mine, begun = await live(world, key), world.seqs[place], clock.now()
    rm = await manager(world, [place])
    [before] = await make.claim(world, reward, mine)
    assert isinstance(before, NotEligible)
    first = await hold(world, rm, mine, note="谈了养老安排")
    again = await hold(world, rm, mine, topic=Topic.OTHER)
    assert first == again, "one a customer and day"
    assert [row for row in await told(world, reviews.HELD, begun) if row[0] == mine] == [
        (mine, {"topic": "assets", "channel": "branch", "note": "****"})
    ]
    await shipped(world)
    [claimed] = await make.claim(world, reward, mine)
    assert claimed.grant_id


async def test_who_does_not_look_after_the_customer_records_no_review(world, clock, other_bank):
    seq, begun = world.seqs[6], clock.now()
    rm, stranger = await manager(world, [6]), await manager(world, [9])
    for principal, why in ((stranger, CustomerUnknown), (world.operator, NotTheirs), (world.teller, NotTheirs)):
        with pytest.raises(why):
            await hold(world, principal, seq)
    with pytest.raises(NoteLong):
        await hold(world, rm, seq, note="长" * 501)
    async with world.database.begin(other_bank, rm.actor) as tx:
        with pytest.raises(CustomerUnknown):
            await reviews.hold(tx, rm, NewReview(seq=seq, topic=Topic.ASSETS, channel=Channel.PHONE))
    assert [row for row in await told(world, reviews.HELD, begun) if row[0] == seq] == []


async def test_the_planted_bug_of_a_review_with_anybody_is_seen(world, clock, monkeypatch):
    async def everybodys(tx, seq):
        return [type("Owner", (), {"staff_id": tx.actor.id})()]

    monkeypatch.setattr(import_module("huoke.reach.reviews.hold").customers, "owners_of", everybodys)
    assert await hold(world, world.operator, world.seqs[8])


async def complete(world, seq, values, *, agrees):
    async with world.begin() as tx:
        return await profiles.complete(tx, Seq(seq), Said(values=values, agrees=agrees))


async def agreed(world, seq):
    async with world.begin() as tx:
        return {one.purpose: one.verdict for one in await consent.consents_of(tx, Seq(seq))}[PROFILING]


async def test_a_profile_completed_under_consent_opens_the_claim_once(world, clock):
    reward, mine, begun = await live(world, "profile"), world.seqs[10], clock.now()
    [before] = await make.claim(world, reward, mine)
    assert isinstance(before, NotEligible)
    with pytest.raises(ConsentMissing):
        await complete(world, mine, WHOLE, agrees=False)
    assert (await agreed(world, mine), await told(world, COMPLETED, begun)) == (None, [])
    for wrong in ({"job": "宇航员"}, {"balance": "1"}):
        with pytest.raises(ValueUnfit):
            await complete(world, mine, wrong, agrees=True)
    part = await complete(world, mine, {"job": "教师", "life_stage": ""}, agrees=True)
    assert ([one.value for one in part.fields], part.whole, await agreed(world, mine)) == (
        ["教师", "", ""], False, Verdict.GIVEN,
    )  # fmt: skip
    assert await told(world, COMPLETED, begun) == []
    clock.advance(timedelta(seconds=1))
    assert (await complete(world, mine, WHOLE, agrees=False)).whole, "the consent stands"
    clock.advance(timedelta(seconds=1))
    changed = await complete(world, mine, {"job": "医护"}, agrees=False)
    assert [one.value for one in changed.fields] == ["医护", "新婚", "晚上"]
    assert await told(world, COMPLETED, begun) == [(mine, {})], "told once"
    await shipped(world)
    [claimed] = await make.claim(world, reward, mine)
    assert claimed.grant_id


async def test_after_the_consent_is_withdrawn_nothing_more_is_kept(world, clock):
    async with world.begin() as tx:
        await profiles.open_fields(tx)
    seq = world.seqs[11]
    await complete(world, seq, {"job": "教师"}, agrees=True)
    async with world.begin() as tx:
        members = CustomerSet.of(world.tenant, [seq])
        await consent.record(tx, [Statement(purpose=PROFILING, verdict=Verdict.WITHDRAWN, members=members)])
    with pytest.raises(ConsentMissing):
        await complete(world, seq, {"job": "医护"}, agrees=False)
    async with world.begin() as tx:
        assert (await profiles.own(tx, Seq(seq))).fields[0].value == "教师"


@pytest.mark.parametrize("name", [reviews.HELD, COMPLETED, "visit.served"])
async def test_the_acts_are_no_facts_of_deposits_and_pass_as_conditions(world, name):
    rule = {"kind": "event", "name": name, "measure": "count", "op": ">=", "value": 1, "window_days": 30}
    deposit = {"kind": "attr", "name": "wealth_balance", "op": ">=", "value": "50000"}
    async with world.begin(world.operator) as tx:
        assert await segments.save(tx, segments.NewSegment(name=name, expression=rule, serves=Serves.CONDITION))
        both = {"kind": "all", "of": [rule, deposit]}
        with pytest.raises(language.DepositCondition):
            await segments.save(tx, segments.NewSegment(name=f"{name}+", expression=both, serves=Serves.CONDITION))
