"""Lots in any order of earning, burning, refunds, expiry, claw-back, gifts, exchanges, holds, freezes, against lists.

After every step: the sum of lots is the balance is the sum of transfers, each customer's lots are the oracle's one by
one, and what is owed is what the oracle says. An owner is a customer's points of one type: 0 and 1 of the first, 2 and
3 the same customers' of the second.
"""

from datetime import timedelta

import asyncpg
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huoke.kernel.ids import new_id
from huoke.reward import ledger
from huoke.reward.ledger import Outcome, debt, points, store_points
from tests.make import grants as make_grants
from tests.make import ledger as make

TYPES = ("POINTS", "OTHER")
CUSTOMERS = 2
OWNERS = CUSTOMERS * len(TYPES)
LIQUIDITY = 10_000
amounts = st.integers(1, 60)
who = st.integers(0, OWNERS - 1)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("earn"), who, amounts, st.sampled_from([None, 1, 3])),
        st.tuples(st.just("burn"), who, st.lists(amounts, min_size=1, max_size=3)),
        st.tuples(
            st.just("earn_and_burn"),
            who,
            amounts,
            st.sampled_from([None, 0, 1]),
            st.lists(amounts, min_size=1, max_size=3),
        ),
        st.tuples(st.just("refund"), st.integers(0, 9), amounts),
        st.tuples(st.just("claw"), st.integers(0, 9), amounts, st.booleans()),
        st.tuples(st.just("give"), who, amounts),
        st.tuples(st.just("give_back"), st.integers(0, 5)),
        st.tuples(st.just("swap"), who, amounts),
        st.tuples(st.just("undo_swap"), st.integers(0, 5)),
        st.tuples(st.just("hold"), who, amounts),
        st.tuples(st.just("release"), st.integers(0, 9)),
        st.tuples(st.just("freeze"), who, st.booleans()),
        st.tuples(st.just("day")),
        st.tuples(st.just("expire")),
    ),
    max_size=14,
)


class Lot:
    """A lot of the oracle."""

    def __init__(self, owner, amount, ends, source=None):
        self.owner, self.amount, self.left, self.ends, self.source = owner, amount, amount, ends, source
        self.expired = self.clawed = 0


class Oracle:
    """Everything as lists, one step after the other."""

    def __init__(self):
        self.day, self.lots, self.burns, self.holds = 0, [], [], []
        self.gifts, self.swaps = [], []
        self.debt = [0] * OWNERS
        self.frozen = [False] * OWNERS

    def shelf(self, owner):
        return [lot for lot in self.lots if lot.owner == owner and lot.left]

    def free(self, owner):
        return sum(lot.left for lot in self.shelf(owner)) - sum(h[1] for h in self.holds if h[0] == owner and h[2])

    def draw(self, owner, amount, first=None):
        taken = []
        lots = ([first] if first else []) + [lot for lot in self.shelf(owner) if lot is not first]
        for lot in lots:
            part = min(lot.left, amount)
            if part > 0:
                lot.left -= part
                amount -= part
                taken.append([lot, part])
        return taken

    def put_back(self, taken, amount):
        """Into the lots it came from, last drawn first."""
        for part in reversed(taken):
            back = min(part[1], amount)
            part[1] -= back
            part[0].left += back
            amount -= back

    def whole(self, owner, lots):
        """Whether nothing of some lots is used or held."""
        return all(lot.left == lot.amount for lot in lots) and self.free(owner) >= sum(lot.amount for lot in lots)

    def expire(self, owners):
        for owner in owners:
            free, start = self.free(owner), 0
            for lot in [lot for lot in self.shelf(owner) if lot.ends is not None and lot.ends <= self.day]:
                part = min(lot.left, free - start)
                start += lot.left
                if part > 0:
                    lot.left -= part
                    lot.expired += part

    def pay(self, owner):
        part = min(self.debt[owner], max(self.free(owner), 0))
        if part > 0:
            self.draw(owner, part)
            self.debt[owner] -= part


