"""Temperatures of a bank: read from events day by day, the same as from the beginning; early warnings; the scale."""

from datetime import timedelta

import numpy as np
import pytest

from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.kernel.ids import new_id
from huoke.know import customers, temperature
from huoke.know.language import day_of
from huoke.know.temperature import (
    NewScale,
    Scale,
    ScaleOpen,
    ScaleUnfit,
    Sign,
    WarningState,
    WarningStep,
    scale,
    sql_states,
    store,
)
from tests.conftest import START
from tests.make import customers as make_customers
from tests.make import events as make_events
from tests.make import people

DAYS = 120
PEOPLE = 30
YESTERDAY = day_of(START) - timedelta(days=1)


def said(number, who, event, ago, **properties):
    return make_events.track(
        f"{event}-{who}-{number}", f"H{who}", event, timestamp=START - timedelta(days=ago), properties=properties
    )


def life(who):
    """H0 signs in and is paid and stops both 40 days ago; H1 looks at funds; the others live evenly."""
    ends = 40 if who == 0 else 1
    messages = [said(ago, who, "app.login", ago) for ago in range(ends, DAYS, 2)]
    messages += [said(ago, who, "payment.made", ago, amount_fen=10_000) for ago in range(ends, DAYS, 5)]
    messages += [said(ago, who, "salary.received", ago, amount_fen=800_000) for ago in range(ends, DAYS, 25)]
    if who == 1:
        messages += [said(ago, who, "page.viewed", ago, name="基金") for ago in range(1, 6)]
    return messages


@pytest.fixture(scope="module")
async def world(database, bank, units, feed, clickhouse):
    """30 customers of four months, in ClickHouse; who is who."""
    rows = [{"customer_no": f"H{n}", "unit_code": ["N1", "S"][n % 2], "joined_on": "2020-01-01"} for n in range(PEOPLE)]
    await make_customers.import_rows(database, bank, rows, {"joined_on": "date"})
    made = await make_events.source(database, bank)
    await make_events.take(database, bank, made, *[message for who in range(PEOPLE) for message in life(who)])
    await make_customers.ship(feed, clickhouse)
    await make_events.ship(feed, clickhouse)
    async with database.begin(bank) as tx:
        seqs = await customers.find_by_no(tx, [row["customer_no"] for row in rows])
    return {who: seqs[f"H{who}"] for who in range(PEOPLE)}, made


_ran = {}


@pytest.fixture
async def read(database, bank, clickhouse, clock, world):
    """Everything up to yesterday is read, half an hour after it came."""
    clock.advance(timedelta(minutes=30))
    if bank not in _ran:
        _ran[bank] = await temperature.refresh(database, clickhouse, bank, until=YESTERDAY)
    return _ran[bank]


async def of(database, bank, clickhouse, seq):
    async with database.begin(bank) as tx:
        return await temperature.of(tx, clickhouse, seq)


async def test_a_bank_without_readings_says_so(database, other_bank, clickhouse):
    assert await of(database, other_bank, clickhouse, 1) is None
    async with database.begin(other_bank) as tx:
        shape = await temperature.shape(tx, clickhouse)
    assert (shape.day, shape.customers, shape.average) == (None, 0, None)


async def test_everybody_is_read_and_who_lives_evenly_stands_in_the_middle(database, bank, clickhouse, world, read):
    assert (read.day, read.whole, read.customers) == (YESTERDAY, True, PEOPLE)
    found = await of(database, bank, clickhouse, world[0][5])
    assert found.temperature == pytest.approx(50, abs=8)
    assert found.stage == "warm"
    async with database.begin(bank) as tx:
        shape = await temperature.shape(tx, clickhouse)
    assert shape.customers == PEOPLE == sum(shape.stages.values()) == sum(shape.histogram)


async def test_silence_is_told_in_words(database, bank, clickhouse, world, read):
    found = await of(database, bank, clickhouse, world[0][0])
    assert found.temperature < 25
    assert found.lifecycle == "cooling"
    told = {one.event: one for one in found.drivers}
    assert told["salary.received"].points < 0
    assert told["salary.received"].text.startswith("近 30 天无工资到账，往常约 1")
    assert told["app.login"].text_en.startswith("Signed in: 0 in 14 days, usually about")
    assert [one.day for one in found.trend] == sorted(one.day for one in found.trend)
    assert found.trend[-1].temperature == pytest.approx(found.temperature, abs=3)


async def test_what_was_looked_at_is_a_need_with_its_evidence(database, bank, clickhouse, world, read):
    found = await of(database, bank, clickhouse, world[0][1])
    assert (found.need.name, found.need.times) == ("fund", 5)
    assert found.need.last_on == YESTERDAY
    assert (await of(database, bank, clickhouse, world[0][2])).need is None


