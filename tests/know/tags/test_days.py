"""Counts and sums gone on with from day to day come to the same as worked out anew, whatever happens in between."""

import asyncio
from datetime import timedelta
from itertools import count

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huoke.know import customers, tags
from huoke.know.tags import fill_days, loops, sql_days, sql_sets, store_sets
from tests.make import customers as make_customers
from tests.make import events as make_events
from tests.make import tags as make

PEOPLE = 24
_messages, _tests = count(), count()
APP = [{"property": "channel", "op": "=", "value": "app"}]
LARGE_IN_APP = [*APP, {"property": "amount_fen", "op": ">=", "value": 300}]


def paid(take, window_days, **more):
    return {"event": "payment.made", "take": take, "property": "amount_fen", "window_days": window_days, **more}


STATISTICS = [
    make.statistic("n1", {"event": "payment.made", "window_days": 1}, (1, None)),
    make.statistic("n3", {"event": "payment.made", "window_days": 3}, (3, None), (1, 3), (None, 1)),
    make.statistic("n3_app", {"event": "payment.made", "window_days": 3, "where": APP}, (2, None), (0, 1)),
    make.statistic("n7_large", {"event": "payment.made", "window_days": 7, "where": LARGE_IN_APP}, (1, None)),
    make.statistic("sum3", paid("sum", 3), (500, None), (None, 500)),
    make.statistic("sum7_app", paid("sum", 7, where=APP), (None, 0), (100, 400), (700.5, None)),
    make.statistic("days7", {"event": "payment.made", "take": "days", "window_days": 7}, (2, None)),
    make.statistic("ever", {"event": "payment.made"}, (4, None)),
]  # fmt: skip
BY_DAY = 6
"""The last two are none that days add up to."""


