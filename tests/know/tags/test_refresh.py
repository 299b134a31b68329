"""A refresh of those something happened to comes to the same as one of everybody, and to what plain rules say."""

import asyncio
from datetime import datetime, time, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from huoke.kernel.clock import CHINA
from huoke.kernel.sets import decode_group
from huoke.know import customers, events, tags
from huoke.know.language import SAMPLE_GROUPS, day_of
from huoke.know.tags import sql_sets, sql_statistic
from tests.make import customers as make_customers
from tests.make import events as make_events
from tests.make import tags as make

PEOPLE = 24
_messages = count()
APP = [{"property": "channel", "op": "=", "value": "app"}]


def paid(take, **more):
    return {"event": "payment.made", "take": take, "property": "amount_fen", **more}


STATISTICS = [
    make.statistic("n7", {"event": "app.login", "window_days": 7}, (3, None), (1, 3), (None, 1)),
    make.statistic("n30_app", {"event": "app.login", "window_days": 30, "where": APP}, (2, None)),
    make.statistic("never", {"event": "app.login"}, (None, 1)),
    make.statistic("days7", {"event": "app.login", "take": "days", "window_days": 7}, (2, None)),
    make.statistic("last", {"event": "app.login", "take": "last_days_ago"}, (None, 2), (2, 5.5), (5.5, None)),
    make.statistic("first", {"event": "app.login", "take": "first_days_ago"}, (3, None)),
    make.statistic("gap", {"event": "app.login", "take": "interval", "window_days": 30}, (None, 1.5), (1.5, None)),
    make.statistic("sum3", paid("sum", window_days=3), (500, None), (None, 500)),
    make.statistic("high7", paid("max", window_days=7), (400, None), (None, 400)),
    make.statistic("low7", paid("min", window_days=7), (None, 200)),
    make.statistic("mean7", paid("average", window_days=7), (250, None)),
    make.statistic("p90", paid("percentile", percent=90, window_days=30), (350, None)),
    make.statistic("fifth", paid("average", ranked=True), (80, 100), (0, 80)),
    make.define(
        "way", tags.Kind.STATISTIC, (make.value("app", equals="app"), make.value("web", equals="web")),
        statistic=tags.Statistic(event="app.login", take=tags.Taken.TOP, property="channel", window_days=7),
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
async def world(database, bank, units, feed, clickhouse):
    """24 customers, some of whom join only later; every kind of statistic, filled once."""
    await join(database, bank, range(PEOPLE - 4))
    made = await make_events.source(database, bank)
    await make_customers.ship(feed, clickhouse)
    await make_events.ship(feed, clickhouse)
    async with database.begin(bank) as tx:
        await make.count(
            tx, *STATISTICS, make.rule("both", {"kind": "tag", "name": "n7", "value": ["b1"]}, kind=tags.Kind.DERIVED)
        )
    await make.refresh(database, clickhouse, bank)
    return made


async def join(database, bank, numbers):
    rows = [{"customer_no": f"R{n}", "unit_code": "N1", "age": 20 + n} for n in numbers]
    await make_customers.import_rows(database, bank, rows, {"age": "integer"})


async def lying(database, bank, clickhouse):
    """Who has which value, by tag: sets of numbers; code 0 is who is known."""
    async with database.begin(bank) as tx:
        numbers = {one.name: one.number for one in (await tags.find(tx, tags.Wanted(), "name", None, 99)).rows}
        seqs = await customers.find_by_no(tx, [f"R{n}" for n in range(PEOPLE)])
    names = {seq: number for number, seq in seqs.items()}
    found = await sql_sets.standing(clickhouse, bank, numbers.values())
    sets = {}
    for name, number in numbers.items():
        for (_, code), members in found[number].items():
            sets.setdefault((name, code), set()).update(names[seq] for seq in members)
    return {place: members for place, members in sets.items() if members}


HAPPENING = st.tuples(
    st.integers(0, PEOPLE - 5), st.sampled_from(["app.login", "payment.made"]), st.integers(0, 9), st.integers(0, 23),
    st.sampled_from(["app", "web"]), st.sampled_from([100, 200, 300, 450]),
)  # fmt: skip
"""Who, what, how many days ago (late events too), at which hour, by which way, how much."""
DAYS = st.lists(st.tuples(st.integers(0, 4), st.lists(HAPPENING, max_size=6)), min_size=1, max_size=3)
"""So many days pass, then this arrives."""


async def test_a_refresh_of_whom_something_happened_to_equals_one_of_everybody(
    database, bank, clickhouse, clock, feed, world
):
    loop = asyncio.get_running_loop()
    seen = {"partly": 0}

    async def live(days):
        for passed, happened in days:
            clock.advance(timedelta(days=passed))
            messages = [
                make_events.track(
                    f"r{next(_messages)}", f"R{who}", what, timestamp=clock.now() - timedelta(days=ago, hours=hour),
                    properties={"channel": way, **({"amount_fen": fen} if what == "payment.made" else {})},
                )
                for who, what, ago, hour, way, fen in happened
            ]  # fmt: skip
            await make_events.take(database, bank, world, *messages)
            await make_events.ship(feed, clickhouse)
            ran = await make.refresh(database, clickhouse, bank)
            seen["partly"] += ran.filled - ran.whole
            partly = await lying(database, bank, clickhouse)
            await make.refresh(database, clickhouse, bank, whole=True)
            assert partly == await lying(database, bank, clickhouse)

    @settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(DAYS)
    def equal(days):
        asyncio.run_coroutine_threadsafe(live(days), loop).result(120)

    await asyncio.to_thread(equal)
    assert seen["partly"] > 5 * 10, "it was worked out for everybody every time: nothing was compared"


async def test_customers_who_join_are_in_the_band_of_zero_at_the_next_refresh(
    database, bank, clickhouse, clock, feed, world
):
    await make.refresh(database, clickhouse, bank)
    assert not {"R22"} & (await lying(database, bank, clickhouse)).get(("never", 1), set())
    await join(database, bank, [22])
    await make_customers.ship(feed, clickhouse)
    await make.refresh(database, clickhouse, bank)
    assert "R22" in (await lying(database, bank, clickhouse))["never", 1]


async def test_without_the_days_that_leave_a_window_old_values_would_stay(
    database, bank, clickhouse, clock, feed, world, monkeypatch
):
    """The negative control: a refresh that looks only at what arrived is caught."""
    who = make_events.track("leaving", "R5", "app.login", timestamp=clock.now(), properties={"channel": "app"})
    await make_events.take(database, bank, world, who)
    await make_events.ship(feed, clickhouse)
    await make.refresh(database, clickhouse, bank)
    before = await lying(database, bank, clickhouse)
    clock.advance(timedelta(days=8))
    monkeypatch.setattr(sql_statistic, "edges_of", lambda _, __: set())
    await make.refresh(database, clickhouse, bank)
    stale = await lying(database, bank, clickhouse)
    await make.refresh(database, clickhouse, bank, whole=True)
    assert "R5" in before["way", 1]
    assert stale["way", 1] != (await lying(database, bank, clickhouse)).get(("way", 1), set())


async def test_the_sample_of_a_set_follows_who_comes_and_who_goes(
    database, bank, clickhouse, clock, feed, world, monkeypatch
):
    monkeypatch.setattr(sql_sets, "sampled", lambda _, members: BitMap(seq for seq in members if seq % 2))

    async def look(*numbers):
        said = [make_events.track(f"look{next(_messages)}", f"R{n}", "page.viewed", timestamp=clock.now())
                for n in numbers]  # fmt: skip
        await make_events.take(database, bank, world, *said)
        await make_events.ship(feed, clickhouse)
        ran = await make.refresh(database, clickhouse, bank)
        sql = f"SELECT `group` >= {SAMPLE_GROUPS} AS key, bm AS bitmap FROM tag_bitmap FINAL WHERE tag = {number}"
        rows = await clickhouse.get_bitmaps(bank, f"{sql} AND value = 1")
        whole, part = (decode_group(payload) for _, payload in sorted(rows, key=lambda row: row[0]))
        assert {seq for seq in part if seq % 2} == {seq for seq in whole if seq % 2}
        return set(whole), ran

    async with database.begin(bank) as tx:
        await make.count(tx, make.statistic("looked", {"event": "page.viewed", "window_days": 2}, (1, None)))
        [number] = await tags.numbers_of(tx, ["looked"])
    first, _ = await look(0, 1, 2, 3)
    clock.advance(timedelta(days=2))
    second, ran = await look(3, 4, 5, 6, 7)
    assert (len(first), len(second), len(first & second)) == (4, 5, 1)
    assert ran.filled - ran.whole > 8, "it was worked out for everybody: nothing came or went"


async def test_history_says_since_when_and_who_was_there_on_a_day(database, bank, clickhouse, clock, feed, world):
    async with database.begin(bank) as tx:
        await make.count(
            tx,
            make.statistic(
                "kept",
                {"event": "benefit.viewed", "window_days": 2},
                (1, None),
                history=True,
                wording="近两天看过权益",
                wording_en="Looked at benefits in the last two days",
            ),
        )
        seqs = await customers.find_by_no(tx, ["R1", "R2"])
    await make.refresh(database, clickhouse, bank)
    days = []
    for number in ("R1", "R2"):
        clock.advance(timedelta(days=2))
        days.append(day_of(clock.now()))
        await make_events.take(
            database, bank, world, make_events.track(f"k{number}", number, "benefit.viewed", timestamp=clock.now())
        )
        await make_events.ship(feed, clickhouse)
        await make.refresh(database, clickhouse, bank)
    async with database.begin(bank) as tx:
        first, second = [set(await tags.members_on(tx, clickhouse, "kept", "b1", day)) for day in days]
        why = await tags.why(tx, clickhouse, seqs["R2"], "kept")
    assert (first, second) == ({seqs["R1"]}, {seqs["R2"]})
    assert why.held.since == days[1]
    async with database.begin(bank) as tx:
        await tags.hide(tx, seqs["R1"], "kept")
        hidden = [set(await tags.members_on(tx, clickhouse, "kept", "b1", day)) for day in days]
    assert hidden == [set(), {seqs["R2"]}], "who deletes a tag is out of its past as well (rule P4)"


async def test_a_window_begins_with_the_bank_s_midnight_and_not_a_moment_earlier(
    database, bank, clickhouse, clock, feed, world
):
    midnight = datetime.combine(day_of(clock.now()) - timedelta(days=6), time(), CHINA)
    at = {"R6": midnight, "R7": midnight - timedelta(milliseconds=1)}
    said = [make_events.track(f"edge{who}", who, "branch.visited", timestamp=when) for who, when in at.items()]
    await make_events.take(database, bank, world, *said)
    await make_events.ship(feed, clickhouse)
    async with database.begin(bank) as tx:
        await make.count(tx, make.statistic("edge", {"event": "branch.visited", "window_days": 7}, (1, None)))
    await make.refresh(database, clickhouse, bank)
    assert (await lying(database, bank, clickhouse))["edge", 1] == {"R6"}


async def test_events_that_were_taken_back_are_in_no_tag_and_on_no_day(database, bank, clickhouse, clock, feed, world):
    said = make_events.track("taken", "R9", "branch.visited", timestamp=clock.now())
    await make_events.take(database, bank, world, said)
    await make_events.ship(feed, clickhouse)
    async with database.begin(bank) as tx:
        await make.count(tx, make.statistic("came_by", {"event": "branch.visited", "window_days": 30}, (1, None)))
        seqs = await customers.find_by_no(tx, ["R9"])
    await make.refresh(database, clickhouse, bank)
    assert "R9" in (await lying(database, bank, clickhouse))["came_by", 1]
    taken = "DELETE FROM event WHERE name = 'branch.visited' AND seq = {seq:UInt32}"  # as a load is withdrawn
    await clickhouse.command(bank, taken, {"seq": int(seqs["R9"])})
    ran = await make.refresh(database, clickhouse, bank)
    assert "R9" not in (await lying(database, bank, clickhouse)).get(("came_by", 1), set())
    assert ran.whole >= ran.filled - 1, "rows may be missing anywhere: all but the tag made of tags is worked out anew"
    today = day_of(clock.now())
    there = await sql_statistic.touched(
        clickhouse, bank, "branch.visited", {1}, sql_statistic.Position(1 << 62, 0, 0, today), today + timedelta(days=1)
    )
    assert seqs["R9"] not in there[1].get(0, set())


async def test_after_a_clock_went_back_nobody_is_passed_over(database, bank, clickhouse, clock, feed, world):
    said = make_events.track("back", "R8", "branch.visited", timestamp=clock.now() - timedelta(days=1))
    await make_events.take(database, bank, world, said)
    await make_events.ship(feed, clickhouse)
    async with database.begin(bank) as tx:
        await make.count(tx, make.statistic("lately", {"event": "branch.visited", "window_days": 3}, (1, None)))
    clock.advance(timedelta(days=9))
    await make.refresh(database, clickhouse, bank)
    assert ("lately", 1) not in await lying(database, bank, clickhouse)
    clock.advance(-timedelta(days=9))
    await make.refresh(database, clickhouse, bank)
    assert "R8" in (await lying(database, bank, clickhouse))["lately", 1]


CALLS = [("R1", 59, "loan"), ("R1", 60, "card"), ("R2", 400, "loan"), ("R3", None, None)]
TALKED = {("long", 1): {"R1", "R2"}, ("longest", 1): {"R2"}, ("longest", 2): {"R1"}, ("topic", 1): {"R2"}}


async def test_a_property_says_the_same_from_a_column_of_its_own_and_after_a_rebuild_without_one(
    database, bank, clickhouse, clock, feed, world
):
    said = [
        make_events.track(
            f"call{number}", who, "call.made", timestamp=clock.now(),
            properties={key: value for key, value in (("seconds", seconds), ("topic", topic)) if value is not None},
        )
        for number, (who, seconds, topic) in enumerate(CALLS)
    ]  # fmt: skip
    await make_events.take(database, bank, world, *said)
    await make_events.ship(feed, clickhouse)
    minute = [{"property": "seconds", "op": ">=", "value": 60}]
    topic = tags.Statistic(event="call.made", take=tags.Taken.TOP, property="topic")
    async with database.begin(bank) as tx:
        await make.count(
            tx,
            make.statistic("long", {"event": "call.made", "where": minute}, (1, None)),
            make.statistic(
                "longest", {"event": "call.made", "take": "max", "property": "seconds"}, (61, None), (0, 61)
            ),
            make.define("topic", tags.Kind.STATISTIC, (make.value("loan", equals="loan"),), statistic=topic),
        )
    await make.refresh(database, clickhouse, bank, whole=True)
    found = await lying(database, bank, clickhouse)
    assert {place: found[place] for place in TALKED} == TALKED
    assert found["longest", 0] == {"R1", "R2"}
    assert {"seconds", "topic"} <= await events.spread(clickhouse, bank, [])
    last = "ALTER TABLE event MATERIALIZE COLUMN p_topic"  # one after another: those before it are done when it is
    await clickhouse.command(bank, last, settings={"mutations_sync": 1})
    await clickhouse.command(bank, "ALTER TABLE event DROP COLUMN p_seconds, DROP COLUMN p_topic")
    await make.refresh(database, clickhouse, bank, whole=True)
    assert await lying(database, bank, clickhouse) == found
