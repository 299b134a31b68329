"""Exchange with partners: nothing is lost or doubled whatever answers get lost, and late answers are made good."""

import asyncio
import base64
import hashlib
from datetime import timedelta

import msgspec
import pytest

from huoke.app.demo.points_partner import Bank, Habits, PointsPartner, PointsServer
from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import new_id
from huoke.know import customers
from huoke.reward import exchange, ledger
from huoke.reward.exchange import (
    AskedPartner,
    AskedRelease,
    LiquidityShort,
    MemberTaken,
    NewPartner,
    PartnerUnfit,
    Release,
    TradeState,
    carry,
    incoming,
    release,
    store,
)
from huoke.reward.exchange.admit import PartnerOpen
from huoke.reward.exchange.connect import endpoint
from tests.make import customers as make_customers
from tests.make import exchange as make
from tests.make import grants as make_grants
from tests.make import ledger as make_ledger
from tests.make import people

KEY = b"k" * 32
MILES = {"direction": "out", "source": "POINTS", "target": "MILES", "partner": "sky", "takes": 2, "gives": 1}
PEOPLE = 32


@pytest.fixture(scope="module")
async def seqs(database, bank):
    """Customers of the bank; each test takes the next."""
    async with database.begin(bank) as tx:
        await people.units(tx)
    rows = [{"customer_no": f"P{n}", "unit_code": "N1"} for n in range(PEOPLE)]
    await make_customers.import_rows(database, bank, rows, {})
    async with database.begin(bank) as tx:
        found = await customers.find_by_no(tx, [row["customer_no"] for row in rows])
    return iter([found[f"P{n}"] for n in range(PEOPLE)])


@pytest.fixture(scope="module")
def sky(database):
    """The partner, well-behaved until a test says otherwise."""
    partner = PointsPartner("sky", "huoke", KEY, database.clock.machine)
    with PointsServer([partner]) as server:
        partner.address = server.address("sky")
        yield partner


class World:
    """A day of its own, a customer with 1,000 points, a card of 2 points for a mile and a fee of 5 percent."""

    def __init__(self, database, bank, seq, card_id, sky):
        self.database, self.bank, self.seq, self.card_id, self.sky = database, bank, seq, card_id, sky
        self.day = database.clock.now().astimezone(CHINA).date()

    async def ask(self, amount=400):
        card = make.card(**MILES)
        async with self.database.begin(self.bank) as tx:
            [made] = await exchange.exchange(tx, make.calls(tx, make.wish(self.card_id, self.seq, amount, card)))
        return made

    async def carry(self, times=1):
        for _ in range(times):
            await carry.carry(self.database, self.bank, "sky")

    async def stands(self, trade):
        """(state, points free, miles set aside) with the books whole."""
        async with self.database.begin(self.bank) as tx:
            await make_grants.assert_sound(tx)
            found = await exchange.own_trade(tx, [self.seq], trade.id)
            lots = sum(lot.remaining for lot in await ledger.find_lots(tx, self.seq, "POINTS"))
            held = 0 if found.state not in exchange.ON_THE_WAY else found.points
            return found.state, lots - held, await make.liquidity(tx, "MILES", "sky")

    async def file(self, content=None):
        day = self.day
        async with self.database.begin(self.bank) as tx:
            return await carry.take_file(tx, "sky", day, self.sky.day_file(day) if content is None else content)

    async def tell(self, trade, status):
        async with self.database.begin(self.bank) as tx:
            locked = (await exchange.store.lock(tx, [trade.id]))[trade.id]
            return await carry.hear(tx, locked, exchange.Said(told=exchange.Told(status), units=trade.gained))

    async def open_differences(self):
        async with self.database.begin(self.bank) as tx:
            found = await exchange.differences(tx)
        return sorted(one.kind for one in found if one.settled_at is None)

    async def settle(self):
        async with self.database.begin(self.bank) as tx:
            await tx.execute("DELETE FROM exchange.difference")