@pytest.fixture(scope="module", autouse=True)
def small():
    """A small bank, and few statistics, are enough here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fill_days, "CUSTOMERS_MIN", 1)
        patch.setattr(fill_days, "TAGS_MIN", 1)
        yield


@pytest.fixture(autouse=True)
def apart(clock):
    """No event of one test lies in a window of another."""
    clock.advance(timedelta(days=150 * next(_tests)))


@pytest.fixture(scope="module")
async def world(database, bank, units, feed, clickhouse):
    await join(database, bank, range(PEOPLE - 4))
    made = await make_events.source(database, bank)
    await make_customers.ship(feed, clickhouse)
    async with database.begin(bank) as tx:
        await make.count(tx, *STATISTICS)
    return made


async def join(database, bank, numbers):
    rows = [{"customer_no": f"D{n}", "unit_code": "N1", "age": 20 + n} for n in numbers]
    await make_customers.import_rows(database, bank, rows, {"age": "integer"})


@pytest.fixture
def pay(database, bank, clickhouse, clock, feed, world):
    """Payments arrive in ClickHouse: (who, days ago, channel, fen)."""

    async def arrive(*payments):
        messages = [
            make_events.track(
                f"d{next(_messages)}", f"D{who}", "payment.made", timestamp=clock.now() - timedelta(days=ago),
                properties={"channel": way, "amount_fen": fen},
            )
            for who, ago, way, fen in payments
        ]  # fmt: skip
        await make_events.take(database, bank, world, *messages)
        await make_events.ship(feed, clickhouse)

    return arrive


async def lying(database, bank, clickhouse, *names):
    """Who has which value, by tag: sets of numbers; code 0 is who is known."""
    async with database.begin(bank) as tx:
        numbers = {one.name: one.number for one in (await tags.find(tx, tags.Wanted(), "name", None, 99)).rows}
        seqs = await customers.find_by_no(tx, [f"D{n}" for n in range(PEOPLE)])
    known = {seq: number for number, seq in seqs.items()}
    found = await sql_sets.standing(clickhouse, bank, numbers.values())
    sets = {}
    for name in names or numbers:
        for (_, code), members in found[numbers[name]].items():
            sets.setdefault((name, code), set()).update(known[seq] for seq in members)
    return {place: members for place, members in sets.items() if members}


async def counts(database, bank):
    """How many have each value of a tag, and of how many it can say anything."""
    async with database.begin(bank) as tx:
        return {
            one.name: (one.counts, one.known) for one in (await tags.find(tx, tags.Wanted(), "name", None, 99)).rows
        }


@pytest.fixture
def equal(database, bank, clickhouse, monkeypatch):
    """Refresh; what lies there then, after it was found to be what working everybody out anew gives."""

    async def compared(**more):
        served = []
        fill = fill_days.fill

        async def watched(*given):
            served.extend(target.one.name for target, _ in given[3])
            return await fill(*given)

        with monkeypatch.context() as patch:
            patch.setattr(fill_days, "fill", watched)
            ran = await make.refresh(database, clickhouse, bank, **more)
        assert not ran.failures
        found, counted = await lying(database, bank, clickhouse), await counts(database, bank)
        with monkeypatch.context() as patch:  # so that the next refresh goes on with the same rows
            patch.setattr(sql_days, "forget", _keep)
            await make.refresh(database, clickhouse, bank, whole=True)
        assert found == await lying(database, bank, clickhouse)
        assert counted == await counts(database, bank)
        return found, served

    return compared


async def _keep(*_):
    """Nothing is put away."""


PAYMENT = st.tuples(
    st.integers(0, PEOPLE - 5),
    st.integers(0, 9),
    st.sampled_from(["app", "web"]),
    st.sampled_from([100, 200, 300, 450]),
)
"""Who, how many days ago (late ones too), by which way, how much."""
DAYS = st.lists(st.tuples(st.integers(0, 4), st.lists(PAYMENT, max_size=6)), min_size=2, max_size=4)
"""So many days pass, then this arrives."""


async def test_days_that_are_added_and_taken_come_to_what_all_events_say(equal, pay, clock):
    loop = asyncio.get_running_loop()
    seen = []

    async def live(days):
        for passed, happened in days:
            clock.advance(timedelta(days=passed))
            await pay(*happened)
            seen.append(len((await equal())[1]))

    @settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(DAYS)
    def goes_on(days):
        asyncio.run_coroutine_threadsafe(live(days), loop).result(120)

    await pay((0, 0, "app", 100), (1, 2, "web", 450))
    await equal()
    await asyncio.to_thread(goes_on)
    assert (set(seen), len(seen) > 6) == ({BY_DAY}, True), "they were not gone on with from day to day"


async def test_who_pays_again_and_whose_payments_leave_are_seen_the_day_it_happens(equal, pay, clock):
    await pay((2, 0, "app", 300), (2, 0, "app", 200), (3, 1, "web", 450))
    first, _ = await equal()
    clock.advance(timedelta(days=2))
    await pay((3, 0, "app", 100))
    second, _ = await equal()
    clock.advance(timedelta(days=6))  # several days at once
    last, served = await equal()
    assert (first["sum3", 1], second["sum3", 1]) == ({"D2"}, {"D2"})
    assert (first["n3", 2], second["n3", 2]) == ({"D2", "D3"}, {"D2", "D3"})
    assert (first["n1", 1], second["n1", 1]) == ({"D2"}, {"D3"})
    assert ("sum3", 1) not in last
    assert len(served) == BY_DAY


async def test_a_day_that_is_added_but_takes_nothing_is_caught(
    database, bank, clickhouse, clock, pay, equal, monkeypatch
):
    """The negative control: values of those whose events left a window would stay."""
    await pay((4, 0, "app", 300))
    await equal()
    clock.advance(timedelta(days=5))
    cross = fill_days._cross
    monkeypatch.setattr(
        fill_days, "_cross", lambda rows, kept, ones, since, now, there: cross(
            rows, kept, ones, since, msgspec.structs.replace(now, day=since.day), there
        ),
    )  # fmt: skip
    with pytest.raises(AssertionError):
        await equal()


async def test_rows_in_doubt_are_laid_down_anew(database, bank, clickhouse, clock, pay, equal):
    await pay((5, 0, "app", 300))
    await equal()
    clock.advance(timedelta(days=1))
    await clickhouse.command(bank, f"INSERT INTO {sql_days.TABLE} SELECT * FROM {sql_days.TABLE} LIMIT 1")
    assert await sql_days.standing(clickhouse, bank) == {}
    await pay((5, 0, "app", 300))
    found, served = await equal()
    assert not served
    assert found["sum3", 1] == {"D5"}
    kept = (await sql_days.standing(clickhouse, bank))["payment.made"]
    parts = await clickhouse.query(bank, f"SELECT count() AS n, uniqExact(id) AS ids FROM {sql_days.TABLE}")
    assert parts.to_pylist() == [{"n": kept.sheets, "ids": 1}]
    clock.advance(timedelta(days=1))
    assert len((await equal())[1]) == BY_DAY


async def test_events_that_were_taken_back_are_on_no_day(database, bank, clickhouse, clock, pay, equal):
    await pay((6, 0, "app", 300), (7, 0, "app", 300))
    await equal()
    async with database.begin(bank) as tx:
        seqs = await customers.find_by_no(tx, ["D6"])
    taken = "DELETE FROM event WHERE name = 'payment.made' AND seq = {seq:UInt32}"  # as a load is withdrawn
    await clickhouse.command(bank, taken, {"seq": int(seqs["D6"])})
    found, served = await equal()
    assert not served
    assert found["n1", 1] == {"D7"}
    rows = await clickhouse.query(
        bank, f"SELECT count() AS n FROM {sql_days.TABLE} WHERE has(seqs, {{seq:UInt32}})", {"seq": int(seqs["D6"])}
    )
    assert rows.to_pylist() == [{"n": 0}]
    clock.advance(timedelta(days=1))
    found, served = await equal()
    assert ("n1", 1) not in found
    assert len(served) == BY_DAY


async def test_tags_filled_at_different_times_go_on_from_where_each_was(database, bank, clickhouse, clock, pay, equal):
    async with database.begin(bank) as tx:
        often = await tags.numbers_of(tx, ["n1", "sum3"])
    await equal()
    for hour in range(3):
        clock.advance(timedelta(hours=1))
        await pay((8, 0, "app", 200), (9 + hour, 0, "web", 450))
        ran = await make.refresh(database, clickhouse, bank, numbers=often)
        assert (ran.filled, ran.whole) == (2, 0)
    before = await lying(database, bank, clickhouse, "n1", "n3")
    clock.advance(timedelta(days=1))
    await pay((8, 0, "app", 200))
    found, served = await equal()
    assert before["n1", 1] == {"D8", "D9", "D10", "D11"}
    assert ("n3", 1) not in before
    assert found["n3", 1] == {"D8"}
    assert len(served) == BY_DAY


async def test_after_a_filling_that_was_cut_off_the_sets_are_made_right(
    database, bank, clickhouse, clock, pay, equal, monkeypatch
):
    await equal()
    clock.advance(timedelta(days=1))
    await pay((17, 0, "app", 600))

    async def cut(*_):
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(store_sets, "note_filled", cut)
        with pytest.raises(asyncio.CancelledError):
            await make.refresh(database, clickhouse, bank)
    between = await lying(database, bank, clickhouse, "n1", "sum3")
    clock.advance(timedelta(days=1))  # nobody paid on this day, nor on the day of the last filling that was noted
    found, served = await equal()
    assert between["n1", 1] == {"D17"}
    assert ("n1", 1) not in found
    assert found["sum3", 1] == {"D17"}
    assert len(served) < BY_DAY


async def test_who_was_erased_is_in_no_set(database, bank, clickhouse, clock, feed, pay, equal):
    await pay((18, 0, "app", 600), (19, 0, "app", 600))
    await equal()
    async with database.begin(bank) as tx:
        seqs = await customers.find_by_no(tx, ["D18"])
    gone = f"ALTER TABLE customer UPDATE status = 'erased' WHERE seq = {int(seqs['D18'])}"
    await clickhouse.command(bank, gone, settings={"mutations_sync": 1})
    found, served = await equal()
    assert len(served) == BY_DAY
    assert found["n3", 2] == {"D19"}
    assert "D18" not in found["n3", 0]


async def test_after_many_rounds_the_days_are_laid_down_anew(
    database, bank, clickhouse, clock, pay, equal, monkeypatch
):
    monkeypatch.setattr(fill_days, "ROUNDS_MAX", 2)
    await make.refresh(database, clickhouse, bank, whole=True)
    served = []
    for hour in range(4):
        clock.advance(timedelta(hours=1))
        await pay((16, 0, "app", 200 + hour))
        served.append(len((await equal())[1]))
    kept = (await sql_days.standing(clickhouse, bank))["payment.made"]
    assert served == [0, BY_DAY, 0, BY_DAY]
    assert len(kept.rounds) == 2


async def test_a_new_condition_has_the_days_laid_down_with_it(database, bank, clickhouse, clock, pay, equal):
    await pay((12, 0, "web", 450), (13, 0, "app", 450))
    await equal()
    web = [{"property": "channel", "op": "=", "value": "web"}]
    async with database.begin(bank) as tx:
        await make.count(
            tx, make.statistic("n9_web", {"event": "payment.made", "window_days": 9, "where": web}, (1, None))
        )
    found, served = await equal()
    assert "n9_web" not in served
    assert found["n9_web", 1] == {"D12"}
    clock.advance(timedelta(days=9))
    found, served = await equal()
    assert "n9_web" in served
    assert ("n9_web", 1) not in found


async def test_whom_the_store_hears_of_after_what_they_did_is_known_at_once(
    database, bank, clickhouse, clock, feed, pay, equal
):
    await equal()
    await join(database, bank, [21, 22])
    await pay((21, 0, "web", 450))
    found, served = await equal()
    assert "D21" in found["n3", 0]
    assert served
    await make_customers.ship(feed, clickhouse)
    found, served = await equal()
    assert {"D21", "D22"} <= found["n3", 0]
    assert "D22" in found["n3", 3]
    assert "D21" in found["n3", 2]


async def test_working_everybody_out_forgets_the_days(database, bank, clickhouse, clock, pay, equal):
    await pay((14, 0, "web", 450))
    await equal()
    await make.refresh(database, clickhouse, bank, whole=True)
    rows = await clickhouse.query(bank, f"SELECT count() AS n FROM {sql_days.TABLE}")
    assert await sql_days.standing(clickhouse, bank) == {}
    assert rows.to_pylist() == [{"n": 0}]


async def test_days_that_no_window_reaches_are_put_away(database, bank, clickhouse, clock, pay, equal):
    await pay((15, 0, "web", 450))
    await equal()
    for _ in range(3):
        clock.advance(timedelta(days=40))
        await pay((15, 0, "web", 450))
        await equal()
    kept = (await sql_days.standing(clickhouse, bank))["payment.made"]
    rows = await clickhouse.query(bank, f"SELECT min(day) AS first, count() AS n FROM {sql_days.TABLE}")
    [row] = rows.to_pylist()
    assert row["first"] >= sql_days.number_of(kept.first) > sql_days.number_of(clock.now().date()) - 120
    assert row["n"] == kept.sheets


def test_machine_code_counts_as_plain_python_does():
    random = np.random.default_rng(7)
    then, today = 189, 190
    people = np.array([*range(30), *range((1 << 20) + 5, (1 << 20) + 30)])
    groups, numbers = np.repeat([0, 1], 150), np.tile(np.arange(41, 191), 2)
    since = ((numbers == today) | (numbers % 40 == 0)).astype(np.uint8)
    sizes = random.integers(0, 5, 300)
    ends, of_day = np.cumsum(sizes), np.repeat(np.arange(300), sizes)
    seqs = np.where(
        groups[of_day] == 0, random.choice(people[:30], len(of_day)), random.choice(people[30:], len(of_day))
    )
    held = random.integers(0, 8, len(of_day)).astype(np.uint16)
    amounts = random.integers(-50, 100, len(of_day))
    windows = np.array([30, 7, 7, 90, 1])
    summed = np.array([0, 0, 1, 0, 0], np.uint8)
    need = np.array([0, 0, 0, 5, 5], np.uint64)
    lows, highs = np.array([2.0, 1.0, 30.0, 2.0, 1.0]), np.array([np.inf, np.inf, np.inf, 4.0, np.inf])
    given_ = (
        (groups, numbers, since, ends - sizes, ends), (seqs.astype(np.uint32), held, amounts), np.array([11]),
        (np.array([0, 5], np.uint64), np.array([0, 3, 5])),
        (then + 1 - windows, today + 1 - windows, need, summed, np.arange(6)), (np.arange(6), lows, highs),
        (then, today),
    )  # fmt: skip

    def value(tag, person, day, old):
        mine = (seqs == person) & (numbers[of_day] > day - windows[tag]) & (numbers[of_day] <= day)
        mine &= ((held & need[tag]) == need[tag]) & ((since[of_day] == 0) | (not old))
        measure = amounts[mine].sum() if summed[tag] else mine.sum()
        return int(lows[tag] <= measure < highs[tag])

    expected = set()
    for person in people:
        for tag in range(len(windows)):
            was, now = value(tag, person, then, True), value(tag, person, today, False)
            if was != now or person == 11:
                expected.add((tag, int(person), now, was))
    plain, compiled = loops.cross(*given_), loops.compiled(loops.cross)(*given_)
    assert {tuple(row) for row in plain.tolist()} == expected
    assert {row[1] >> 20 for row in expected} == {0, 1}
    assert np.array_equal(plain, compiled)
