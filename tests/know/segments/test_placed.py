"""Ranks and sequences at work: own customers only, rule B1, sealed values, and an answer that says where it is from."""

from datetime import timedelta
from importlib import import_module

import pytest

from huoke.know import customers, language, segments, tags
from huoke.know.customers import CustomerUnknown
from huoke.know.language import (
    AttributeSealed,
    DataBehind,
    DepositCondition,
    DepositSelection,
    Serves,
    Within,
    keys,
)
from huoke.know.segments import NewSegment, NewUpload, Scope
from tests.conftest import START
from tests.make import customers as make
from tests.make import events as make_events
from tests.make import tags as make_tags

TYPES = {
    "age": "integer",
    "job": "text",
    "balance": {"type": "decimal", "deposit_derived": True, "data_class": "C2", "bands": ["0", "100"]},
    "saved": {"type": "integer", "lineage": ["balance"]},
}
ROWS = [
    {
        "customer_no": f"P{n}",
        "unit_code": ["N", "S", "N1"][n % 3],
        "age": "" if n == 29 else n,
        "job": "x",
        "balance": n,
        "saved": n,
    }
    for n in range(30)
]
VIEWED_THEN_PAID = {
    "kind": "sequence",
    "steps": [{"name": "page.viewed"}, {"name": "payment.made"}],
    "within_days": 3,
    "window_days": 30,
    "never": {"name": "app.login"},
}


def oldest(percent=None, count=None, within="bank", name="age"):
    take = {"percent": percent, "count": count}
    return {"kind": "rank", "by": {"kind": "attr", "name": name}, "take": take, "within": within}


def busiest(count):
    by = {"kind": "event", "name": "payment.made", "measure": "count", "window_days": 30}
    return {"kind": "rank", "by": by, "take": {"count": count}, "within": "branch"}


@pytest.fixture(scope="module")
async def seqs(database, bank, units, feed, clickhouse):
    """Thirty customers of three units aged 0 to 28, of one nobody knows; P3 and P4 pay, one after looking."""
    await make.import_rows(database, bank, ROWS, TYPES)
    made = await make_events.source(database, bank)
    told = [("P3", "page.viewed", 50), ("P3", "payment.made", 40), ("P4", "page.viewed", 90), ("P4", "app.login", 80),
            ("P4", "payment.made", 70), ("P6", "payment.made", 30), ("P6", "payment.made", 20)]  # fmt: skip
    messages = [
        make_events.track(f"p{n}", number, name, timestamp=START - timedelta(hours=hours))
        for n, (number, name, hours) in enumerate(told)
    ]
    await make_events.take(database, bank, made, *messages)
    await make.ship(feed, clickhouse)
    await make_events.ship(feed, clickhouse)
    async with database.begin(bank) as tx:
        return await customers.find_by_no(tx, [row["customer_no"] for row in ROWS])


async def members(database, bank, analytics, seqs, tree, **scope):
    async with database.begin(bank) as tx:
        found = await segments.members_of(tx, analytics, language.parse(tree), Scope(**scope))
    numbers = {seq: number for number, seq in seqs.items()}
    return {numbers[seq] for seq in found}


async def explain(database, bank, clickhouse, tree, seq, **scope):
    async with database.begin(bank) as tx:
        return await segments.explain(tx, language.parse(tree), Scope(**scope), seq, clickhouse=clickhouse)


async def test_the_first_of_each_group_are_those_of_the_bank_of_a_branch_or_of_a_unit(database, bank, analytics, seqs):
    async def found(tree):
        return await members(database, bank, analytics, seqs, tree)

    assert await found(oldest(count=3)) == {"P28", "P27", "P26"}
    assert await found(oldest(count=1, within="branch")) == {"P28", "P27"}, "the sub-branch belongs to its branch"
    assert await found(oldest(count=1, within="unit")) == {"P28", "P27", "P26"}
    assert await found(oldest(percent=7)) == {"P28", "P27", "P26"}, "7 percent of 29 whose age is known, rounded up"
    assert await found(busiest(1)) == {"P6", "P4"}
    youngest = {**oldest(count=2), "direction": "bottom"}
    assert await found(youngest) == {"P0", "P1"}