@pytest.fixture
async def world(database, bank, seqs, sky, clock):
    seq = next(seqs)
    clock.advance(timedelta(days=seq))
    sky.habits, sky.books = Habits(), {}
    async with database.begin(bank) as tx:
        await make.connect(
            tx,
            NewPartner(
                code="sky", name="云航", name_en="Sky", unit="MILES", unit_name="里程", unit_name_en="Miles",
                address=sky.address, key_id="huoke", key=base64.b64encode(KEY).decode(), timeout_seconds=2,
            ),
        )  # fmt: skip
        await exchange.link_member(tx, seq, "sky", f"SKY{seq:06d}")
        await make_ledger.points(tx, seq, 1_000)
        card_id = await make.open_card(tx, **MILES)
        there = await make.liquidity(tx, "MILES", "sky")
        await make.set_aside(tx, 1_000 - there, "MILES", "sky") if there != 1_000 else None
    made = World(database, bank, seq, card_id, sky)
    yield made
    await made.settle()


async def test_points_are_held_until_the_partner_has_given(world, sky):
    made = await world.ask()
    assert (made.state, made.fee, made.gained) == (TradeState.ASKED, 20, 190)
    assert await world.stands(made) == (TradeState.ASKED, 600, 810)
    await world.carry()
    assert await world.stands(made) == (TradeState.DONE, 600, 810)
    [kept] = sky.books.values()
    assert (kept.units, kept.member_no, kept.status) == (190, f"SKY{world.seq:06d}", "success")
    async with world.database.begin(world.bank) as tx:
        fees = ledger.AccountKey(ledger.AccountKind.POINTS_FEE, "bank", "", "POINTS")
        assert await ledger.booked(tx, fees, [made.id]) == 20
    assert await world.file() == 0


async def test_a_plain_no_gives_points_and_liquidity_back(world, sky):
    sky.habits.refuse = 1.0
    made = await world.ask()
    await world.carry()
    assert await world.stands(made) == (TradeState.FAILED, 1_000, 1_000)


async def test_a_busy_partner_is_asked_again(world, sky, clock):
    sky.habits.busy = 1.0
    made = await world.ask()
    await world.carry()
    assert (await world.stands(made))[0] is TradeState.ASKED
    sky.habits.busy = 0.0
    await world.carry()
    assert (await world.stands(made))[0] is TradeState.ASKED, "not before its time"
    clock.advance(timedelta(seconds=5))
    await world.carry()
    assert await world.stands(made) == (TradeState.DONE, 600, 810)


@pytest.mark.parametrize("habit", ["drop", "broken"])
async def test_an_answer_that_is_lost_is_asked_after_and_given_once(world, sky, clock, habit):
    setattr(sky.habits, habit, 1.0)
    made = await world.ask()
    await world.carry()
    assert await world.stands(made) == (TradeState.UNKNOWN, 600, 810)
    sky.habits = Habits(lies=1)
    clock.advance(timedelta(seconds=5))
    await world.carry()
    assert (await world.stands(made))[0] is TradeState.UNKNOWN, "absent proves nothing"
    clock.advance(timedelta(seconds=10))
    await world.carry()
    assert await world.stands(made) == (TradeState.DONE, 600, 810)
    assert (len(sky.books), sky.given()) == (1, 190)


async def test_the_day_file_has_the_last_word_on_what_is_unknown(world, sky):
    sky.habits.drop = 1.0
    given = await world.ask()
    await world.carry()
    sky.habits.later = 1.0
    never = await world.ask()
    await world.carry()
    del sky.books[never.id.hex]
    assert await world.file() == 0
    assert await world.stands(given) == (TradeState.DONE, 600, 810)
    assert (await world.stands(never))[0] is TradeState.FAILED


async def test_a_late_yes_is_asked_back(world, sky):
    sky.habits.later = 1.0
    made = await world.ask()
    await world.carry()
    assert await world.tell(made, "failed") is TradeState.FAILED
    assert await world.stands(made) == (TradeState.FAILED, 1_000, 1_000)
    sky.end_all()
    assert await world.tell(made, "success") is TradeState.REVERSING
    assert await world.open_differences() == ["late"]
    await world.carry()
    assert await world.stands(made) == (TradeState.FAILED, 1_000, 1_000)
    assert (sky.given(), await world.open_differences()) == (0, [])


