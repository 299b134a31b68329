"""Tags from definition to use: saved in versions, approved by a second person, filled, counted in a segment."""

import asyncio
from datetime import timedelta

import numpy as np
import pytest
from pyroaring import BitMap

from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.kernel.sets import CustomerSet, Leaf, SetServer, Want
from huoke.know import customers, events, language, segments, tags
from huoke.know.language import TagMissing, TagPurpose, TagStale, sql_tags
from huoke.know.segments import NewSegment, Scope
from huoke.know.tags import Kind, TagInUse, TagState, sql_sets
from huoke.know.tags.profile import discoveries
from huoke.know.tags.sample import sampled, share
from huoke.know.tags.sql_profile import count_all
from huoke.know.tags.sql_sets import Written
from tests.conftest import START
from tests.make import customers as make_customers
from tests.make import events as make_events
from tests.make import people
from tests.make import tags as make

TYPES = {
    "age": "integer",
    "job": "text",
    "balance": {"type": "decimal", "deposit_derived": True, "data_class": "C2", "bands": ["0", "100", "250"]},
}
ROWS = [
    {"customer_no": f"T{n}", "unit_code": "N1", "age": "" if n % 5 == 0 else 20 + n, "job": ["a", "b", ""][n % 3],
     "balance": n * 10}
    for n in range(60)
]  # fmt: skip


def attr(name, op, value=None):
    return {"kind": "attr", "name": name, "op": op, "value": value}


def tagged(name, op="in", *values):
    return {"kind": "tag", "name": name, "op": op, **({"value": list(values)} if values else {})}


@pytest.fixture(scope="module")
async def world(database, bank, units, feed, clickhouse):
    """60 customers; T0 … T19 signed in as many times as their number says, the latest so many days ago."""
    await make_customers.import_rows(database, bank, ROWS, TYPES)
    async with database.begin(bank) as tx:
        seqs = await customers.find_by_no(tx, [row["customer_no"] for row in ROWS])
    made = await make_events.source(database, bank)
    messages = [
        make_events.track(
            f"m{n}-{k}", f"T{n}", "app.login", timestamp=START - timedelta(days=n + k),
            properties={"channel": "app" if n % 2 else "web"},
        )
        for n in range(20)
        for k in range(n)
    ]  # fmt: skip
    outcomes = await make_events.take(database, bank, made, *messages)
    assert {one.status for one in outcomes} == {events.Status.ACCEPTED}
    await make_customers.ship(feed, clickhouse)
    await make_events.ship(feed, clickhouse)
    return seqs


@pytest.fixture(scope="module")
async def filled(database, bank, clickhouse, world):
    """Tags that count, filled once."""
    young, old = attr("age", "<", 40), attr("age", ">=", 60)
    async with database.begin(bank) as tx:
        await make.count(
            tx,
            make.rule("young", young),
            make.rule("ages", young, old),
            make.rule("rich", attr("balance", ">=", "250"), fresh_hours=1, when_stale="block"),
            make.statistic("logins_30d", {"event": "app.login", "window_days": 30}, (5, None), (1, 5), (None, 1)),
            make.statistic("quiet_days", {"event": "app.login", "take": "last_days_ago"}, (None, 7), (7, None)),
            make.rule("young_or_active", tagged("young", "in", "yes"), kind=Kind.DERIVED),
            make.define("vip", Kind.MANUAL, (make.value("yes"),), wording="尊享客户", wording_en="Valued customer"),
            make.rule("mailed", attr("job", "=", "a"), purposes=("service",)),
            make.rule("known_first", young, attr("job", "=", "a")),
            make.statistic("at_all", {"event": "app.login", "window_days": 30}, (1, None), (5, None)),
            make.rule("middling", {"kind": "all", "of": [attr("age", ">=", 33), attr("age", "<", 45)]}),
            make.rule("fading", young, fresh_hours=1, when_stale="unknown"),
        )
    ran = await make.refresh(database, clickhouse, bank)
    assert (ran.wanted, ran.filled, ran.failures) == (12, 12, {})
    return world


async def members(database, bank, clickhouse, seqs, name, value="yes"):
    async with database.begin(bank) as tx:
        found = await tags.members(tx, clickhouse, name, value)
    numbers = {seq: number for number, seq in seqs.items()}
    return {numbers[seq] for seq in found}