async def test_a_branch_operator_ranks_and_follows_own_customers_only(database, bank, analytics, units, seqs):
    own = frozenset({units.south})
    inside = {row["customer_no"] for row in ROWS if row["unit_code"] == "S"}
    assert await members(database, bank, analytics, seqs, oldest(count=2), units=own) == {"P28", "P25"}
    assert await members(database, bank, analytics, seqs, busiest(9), units=own) == {"P4"}
    assert await members(database, bank, analytics, seqs, VIEWED_THEN_PAID, units=own) == set()
    any_order = {**VIEWED_THEN_PAID, "never": None}
    assert await members(database, bank, analytics, seqs, any_order, units=own) == {"P4"}
    async with database.begin(bank) as tx:
        tree = language.parse(oldest(percent=100))
        sampled = await segments.sample(tx, analytics, tree, Scope(units=own), 50, "1")
    assert set(sampled) <= {seqs[number] for number in inside}


async def test_a_rank_that_forgot_who_asks_is_seen(database, bank, analytics, units, seqs, monkeypatch):
    """The negative control: one key for everybody gives a branch what the whole bank was ranked by."""
    own = frozenset({units.south})
    assert await members(database, bank, analytics, seqs, oldest(count=4), units=own) == {"P28", "P25", "P22", "P19"}

    def forgets(bound, prefix, event_prefix, _):
        return keys.rank_keys(bound, prefix, event_prefix, None)

    for place in ("planner", "ask"):
        monkeypatch.setattr(import_module(f"huoke.know.language.{place}"), "rank_keys", forgets)
    await members(database, bank, analytics, seqs, oldest(count=5))
    assert await members(database, bank, analytics, seqs, oldest(count=5), units=own) == {"P28", "P25"}


async def test_a_customer_outside_of_the_caller_s_units_is_not_explained(database, bank, clickhouse, units, seqs):
    with pytest.raises(CustomerUnknown):
        await explain(database, bank, clickhouse, oldest(count=1), seqs["P3"], units=frozenset({units.south}))


async def test_a_place_is_told_with_its_group_and_the_edge(database, bank, clickhouse, units, seqs):
    found = await explain(database, bank, clickhouse, oldest(percent=20, within="branch"), seqs["P12"])
    (node,) = found.nodes
    rank = node.rank
    assert (found.verdict, node.value, node.threshold, node.op) == ("false", 12, 23, ">=")
    assert (rank.place, rank.ranked, rank.taken, rank.within, rank.unit_id) == (11, 19, 4, Within.BRANCH, units.north)
    assert [(flip.name, flip.needed, flip.value) for flip in found.flips] == [("age", ">= 23", 12)]
    unknown = await explain(database, bank, clickhouse, oldest(percent=20, within="branch"), seqs["P29"])
    assert (unknown.verdict, unknown.nodes[0].value, unknown.nodes[0].rank.place) == ("unknown", None, None)
    own = await explain(
        database, bank, clickhouse, oldest(count=2, within="bank"), seqs["P22"], units=frozenset({units.south})
    )
    assert (own.nodes[0].rank.place, own.nodes[0].rank.ranked, own.nodes[0].threshold) == (3, 10, 25)
    idle = await explain(database, bank, clickhouse, busiest(1), seqs["P9"])
    assert (idle.verdict, idle.nodes[0].rank.ranked) == ("false", 2), "who did nothing is out, not unknown"


async def test_a_sequence_tells_each_step_and_why_it_stopped(database, bank, clickhouse, seqs):
    whole = await explain(database, bank, clickhouse, VIEWED_THEN_PAID, seqs["P3"])
    assert (whole.verdict, whole.nodes[0].value) == ("true", 2)
    assert [step.at for step in whole.nodes[0].steps] == [START - timedelta(hours=50), START - timedelta(hours=40)]
    assert [flip.needed for flip in whole.flips] == ["< 2"], "a yes is told what would make it a no"
    broken = await explain(database, bank, clickhouse, VIEWED_THEN_PAID, seqs["P4"])
    assert (broken.verdict, broken.nodes[0].value, broken.nodes[0].stopped) == ("false", 1, "never")
    assert [(flip.needed, flip.value) for flip in broken.flips] == [(">= 2", 1)]
    with pytest.raises(DataBehind):
        await explain(database, bank, None, VIEWED_THEN_PAID, seqs["P3"])