async def test_the_demos_partner_says_no_and_calls_back_with_a_yes_that_is_asked_back(
    world, sky, tmp_path, monkeypatch
):
    """As the demo plays it: the no at once, the yes by callback; its books outlive its process."""
    called = asyncio.Queue()
    loop = asyncio.get_running_loop()
    sky.habits = Habits(recants=f"{world.seq:06d}"[-1], seconds=0.0)
    monkeypatch.setattr(sky, "bank", Bank("http://bank.test", "b", "sky"))
    monkeypatch.setattr(sky, "file", tmp_path / "books.json")
    monkeypatch.setattr(sky, "try_call", lambda url, body: loop.call_soon_threadsafe(called.put_nowait, (url, body)))
    made = await world.ask()
    await world.carry()
    url, said = await asyncio.wait_for(called.get(), 30)
    assert (url, said["status"]) == ("http://bank.test/v1/exchange-callbacks/b/sky", "success")
    assert (await world.stands(made))[:2] == (TradeState.FAILED, 1_000)
    again = PointsPartner("sky", "huoke", KEY, sky.now, file=sky.file)
    assert (again.given(), [one.coming for one in again.books.values()]) == (made.gained, [""])
    assert await world.tell(made, said["status"]) is TradeState.REVERSING
    await world.carry()
    assert await world.stands(made) == (TradeState.FAILED, 1_000, 1_000)
    assert (sky.given(), await world.open_differences()) == (0, [])


async def test_where_a_late_yes_cannot_be_taken_back_the_points_are(world, sky):
    sky.habits = Habits(later=1.0, spent=True)
    made = await world.ask()
    await world.carry()
    await world.tell(made, "failed")
    sky.end_all()
    await world.tell(made, "success")
    await world.carry()
    assert await world.stands(made) == (TradeState.DONE, 600, 810)
    assert await world.open_differences() == []


async def test_what_the_customer_has_spent_by_then_the_bank_bears(world, sky):
    sky.habits = Habits(later=1.0, spent=True)
    made = await world.ask(1_000)
    await world.carry()
    await world.tell(made, "failed")
    async with world.database.begin(world.bank) as tx:
        key = ledger.points_account(world.seq, "POINTS")
        account = (await ledger.open_accounts(tx, [key]))[key]
        assert await ledger.burn(tx, [make_ledger.burn(account, 1)]) == [ledger.Outcome.POSTED]
    sky.end_all()
    await world.tell(made, "success")
    await world.carry()
    assert await world.stands(made) == (TradeState.BORNE, 999, 1_000 - 475)
    assert await world.open_differences() == ["late"], "people look at it"


async def test_a_freeze_after_the_order_went_out_does_not_lose_the_partners_miles(world):
    made = await world.ask()
    async with world.database.begin(world.bank) as tx:
        await ledger.freeze(tx, world.seq, "POINTS", frozen=True)
    await world.carry()
    assert await world.stands(made) == (TradeState.DONE, 600, 810)


async def test_books_that_differ_are_shown(world, sky):
    less, gone = await world.ask(200), await world.ask(200)
    await world.carry()
    sky.books[less.id.hex].units = 90
    del sky.books[gone.id.hex]
    sky.give({"exchange_no": new_id().hex, "exchanged_on": world.day.isoformat(), "member_no": "X", "units": 7})
    assert await world.file() == 3
    assert await world.file() == 0, "each once"
    assert await world.open_differences() == ["amount", "missing_here", "missing_there"]


async def test_dry_liquidity_refuses_and_holds_nothing(world):
    first = await world.ask(1_000)
    async with world.database.begin(world.bank) as tx:
        await make_ledger.points(tx, world.seq, 2_000)
    refused = await world.ask(1_200)
    assert type(refused) is LiquidityShort
    assert await world.stands(first) == (TradeState.ASKED, 2_000, 525)


@pytest.fixture
async def two(world):
    """Somebody who asks, and another who decides."""
    approvals.register(exchange.PartnerApproval())
    approvals.register(exchange.ReleaseApproval())
    async with world.database.begin(world.bank) as tx:
        return [people.actor(await people.staff(tx, role)) for role in (Role.OPERATOR, Role.APPROVER)]


