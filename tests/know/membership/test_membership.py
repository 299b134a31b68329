"""Followed segments: who entered and left by day, as of any day, held back where the data is, gone when erased."""

from datetime import timedelta

import pytest
from pyroaring import BitMap

from huoke.kernel.jobs import Sweep
from huoke.kernel.sets import CustomerSet
from huoke.know import customers, membership, segments, tags
from huoke.know.language import day_of
from huoke.know.membership import Needed, NotFollowed
from huoke.know.membership.jobs import schedule
from huoke.know.segments import NewSegment, SegmentChange
from tests.make import customers as make
from tests.make import events as make_events
from tests.make import tags as make_tags

TYPES = {"age": "integer"}
NUMBERS = [f"M{n}" for n in range(40)]


def row(number, age, unit="N1"):
    return {"customer_no": number, "unit_code": unit, "age": age}


@pytest.fixture(scope="module")
async def seqs(database, bank, units, feed, clickhouse):
    """40 customers of ages 20 … 59, those of even age in the north, the others in the south."""
    rows = [row(number, 20 + n, "S" if n % 2 else "N1") for n, number in enumerate(NUMBERS)]
    await make.import_rows(database, bank, rows, TYPES)
    await make.ship(feed, clickhouse)
    async with database.begin(bank) as tx:
        found = await customers.find_by_no(tx, NUMBERS)
    return [found[number] for number in NUMBERS]


def older(age):
    return {"kind": "all", "of": [{"kind": "attr", "name": "age", "op": ">=", "value": age}]}


async def followed(database, bank, expression, name="老客"):
    async with database.begin(bank) as tx:
        segment_id = await segments.save(tx, NewSegment(name=name, expression=expression))
        await membership.follow(tx, segment_id)
    return segment_id


async def all_the_way(done, total):
    return done <= total


async def reckon(database, bank, analytics, *segment_ids, progress=all_the_way):
    await membership.reckon(database, analytics, bank, segment_ids, progress)


async def move(database, bank, feed, clickhouse, *rows):
    await make.import_rows(database, bank, rows, TYPES)
    await make.ship(feed, clickhouse)


async def grown(database, bank, segment_id, **asked):
    async with database.begin(bank) as tx:
        days = await membership.growth(tx, segment_id, **asked)
        return [(day.members, day.entered, day.left) for day in days]


async def told(owner, bank, name, segment_id):
    async with owner.begin_shared() as tx:
        rows = await tx.fetch(
            "SELECT members FROM kernel.event WHERE tenant_id = $1 AND name = $2 AND payload->>'segment_id' = $3"
            " ORDER BY xid, ordinal",
            bank,
            name,
            str(segment_id),
        )
    return [set(BitMap.deserialize(found["members"])) for found in rows]


async def test_who_enters_and_leaves_is_kept_by_day_and_told_once(
    database, bank, owner, analytics, feed, clickhouse, clock, seqs
):
    segment_id = await followed(database, bank, older(50))
    await reckon(database, bank, analytics, segment_id)
    assert await grown(database, bank, segment_id) == [(10, 0, 0)], "nobody enters by being looked at"
    assert await told(owner, bank, "segments.entered", segment_id) == []
    first = day_of(clock.now())
    clock.advance(timedelta(days=1))
    await move(database, bank, feed, clickhouse, row("M0", 70), row("M39", 21, "S"))
    await reckon(database, bank, analytics, segment_id)
    await move(database, bank, feed, clickhouse, row("M1", 70, "S"), row("M0", 20))
    await reckon(database, bank, analytics, segment_id)
    assert await grown(database, bank, segment_id) == [(10, 0, 0), (10, 1, 1)], "the second look of a day replaces it"
    assert await told(owner, bank, "segments.entered", segment_id) == [{seqs[0]}, {seqs[1]}]
    assert await told(owner, bank, "segments.left", segment_id) == [{seqs[39]}, {seqs[0]}]
    async with database.begin(bank) as tx:
        assert set(await membership.members(tx, segment_id)) == {seqs[1], *seqs[30:39]}
        assert set(await membership.members_on(tx, segment_id, first)) == set(seqs[30:])
        with pytest.raises(NotFollowed):
            await membership.members_on(tx, segment_id, first - timedelta(days=1))
        came = await membership.since(tx, segment_id, seqs[1])
        went = await membership.since(tx, segment_id, seqs[39])
        stood = await membership.since(tx, segment_id, seqs[35])
    assert (came.member, came.day, came.at_least) == (True, first + timedelta(days=1), False)
    assert (went.member, went.day, went.at_least) == (False, first + timedelta(days=1), False)
    assert (stood.member, stood.day, stood.at_least) == (True, first, True)
    await move(database, bank, feed, clickhouse, row("M1", 21, "S"), row("M39", 59, "S"))


