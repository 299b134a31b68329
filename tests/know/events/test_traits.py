"""Traits of identify fill attributes: typed, in their class, the newest by event time, in whatever order they come."""

import itertools
import random
from datetime import UTC, datetime, timedelta

import pytest

from huoke.know import customers, events
from huoke.know.customers import Attribute, AttributeType
from huoke.know.events import Message, NewSchema, NewTrait, Property, PropertyType, TraitUnfit
from tests.make import events as make

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
numbers = itertools.count(1)


@pytest.fixture(scope="module")
async def mapped(database, bank, source, seqs):
    """city, children and birthday fill attributes; the last one is of class C2."""
    children = Property(name="children", label="子女", label_en="Children", type=PropertyType.TEXT)
    async with database.begin(bank) as tx:
        await events.define(tx, [NewSchema(name="customer.identified", title="识别身份", properties=[children])])
        defined = [
            Attribute(name="home_city", label="城市", label_en="City", type=AttributeType.TEXT),
            Attribute(name="children", label="子女", label_en="Children", type=AttributeType.INTEGER),
            Attribute(name="birthday", label="生日", label_en="Birthday", type=AttributeType.DATE, data_class="C2"),
        ]
        await customers.define_attributes(tx, defined)
        for name, attribute in (("city", "home_city"), ("children", "children"), ("birthday", "birthday")):
            await events.declare_trait(tx, NewTrait(property=name, attribute=attribute))


def identify(minutes, user_id="C1", message_id=None, anonymous_id=None, **said):
    return Message(
        type="identify",
        message_id=message_id or f"trait-{next(numbers)}",
        user_id=user_id,
        anonymous_id=anonymous_id,
        traits=said,
        timestamp=NOW - timedelta(days=1) + timedelta(minutes=minutes),
    )


async def values(database, bank, seqs, number="C1"):
    async with database.begin(bank) as tx:
        return (await customers.state(tx, seqs[number]))[2]


async def test_the_newest_by_event_time_wins_in_whatever_order_and_however_often(database, bank, source, seqs, mapped):
    said = [identify(minute, city=f"city {minute}", children=minute) for minute in range(100, 160)]
    shuffled = [*said, *said[::3]]
    random.Random(7).shuffle(shuffled)
    for start in range(0, len(shuffled), 17):
        await make.take(database, bank, source, *shuffled[start : start + 17])
    held = await values(database, bank, seqs)
    assert (held["home_city"], held["children"]) == ("city 159", 159)
    await make.take(database, bank, source, identify(120, city="an old one"), *said)
    assert (await values(database, bank, seqs))["home_city"] == "city 159"


async def test_a_replay_after_its_message_was_forgotten_changes_nothing(database, bank, source, seqs, mapped, clock):
    first, second = identify(200, city="first"), identify(210, city="second")
    await make.take(database, bank, source, first)
    await make.take(database, bank, source, second)
    async with database.begin(bank) as tx:
        await tx.execute("DELETE FROM events.message")
        before = await tx.fetch("SELECT version, attributes FROM customers.customer WHERE seq = $1", seqs["C1"])
    clock.advance(timedelta(minutes=1))
    for again in (first, second):
        await make.take(database, bank, source, again)
    async with database.begin(bank) as tx:
        after = await tx.fetch("SELECT version, attributes FROM customers.customer WHERE seq = $1", seqs["C1"])
    assert [dict(row) for row in after] == [dict(row) for row in before]
    assert after[0]["attributes"]["home_city"] == "second"


async def test_each_trait_has_its_own_newest_event(database, bank, source, seqs, mapped):
    later, earlier = identify(300, "C2", city="滨海"), identify(290, "C2", city="海口", children=2)
    await make.take(database, bank, source, later, earlier)
    held = await values(database, bank, seqs, "C2")
    assert (held["home_city"], held["children"]) == ("滨海", 2)