async def decide(world, checker, change_id, verdict=approvals.Verdict.APPROVE):
    async with world.database.begin(world.bank, checker) as tx:
        change = await approvals.find_change(tx, change_id)
        await approvals.decide(tx, change_id, verdict, "已核对", change.diff_hash)
        return change


async def test_what_a_partner_never_answers_two_people_let_go_of_and_its_late_yes_is_still_heard(
    world, sky, clock, two
):
    maker, checker = two
    sky.habits.later = 1.0
    made = await world.ask()
    await world.carry()
    asked = AskedRelease(release=Release(trade_id=made.id, word="云航客服工单 2026-0302"), reason="合作方逾期未答复")
    async with world.database.begin(world.bank, maker) as tx:
        with pytest.raises(exchange.ReleaseUnfit):
            await exchange.request_release(tx, asked)
    day_after = clock.now().astimezone(CHINA).replace(hour=23, minute=59, second=59) + timedelta(days=1)
    clock.set(day_after)
    async with world.database.begin(world.bank, maker) as tx:
        with pytest.raises(exchange.ReleaseUnfit):
            await exchange.request_release(tx, asked)  # the file of the day it was asked on may still come
    clock.advance(timedelta(seconds=1))
    async with world.database.begin(world.bank, maker) as tx:
        await exchange.request_release(tx, asked)
        with pytest.raises(release.ReleaseOpen):
            await exchange.request_release(tx, asked)
        [waits] = await exchange.releases(tx)
    assert await world.stands(made) == (TradeState.UNKNOWN, 600, 810), "nothing moves before it is decided"
    with pytest.raises(approvals.OwnChange):
        await decide(world, maker, waits.change_id)
    await decide(world, checker, waits.change_id)
    assert await world.stands(made) == (TradeState.FAILED, 1_000, 1_000)
    async with world.database.begin(world.bank, maker) as tx:
        with pytest.raises(exchange.ReleaseUnfit):
            await exchange.request_release(tx, asked)
    sky.end_all()
    assert await world.tell(made, "success") is TradeState.REVERSING
    await world.carry()
    assert await world.stands(made) == (TradeState.FAILED, 1_000, 1_000)


async def test_what_somebody_else_is_at_is_carried_another_time_and_nobody_waits_for_it(world, sky):
    first, second = await world.ask(100), await world.ask(100)
    async with world.database.begin(world.bank) as tx:
        await store.lock(tx, [max(first.id, second.id)])
        async with asyncio.timeout(20):
            await world.carry()
    async with world.database.begin(world.bank) as tx:
        stand = await store.lock(tx, [first.id, second.id])
    assert sorted(one.state.value for one in stand.values()) == ["asked", "done"]
    await world.carry()
    async with world.database.begin(world.bank) as tx:
        stand = await store.lock(tx, [first.id, second.id])
    assert {one.state for one in stand.values()} == {TradeState.DONE}


async def test_an_answer_that_comes_before_the_decision_counts_and_nothing_is_let_go_of(world, sky, clock, two):
    maker, checker = two
    sky.habits.later = 1.0
    made = await world.ask()
    await world.carry()
    clock.advance(timedelta(hours=49))
    async with world.database.begin(world.bank, maker) as tx:
        wanted = Release(trade_id=made.id, word="工单 1")
        await exchange.request_release(tx, AskedRelease(release=wanted, reason="合作方逾期未答复"))
        waits = next(one for one in await exchange.releases(tx) if one.wanted == wanted)
    sky.end_all()
    assert await world.tell(made, "success") is TradeState.DONE
    with pytest.raises(exchange.ReleaseUnfit):
        await decide(world, checker, waits.change_id)
    assert await world.stands(made) == (TradeState.DONE, 600, 810)