async def test_the_past_forgets_nobody_whose_delta_is_undone(database, bank, analytics, feed, clickhouse, clock, seqs):
    segment_id = await followed(database, bank, older(58), name="两人")
    days, expected = [], []
    for ages in ({}, {"M0": 60}, {"M0": 20, "M38": 22}, {"M38": 58}):
        if ages:
            await move(database, bank, feed, clickhouse, *(row(number, age) for number, age in ages.items()))
        await reckon(database, bank, analytics, segment_id)
        days.append(day_of(clock.now()))
        async with database.begin(bank) as tx:
            expected.append(set(await membership.members(tx, segment_id)))
        clock.advance(timedelta(days=1))
    async with database.begin(bank) as tx:
        assert [set(await membership.members_on(tx, segment_id, day)) for day in days] == expected
        await tx.execute(
            "UPDATE membership.delta SET entered = gone, gone = entered WHERE segment_id = $1 AND day = $2",
            segment_id,
            days[2],
        )
        assert set(await membership.members_on(tx, segment_id, days[1])) != expected[1], "swapped deltas would show"
        await tx.execute(
            "UPDATE membership.delta SET entered = gone, gone = entered WHERE segment_id = $1 AND day = $2",
            segment_id,
            days[2],
        )
    assert [len(one) for one in expected] == [2, 3, 1, 2]


async def test_units_see_their_own_customers_by_day_and_no_small_numbers(
    database, bank, analytics, feed, clickhouse, clock, units, seqs
):
    segment_id = await followed(database, bank, older(22), name="各家")
    await reckon(database, bank, analytics, segment_id)
    clock.advance(timedelta(days=1))
    await move(database, bank, feed, clickhouse, row("M0", 33))
    await reckon(database, bank, analytics, segment_id)
    assert await grown(database, bank, segment_id) == [(38, 0, 0), (39, 1, 0)]
    north, south = frozenset({units.north, units.harbour}), frozenset({units.south})
    assert await grown(database, bank, segment_id, units=north) == [(19, 0, 0), (20, None, 0)]
    assert await grown(database, bank, segment_id, units=south) == [(19, 0, 0), (19, 0, 0)]
    await move(database, bank, feed, clickhouse, row("M0", 20))


async def test_the_day_the_rule_changed_is_marked(database, bank, analytics, clock, seqs):
    segment_id = await followed(database, bank, older(40), name="改过")
    await reckon(database, bank, analytics, segment_id)
    clock.advance(timedelta(days=1))
    async with database.begin(bank) as tx:
        change = SegmentChange(name="改过", expression=older(30), expected_version=1)
        await segments.change(tx, segment_id, change)
    await reckon(database, bank, analytics, segment_id)
    clock.advance(timedelta(days=1))
    await reckon(database, bank, analytics, segment_id)
    async with database.begin(bank) as tx:
        days = await membership.growth(tx, segment_id)
    assert [(day.entered, day.version, day.changed) for day in days] == [(0, 1, False), (10, 2, True), (0, 2, False)]


async def test_a_stale_tag_holds_a_segment_back_and_nothing_is_guessed(
    database, bank, analytics, clickhouse, clock, seqs
):
    stale = make_tags.rule("aged", older(50), fresh_hours=24, when_stale=tags.WhenStale.BLOCK)
    async with database.begin(bank) as tx:
        await make_tags.count(tx, stale)
    await make_tags.refresh(database, clickhouse, bank)
    by_tag = {"kind": "all", "of": [{"kind": "tag", "name": "aged", "value": ["yes"]}]}
    segment_id = await followed(database, bank, by_tag, name="按标签")
    await reckon(database, bank, analytics, segment_id)
    clock.advance(timedelta(days=3))
    await reckon(database, bank, analytics, segment_id)
    async with database.begin(bank) as tx:
        found = await membership.following(tx, segment_id)
        kept = await membership.members(tx, segment_id)
    assert (found.held, len(kept)) == ("segments.tag_stale", 10)
    assert await grown(database, bank, segment_id) == [(10, 0, 0)], "no day was made up"
    await make_tags.refresh(database, clickhouse, bank)
    await reckon(database, bank, analytics, segment_id)
    async with database.begin(bank) as tx:
        assert (await membership.following(tx, segment_id)).held == ""
    assert len(await grown(database, bank, segment_id)) == 2


async def test_a_reckoning_stops_between_two_segments(database, bank, analytics, seqs):
    first = await followed(database, bank, older(20), name="一")
    second = await followed(database, bank, older(21), name="二")

    async def stop_after_one(done, _total):
        return done < 1

    await reckon(database, bank, analytics, first, second, progress=stop_after_one)
    async with database.begin(bank) as tx:
        assert (await membership.following(tx, first)).members == 40
        assert (await membership.following(tx, second)).day is None