async def test_day_by_day_late_events_included_comes_to_the_same_as_from_the_beginning(
    database, bank, clickhouse, clock, feed, world, read
):
    seqs, made = world
    await make_events.take(
        database, bank, made, said("today", 3, "app.login", 0), said("late", 4, "card.activated", 3),
        said("late-too", 4, "app.login", 3), said("again", 5, "app.login", 1),
    )  # fmt: skip
    await make_events.ship(feed, clickhouse)
    clock.advance(timedelta(days=1))
    ran = await temperature.refresh(database, clickhouse, bank)
    assert (ran.whole, ran.day) == (False, YESTERDAY + timedelta(days=1))
    daily = await sql_states.load(clickhouse, bank, ran.day)
    assert await temperature.refresh(database, clickhouse, bank) is None
    whole = await temperature.refresh(database, clickhouse, bank, whole=True)
    anew = await sql_states.load(clickhouse, bank, whole.day)
    assert daily["seq"].tolist() == anew["seq"].tolist() == sorted(seqs.values())
    in_time = ~np.isin(daily["seq"], [seqs[4], seqs[5]])
    for name in ("last", "ever"):
        assert daily[name].tolist() == anew[name].tolist()
    assert daily["stage"][in_time].tolist() == anew["stage"][in_time].tolist()
    for name in ("heat_activity", "mean_activity", "heat_money", "mean_money", "heat_human", "mean_human"):
        assert daily[name] == pytest.approx(anew[name], rel=1e-4, abs=1e-5)
    added = daily["heat_money"][daily["seq"] == seqs[4]] - daily["heat_money"][daily["seq"] == seqs[6]]
    assert added == pytest.approx(2 * 0.5 ** (3 / 30), rel=1e-3), "a card activated three days before"


async def test_a_warning_has_two_signs_is_seen_in_its_units_only_and_is_worked_on(
    database, bank, clickhouse, units, world, read
):
    seq = world[0][0]
    async with database.begin(bank) as tx:
        await tx.execute("DELETE FROM temperature.warning")
        row = {
            "id": new_id(), "seq": seq, "unit_id": units.harbour, "signs": "quiet,salary_gone", "temperature": 12.0,
            "was_stage": "warm", "stage": "cool", "value_fen": 500_000, "control": False,
        }  # fmt: skip
        assert await store.add_warnings(tx, YESTERDAY, [row]) == 1
        assert await store.add_warnings(tx, YESTERDAY, [{**row, "id": new_id()}]) == 0
        hidden = {**row, "id": new_id(), "seq": world[0][2], "control": True}
        assert await store.add_warnings(tx, YESTERDAY, [hidden]) == 1
    async with database.begin(bank) as tx:
        (found,) = await temperature.find_warnings(tx)
        assert (found.seq, found.signs, found.value_fen) == (seq, [Sign.QUIET, Sign.SALARY_GONE], 500_000)
        assert await temperature.find_warnings(tx, scope=[units.south]) == []
        step = WarningStep(warning_id=found.id, state=WarningState.DONE, note="打过电话")
        with pytest.raises(temperature.WarningUnknown):
            await temperature.move_warning(tx, step, scope=[units.south])
        with pytest.raises(temperature.WarningUnknown):
            await temperature.move_warning(tx, WarningStep(warning_id=hidden["id"], state=WarningState.TAKEN))
        await temperature.move_warning(tx, step, scope=[units.harbour])
        with pytest.raises(temperature.WarningMoved):
            await temperature.move_warning(tx, WarningStep(warning_id=found.id, state=WarningState.TAKEN))
        (done,) = await temperature.find_warnings(tx, state=WarningState.DONE)
        assert done.note == "打过电话"


async def test_another_scale_takes_two_people_and_says_whom_it_moves(database, bank, clickhouse, world, read):
    wanted = Scale(signals=tuple(one for one in temperature.USUAL.signals if one.event == "app.login"))
    async with database.begin(bank) as tx:
        with pytest.raises(ScaleUnfit):
            await temperature.request_scale(tx, NewScale(scale=temperature.USUAL, reason="同样"))
        with pytest.raises(ScaleUnfit):
            await temperature.request_scale(tx, NewScale(scale=Scale(signals=()), reason="没有信号"))
        seen = await temperature.preview(tx, clickhouse, wanted)
        assert seen.looked_at == PEOPLE == sum(seen.before.values()) == sum(seen.after.values())
        assert sum(one.customers for one in seen.moves) <= PEOPLE
    approvals.register(temperature.ScaleApproval(clickhouse))
    async with database.begin(bank) as tx:
        asks, decides = [people.actor(await people.staff(tx, role)) for role in (Role.OPERATOR, Role.APPROVER)]
    async with database.begin(bank, asks) as tx:
        await temperature.request_scale(tx, NewScale(scale=wanted, reason="只看登录"))
        with pytest.raises(ScaleOpen):
            await temperature.request_scale(tx, NewScale(scale=wanted, reason="再来"))
        assert await temperature.in_force(tx) == temperature.USUAL
    async with database.begin(bank) as tx:
        (request,) = await scale.requests(tx)
        change = await approvals.find_change(tx, request.change_id)
    with pytest.raises(approvals.OwnChange):
        async with database.begin(bank, asks) as tx:
            await approvals.decide(tx, change.id, approvals.Verdict.APPROVE, "", change.diff_hash)
    async with database.begin(bank, decides) as tx:
        await approvals.decide(tx, change.id, approvals.Verdict.APPROVE, "", change.diff_hash)
    async with database.begin(bank) as tx:
        assert await temperature.in_force(tx) == wanted