async def test_a_value_that_is_none_of_the_attribute_waits_in_quarantine_and_moves_nothing(
    database, bank, source, seqs, mapped
):
    before = await values(database, bank, seqs, "C2")
    [outcome] = await make.take(database, bank, source, identify(400, "C2", city="深圳", children="two"))
    assert (outcome.status, outcome.code) == ("quarantined", "events.unfit_trait")
    assert await values(database, bank, seqs, "C2") == before
    async with database.begin(bank) as tx:
        [aside] = await events.quarantine.find(tx, name="identify", reason=events.Reason.UNFIT_TRAIT)
        assert (aside.property, aside.shape) == ("children", {"city": "text", "children": "text"})
        await events.declare_trait(tx, NewTrait(property="children"))
        replayed, _ = await events.quarantine.replay(tx)
        assert replayed.accepted == 1
        await events.declare_trait(tx, NewTrait(property="children", attribute="children"))
    held = await values(database, bank, seqs, "C2")
    assert (held["home_city"], held["children"]) == ("深圳", 2)


async def test_a_message_tried_again_is_taken_without_the_trait_that_fits_no_more(database, bank, source, seqs, mapped):
    aside = identify(410, "C3", city="文昌", children="many", hobby="围棋")
    [outcome] = await make.take(database, bank, source, aside)
    assert outcome.code == "events.unknown_property"
    hobby = Property(name="hobby", label="爱好", label_en="Hobby")
    children = Property(name="children", label="子女", label_en="Children", type=PropertyType.TEXT)
    async with database.begin(bank) as tx:
        schema = NewSchema(name="customer.identified", title="识别身份", properties=[children, hobby])
        await events.define(tx, [schema])
        replayed, _ = await events.quarantine.replay(tx)
    assert (replayed.accepted, replayed.still_unfit, replayed.traits_refused) == (1, 0, 1)
    assert replayed.refused_traits == ["'children' fills the attribute 'children', a integer; this value is none."]
    held = await values(database, bank, seqs, "C3")
    assert (held["home_city"], held.get("children")) == ("文昌", None)
    [again] = await make.take(database, bank, source, identify(411, "C3", children="many"))
    assert again.status == "quarantined", "a message that comes anew is still put aside whole"
    async with database.begin(bank) as tx:
        await events.quarantine.replay(tx)


async def test_a_value_of_class_c2_is_sealed_and_never_readable(database, bank, source, seqs, mapped):
    await make.take(database, bank, source, identify(500, "C3", birthday="1988-08-08"))
    async with database.begin(bank) as tx:
        row = await tx.fetch_row("SELECT attributes::text AS held FROM customers.customer WHERE seq = $1", seqs["C3"])
        assert "1988" not in row["held"]
        assert "sealed" in row["held"]
        own = await customers.PersonalCustomers().export(tx, seqs["C3"])
    assert "1988-08-08" in str(own)


async def test_what_waited_for_its_customer_fills_in_when_they_are_known(database, bank, source, seqs, mapped):
    waited = Message(
        type="identify", message_id="trait-wait", anonymous_id="tablet-9",
        traits={"city": "三亚", "birthday": "1990-01-02"}, timestamp=NOW - timedelta(hours=1),
    )  # fmt: skip
    [outcome] = await make.take(database, bank, source, waited)
    assert outcome.status == "waiting"
    await make.take(database, bank, source, identify(1_430, "C3", anonymous_id="tablet-9"))
    held = await values(database, bank, seqs, "C3")
    assert held["home_city"] == "三亚"


@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        ("no_such", "home_city"),
        ("city", "no_such"),
        ("phone", "home_city"),
        ("city", "birthday"),
        ("plan", "home_city"),
    ],
)
async def test_a_mapping_that_cannot_be_is_refused(database, bank, mapped, name, attribute):
    async with database.begin(bank) as tx:
        before = await events.traits(tx)
        with pytest.raises(TraitUnfit):
            await events.declare_trait(tx, NewTrait(property=name, attribute=attribute))
        assert await events.traits(tx) == before


async def test_erasing_a_customer_forgets_what_they_said_of_themselves(database, bank, source, seqs, mapped):
    await make.people(database, bank, "T9")
    await make.take(database, bank, source, identify(600, "T9", city="文昌"))
    async with database.begin(bank) as tx:
        [seq] = (await customers.find_by_no(tx, ["T9"])).values()
        port = events.PersonalEvents()
        assert any("trait_said" in one.column for one in await port.prove(tx, [seq]))
        await port.erase(tx, [seq])
        assert await port.prove(tx, [seq]) == []