async def test_a_partner_is_connected_by_two_people_and_its_key_is_shown_to_nobody(world, two):
    maker, checker = two
    new = NewPartner(
        code="sea", name="海航", name_en="Sea", unit="KNOTS", unit_name="海里", unit_name_en="Knots",
        address="https://sea.test", key_id="k1", key=base64.b64encode(b"s" * 32).decode(),
    )  # fmt: skip

    async def asked(partner):
        async with world.database.begin(world.bank, maker) as tx:
            asked_id = await exchange.request_partner(tx, AskedPartner(partner=partner, reason="新签合作协议"))
            return next(one for one in await exchange.partner_requests(tx) if one.id == asked_id)

    async def key():
        async with world.database.begin(world.bank) as tx:
            return {one.code: (await endpoint(tx, one.code)).key for one in await exchange.partners(tx)}.get("sea")

    refused = await asked(new)
    await decide(world, checker, refused.change_id, approvals.Verdict.REJECT)
    assert await key() is None
    waits = await asked(new)
    with pytest.raises(PartnerOpen):
        await asked(msgspec.structs.replace(new, address="https://other.test"))
    change = await decide(world, checker, waits.change_id)
    assert await key() == b"s" * 32
    assert waits.wanted.key_print == hashlib.sha256(b"s" * 32).hexdigest()[:16]
    shown = repr((waits, change)) + str(await trail(world))
    assert new.key not in shown
    assert b"s" * 32 not in shown.encode()
    with pytest.raises(PartnerUnfit):
        await asked(msgspec.structs.replace(new, key=None))
    kept = await asked(msgspec.structs.replace(new, key=None, address="https://sea-2.test"))
    change = await decide(world, checker, kept.change_id)
    assert [line.path for line in change.diff] == ["address", "reason"]
    assert await key() == b"s" * 32
    replaced = await asked(
        msgspec.structs.replace(new, address="https://sea-2.test", key=base64.b64encode(KEY).decode())
    )
    change = await decide(world, checker, replaced.change_id)
    assert [line.path for line in change.diff] == ["key_print", "reason"]
    assert await key() == KEY


async def trail(world):
    async with world.database.begin(world.bank) as tx:
        rows = await tx.fetch("SELECT * FROM audit.entry WHERE action = 'exchange.connect'")
    return [dict(row) for row in rows]


async def test_a_member_is_one_customer(world, seqs):
    async with world.database.begin(world.bank) as tx:
        assert await exchange.masked_member(tx, world.seq, "sky") == "*****" + f"SKY{world.seq:06d}"[-4:]
        with pytest.raises(MemberTaken):
            await exchange.link_member(tx, next(seqs), "sky", f"sky {world.seq:06d}")


async def given(world, number, units=300, member=None):
    async with world.database.begin(world.bank) as tx:
        member = member or f"SKY{world.seq:06d}"
        asked = incoming.AskedIn(exchange_no=number, member_no=member, units=units)
        return await incoming.give(tx, "sky", asked)


async def test_a_partner_gives_our_points_for_its_units_once(world):
    async with world.database.begin(world.bank) as tx:
        back = {"direction": "in", "source": "MILES", "target": "POINTS", "bearer": "partner", "fee_rate": 0}
        await make.open_card(tx, partner="sky", takes=1, gives=2, **back)
        await make.set_aside(tx, 1_000, "POINTS", "sky")
    number = new_id().hex
    first, again = await given(world, number), await given(world, number)
    assert (first.status, first.points, again) == ("success", 600, first)
    assert (await given(world, "n2", 300, "NOBODY")).reason_code == "member_unknown"
    assert (await given(world, "n3", 5)).reason_code == "amount_unfit"
    assert (await given(world, "n4", 300)).reason_code == "liquidity_short"
    async with world.database.begin(world.bank) as tx:
        lots = await ledger.find_lots(tx, world.seq, "POINTS")
        assert [lot.remaining for lot in lots] == [1_000, 600]
        await make_grants.assert_sound(tx)