class World:
    """The real ledger and the oracle side by side, in one transaction."""

    def __init__(self, tx, base):
        self.tx, self.base, self.truth = tx, base, Oracle()
        self.start = tx.now

    async def begin(self):
        keys = [ledger.points_account(*self.name(owner)) for owner in range(OWNERS)]
        found = await ledger.open_accounts(self.tx, keys)
        self.accounts = [found[key] for key in keys]
        for currency in TYPES:
            await make.set_aside(self.tx, LIQUIDITY, currency)

    def name(self, owner):
        """(seq, type) of an owner."""
        return self.base + owner % CUSTOMERS, TYPES[owner // CUSTOMERS]

    async def earn(self, owner, amount, days):
        assert await ledger.credit(self.tx, [self.credit(owner, amount, days)]) == [Outcome.POSTED]

    def credit(self, owner, amount, days):
        truth = self.truth
        ends = None if days is None else truth.day + days
        credit = ledger.Credit(
            seq=self.name(owner)[0], currency=self.name(owner)[1], points=amount, source_kind="t", source_id=new_id(),
            line=0,
            expires_at=None if ends is None else self.start + timedelta(days=ends),
        )  # fmt: skip
        truth.lots.append(Lot(owner, amount, ends, credit.source_id))
        truth.pay(owner)
        return credit

    async def burn(self, owner, wanted):
        burns = [make.burn(self.accounts[owner], amount) for amount in wanted]
        self.burned(owner, burns, await ledger.burn(self.tx, burns))

    async def earn_and_burn(self, owner, amount, days, wanted):
        credit = self.credit(owner, amount, days)
        burns = [
            ledger.Spend(
                seq=self.name(owner)[0],
                currency=self.name(owner)[1],
                points=one,
                source_kind="t",
                source_id=new_id(),
                line=0,
            )
            for one in wanted
        ]
        self.burned(owner, burns, await ledger.credit_and_burn(self.tx, [credit], burns))
        assert await ledger.credit(self.tx, [credit]) == [Outcome.EXISTS]

    def burned(self, owner, burns, outcomes):
        truth = self.truth
        truth.expire([owner])
        for burn, outcome in zip(burns, outcomes, strict=True):
            if truth.frozen[owner]:
                assert outcome is Outcome.FROZEN
            elif truth.free(owner) < burn.points:
                assert outcome is Outcome.OVERDRAWN
            else:
                assert outcome is Outcome.POSTED
                truth.burns.append([burn.source_id, owner, truth.draw(owner, burn.points), 0])

    async def refund(self, place, amount):
        truth = self.truth
        if place >= len(truth.burns):
            return
        burn = truth.burns[place]
        amount = min(amount, sum(part for _, part in burn[2]))
        if not amount:
            return
        burn[3] += 1
        assert await ledger.refund(self.tx, burn[0], 0, amount, refund_line=burn[3]) is Outcome.POSTED
        truth.put_back(burn[2], amount)
        truth.pay(burn[1])

    async def claw(self, place, amount, owed):
        truth = self.truth
        sold = [lot for lot in truth.lots if lot.source]
        if place >= len(sold):
            return
        lot = sold[place]
        item = debt.ClawBack(
            of_source=lot.source, of_line=0, points=amount, source_kind="t", source_id=new_id(), line=0, debt=owed
        )
        [first, again] = await ledger.claw_back(self.tx, [item, item])
        wanted = min(amount, lot.amount - lot.expired - lot.clawed)
        if wanted <= 0:
            assert first.outcome is Outcome.NOTHING_TO_REVERSE
            return
        assert (first.outcome, again.outcome) == (Outcome.POSTED, Outcome.EXISTS)
        lot.clawed += wanted
        part = min(wanted, max(truth.free(lot.owner), 0))
        truth.draw(lot.owner, part, lot if lot.left else None)
        assert (first.taken, first.owed + first.let_go) == (part, wanted - part)
        truth.debt[lot.owner] += wanted - part if owed else 0

    async def give(self, giver, amount):
        truth, taker = self.truth, giver ^ 1
        truth.expire([giver, taker])
        gift = ledger.Gift(
            giver=self.name(giver)[0], taker=self.name(taker)[0], currency=self.name(giver)[1], points=amount,
            source_kind="t", source_id=new_id(),
        )  # fmt: skip
        [outcome] = await ledger.give(self.tx, [gift])
        if truth.frozen[giver]:
            assert outcome is Outcome.FROZEN
        elif truth.free(giver) < amount:
            assert outcome is Outcome.OVERDRAWN
        else:
            assert outcome is Outcome.POSTED
            taken = truth.draw(giver, amount)
            made = [Lot(taker, part, lot.ends) for lot, part in taken]
            truth.lots += made
            truth.gifts.append([gift.source_id, giver, taker, taken, made, False])
            truth.pay(taker)

    async def give_back(self, place):
        truth = self.truth
        if place >= len(truth.gifts):
            return
        gift_id, giver, taker, taken, made, done = truth.gifts[place]
        if done:
            assert await ledger.take_gift_back(self.tx, gift_id) is Outcome.EXISTS
        elif not truth.whole(taker, made):
            with pytest.raises(ledger.Overdrawn):
                await ledger.take_gift_back(self.tx, gift_id)
        else:
            assert await ledger.take_gift_back(self.tx, gift_id) is Outcome.POSTED
            for lot in made:
                lot.left = 0
            truth.put_back(taken, sum(lot.amount for lot in made))
            truth.pay(giver)
            truth.gifts[place][5] = True

    async def swap(self, owner, amount):
        truth, into = self.truth, owner ^ CUSTOMERS
        source_id, gained = new_id(), amount + 1
        burn = make.burn(self.accounts[owner], amount, source_id, 0)
        seq, currency = self.name(into)
        credit = ledger.Credit(
            seq=seq, currency=currency, points=gained, expires_at=None, source_kind="order", source_id=source_id,
            line=1, origin=ledger.AccountKind.POINTS_LIQUIDITY, cost_fen=amount,
        )  # fmt: skip
        burn = msgspec.structs.replace(burn, kind=ledger.TransferKind.EXCHANGE)
        [outcome] = await ledger.swap(self.tx, [ledger.Swap(burn=burn, credit=credit)])
        truth.expire([owner, into])
        if truth.frozen[owner]:
            assert outcome is Outcome.FROZEN
        elif truth.free(owner) < amount:
            assert outcome is Outcome.OVERDRAWN
        else:
            assert outcome is Outcome.POSTED
            taken, lot = truth.draw(owner, amount), Lot(into, gained, None)
            truth.lots.append(lot)
            truth.swaps.append([source_id, owner, into, taken, lot, False])
            truth.pay(into)

    async def undo_swap(self, place):
        truth = self.truth
        if place >= len(truth.swaps):
            return
        source_id, owner, into, taken, lot, done = truth.swaps[place]
        undo = ledger.Undo(source_id=source_id, credit_line=1, burn_line=0, line=2)
        if done:
            assert await ledger.undo_swap(self.tx, undo) is Outcome.EXISTS
        elif not truth.whole(into, [lot]):
            with pytest.raises(ledger.Overdrawn):
                await ledger.undo_swap(self.tx, undo)
        else:
            assert await ledger.undo_swap(self.tx, undo) is Outcome.POSTED
            lot.left = 0
            truth.put_back(taken, sum(part for _, part in taken))
            truth.pay(owner)
            truth.swaps[place][5] = True

    async def hold(self, owner, amount):
        hold = ledger.NewHold(
            id=new_id(), account_id=self.accounts[owner], amount=amount, ttl_seconds=10**7, source_kind="test"
        )
        [outcome] = await ledger.hold(self.tx, [hold])
        if self.truth.frozen[owner]:
            assert outcome is Outcome.FROZEN
        elif self.truth.free(owner) < amount:
            assert outcome is Outcome.OVERDRAWN
        else:
            assert outcome is Outcome.POSTED
            self.truth.holds.append([owner, amount, True, hold.id])

    async def release(self, place):
        held = [hold for hold in self.truth.holds if hold[2]]
        if place < len(held):
            await ledger.release_hold(self.tx, held[place][3])
            held[place][2] = False
            self.truth.pay(held[place][0])

    async def freeze(self, owner, frozen):
        await ledger.freeze(self.tx, *self.name(owner), frozen=frozen)
        self.truth.frozen[owner] = frozen

    async def day(self):
        self.truth.day += 1
        self.tx.now = self.start + timedelta(days=self.truth.day)

    async def expire(self):
        while await ledger.expire_lots(self.tx, limit=1):
            pass
        self.truth.expire(range(OWNERS))

    async def agree(self):
        for owner in range(OWNERS):
            name = self.name(owner)
            lots = [lot.remaining for lot in await ledger.find_lots(self.tx, *name)]
            assert sorted(lots) == sorted(lot.left for lot in self.truth.shelf(owner))
            assert await ledger.balance(self.tx, ledger.points_account(*name)) == sum(lots)
            assert await ledger.balance(self.tx, ledger.debt_account(*name)) == self.truth.debt[owner]
        gained = [swap[4].amount for swap in self.truth.swaps if not swap[5]]
        keys = [ledger.liquidity_account(currency) for currency in TYPES]
        assert sum((await ledger.stored_balances(self.tx, keys)).values()) == len(TYPES) * LIQUIDITY - sum(gained)
        await make_grants.assert_sound(self.tx)


class Undo(Exception):
    """Every example leaves the bank as it was."""


async def live(database, bank, found):
    with pytest.raises(Undo):
        async with database.begin(bank) as tx:
            world = World(tx, 7_000)
            await world.begin()
            for name, *more in found:
                # Instants make lots first in first out; equal ones would be told apart by their ids alone.
                tx.now += timedelta(seconds=1)
                await getattr(world, name)(*more)
                await world.agree()
            raise Undo


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=steps)
async def test_lots_in_any_order_are_what_plain_lists_say(database, bank, found):
    await live(database, bank, found)


