"""Exchange between the bank's own types: both sides or neither, one rate, limits of persons, and the way back."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.know import customers
from huoke.reward import exchange, ledger, tiers
from huoke.reward.exchange import (
    AmountUnfit,
    Bearer,
    CardClosed,
    CardState,
    LimitReached,
    LiquidityShort,
    NotUndoable,
    PointsFrozen,
    PointsShort,
    QuoteMoved,
    RequestTaken,
    Trade,
    TradeState,
    TradeUnknown,
    WantedCard,
)
from huoke.reward.exchange import cards as exchange_cards
from tests.make import customers as make_customers
from tests.make import cuts, people
from tests.make import exchange as make
from tests.make import grants as make_grants
from tests.make import ledger as make_ledger
from tests.make import points as make_points
from tests.make import tiers as make_tiers

PEOPLE = 12


@pytest.fixture(scope="module")
async def seqs(database, bank):
    """Customers of the bank."""
    async with database.begin(bank) as tx:
        await people.units(tx)
    rows = [{"customer_no": f"X{n}", "unit_code": "N1"} for n in range(PEOPLE)]
    await make_customers.import_rows(database, bank, rows, {})
    async with database.begin(bank) as tx:
        found = await customers.find_by_no(tx, [row["customer_no"] for row in rows])
    return [found[f"X{n}"] for n in range(PEOPLE)]


@pytest.fixture
async def tx(database, bank, seqs, clock):
    """A transaction of its own, with gold beans set aside; the books are whole at its end."""
    async with database.begin(bank) as tx:
        await make.set_aside(tx, 100_000)
        yield tx
        await make_grants.assert_sound(tx)


async def held(tx, seq, currency):
    return [lot.remaining for lot in await ledger.find_lots(tx, seq, currency)]


async def ask(tx, *wishes):
    return await exchange.exchange(tx, make.calls(tx, *wishes))


async def test_both_sides_move_and_the_fee_is_told_apart(tx, seqs):
    card_id, seq = await make.open_card(tx), seqs[0]
    await make_ledger.points(tx, seq, 500)
    liquid = await make.liquidity(tx)
    [made] = await ask(tx, make.wish(card_id, seq, 200))
    assert (made.points, made.fee, made.gained, made.state) == (200, 10, 126, TradeState.DONE)
    assert (await held(tx, seq, "POINTS"), await held(tx, seq, "GOLD")) == ([300], [126])
    assert await make.liquidity(tx) == liquid - 126
    fees = ledger.AccountKey(ledger.AccountKind.POINTS_FEE, "bank", "", "POINTS")
    gone = ledger.AccountKey(ledger.AccountKind.POINTS_EXCHANGED, "bank", "", "POINTS")
    assert await ledger.booked(tx, fees, [made.id]) == 10
    assert await ledger.booked(tx, gone, [made.id]) == 190


async def test_a_repeated_number_is_the_same_exchange_and_another_body_is_refused(tx, seqs):
    card_id, seq = await make.open_card(tx), seqs[1]
    await make_ledger.points(tx, seq, 1_000)
    wish = make.wish(card_id, seq, 200)
    first, second = await ask(tx, wish, wish)
    [third] = await ask(tx, wish)
    assert first.id == second.id == third.id
    assert await held(tx, seq, "POINTS") == [800]
    [other] = await ask(tx, make.wish(card_id, seq, 300, request_no=wish.request_no))
    assert isinstance(other, RequestTaken)
    assert await held(tx, seq, "POINTS") == [800]


async def test_whatever_is_refused_moves_nothing(tx, seqs):
    seq = seqs[2]
    card_id = await make.open_card(tx)
    over = await make.open_card(tx, until_on=make.FROM)
    silver = await make.open_card(tx, target="SILVER")
    await make_ledger.points(tx, seq, 300)
    for wish, refusal in (
        (make.wish(card_id, seq, 90), AmountUnfit),
        (make.wish(card_id, seq, 105), AmountUnfit),
        (make.wish(card_id, seq, 310), PointsShort),
        (make.wish(card_id, seq, 200, expected=127), QuoteMoved),
        (make.wish(over, seq, 200), CardClosed),
        (make.wish(silver, seq, 200), LiquidityShort),
    ):
        [answer] = await ask(tx, wish)
        assert type(answer) is refusal
    await ledger.freeze(tx, seq, "POINTS", frozen=True)
    [answer] = await ask(tx, make.wish(card_id, seq, 200))
    assert type(answer) is PointsFrozen
    assert (await held(tx, seq, "POINTS"), await held(tx, seq, "GOLD")) == ([300], [])
    assert await exchange.own_trades(tx, seq) == []


async def test_limits_count_the_person_and_everybody_and_what_was_refused_takes_no_room(tx, seqs):
    own = {"person_day": 300, "person_month": 500}
    card_id = await make.open_card(tx, **own, all_day=700)
    one, two = seqs[3], seqs[4]
    for seq in (one, two):
        await make_ledger.points(tx, seq, 1_000)
    wishes = [
        make.wish(card_id, one, 200),
        make.wish(card_id, one, 200),
        make.wish(card_id, one, 100),
        make.wish(card_id, two, 300),
        make.wish(card_id, two, 100),
    ]
    said = await ask(tx, *wishes)
    assert [type(one) for one in said] == [Trade, LimitReached, Trade, Trade, LimitReached]
    tx.now += timedelta(days=1)
    said = await ask(tx, make.wish(card_id, one, 300), make.wish(card_id, one, 200), make.wish(card_id, two, 200))
    assert [type(one) for one in said] == [LimitReached, Trade, Trade]
    poor = await make.open_card(tx, person_day=300)
    await make_ledger.points(tx, seqs[5], 200)
    said = await ask(tx, make.wish(poor, seqs[5], 300), make.wish(poor, seqs[5], 200))
    assert [type(one) for one in said] == [PointsShort, Trade], "what the ledger refused left room"


async def test_what_an_exchange_may_cost_a_month_ends_it_and_the_bank_is_warned_before(tx, seqs):
    """A thousand of what comes in cost a yuan: of a cap of 20 fen 190 points take 19."""
    card_id = await make.open_card(tx, cost_month_fen=20, alarm_percent=95)
    seq = seqs[3]
    await make_ledger.points(tx, seq, 1_000)
    before = sum(await held(tx, seq, "POINTS"))

    async def stands():
        [card] = [one for one in await exchange.read.standings(tx) if one.id == card_id]
        [offer] = [one for one in await exchange.offers_for(tx, seq) if one.id == card_id]
        return card.cost_fen, card.alarmed, offer.why

    assert await stands() == (0, False, "")
    said = await ask(tx, make.wish(card_id, seq, 300), make.wish(card_id, seq, 100))
    assert [type(one) for one in said] == [Trade, LimitReached]
    assert await stands() == (19, True, "dry")
    assert sum(await held(tx, seq, "POINTS")) == before - 300, "what was refused took nothing"
    tx.now += timedelta(days=31)
    assert await stands() == (0, False, "")
    assert [type(one) for one in await ask(tx, make.wish(card_id, seq, 100))] == [Trade]


async def test_an_earlier_exchange_of_a_batch_pays_for_a_later_one(tx, seqs):
    seq = seqs[6]
    there = await make.open_card(tx, fee_rate=0, takes=1, gives=1)
    back_card = make.card(source="GOLD", target="POINTS", fee_rate=0, takes=1, gives=1)
    back = await make.open_card(tx, source="GOLD", target="POINTS", fee_rate=0, takes=1, gives=1)
    await make.set_aside(tx, 1_000, "POINTS")
    await make_ledger.points(tx, seq, 200)
    even = make.card(fee_rate=0, takes=1, gives=1)
    said = await ask(tx, make.wish(there, seq, 200, even), make.wish(back, seq, 100, back_card))
    assert [type(one) for one in said] == [Trade, Trade]
    assert (await held(tx, seq, "POINTS"), await held(tx, seq, "GOLD")) == ([100], [100])


async def test_an_exchange_taken_back_returns_to_the_original_lots_fee_and_all(tx, seqs):
    seq, card_id = seqs[7], await make.open_card(tx, undo_hours=24)
    ends = tx.now + timedelta(days=20)
    await make_ledger.points(tx, seq, 150, expires_at=ends)
    tx.now += timedelta(minutes=1)
    await make_ledger.points(tx, seq, 150)
    before = await ledger.find_lots(tx, seq, "POINTS")
    liquid = await make.liquidity(tx)
    [made] = await ask(tx, make.wish(card_id, seq, 200))
    with pytest.raises(TradeUnknown):
        await exchange.undo(tx, made.id, [seqs[8]])
    await exchange.undo(tx, made.id, [seq])
    await exchange.undo(tx, made.id, [seq])
    assert await ledger.find_lots(tx, seq, "POINTS") == before
    assert (await held(tx, seq, "GOLD"), await make.liquidity(tx)) == ([], liquid)
    assert (await exchange.own_trade(tx, [seq], made.id)).state is TradeState.UNDONE
    fees = ledger.AccountKey(ledger.AccountKind.POINTS_FEE, "bank", "", "POINTS")
    assert await ledger.booked(tx, fees, [made.id]) == 0
    liability = ledger.AccountKey(ledger.AccountKind.POINTS_LIABILITY, "bank", "")
    assert await ledger.booked(tx, liability, [made.id]) == 0


async def test_what_is_spent_or_too_old_stays_exchanged(tx, seqs):
    seq, card_id = seqs[8], await make.open_card(tx, undo_hours=24)
    await make_ledger.points(tx, seq, 400)
    spent, old = await ask(tx, make.wish(card_id, seq, 200), make.wish(card_id, seq, 200))
    key = ledger.points_account(seq, "GOLD")
    account = (await ledger.open_accounts(tx, [key]))[key]
    assert await ledger.burn(tx, [make_ledger.burn(account, 1)]) == [ledger.Outcome.POSTED]
    with pytest.raises(NotUndoable):
        await exchange.undo(tx, spent.id, [seq])
    tx.now += timedelta(hours=24)
    with pytest.raises(NotUndoable):
        await exchange.undo(tx, old.id, [seq])
    assert (await held(tx, seq, "POINTS"), await held(tx, seq, "GOLD")) == ([], [125, 126])


async def test_a_budget_the_card_names_bears_the_cost_and_without_one_the_types_own(tx, seqs):
    """A thousand of what comes in cost a yuan: 5,700 points after the fee bring 3,800, which cost 3.80."""
    own, named = [await make_ledger.budget(tx) for _ in range(2)]
    await make_points.kind(tx, "JADE", funder=own)
    await make.set_aside(tx, 10_000, "JADE")
    cards = [
        await make.open_card(tx, target="JADE"),
        await make.open_card(tx, target="JADE", bearer=Bearer.BUDGET, funder=named),
    ]
    await make_ledger.points(tx, seqs[9], 9_000)
    liability = ledger.AccountKey(ledger.AccountKind.POINTS_LIABILITY, "bank", "")
    before = await ledger.balance(tx, liability)
    plain, paid = await ask(tx, make.wish(cards[0], seqs[9], 3_000), make.wish(cards[1], seqs[9], 6_000))
    assert [await ledger.booked(tx, liability, [one.id]) for one in (plain, paid)] == [190, 380]
    assert await ledger.balance(tx, liability) - before == 570
    owed = {one.funder: one.cost_fen for one in await ledger.liability(tx) if one.currency == "JADE"}
    assert owed == {own: 190, named: 380}


async def test_a_card_that_ended_takes_nothing(tx, seqs):
    card_id = await make.open_card(tx)
    await exchange.store.put_card(tx, WantedCard(id=card_id, card=make.card(), state=CardState.ENDED))
    await make_ledger.points(tx, seqs[9], 200)
    [answer] = await ask(tx, make.wish(card_id, seqs[9], 200))
    assert type(answer) is CardClosed
    assert await exchange.offers_for(tx, seqs[9]) != []
    assert card_id not in {one.id for one in await exchange.offers_for(tx, seqs[9])}


amounts = st.sampled_from([100, 150, 200, 260, 400])
batches = st.lists(st.tuples(st.integers(0, 1), st.sampled_from(["there", "back"]), amounts), min_size=2, max_size=7)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=batches, cut=st.integers(1, 6))
async def test_a_batch_cut_anywhere_comes_to_the_same(database, bank, seqs, wanted, cut):
    """Kinds of answers, lots of both types, what is set aside."""
    cards = {"there": make.card(person_day=500), "back": make.card(source="GOLD", target="POINTS", all_day=600)}

    async def put(tx, part):
        ids = {one.card.name: one.id for one in await exchange.store.cards(tx) if one.card.name in cards}
        if not ids:
            ids["there"] = await make.open_card(tx, name="there", person_day=500)
            ids["back"] = await make.open_card(tx, name="back", source="GOLD", target="POINTS", all_day=600)
            await make.set_aside(tx, 150, "POINTS")
            for seq in seqs[10:]:
                await make_ledger.points(tx, seq, 300)
                await make_ledger.points(tx, seq, 140, currency="GOLD")
        said = await ask(tx, *(make.wish(ids[way], seqs[10 + who], amount, cards[way]) for who, way, amount in part))
        return [type(one).__name__ for one in said]

    async def state(tx):
        lots = [await held(tx, seq, code) for seq in seqs[10:] for code in ("POINTS", "GOLD")]
        return lots, await make.liquidity(tx, "POINTS")

    runs = [await cuts.comes_to(database.begin(bank), wanted, at, put, state) for at in (cut, len(wanted))]
    assert runs[0] == runs[1]


async def test_a_rate_two_people_changed_after_the_quote_is_told_and_taken_by_a_new_yes(database, bank, seqs, clock):
    approvals.register(exchange.CardApproval())
    seq = seqs[8]
    async with database.begin(bank) as tx:
        await make.set_aside(tx, 10_000)
        await make_ledger.points(tx, seq, 500)
        card_id = await make.open_card(tx)
        maker = people.actor(await people.staff(tx, Role.OPERATOR))
        checker = people.actor(await people.staff(tx, Role.APPROVER))
        _, shown = await exchange.quote_for(tx, seq, card_id, 200)
    wish = make.wish(card_id, seq, 200, expected=shown.gained)
    async with database.begin(bank, maker) as tx:
        asked = exchange.AskedCard(id=card_id, card=make.card(gives=1), state=CardState.LIVE, reason="调价")
        request_id = await exchange.request_card(tx, asked)
        change_id = next(one.change_id for one in await exchange_cards.requests(tx) if one.id == request_id)
    async with database.begin(bank, checker) as tx:
        change = await approvals.find_change(tx, change_id)
        await approvals.decide(tx, change_id, approvals.Verdict.APPROVE, "", change.diff_hash)
    async with database.begin(bank) as tx:
        before = [await held(tx, seq, code) for code in ("POINTS", "GOLD")]
        [moved] = await ask(tx, wish)
        _, now = await exchange.quote_for(tx, seq, card_id, 200)
        assert (type(moved), moved.data["gained"]) == (QuoteMoved, now.gained)
        assert now.gained < shown.gained
        assert [await held(tx, seq, code) for code in ("POINTS", "GOLD")] == before
        [made] = await ask(tx, make.wish(card_id, seq, 200, expected=now.gained))
        assert made.gained == now.gained
        await make_grants.assert_sound(tx)


async def test_only_registered_tiers_have_another_rate(database, bank, seqs, clock):
    """Rule P5: whoever is on no tier of the scheme, or on another one, has the rate of everybody."""
    await make_tiers.in_force(database, bank, make_tiers.scheme())
    async with database.begin(bank) as tx:
        better = exchange.TierRate(tier="gold", takes=1, gives=1)
        card_id = await make.open_card(tx, fee_rate=0, tiers=(better,))
        [offer] = [one for one in await exchange.offers_for(tx, seqs[0]) if one.id == card_id]
        assert (offer.takes, offer.gives) == (3, 2)
        await tiers.credit_growth(tx, [make_tiers.gain(seqs[0], 6_000, tx.now)])
        [offer] = [one for one in await exchange.offers_for(tx, seqs[0]) if one.id == card_id]
        assert (offer.takes, offer.gives) == (1, 1)
        [other] = [one for one in await exchange.offers_for(tx, seqs[1]) if one.id == card_id]
        assert (other.takes, other.gives) == (3, 2)