async def test_the_tree_counts_the_tags_of_every_category(database, bank, filled):
    async with database.begin(bank) as tx:
        (category,) = await tags.categories(tx)
        assert (category.path, category.tags) == ("tests/all", len(await tags.definitions(tx)))


async def test_the_first_expression_that_is_true_gives_the_value(database, bank, clickhouse, filled):
    known = [row for row in ROWS if row["age"] != ""]
    assert await members(database, bank, clickhouse, filled, "ages", "v1") == {
        row["customer_no"] for row in known if row["age"] < 40
    }
    assert await members(database, bank, clickhouse, filled, "ages", "v2") == {
        row["customer_no"] for row in known if row["age"] >= 60
    }


async def test_who_did_nothing_is_in_the_band_of_zero(database, bank, clickhouse, filled):
    by_band = {
        band: await members(database, bank, clickhouse, filled, "logins_30d", band) for band in ("b1", "b2", "b3")
    }
    within = {f"T{n}": sum(n + k < 30 for k in range(n)) for n in range(60)}
    within |= {f"T{n}": 0 for n in range(20, 60)}
    assert by_band["b1"] == {number for number, times in within.items() if times >= 5}
    assert by_band["b2"] == {number for number, times in within.items() if 1 <= times < 5}
    assert by_band["b3"] == {number for number, times in within.items() if times == 0}


async def test_what_an_earlier_expression_cannot_say_no_later_one_does(database, bank, clickhouse, filled):
    aged = {row["customer_no"]: row for row in ROWS if row["age"] != ""}
    young = {number for number, row in aged.items() if row["age"] < 40}
    a = {number for number, row in aged.items() if row["job"] == "a"}
    assert await members(database, bank, clickhouse, filled, "known_first", "v1") == young
    assert await members(database, bank, clickhouse, filled, "known_first", "v2") == a - young
    async with database.begin(bank) as tx:
        (row,) = (await tags.find(tx, tags.Wanted(q="known_first"), "name", None, 9)).rows
    assert row.known == len(young | {number for number, row in aged.items() if row["job"]})


async def test_of_two_bands_that_hold_the_first_counts(database, bank, clickhouse, filled):
    signed_in = {f"T{n}" for n in range(1, 20)}
    assert await members(database, bank, clickhouse, filled, "at_all", "b1") == signed_in
    assert await members(database, bank, clickhouse, filled, "at_all", "b2") == set()


async def test_a_segment_counts_by_tags(database, bank, clickhouse, analytics, filled):
    expression = {
        "kind": "all",
        "of": [tagged("young", "in", "yes"), {"kind": "not", "of": tagged("logins_30d", "in", "b3")}],
    }
    async with database.begin(bank) as tx:
        counted = await segments.count(tx, analytics, language.parse(expression), Scope())
        found = await segments.members_of(tx, analytics, language.parse(expression), Scope())
    young = {row["customer_no"] for row in ROWS if row["age"] != "" and row["age"] < 40}
    active = {f"T{n}" for n in range(1, 20)}
    assert set(found) == {filled[number] for number in young & active}
    unknown = len([row for row in ROWS if row["age"] == ""])
    assert [(node.count, node.unknown) for node in counted.nodes[1:2]] == [(len(young), unknown)]
    assert [use.name for use in counted.uses if use.tag] == ["logins_30d", "young"]


async def test_a_second_person_lets_a_version_count(database, bank, clickhouse, units, filled):
    approvals.register(tags.TagsApproval())
    tags.register_users("segment", segments.users_of_tags)
    async with database.begin(bank) as tx:
        await make.save(tx, make.rule("second", attr("age", "<", 30)))
        await make.without_approval(tx, allowed=False)
        maker_id = await people.staff(tx, Role.OPERATOR)
        checker_id = await people.staff(tx, Role.APPROVER)
    async with database.begin(bank, people.actor(maker_id)) as tx:
        change_id = await tags.submit(tx, ["second"], "试行")
        with pytest.raises(tags.TagNotThere):
            await tags.submit(tx, ["second"])
    async with database.begin(bank) as tx:
        with pytest.raises(TagMissing):
            await segments.save(tx, NewSegment(name="s", expression=tagged("second", "in", "yes")))
    async with database.begin(bank, people.actor(checker_id)) as tx:
        asked = await approvals.find_change(tx, change_id)
        shown = {field.path: field.after for field in asked.diff}
        assert (shown["kind"], shown["values"][0]["expression"]) == ("rule", attr("age", "<", 30))
        await approvals.decide(tx, change_id, approvals.Verdict.APPROVE, "", asked.diff_hash)
        assert await segments.save(tx, NewSegment(name="s", expression=tagged("second", "in", "yes")))
        row = (await tags.find(tx, tags.Wanted(q="second"), "name", None, 9)).rows[0]
        with pytest.raises(TagInUse):
            await tags.set_state(tx, row.id, TagState.ARCHIVED)
    assert (row.state, row.version) == ("active", 1)


