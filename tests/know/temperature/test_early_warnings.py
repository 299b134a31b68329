"""Early warnings, from events to the list: a transition and a second sign; never one alone; some kept back."""

from datetime import timedelta

import numpy as np
import pytest

from huoke.kernel.ids import new_id
from huoke.kernel.log import LoggedEvent
from huoke.kernel.sets import PPM, CustomerSet, bucket_numbers
from huoke.know import consent, customers, temperature
from huoke.know.consent import SuppressionReason, SuppressionStatement, Verdict
from huoke.know.language import day_of
from huoke.know.temperature import (
    Moving,
    Sign,
    WarningState,
    WarningStep,
    jobs,
    signs,
    sql_states,
    store,
    warn,
)
from huoke.know.temperature.engine import Component, State
from huoke.know.temperature.movers import Direction, Span
from huoke.know.temperature.signs import Facts
from tests.conftest import START
from tests.make import customers as make_customers
from tests.make import events as make_events

SORTED = {
    "day": lambda one: one.day,
    "customer": lambda one: one.seq,
    "temperature": lambda one: one.temperature,
    "signs": lambda one: len(one.signs),
    "value": lambda one: one.value_fen,
    "state": lambda one: one.state,
}
DAYS = 200
YESTERDAY = day_of(START) - timedelta(days=1)
EVEN = 12
"""Who lives on as always, so that a typical customer exists."""


def said(who, event, ago, turn=0, **properties):
    when = START - timedelta(days=ago, hours=-3)
    return make_events.track(f"{event}-{who}-{ago}-{turn}", f"W-{who}", event, timestamp=when, properties=properties)


def signed_in(who, until=1):
    return [said(who, "app.login", ago) for ago in range(until, DAYS, 2)]


def paid(who, until=1):
    return [said(who, "payment.made", ago, amount_fen=50_000) for ago in range(until, DAYS, 4)]


def salaried(who, until=1):
    return [said(who, "salary.received", ago, amount_fen=900_000) for ago in range(until, DAYS, 30)]


def bought(who, *agos):
    return [said(who, "product.bought", ago) for ago in agos]


LIVES = {
    "left": signed_in("left", 35) + paid("left", 35) + salaried("left", 40),
    "unpaid": signed_in("unpaid") + salaried("unpaid", 41)
    + [said("unpaid", "payment.made", ago, amount_fen=50_000) for ago in range(70, DAYS)],
    "due": signed_in("due", 20) + paid("due") + salaried("due"),
    "due_bought": signed_in("due_bought", 35) + paid("due_bought", 35) + salaried("due_bought", 40)
    + bought("due_bought", 3, 25),
    "upset": signed_in("upset", 20) + paid("upset") + salaried("upset") + [said("upset", "complaint.made", 2)],
    "listed": signed_in("listed", 20) + paid("listed") + salaried("listed"),
    "at_desk": signed_in("at_desk", 20) + paid("at_desk") + salaried("at_desk"),
    "only_due": signed_in("only_due") + paid("only_due") + salaried("only_due"),
    "only_upset": signed_in("only_upset") + paid("only_upset") + salaried("only_upset")
    + [said("only_upset", "complaint.made", 2)],
    "only_unpaid": signed_in("only_unpaid") + salaried("only_unpaid", 41)
    + [said("only_unpaid", "payment.made", ago, amount_fen=5_000) for ago in range(1, DAYS)],
    "lively": [said("lively", event, 1, turn=n) for n in range(10) for event in ("app.login", "page.viewed")],
    **{f"even{n}": signed_in(f"even{n}") + paid(f"even{n}") + salaried(f"even{n}") for n in range(EVEN)},
}  # fmt: skip
DUE = {"due", "due_bought", "only_due"}


def case(bank, seq, kind, at):
    """A case opened at the service desk, as the log tells it."""
    return LoggedEvent(
        tenant=bank, id=new_id(), name="care.case_opened", version=1, data_class="C1", recorded_at=at,
        actor_kind="staff", actor_id="desk", seq=seq, members=None, xid=1, ordinal=0,
        payload={"case_id": str(new_id()), "kind": kind},
    )  # fmt: skip