EARN, EARN_SHORT = ("earn", 0, 50, None), ("earn", 0, 30, 1)


async def _nothing(_tx, _accounts):
    return 0


def _undrawn(real):
    async def insert_lots(tx, credits_, accounts, ids, drawn=None):
        await real(tx, credits_, accounts, ids)

    return insert_lots


def _newest_first(real):
    return lambda burns, shelves: real(burns, {account: shelf[::-1] for account, shelf in shelves.items()})


def _blind_to_holds(real):
    return lambda items, lots, shelves, free: real(items, lots, shelves, dict.fromkeys(free, 10**9))


@pytest.mark.parametrize(
    ("place", "name", "planted", "found"),
    [
        (points, "first_in_first_out", _newest_first, [EARN, ("earn", 0, 20, None), ("burn", 0, [10])]),
        (points, "pay_debts", lambda _: _nothing, [EARN, ("burn", 0, [40]), ("claw", 0, 50, True), EARN]),
        (debt, "plan", _blind_to_holds, [EARN, ("hold", 0, 50), ("claw", 0, 50, True)]),
        (points, "_expire", lambda _: _nothing, [EARN_SHORT, EARN, ("day",), ("burn", 0, [60])]),
        (points, "_expire", lambda _: _nothing, [EARN_SHORT, ("day",), ("earn_and_burn", 0, 50, None, [60])]),
        (store_points, "insert_lots", _undrawn, [EARN, ("earn_and_burn", 0, 10, None, [55])]),
    ],
)
async def test_planted_bugs_are_seen(database, bank, monkeypatch, place, name, planted, found):
    await live(database, bank, found)
    monkeypatch.setattr(place, name, planted(getattr(place, name)))
    with pytest.raises((AssertionError, asyncpg.PostgresError)):
        await live(database, bank, found)