async def test_a_tag_s_purposes_age_and_deposit_lineage_are_kept(database, bank, clock, analytics, filled):
    async with database.begin(bank) as tx:
        with pytest.raises(TagPurpose):
            await segments.save(tx, NewSegment(name="x", expression=tagged("mailed", "in", "yes")))
        with pytest.raises(language.DepositSelection) as refused:
            await segments.save(tx, NewSegment(name="x", expression=tagged("rich", "in", "yes")))
        assert refused.value.data["paths"] == [["rich", "balance"]]
        basis = Scope(basis="法务意见")
        assert (await segments.count(tx, analytics, language.parse(tagged("rich", "in", "yes")), basis)).total == 35
        fading = language.parse(tagged("fading", "in", "yes"))
        assert (await segments.count(tx, analytics, fading, Scope())).nodes[0].unknown == 12
    clock.advance(timedelta(hours=2))
    async with database.begin(bank) as tx:
        with pytest.raises(TagStale):
            await segments.count(tx, analytics, language.parse(tagged("rich", "in", "yes")), basis)
        old = await segments.count(tx, analytics, fading, Scope())
        good = await segments.count(tx, analytics, language.parse(tagged("young", "in", "yes")), Scope())
    assert (old.total, old.nodes[0].unknown, good.nodes[0].unknown) == (0, 60, 12)


async def test_a_circle_is_refused_with_the_way(database, bank, filled):
    async with database.begin(bank) as tx:
        await make.save(tx, make.rule("ring_a", tagged("young", "in", "yes"), kind=Kind.DERIVED))
        await make.save(tx, make.rule("ring_b", tagged("ring_a", "in", "yes"), kind=Kind.DERIVED))
        (outcome,) = await tags.save(tx, [make.rule("ring_a", tagged("ring_b", "in", "yes"), kind=Kind.DERIVED)])
    assert isinstance(outcome, tags.TagCircle)
    assert outcome.data["circle"] == ["ring_a", "ring_b", "ring_a"]


async def test_people_put_a_tag_and_a_customer_deletes_it(database, bank, clickhouse, analytics, filled):
    marked = CustomerSet.of(bank, [filled[f"T{n}"] for n in (1, 2, 3)])
    async with database.begin(bank) as tx:
        await tags.mark(tx, "vip", "yes", marked, source="柜面")
    await make.refresh(database, clickhouse, bank)
    async with database.begin(bank) as tx:
        assert set(await tags.members(tx, clickhouse, "vip", "yes")) == set(marked)
        (held,) = [one for one in await tags.of_customer(tx, clickhouse, filled["T2"]) if one.name == "vip"]
        assert (held.value, [one.name for one in await tags.shown_to_customer(tx, clickhouse, filled["T2"])]) == (
            "yes",
            ["vip"],
        )
        await tags.hide(tx, filled["T2"], "vip")
        assert await tags.shown_to_customer(tx, clickhouse, filled["T2"]) == []
        found = await segments.members_of(tx, analytics, language.parse(tagged("vip", "in", "yes")), Scope())
        assert set(found) == {filled["T1"], filled["T3"]}
        await tags.unmark(tx, "vip", CustomerSet.of(bank, [filled["T3"]]), source="柜面")
    await make.refresh(database, clickhouse, bank)
    async with database.begin(bank) as tx:
        assert set(await tags.members(tx, clickhouse, "vip", "yes")) == {filled["T1"]}
        await tags.PersonalTags().erase(tx, [filled["T1"]])
        assert await tags.PersonalTags().prove(tx, [filled["T1"]]) == []