@pytest.fixture(scope="module")
async def world(database, bank, units, feed, clickhouse):
    """Everybody's life in ClickHouse, one on the list of open complaints, one with a complaint at the desk; seqs."""
    rows = [
        {
            "customer_no": f"W-{who}", "unit_code": "N1", "joined_on": "2020-01-01",
            "matures_on": (YESTERDAY + timedelta(days=10)).isoformat() if who in DUE else "",
        }
        for who in LIVES
    ]  # fmt: skip
    await make_customers.import_rows(database, bank, rows, {"joined_on": "date", "matures_on": "date"})
    made = await make_events.source(database, bank)
    for life in LIVES.values():
        await make_events.take(database, bank, made, *life)
    await make_customers.ship(feed, clickhouse)
    await make_events.ship(feed, clickhouse)
    async with database.begin(bank) as tx:
        found = await customers.find_by_no(tx, [row["customer_no"] for row in rows])
        seqs = {who: found[f"W-{who}"] for who in LIVES}
        members = CustomerSet.of(bank, [seqs["listed"]], tx.now)
        await consent.suppress(
            tx, [SuppressionStatement(reason=SuppressionReason.COMPLAINT, verdict=Verdict.GIVEN, members=members)]
        )
        await jobs.hear_complaint(tx, case(bank, seqs["at_desk"], "complaint", tx.now - timedelta(days=2)))
        await jobs.hear_complaint(tx, case(bank, seqs["even0"], "question", tx.now - timedelta(days=2)))
    return seqs