async def test_every_leaf_says_its_source_and_how_old_it_is(database, bank, clickhouse, seqs):
    async with database.begin(bank) as tx:
        upload_id = await segments.upload(tx, NewUpload(name="回访名单", customer_nos=["P3"]))
        await make_tags.count(tx, make_tags.rule("young", {"kind": "attr", "name": "age", "op": "<", "value": 10}))
    await make_tags.refresh(database, clickhouse, bank)
    parts = [
        {"kind": "attr", "name": "age", "op": ">=", "value": 1},
        {"kind": "attr", "name": "unit", "op": "=", "value": 1},
        {"kind": "event", "name": "payment.made", "op": ">=", "value": 1},
        {"kind": "tag", "name": "young", "op": "in", "value": ["yes"]},
        {"kind": "upload", "upload_id": str(upload_id)},
        {"kind": "bucket", "salt": "s", "low_ppm": 0, "high_ppm": 1_000_000},
    ]
    found = await explain(database, bank, clickhouse, {"kind": "any", "of": parts}, seqs["P3"])
    age, unit, paid, young, listed, bucket = found.nodes[1:]
    assert age.origin == unit.origin != "", "the import by its name"
    assert age.as_of <= START
    assert (paid.value, paid.last_at) == (1, START - timedelta(hours=40))
    assert (young.value, young.origin, young.source) == ("yes", "v1", "tags")
    assert young.as_of is not None
    assert (listed.label, listed.verdict, listed.source) == ("回访名单", "true", "upload")
    assert 0 <= bucket.value < 1_000_000
    changed = {**ROWS[3], "age": 4}
    await make.import_rows(database, bank, [changed], TYPES)
    again = await explain(database, bank, clickhouse, parts[0], seqs["P3"])
    assert (again.nodes[0].value, bool(again.nodes[0].origin)) == (4, True)
    await make.import_rows(database, bank, [ROWS[3]], TYPES)


async def test_nobody_is_ranked_by_a_sealed_value_and_a_deposit_fact_needs_its_basis(database, bank, seqs):
    async with database.begin(bank) as tx:
        with pytest.raises(AttributeSealed) as sealed:
            await segments.save(tx, NewSegment(name="a", expression=oldest(count=1, name="balance"), basis="法务意见"))
        with pytest.raises(DepositSelection):
            await segments.save(tx, NewSegment(name="b", expression=oldest(count=1, name="saved")))
        with pytest.raises(DepositCondition) as refused:
            await segments.save(
                tx, NewSegment(name="c", expression=oldest(count=1, name="saved"), serves=Serves.CONDITION)
            )
        with pytest.raises(language.ValueUnfit):
            await segments.save(tx, NewSegment(name="d", expression=oldest(count=1, name="job")))
        sequence = {**VIEWED_THEN_PAID, "never": {"name": "transaction.posted"}}
        with pytest.raises(DepositCondition) as through_never:
            await segments.save(tx, NewSegment(name="e", expression=sequence, serves=Serves.CONDITION))
    assert sealed.value.pointer == "/expression/by/name"
    assert refused.value.data["paths"] == [["saved", "balance"]]
    assert through_never.value.data["attributes"] == ["transaction.posted"]


async def test_a_tag_can_be_a_rank_or_a_sequence_and_says_why(database, bank, clickhouse, seqs):
    async with database.begin(bank) as tx:
        await make_tags.count(tx, make_tags.rule("eldest", oldest(count=3)), make_tags.rule("bought", VIEWED_THEN_PAID))
    await make_tags.refresh(database, clickhouse, bank)
    async with database.begin(bank) as tx:
        assert set(await tags.members(tx, clickhouse, "eldest", "yes")) == {seqs["P26"], seqs["P27"], seqs["P28"]}
        assert set(await tags.members(tx, clickhouse, "bought", "yes")) == {seqs["P3"]}
        (reason,) = (await tags.why(tx, clickhouse, seqs["P9"], "eldest")).reasons
        (steps,) = (await tags.why(tx, clickhouse, seqs["P4"], "bought")).reasons
        told = await segments.readers_of(tx, "payment.made")
    assert (reason.op, reason.threshold, reason.value, reason.verdict) == (">=", 26, 9, "false")
    assert (steps.threshold, steps.value) == (2, 1)
    assert told == []


async def test_a_condition_is_asked_of_one_customer_who_claims(database, bank, clickhouse, seqs):
    wanted = [seqs["P3"], seqs["P4"], seqs["P28"]]
    async with database.begin(bank) as tx:
        for tree, expected in ((VIEWED_THEN_PAID, [True, False, False]), (oldest(count=1), [False, False, True])):
            scope = Scope(serves=Serves.CONDITION)
            assert await segments.fulfil(tx, clickhouse, language.parse(tree), scope, wanted) == expected