async def test_the_clock_asks_once_an_hour_for_what_is_due(database, bank, analytics, clock, seqs):
    segment_id = await followed(database, bank, older(20), name="夜间")

    async def waiting():
        async with database.begin(bank) as tx:
            return await tx.fetch_value("SELECT count(*) FROM jobs.job WHERE name = 'membership.reckon'")

    async with database.begin(bank) as tx:
        for row in await tx.fetch("SELECT segment_id FROM membership.following WHERE segment_id <> $1", segment_id):
            await membership.unfollow(tx, row["segment_id"])
    clock.advance(timedelta(hours=(28 - clock.now().astimezone(tz=None).hour) % 24 or 24))
    sweep = Sweep(database=database, tenant=bank, parts={})
    before = await waiting()
    await schedule.run(sweep)
    await schedule.run(sweep)
    after = await waiting()
    await reckon(database, bank, analytics, segment_id)
    clock.advance(timedelta(hours=1))
    await schedule.run(sweep)
    assert (after, await waiting()) in {(before + 1, before + 1), (before, before)}


async def test_who_is_erased_stands_in_no_membership(database, bank, analytics, feed, clickhouse, clock, seqs):
    segment_id = await followed(database, bank, older(55), name="被忘")
    await reckon(database, bank, analytics, segment_id)
    clock.advance(timedelta(days=1))
    await move(database, bank, feed, clickhouse, row("M2", 66))
    await reckon(database, bank, analytics, segment_id)
    port = membership.PersonalMembership()
    async with database.begin(bank) as tx:
        told_of = await port.export(tx, seqs[2])
        assert told_of["segments"]["被忘"] == {"member": True, "entered": [day_of(clock.now()).isoformat()], "left": []}
        assert await port.prove(tx, [seqs[2]]) != []
        await port.erase(tx, [seqs[2]])
        assert await port.prove(tx, [seqs[2]]) == []
        assert CustomerSet.of(bank, [seqs[2]]) & await membership.members(tx, segment_id) == CustomerSet.empty(bank)


async def test_a_late_event_moves_somebody_when_it_is_known_and_counts_from_its_own_day(
    database, bank, analytics, feed, clickhouse, clock, seqs
):
    made = await make_events.source(database, bank)
    logged = {"kind": "event", "name": "app.login", "op": ">=", "value": 1, "window_days": 3}
    segment_id = await followed(database, bank, {"kind": "all", "of": [logged]}, name="刚来过")
    first = day_of(clock.now())
    late = make_events.track("late", "M12", timestamp=clock.now() - timedelta(minutes=5))
    for message in (make_events.track("on-time", "M10", timestamp=clock.now() - timedelta(minutes=5)), late):
        await make_events.take(database, bank, made, message)
        await make_events.ship(feed, clickhouse)
        await reckon(database, bank, analytics, segment_id)
        clock.advance(timedelta(days=1))
    assert await grown(database, bank, segment_id) == [(1, 0, 0), (2, 1, 0)]
    async with database.begin(bank) as tx:
        assert set(await membership.members_on(tx, segment_id, first)) == {seqs[10]}, "what was told of a day stays"
    clock.advance(timedelta(days=1))
    await reckon(database, bank, analytics, segment_id)
    assert (await grown(database, bank, segment_id))[-1] == (0, 0, 2), "both happened on the first day"


async def test_the_list_of_segments_tells_how_each_is_kept(database, bank, analytics, seqs):
    segments.register_followed(membership.followed)
    dynamic = await followed(database, bank, older(58), name="每日")
    async with database.begin(bank) as tx:
        asked = await segments.save(tx, NewSegment(name="按需", expression=older(58)))
        await segments.freeze_now(tx, analytics, asked)
        found = await segments.with_lives(tx, [await segments.get(tx, one) for one in (dynamic, asked)], {asked: 2})
    assert [(one.followed, one.frozen, one.used) for one in found] == [(True, 0, 0), (False, 1, 2)]


async def test_what_something_needs_is_not_left_alone(database, bank, seqs):
    segment_id = await followed(database, bank, older(59), name="被用")
    needed = {segment_id}

    async def needs(_tx, asked):
        return ["合规名单"] if asked in needed else []

    membership.register_needs(needs)
    async with database.begin(bank) as tx:
        with pytest.raises(Needed) as refused:
            await membership.unfollow(tx, segment_id)
        assert refused.value.data["names"] == ["合规名单"]
        assert await membership.following(tx, segment_id) is not None
        needed.clear()
        await membership.unfollow(tx, segment_id)
        assert await membership.following(tx, segment_id) is None
