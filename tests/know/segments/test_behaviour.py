"""What customers did, and other segments, in a rule: rule B1, circles, sealed properties, explanations, sharing."""

import pytest

from huoke.know import customers, events, language, segments
from huoke.know.language import DepositCondition, Serves
from huoke.know.segments import NewSegment, Scope, SegmentChange, Sharing, Viewer
from tests.make import events as make

TAPPED = {"kind": "event", "name": "app.login", "op": ">=", "value": 2, "window_days": 7}


@pytest.fixture(scope="module")
async def seqs(database, bank, units, feed, clickhouse):
    """C1 signed in three times, C2 once, C3 never."""
    made = await make.source(database, bank)
    found = await make.people(database, bank, "C1", "C2", "C3")
    messages = [make.track(f"b{n}", number) for n, number in enumerate(["C1", "C1", "C1", "C2"])]
    await make.take(database, bank, made, *messages)
    await make.ship(feed, clickhouse)
    return found


async def explain(database, bank, clickhouse, tree, seq, **scope):
    async with database.begin(bank) as tx:
        return await segments.explain(tx, language.parse(tree), Scope(**scope), seq, clickhouse=clickhouse)


async def test_an_explanation_counts_what_one_did_and_says_what_is_missing(database, bank, clickhouse, seqs):
    found = await explain(database, bank, clickhouse, TAPPED, seqs["C2"])
    assert (found.verdict, found.nodes[0].value, found.nodes[0].source) == ("false", 1, "events")
    assert [(flip.name, flip.needed, flip.value) for flip in found.flips] == [("app.login", ">= 2", 1)]
    assert (await explain(database, bank, clickhouse, TAPPED, seqs["C1"])).verdict == "true"


async def test_no_condition_looks_at_a_deposit_event_however_deep_in_other_segments(database, bank, seqs):
    schema = events.NewSchema(name="deposit.opened", title="开立存款", deposit_derived=True)
    rule = {"kind": "event", "name": "deposit.opened", "op": ">=", "value": 1}
    async with database.begin(bank) as tx:
        await events.define(tx, [schema])
        inner = await segments.save(tx, NewSegment(name="开存款", expression=rule, basis="法务意见"))
        outer = {"kind": "not", "of": {"kind": "segment", "segment_id": str(inner)}}
        middle = await segments.save(tx, NewSegment(name="未开存款", expression=outer, basis="法务意见"))
        deep = {"kind": "segment", "segment_id": str(middle)}
        with pytest.raises(DepositCondition) as refused:
            await segments.save(tx, NewSegment(name="条件", expression=deep, serves=Serves.CONDITION))
        with pytest.raises(language.DepositSelection):
            await segments.save(tx, NewSegment(name="筛选", expression=deep))
    assert refused.value.data["paths"] == [["未开存款", "开存款", "deposit.opened"]]


async def test_a_rule_that_comes_back_to_itself_is_refused_with_the_way(database, bank, seqs):
    async with database.begin(bank) as tx:
        first = await segments.save(tx, NewSegment(name="甲", expression=TAPPED))
        second = await segments.save(
            tx, NewSegment(name="乙", expression={"kind": "segment", "segment_id": str(first)})
        )
        back = {"kind": "all", "of": [{"kind": "segment", "segment_id": str(second)}]}
        with pytest.raises(segments.ReferenceCircle) as refused:
            await segments.change(tx, first, SegmentChange(name="甲", expression=back, expected_version=1))
        kept = await segments.get(tx, first)
    assert refused.value.data["circle"] == ["乙", "甲"]
    assert (kept.version, kept.expression["kind"]) == (1, "event")


async def test_a_sealed_property_chooses_nobody(database, bank, seqs):
    rule = {**TAPPED, "name": "page.viewed", "where": [{"property": "url", "op": "=", "value": "x"}]}
    async with database.begin(bank) as tx:
        with pytest.raises(language.PropertySealed) as refused:
            await segments.save(tx, NewSegment(name="网址", expression=rule))
    assert refused.value.pointer == "/expression/where/0/property"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "nothing.happened"}, "segments.event_missing"),
        ({"measure": "sum"}, "segments.expression"),
        ({"measure": "sum", "property": "channel"}, "segments.value"),
        ({"property": "amount_fen"}, "segments.expression"),
        ({"window_days": 0}, "segments.expression"),
        ({"op": "in", "value": [1]}, "segments.expression"),
        ({"value": "many"}, "segments.value"),
        ({"where": [{"property": "colour", "op": "=", "value": "red"}]}, "segments.event_missing"),
    ],
)
async def test_a_behaviour_that_makes_no_sense_is_refused_with_its_place(database, bank, seqs, change, code):
    async with database.begin(bank) as tx:
        with pytest.raises(Exception) as refused:
            await segments.save(tx, NewSegment(name="x", expression={**TAPPED, **change}))
    assert refused.value.code == code
    assert refused.value.pointer.startswith("/expression")


async def test_a_unit_s_segment_is_seen_below_it_and_by_others_once_shared(database, bank, units, seqs):
    below = Viewer(frozenset({units.harbour}), (units.head, units.north, units.harbour))
    other = Viewer(frozenset({units.south}), (units.head, units.south))
    async with database.begin(bank) as tx:
        own = await segments.save(tx, NewSegment(name="城北", expression=TAPPED), unit_id=units.north)
        assert (await segments.see(tx, own, below)).name == "城北"
        with pytest.raises(segments.SegmentUnknown):
            await segments.see(tx, own, other)
        await segments.share(tx, own, Sharing.BANK)
        assert (await segments.see(tx, own, other)).shared_with is Sharing.BANK
        with pytest.raises(segments.NotYours):
            await segments.share(tx, own, Sharing.UNIT, units=other.units)
        copied = await segments.copy(tx, own, "城南副本", viewer=other, unit_id=units.south)
        assert (await segments.get(tx, copied)).expression == (await segments.get(tx, own)).expression


async def test_an_earlier_version_comes_back_as_a_new_one(database, bank, seqs):
    async with database.begin(bank) as tx:
        one = await segments.save(tx, NewSegment(name="版本", expression=TAPPED))
        later = {**TAPPED, "value": 5}
        await segments.change(tx, one, SegmentChange(name="版本", expression=later, expected_version=1))
        back = await segments.revert(tx, one, 1, 2)
        assert (back.version, back.expression["value"]) == (3, 2)
        assert [version.version for version in await segments.versions(tx, one)] == [3, 2, 1]
        uses = await segments.uses(tx, back.expression)
    assert [(use.name, use.event) for use in uses] == [("app.login", True)]


async def test_a_builder_is_offered_events_with_properties_but_none_that_are_sealed(database, bank, clickhouse, seqs):
    async with database.begin(bank) as tx:
        offered = await segments.offer(tx, clickhouse)
        found = await customers.list_attributes(tx)
    page = next(event for event in offered.events if event.name == "page.viewed")
    assert {"amount_fen", "entry_code", "channel"} <= {one.name for one in page.properties}
    assert "url" not in {one.name for one in page.properties}
    assert len(offered.attributes) == len(found) + 1
