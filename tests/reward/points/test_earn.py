"""Earning: once for an event, capped by person, waiting, confirmed, taken back; spent points become a debt."""

from datetime import datetime, time, timedelta

import pytest

from huoke.kernel.clock import CHINA
from huoke.kernel.ids import new_id
from huoke.know.language import DepositCondition, Op, Where, day_of
from huoke.reward import ledger, points
from huoke.reward.points import Caps, Expiry, ExpiryKind, Link, RuleForbidden, RuleUnfit
from huoke.reward.points.earn import ids_of
from huoke.reward.points.earning import WantedRule
from huoke.reward.points.rulebook import REQUESTS, require_compiled
from tests.make import events as make_events
from tests.make import grants as make_grants
from tests.make import ledger as make_ledger
from tests.make import points as make


@pytest.fixture(scope="module")
async def seqs(database, bank, units):
    return await make_events.people(database, bank, "P1", "P2", "P3")


@pytest.fixture(scope="module")
async def gold(database, bank):
    async with database.begin(bank) as tx:
        return await make.kind(tx)


@pytest.fixture
async def clean(database, bank, gold):
    """No rules of an earlier test."""
    async with database.begin(bank) as tx:
        await tx.execute("DELETE FROM points.rule")


async def earn(tx, *events):
    ready = await points.prepare(tx, None, ids_of(await points.rules(tx)))
    return await points.earn(tx, ready, events)


async def balance(tx, seq):
    return await ledger.balance(tx, ledger.points_account(seq, "GOLD"))


async def test_an_event_gives_once_however_often_it_comes(database, bank, seqs, clean):
    seq = seqs["P1"]
    async with database.begin(bank) as tx:
        await make.rule(tx)
        before = await balance(tx, seq)
        paid = make.event(seq, tx.now, amount_fen=12_999)
        assert (await earn(tx, paid, paid)).points == 129
        assert (await earn(tx, paid)).points == 0
        assert await balance(tx, seq) == before + 129
        [lot] = [lot for lot in await ledger.find_lots(tx, seq, "GOLD") if lot.remaining == 129]
        assert lot.source_kind == "earn_rule"
        await make_grants.assert_sound(tx)


async def test_a_cap_counts_the_person_across_batches_and_a_budget_everybody(database, bank, seqs, clean):
    async with database.begin(bank) as tx:
        await make.rule(tx, points=10, per_fen=0, caps=Caps(day=25, budget=40))
        first, second = seqs["P1"], seqs["P2"]
        assert (await earn(tx, *(make.event(first, tx.now) for _ in range(2)))).points == 20
        assert (await earn(tx, *(make.event(first, tx.now) for _ in range(2)))).points == 5
        assert (await earn(tx, *(make.event(second, tx.now) for _ in range(3)))).points == 15
        [rule] = await points.rules(tx)
        assert rule.given == 40


async def test_midnight_of_the_last_day_of_a_month_is_the_banks_for_caps_and_for_ends(database, bank, seqs, clean):
    """In China a month ends at 16:00 UTC: a microsecond before, caps and the end of points are the old month's."""
    seq = seqs["P1"]
    async with database.begin(bank) as tx:
        await make.kind(tx, "MONTH", expiry=Expiry(kind=ExpiryKind.MONTH_END))
        await make.rule(tx, type="MONTH", points=10, per_fen=0, caps=Caps(day=10, month=15))
        first = datetime.combine((day_of(tx.now).replace(day=1) + timedelta(days=32)).replace(day=1), time(), CHINA)
        last = first - timedelta(microseconds=1)

        async def lots():
            return [(lot.remaining, lot.expires_at) for lot in await ledger.find_lots(tx, seq, "MONTH")]

        tx.now = last
        day_before = make.event(seq, last - timedelta(days=1))
        assert (await earn(tx, day_before, make.event(seq, last), make.event(seq, last))).points == 15
        assert {end for _, end in await lots()} == {first}
        account = (await ledger.open_accounts(tx, [ledger.points_account(seq, "MONTH")])).popitem()[1]
        assert await ledger.burn(tx, [make_ledger.burn(account, 5)]) == [ledger.Outcome.POSTED]
        assert await ledger.expire_lots(tx) == 0
        tx.now = first
        assert (await earn(tx, make.event(seq, first), make.event(seq, first))).points == 10
        assert await ledger.burn(tx, [make_ledger.burn(account, 11)]) == [ledger.Outcome.OVERDRAWN]
        following = (first + timedelta(days=32)).replace(day=1)
        assert await lots() == [(10, following)], "what the old month left is gone with its last day"
        assert await ledger.expire_lots(tx) == 0
        await make_grants.assert_sound(tx)


async def test_what_waits_becomes_active_by_time_and_what_is_reversed_before_never_does(
    database, bank, clock, seqs, clean
):
    seq = seqs["P2"]
    refund = Link(event="payment.refunded", key="order")
    async with database.begin(bank) as tx:
        await make.rule(tx, pending_days=7, reversed_by=refund)
        before = await balance(tx, seq)
        kept = make.event(seq, tx.now, amount_fen=10_000, order="A")
        gone = make.event(seq, tx.now, amount_fen=20_000, order="B")
        assert await seen(tx, kept, gone) == (300, 300)
        await earn(tx, make.event(seq, tx.now, "payment.refunded", amount_fen=20_000, order="B"))
        assert await balance(tx, seq) == before
    clock.advance(timedelta(days=7))
    async with database.begin(bank) as tx:
        assert await points.activate_due(tx) == 1
        assert await points.activate_due(tx) == 0
        assert await balance(tx, seq) == before + 100
        await make_grants.assert_sound(tx)