async def test_why_a_customer_has_a_value(database, bank, clickhouse, filled):
    async with database.begin(bank) as tx:
        counted = await tags.why(tx, clickhouse, filled["T3"], "logins_30d")
        ruled = await tags.why(tx, clickhouse, filled["T3"], "ages")
        idle = await tags.why(tx, clickhouse, filled["T50"], "logins_30d")
    assert (counted.held.value, [(one.tag_value, one.verdict, one.value) for one in counted.reasons]) == (
        "b2", [("b1", "false", 3.0), ("b2", "true", 3.0), ("b3", "false", 3.0)],
    )  # fmt: skip
    assert [(one.tag_value, one.verdict, one.value) for one in ruled.reasons] == [
        ("v1", "true", 23),
        ("v2", "false", 23),
    ]
    assert (idle.held.value, [one.verdict for one in idle.reasons]) == ("b3", ["false", "false", "true"])
    assert {(one.measured.take, one.measured.window_days, one.measured.money) for one in counted.reasons} == {
        ("count", 30, False)
    }
    assert {one.measured for one in ruled.reasons} == {None}


async def test_why_says_what_is_measured_of_which_events_and_that_it_is_money(database, bank, clickhouse, filled):
    where = [{"property": "channel", "op": "=", "value": "app"}]
    spent = {"event": "app.login", "take": "sum", "property": "amount_fen", "window_days": 90, "where": where}
    did = {"kind": "event", "name": "app.login", "op": ">=", "value": 2, "window_days": 7, "where": where}
    with pytest.raises(asyncio.CancelledError):
        async with database.begin(bank) as tx:
            await make.count(tx, make.statistic("spent", spent, (None, 5), (5, None)), make.rule("did", did))
            summed = await tags.why(tx, clickhouse, filled["T3"], "spent")
            asked = await tags.why(tx, clickhouse, filled["T3"], "did")
            raise asyncio.CancelledError
    (measured,) = {one.measured for one in summed.reasons}
    assert (measured.take, measured.window_days, measured.money, measured.where) == ("sum", 90, True, ("app",))
    (rule,) = asked.reasons
    assert (rule.measured.take, rule.measured.window_days, rule.measured.where) == ("count", 7, ("app",))


async def test_a_profile_counts_every_value_exactly_and_tells_what_sets_a_segment_apart(
    database, bank, clickhouse, analytics, filled
):
    active = language.parse(tagged("logins_30d", "in", "b1", "b2"))
    async with database.begin(bank) as tx:
        found = await segments.profile(tx, analytics, active, Scope())
        few = await segments.profile(tx, analytics, language.parse(attr("age", "=", 21)), Scope())
        quick = await segments.profile(tx, analytics, active, Scope(), from_sample=True)
    assert quick == found, "too few of the segment are in the sample: all are counted"
    rows = {(row.tag, row.value): row for row in found.tags}
    young = {row["customer_no"] for row in ROWS if row["age"] != "" and row["age"] < 40}
    known = {row["customer_no"] for row in ROWS if row["age"] != ""}
    inside = {f"T{n}" for n in range(1, 20)}
    row = rows["young", "yes"]
    assert (row.count, row.universe_count) == (len(young & inside), len(young))
    assert (row.share, row.universe_share) == (len(young & inside) / len(known & inside), len(young) / len(known))
    assert rows["logins_30d", "b3"].count == 0
    assert rows["young", "yes"].significant
    assert [row.significant for row in found.tags] == discoveries(np.array([row.p for row in found.tags])).tolist()
    assert ("rich", "yes") not in rows, "a deposit fact without a basis"
    assert ("mailed", "yes") not in rows, "not for marketing"
    assert (few.total, few.tags) == (1, [])


async def test_a_profile_leaves_out_tags_that_only_repeat_the_rule(database, bank, analytics, filled):
    async with database.begin(bank) as tx:
        aged = await segments.profile(tx, analytics, language.parse(attr("age", "<", 40)), Scope())
        jobs = await segments.profile(tx, analytics, language.parse(attr("job", "=", "a")), Scope())
    assert "young" not in {row.tag for row in aged.tags}
    assert "logins_30d" in {row.tag for row in aged.tags}
    assert "young" in {row.tag for row in jobs.tags}