@pytest.mark.parametrize(("bearer", "cost_fen"), [(exchange.Bearer.PARTNER, 0), (exchange.Bearer.TYPE, 60)])
async def test_points_whose_cost_the_partner_bears_cost_the_bank_nothing(world, bearer, cost_fen):
    """Of the same 600 points the bank owes 0.60 yuan where the type's own funder pays."""
    liability = ledger.AccountKey(ledger.AccountKind.POINTS_LIABILITY, "bank", "")
    spent = ledger.AccountKey(ledger.AccountKind.BENEFIT_COST, "bank", "")
    async with world.database.begin(world.bank) as tx:
        back = {"direction": "in", "source": "MILES", "target": "POINTS", "partner": "sky", "fee_rate": 0}
        await make.open_card(tx, takes=1, gives=2, bearer=bearer, **back)
        await make.set_aside(tx, 600, "POINTS", "sky")
        before = [await ledger.balance(tx, key) for key in (liability, spent)]
    number = new_id().hex
    assert (await given(world, number)).points == 600
    async with world.database.begin(world.bank) as tx:
        trade = (await exchange.store.known(tx, [("sky", "in", number)]))["sky", "in", number]
        after = [await ledger.balance(tx, key) for key in (liability, spent)]
        lot = await tx.fetch_value("SELECT cost_fen FROM ledger.lot WHERE source_id = $1", trade.id)
        booked = await ledger.booked(tx, liability, [trade.id])
        await make_grants.assert_sound(tx)
    assert (lot, booked) == (cost_fen, cost_fen)
    assert [now - then for now, then in zip(after, before, strict=True)] == [cost_fen, -cost_fen]


@pytest.fixture
async def two_members(world, seqs, clock):
    """Two members, whose exchanges were asked for in the other order than their accounts were opened in: the accounts
    in order, and how to hold one until something waits for it.
    """
    other = World(world.database, world.bank, next(seqs), world.card_id, world.sky)
    async with world.database.begin(world.bank) as tx:
        await make_ledger.points(tx, other.seq, 1_000)
        await exchange.link_member(tx, other.seq, "sky", f"SKY{other.seq:06d}")
        keys = [ledger.points_account(seq, "POINTS") for seq in (world.seq, other.seq)]
        opened = await ledger.open_accounts(tx, keys)
    first, last = sorted(opened, key=lambda key: opened[key])
    by_account = {opened[key]: one for key, one in zip(keys, (world, other), strict=True)}
    for key in (last, first):
        await by_account[opened[key]].ask(100)
        clock.advance(timedelta(seconds=1))
    return opened[first], opened[last]


LOCKED = "SELECT id FROM ledger.account WHERE id = $1 FOR NO KEY UPDATE"
WAITS = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid())"


async def nothing_held_beyond(tx, working, account):
    """Something waits for what this transaction holds, and holds no account that comes after it."""
    while not await tx.fetch_value(WAITS):
        assert not working.done(), "it waits"
        await asyncio.sleep(0.01)
    assert await tx.fetch_value(f"{LOCKED} NOWAIT", account) == account


@pytest.mark.parametrize("way", ["answers", "file", "no_member"])
async def test_accounts_of_several_exchanges_are_locked_in_one_order(world, two_members, monkeypatch, way):
    """Whoever spends points of both at once would otherwise end in a deadlock with what ends their exchanges."""
    first, last = two_members
    asked, go = asyncio.Event(), asyncio.Event()
    real = carry._ask

    async def slow(port, call):
        answer = await real(port, call)
        asked.set()
        await go.wait()
        return answer

    if way == "answers":
        monkeypatch.setattr(carry, "_ask", slow)
        working = asyncio.create_task(world.carry())
        await asked.wait()
    meanwhile = {"no_member": "DELETE FROM exchange.member", "file": "UPDATE exchange.trade SET state = 'unknown'"
                 " WHERE state = 'asked'"}  # fmt: skip
    async with world.database.begin(world.bank) as tx:
        await tx.execute(meanwhile.get(way, "SELECT"))
    async with world.database.begin(world.bank) as tx:
        await tx.fetch_value(LOCKED, first)
        if way == "answers":
            go.set()
        else:
            working = asyncio.create_task(world.file() if way == "file" else world.carry())
        await nothing_held_beyond(tx, working, last)
    await working
    async with world.database.begin(world.bank) as tx:
        await make_grants.assert_sound(tx)
        assert await tx.fetch_value("SELECT count(*) FROM ledger.hold WHERE state = 'held'") == 0