async def seen(tx, *events):
    told = await earn(tx, *events)
    return told.points, told.waiting


async def test_refunds_take_their_share_and_spent_points_are_owed_and_paid_first(database, bank, seqs, clean):
    seq = seqs["P3"]
    async with database.begin(bank) as tx:
        await make.rule(tx, reversed_by=Link(event="payment.refunded", key="order"))
        await earn(tx, make.event(seq, tx.now, amount_fen=10_000, order="X"))
        account = (await ledger.open_accounts(tx, [ledger.points_account(seq, "GOLD")])).popitem()[1]
        await ledger.burn(tx, [make_ledger.burn(account, 80)])
        await earn(tx, make.event(seq, tx.now, "payment.refunded", amount_fen=3_333, order="X"))
        debt = ledger.debt_account(seq, "GOLD")
        assert (await balance(tx, seq), await ledger.balance(tx, debt)) == (0, 13)
        back = make.event(seq, tx.now, "payment.refunded", amount_fen=6_667, order="X")
        await earn(tx, back)
        await earn(tx, back)
        assert (await balance(tx, seq), await ledger.balance(tx, debt)) == (0, 80)
        await earn(tx, make.event(seq, tx.now, amount_fen=10_000, order="Y"))
        assert (await balance(tx, seq), await ledger.balance(tx, debt)) == (20, 0)
        [line, *_] = await points.earnings_of(tx, [seq])
        assert line.points == 100
        await make_grants.assert_sound(tx)


async def test_a_refund_in_the_batch_of_its_payment_is_found_and_one_before_it_is_not(database, bank, seqs, clean):
    seq = seqs["P1"]
    async with database.begin(bank) as tx:
        await make.rule(tx, reversed_by=Link(event="payment.refunded", key="order"))
        before = await balance(tx, seq)
        early = make.event(seq, tx.now, "payment.refunded", amount_fen=100, order="Q")
        paid = make.event(seq, tx.now, amount_fen=1_000, order="Q")
        late = make.event(seq, tx.now, "payment.refunded", amount_fen=400, order="Q")
        await earn(tx, early, paid, late)
        assert await balance(tx, seq) == before + 6
        await make_grants.assert_sound(tx)


async def test_a_confirming_event_makes_points_active(database, bank, seqs, clean):
    seq = seqs["P1"]
    async with database.begin(bank) as tx:
        await make.rule(tx, confirmed_by=Link(event="payment.settled", key="order"))
        before = await balance(tx, seq)
        await earn(tx, make.event(seq, tx.now, amount_fen=500, order="C"))
        assert await balance(tx, seq) == before
        await earn(tx, make.event(seq, tx.now, "payment.settled", order="C"))
        assert await balance(tx, seq) == before + 5


async def test_b1_a_rule_hangs_on_no_deposit_however_deep(database, bank, gold):
    async with database.begin(bank) as tx:
        with pytest.raises(DepositCondition):
            await require_compiled(tx, make.earn_rule(event="salary.received"))
        tree = {"kind": "event", "name": "salary.received", "op": ">=", "value": 1, "window_days": 30}
        with pytest.raises(DepositCondition):
            await require_compiled(tx, make.earn_rule(who=tree))
        multiplier = points.Multiplier(percent=200, who={"kind": "all", "of": [tree]})
        with pytest.raises(DepositCondition):
            await require_compiled(tx, make.earn_rule(multipliers=(multiplier,)))
        await require_compiled(tx, make.earn_rule())


async def test_b4_a_rule_hangs_on_buying_no_wealth_product(database, bank, gold):
    def bought(*where):
        return make.earn_rule(event="product.bought", where=where)

    async with database.begin(bank) as tx:
        for rule in (
            bought(),
            bought(Where("kind", Op.EQUAL, "wealth")),
            bought(Where("kind", Op.IN, ["card", "fund"])),
            bought(Where("kind", Op.NOT_EQUAL, "card")),
        ):
            with pytest.raises(RuleForbidden) as refused:
                await REQUESTS.require_fit(tx, points_wanted(rule))
            assert refused.value.data["rule"] == "B4"
        await REQUESTS.require_fit(tx, points_wanted(bought(Where("kind", Op.EQUAL, "card"))))
        for tree in (
            {"kind": "event", "name": "product.bought", "op": ">=", "value": 1},
            {"kind": "sequence", "steps": [{"name": "app.login"}, {"name": "product.bought"}], "within_days": 7},
            {"kind": "rank", "by": {"kind": "event", "name": "product.bought"}, "take": {"percent": 20}},
        ):
            with pytest.raises(RuleForbidden):
                await REQUESTS.require_fit(tx, points_wanted(make.earn_rule(who=tree)))


def points_wanted(rule):
    return WantedRule(id=new_id(), rule=rule)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "/rule/name"),
        ({"points": 0}, "/rule/points"),
        ({"type": ""}, "/rule/type"),
        ({"caps": Caps(day=0)}, "/rule/caps"),
        ({"multipliers": (points.Multiplier(percent=50),)}, "/rule/multipliers"),
        ({"pending_days": 400}, "/rule/pending_days"),
    ],
)
async def test_a_rule_that_cannot_be_names_its_field(database, bank, gold, change, field):
    async with database.begin(bank) as tx:
        with pytest.raises(RuleUnfit) as refused:
            await REQUESTS.require_fit(tx, points_wanted(make.earn_rule(**change)))
        assert refused.value.pointer == field