async def test_a_universe_of_nearly_everybody_is_counted_by_who_is_outside_it(database, bank, clickhouse, filled):
    young = {row["customer_no"] for row in ROWS if row["age"] != "" and row["age"] < 40}
    outside = {"T1", "T2", "T41"}
    universe = CustomerSet.of(bank, np.arange(1 << 20)) - CustomerSet.of(bank, [filled[one] for one in outside])
    few = CustomerSet.of(bank, [filled[f"T{n}"] for n in range(30)])
    async with database.begin(bank) as tx:
        [number] = await tags.numbers_of(tx, ["young"])
    counts = await count_all(clickhouse, bank, few, universe)
    inside = {number for number in young if int(number[1:]) < 30}
    assert counts[number, 1] == (len(inside), len(young - outside))
    narrow = await count_all(clickhouse, bank, few, few)
    assert narrow[number, 1] == (len(inside), len(inside))


async def test_a_set_kept_whole_in_place_of_its_sample_counts_only_who_is_in_the_sample(bank, clickhouse, filled):
    everybody, number = BitMap(range(1 << 20)), 999_999
    await sql_sets.write(clickhouse, bank, [Written(number=number, version=1, sets={(0, 1): everybody})], "kept whole")
    half = CustomerSet.of(bank, np.arange(0, 1 << 20, 2))
    counts = await count_all(clickhouse, bank, half, CustomerSet(bank, everybody), from_sample=True)
    seen = [len(sampled(0, members)) for members in (half.bitmap, everybody)]
    assert counts[number, 1] == tuple(round(size / share()) for size in seen)
    assert 10_000 < seen[0] < 11_000
    await clickhouse.command(
        bank, f"ALTER TABLE tag_bitmap DELETE WHERE tag = {number}", settings={"mutations_sync": 1}
    )


async def test_of_a_sets_versions_the_highest_counts_and_of_equal_ones_the_later(
    cluster, bank, clickhouse, filled, monkeypatch
):
    number, server = 999_998, SetServer(clickhouse_url=cluster.clickhouse_url)

    async def written(version, members):
        one = Written(number=number, version=version, sets={(0, 1): members})
        await sql_sets.write(clickhouse, bank, [one], f"{version}{members}")

    async def counted():
        await server.fetch(bank, [sql_tags.tag_source({"held": (number, 1)})])
        return (await server.evaluate(bank, Leaf(key="held"), Want(members=True))).members.bitmap

    await clickhouse.command(bank, "SYSTEM STOP MERGES tag_bitmap")
    try:
        for version, members in ((2, [1, 2, 3]), (1, [7]), (2, [4, 5])):
            await written(version, BitMap(members))
        assert await counted() == BitMap([4, 5])
        monkeypatch.setattr(sql_tags, "VERSION", "ver * 1000 - _block_number")
        assert await counted() == BitMap([1, 2, 3]), "the control: of equal versions the one that was mended is read"
        monkeypatch.undo()
    finally:
        await clickhouse.command(bank, "SYSTEM START MERGES tag_bitmap")
    await clickhouse.merge(bank, "tag_bitmap")
    assert await counted() == BitMap([4, 5])
    await clickhouse.command(
        bank, f"ALTER TABLE tag_bitmap DELETE WHERE tag = {number}", settings={"mutations_sync": 1}
    )


async def test_what_cannot_be_worked_out_any_more_says_why_by_code_and_fact(database, bank, clickhouse, filled):
    async with database.begin(bank) as tx:
        await make.count(tx, make.define("passing", Kind.MANUAL, (make.value("yes"),)))
        await make.count(tx, make.rule("on_passing", tagged("passing", "in", "yes"), kind=Kind.DERIVED))
        [number] = await tags.numbers_of(tx, ["on_passing"])
        await tx.execute("UPDATE tags.tag SET state = 'archived' WHERE name = 'passing'")
    ran = await make.refresh(database, clickhouse, bank, numbers=[number])
    assert {name: (why.code, why.facts) for name, why in ran.failures.items()} == {
        "on_passing": ("segments.tag_missing", {"name": "passing"})
    }
    async with database.begin(bank) as tx:
        tag_id = await tx.fetch_value("SELECT id FROM tags.tag WHERE name = 'on_passing'")
        page = await tags.page(tx, tag_id)
        assert (page.tag.failure, page.runs[0].failures) == (ran.failures["on_passing"], ran.failures)
        await tx.execute("UPDATE tags.tag SET state = 'active' WHERE name = 'passing'")
    assert (await make.refresh(database, clickhouse, bank, numbers=[number])).failures == {}
    async with database.begin(bank) as tx:
        assert (await tags.page(tx, tag_id)).tag.failure is None