@pytest.fixture(scope="module")
async def warned(database, bank, clickhouse, world):
    """Signs by who was warned of, with nobody kept back."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(warn, "CONTROL_PERCENT", 0)
        database.clock.advance(timedelta(minutes=30))
        await temperature.refresh(database, clickhouse, bank, until=YESTERDAY)
        database.clock.advance(-timedelta(minutes=30))
    async with database.begin(bank) as tx:
        found = await temperature.find_warnings(tx)
    names = {seq: who for who, seq in world.items()}
    return {names[one.seq]: one for one in found}


async def test_each_transition_is_warned_of_by_all_that_stands_for_it(warned):
    signs = {who: set(one.signs) for who, one in warned.items()}
    assert {Sign.COOLED, Sign.QUIET, Sign.SALARY_GONE} <= signs["left"]
    assert {Sign.MONEY_OUT, Sign.SALARY_GONE} <= signs["unpaid"]
    assert Sign.DUE in signs["due"]
    for who in ("upset", "at_desk"):
        assert Sign.COMPLAINED in signs[who], who


async def test_a_complaint_is_no_sign_on_the_days_before_it(warned):
    assert warned["upset"].day == YESTERDAY - timedelta(days=1)


async def test_an_open_complaint_on_the_list_is_a_sign(bank, clickhouse, warned, world):
    found = await sql_states.load(clickhouse, bank, YESTERDAY)
    assert Sign.COMPLAINED in signs.names(int(found["signs"][found["seq"] == world["listed"]][0]))


async def test_nobody_is_warned_of_for_one_sign(warned, world):
    assert all(len(one.signs) >= 2 for one in warned.values())
    assert {who: one.signs for who, one in warned.items() if who.startswith(("only", "even"))} == {}
    alone = {"only_due", "only_upset", "only_unpaid", *(f"even{n}" for n in range(EVEN))}
    assert not alone & warned.keys()


@pytest.mark.parametrize("column", SORTED)
async def test_warnings_are_sorted_by_any_column_page_after_page(database, bank, warned, units, column):
    for asked in (column, f"-{column}"):
        seen, place = [], None
        async with database.begin(bank) as tx:
            while found := await warn.listed(tx, sort=asked, after=place, limit=2):
                if not found.rows:
                    break
                seen += found.rows
                assert len(seen) <= len(warned), "no row twice"
                place = (asked, found.keys[-1], found.rows[-1].id)
            assert (await warn.listed(tx, scope=[units.south], sort=asked)).rows == []
        keys = [(SORTED[column](one), one.id) for one in seen]
        assert len(seen) == len(warned) == sum(found.counts.values())
        assert keys == sorted(keys, reverse=asked != column)


async def test_what_falls_due_is_no_sign_once_it_was_followed_up(warned):
    assert Sign.DUE not in warned["due_bought"].signs
    assert len(warned["due_bought"].signs) >= 2


async def test_what_is_at_risk_is_what_went_through_their_hands_in_a_month(warned):
    times = sum(35 <= ago <= 180 for ago in range(35, DAYS, 4))
    wages = sum(40 <= ago <= 180 for ago in range(40, DAYS, 30))
    assert warned["left"].value_fen == pytest.approx((times * 50_000 + wages * 900_000) // 6, abs=150_000)
    assert (warned["left"].state, warned["left"].was_stage) == (WarningState.NEW, warned["left"].was_stage)


async def test_a_warning_is_taken_and_done_and_no_second_one_comes_meanwhile(database, bank, clickhouse, warned):
    one = warned["due"]
    async with database.begin(bank) as tx:
        await temperature.move_warning(tx, WarningStep(warning_id=one.id, state=WarningState.TAKEN))
        await temperature.move_warning(tx, WarningStep(warning_id=one.id, state=WarningState.DONE, note="续存一年"))
        row = {
            "id": new_id(), "seq": one.seq, "unit_id": one.unit_id, "signs": "quiet,due", "temperature": 1.0,
            "was_stage": "warm", "stage": "cool", "value_fen": 0, "control": False,
        }  # fmt: skip
        assert await store.add_warnings(tx, one.day + timedelta(days=29), [row]) == 0
        assert await store.add_warnings(tx, one.day + timedelta(days=30), [row]) == 1
        await tx.execute("DELETE FROM temperature.warning WHERE id = $1", row["id"])


async def test_a_warning_takes_later_signs_and_opens_again_where_it_was_closed(database, bank, warned):
    one = warned["unpaid"]
    later = {"seq": one.seq, "signs": ",".join([*one.signs, "complained"]), "temperature": 7.0, "stage": "cold"}
    async with database.begin(bank) as tx:
        await temperature.move_warning(tx, WarningStep(warning_id=one.id, state=WarningState.TAKEN))
        assert await store.add_signs(tx, one.day, [{**later, "signs": ",".join(one.signs)}]) == 0
        assert await store.add_signs(tx, one.day + timedelta(days=3), [later]) == 1
        assert await store.add_signs(tx, one.day + timedelta(days=3), [later]) == 0
        (seen,) = [each for each in await temperature.find_warnings(tx) if each.id == one.id]
        assert (seen.signs, seen.state) == ([*one.signs, Sign.COMPLAINED], WarningState.TAKEN)
        assert (seen.temperature, seen.day, seen.value_fen) == (7.0, one.day, one.value_fen)
        await temperature.move_warning(tx, WarningStep(warning_id=one.id, state=WarningState.DONE, note="已回访"))
        due = {**later, "signs": f"{later['signs']},due"}
        assert await store.add_signs(tx, one.day + timedelta(days=30), [due]) == 0, "its 30 days are over"
        assert await store.add_signs(tx, one.day + timedelta(days=29), [due]) == 1
        (again,) = [each for each in await temperature.find_warnings(tx) if each.id == one.id]
        assert (again.state, again.note, len(again.signs)) == (WarningState.NEW, "已回访", len({*again.signs}))


async def test_movers_are_those_whose_told_temperature_moved_most(database, bank, clickhouse, warned, units):
    ago = YESTERDAY - timedelta(days=30)
    async with database.begin(bank) as tx:
        asked = [Moving(direction=one, span=Span.MONTH, points_min=1) for one in Direction]
        down, up = [await temperature.movers(tx, clickhouse, one) for one in asked]
        for one in [*down.movers, *up.movers]:
            told = await temperature.history(tx, clickhouse, one.seq, since=YESTERDAY - timedelta(days=400))
            was = [point.temperature for point in told if point.day <= ago][-1]
            assert one.change == pytest.approx(one.temperature - was, abs=0.11), one.customer_no
        pages = [await temperature.movers(tx, clickhouse, asked[0], limit=1)]
        while pages[-1].movers:
            last = pages[-1].movers[0]
            pages.append(await temperature.movers(tx, clickhouse, asked[0], after=(last.change, last.seq), limit=1))
        elsewhere = await temperature.movers(tx, clickhouse, asked[0], scope=[units.south])
        stage = down.movers[0].stage
        alike = await temperature.movers(tx, clickhouse, Moving(span=Span.MONTH, points_min=1, stage=stage))
    assert {"W-left", "W-due_bought"} <= {one.customer_no for one in down.movers}
    assert "W-lively" in {one.customer_no for one in up.movers}
    assert [one.change for one in down.movers] == sorted(one.change for one in down.movers)
    assert (down.day, down.total, max(one.change for one in down.movers) <= -1) == (YESTERDAY, len(down.movers), True)
    assert [one.seq for page in pages for one in page.movers] == [one.seq for one in down.movers]
    assert (elsewhere.movers, elsewhere.total) == ([], 0)
    assert [one.seq for one in alike.movers] == [one.seq for one in down.movers if one.stage is stage]
    assert alike.total > 0


async def test_every_day_counts_everybody_once_and_the_last_is_what_is_shown(
    database, bank, clickhouse, warned, world, units
):
    since = YESTERDAY - timedelta(days=9)
    async with database.begin(bank) as tx:
        found = await temperature.days(tx, clickhouse, since=since)
        shown = await temperature.shape(tx, clickhouse)
        elsewhere = await temperature.days(tx, clickhouse, since=since, scope=[units.south])
    assert [one.day for one in found] == [since + timedelta(days=n) for n in range(10)]
    for one in found:
        assert one.customers == len(LIVES) == sum(one.stages.values()) == sum(one.lifecycles.values()), one.day
    assert (found[-1].stages, found[-1].lifecycles) == (shown.stages, shown.lifecycles)
    assert found[-1].average == pytest.approx(shown.average, abs=0.1)
    assert elsewhere == []


async def test_one_person_in_ten_is_kept_back_shown_to_nobody_and_compared_later(
    database, bank, clickhouse, warned, world
):
    begun = YESTERDAY - timedelta(days=30)
    groups = {"left": False, "even1": False, "due_bought": True, "even2": True}
    async with database.begin(bank) as tx:
        await tx.execute("DELETE FROM temperature.warning")
        rows = [
            {
                "id": new_id(), "seq": world[who], "unit_id": warned["left"].unit_id, "signs": "quiet,due",
                "temperature": 20.0, "was_stage": "warm", "stage": "cool", "value_fen": 600_000, "control": control,
            }
            for who, control in groups.items()
        ]  # fmt: skip
        assert await store.add_warnings(tx, begun, rows) == 4
        shown = await temperature.find_warnings(tx)
        assert {one.seq for one in shown} == {world["left"], world["even1"]}
    scale = temperature.USUAL
    assert await temperature.measure_warnings(database, clickhouse, bank, scale, YESTERDAY - timedelta(days=1)) == 0
    assert await temperature.measure_warnings(database, clickhouse, bank, scale, YESTERDAY) == 4
    assert await temperature.measure_warnings(database, clickhouse, bank, scale, YESTERDAY) == 0
    async with database.begin(bank) as tx:
        found = await temperature.outcomes(tx)
    assert (found.shown.warnings, found.shown.stayed, found.shown.value_fen) == (2, 1, 1_200_000)
    assert (found.control.warnings, found.control.stayed) == (2, 2)
    days = [ago for ago in range(1, DAYS, 4) if 1 <= ago <= 30]
    assert found.shown.after_fen == len(days) * 50_000 + 900_000


async def test_what_counts_in_a_day_is_capped(bank, clickhouse, world):
    now = START + timedelta(days=1)
    found = await sql_states.signals(clickhouse, bank, temperature.USUAL, YESTERDAY, YESTERDAY, now)
    mine = found["seq"] == world["lively"]
    assert found["component"][mine].tolist() == [0]
    assert found["heat"][mine].tolist() == [2.0], "ten of each are as good as one sign-in and five pages"


async def test_about_one_person_in_ten_is_kept_back_and_always_the_same_ones(bank):
    persons = np.arange(1, 20_001)
    kept = bucket_numbers(warn.SALT, persons) < warn.CONTROL_PERCENT * (PPM // 100)
    assert kept.mean() == pytest.approx(0.1, abs=0.01)
    assert (kept == (bucket_numbers(warn.SALT, persons) < warn.CONTROL_PERCENT * (PPM // 100))).all()


def standing(before=0, doublings=(0.0, 0.0), fell=None, **facts):
    """The signs of one customer who stood so."""
    day = 20_000
    state = State.blank(np.array([day - 900], np.int32), day)
    if fell is not None:
        state.fell[:] = day - fell
    fallen = {component: np.array([value], np.float32) for component, value in zip(Component, doublings, strict=False)}
    known = {name: np.array([facts.get(name, False)]) for name in ("unpaid", "due", "complained")}
    return signs.standing(state, fallen, np.array([before], np.uint8), Facts(**known))


def told(found):
    return signs.names(int(found[0]))


def test_signs_begin_at_their_edges_and_end_half_a_doubling_above():
    assert told(standing(doublings=(-1.99, -0.99))) == []
    assert told(standing(doublings=(-2.0, -1.0))) == [Sign.QUIET, Sign.MONEY_OUT]
    before = int(signs.BIT[Sign.QUIET])
    assert told(standing(before, doublings=(-1.5, 0.0))) == [Sign.QUIET]
    assert told(standing(before, doublings=(-1.49, 0.0))) == []
    assert told(standing(fell=29)) == [Sign.COOLED]
    assert told(standing(fell=30)) == []


def test_a_warning_needs_two_signs_and_a_new_one():
    one, two = standing(due=True), standing(due=True, complained=True)
    none = standing()
    assert signs.alarmed(none, one).tolist() == []
    assert signs.alarmed(one, two).tolist() == [0]
    assert signs.alarmed(two, two).tolist() == [], "what stood yesterday is no transition"
    assert signs.alarmed(two, one).tolist() == []
