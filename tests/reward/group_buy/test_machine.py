"""Group buys in any order: seats, payments told late or never, leaving, expiry, stops, revocations, against plain sums.

What the cashier says and what group buys hear of it are two steps, so that anything may happen between them.
"""

from collections import Counter
from contextlib import suppress
from datetime import timedelta

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huoke.kernel.batch import Call
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import SYSTEM
from huoke.reward import grants, group_buy, ledger
from huoke.reward.group_buy import Reserve, settle, store
from huoke.reward.group_buy.settle import refund_ended
from huoke.reward.payments.hear import hear, hear_refunds
from huoke.reward.payments.model import Said, Told
from tests.make import group_buy as make

PEOPLE, STOCK, POINTS, CASH = 6, 7, 300, 990
MERCHANT = "1900000001"
NUMBER = st.integers(0, 11)
STEP = st.one_of(
    st.tuples(st.just("sit"), st.integers(0, PEOPLE - 1), st.integers(-1, 3)),
    st.tuples(st.just("paid"), NUMBER),
    st.tuples(st.just("paid"), NUMBER),
    st.tuples(st.just("closed"), NUMBER),
    st.tuples(st.just("back"), NUMBER),
    st.tuples(st.just("hears")),
    st.tuples(st.just("leave"), NUMBER),
    st.tuples(st.just("time"), st.sampled_from([5, 40, 700])),
    st.tuples(st.just("revoke"), NUMBER),
    st.tuples(st.just("stop"), NUMBER),
)
VERBS = {"payments.paid": "take_payment", "payments.closed": "release", "payments.refunded": "money_back"}


class UndoError(Exception):
    """Every example leaves the bank as it was."""


class Machine:
    """One group buy of two to a group, six customers with 1,000 points each, and whatever happens."""

    def __init__(self, world, tx, programme_id):
        self.world, self.tx, self.programme_id = world, tx, programme_id
        self.people = world.seqs[:PEOPLE]
        self.queue: list[tuple[str, object]] = []
        self.read = 0

    async def begin(self):
        self.before = {seq: await self._points(seq) for seq in self.people}

    async def sit(self, who, place):
        rows = await self.tx.fetch(
            "SELECT code FROM group_buy.party WHERE programme_id = $1 ORDER BY id", self.programme_id
        )
        code = rows[place % len(rows)]["code"] if place >= 0 and rows else ""
        wish = Reserve(
            request_no=new_id().hex, programme_id=self.programme_id, seq=self.people[who], code=code,
            expected_points=POINTS, expected_cash_fen=CASH,
        )  # fmt: skip
        await group_buy.reserve(self.tx, [Call(wish, SYSTEM, self.tx.now)])

    async def paid(self, number):
        if seat := await self._seat(number):
            await hear(self.tx, {seat["payment_id"]: Said(told=Told.PAID, amount_fen=CASH)}, MERCHANT)

    async def closed(self, number):
        if seat := await self._seat(number):
            await hear(self.tx, {seat["payment_id"]: Said(told=Told.CLOSED)}, MERCHANT)

    async def back(self, number):
        if seat := await self._seat(number):
            rows = await self.tx.fetch("SELECT id FROM payments.refund WHERE payment_id = $1", seat["payment_id"])
            said = {row["id"]: Said(told=Told.REFUNDED, amount_fen=CASH) for row in rows}
            await hear_refunds(self.tx, said, MERCHANT)

    async def hears(self):
        for entry in list(self.tx._entries)[self.read :]:
            event = entry.event if hasattr(entry, "event") else entry
            await self._hear(event)

    async def leave(self, number):
        if seat := await self._seat(number):
            with suppress(group_buy.NotLeavable):
                await group_buy.leave(self.tx, seat["seq"], seat["id"])

    async def time(self, minutes):
        self.tx.now += timedelta(minutes=minutes)
        await group_buy.expire(self.tx)

    async def revoke(self, number):
        seat = await self._seat(number)
        if seat and seat["state"] == "delivered":
            await grants.revoke(self.tx, [seat["grant_id"]], "券码有误")
            offer = (await group_buy.get(self.tx, self.programme_id)).offer_id
            await refund_ended(self.tx, offer, "revoked")
            await refund_ended(self.tx, offer, "revoked")

    async def stop(self, number):
        rows = await self.tx.fetch(
            "SELECT id FROM group_buy.party WHERE programme_id = $1 ORDER BY id", self.programme_id
        )
        if rows:
            with suppress(group_buy.GroupClosed):
                await group_buy.stop_party(self.tx, self.world.operator, rows[number % len(rows)]["id"], "核对")

    async def end(self):
        """Time runs out, the cashier closes and gives back all there is, group buys hear of it."""
        await self.time(60 * 24 * 2)
        for _ in range(2):
            for number in range(len(await self._seats())):
                await self.closed(number)
            await self.hears()
            for number in range(len(await self._seats())):
                await self.back(number)
            await self.hears()

    async def agree(self):
        """Points, units and seats say the same."""
        seats = await self._seats()
        states = Counter(seat["state"] for seat in seats)
        kept = Counter(seat["seq"] for seat in seats if seat["state"] in ("paid", "delivered"))
        held = Counter(seat["seq"] for seat in seats if seat["state"] == "reserved")
        for seq in self.people:
            balance, lots, free = await self._points(seq)
            start = self.before[seq][0]
            assert (balance, lots) == (start - POINTS * kept[seq],) * 2
            assert free == balance - POINTS * held[seq]
        programme = await group_buy.get(self.tx, self.programme_id)
        pools = {pool.id: pool for pool in await grants.get_pools(self.tx, [programme.pool_id, programme.seat_pool_id])}
        sitting = states["reserved"] + states["paid"]
        assert pools[programme.seat_pool_id].available == sitting
        assert pools[programme.pool_id].available == STOCK - sitting - states["delivered"]
        for party in await self.tx.fetch("SELECT * FROM group_buy.party WHERE programme_id = $1", self.programme_id):
            theirs = [seat for seat in seats if seat["party_id"] == party["id"]]
            now = Counter(seat["state"] for seat in theirs)
            sat = [seat["person"] for seat in theirs if seat["state"] in ("reserved", "paid", "delivered")]
            assert len(sat) == len(set(sat)) <= party["size"]
            if party["state"] == "complete":
                assert now["reserved"] == now["paid"] == 0
                assert sum(seat["grant_id"] is not None for seat in theirs) == party["size"]
            else:
                assert now["delivered"] == 0
                assert all(seat["grant_id"] is None for seat in theirs)
                assert party["state"] in ("open", "full") or now["paid"] == 0
        assert await ledger.verify(self.tx) == []

    async def settled(self):
        """Once all is over: what came in and did not go back is what was delivered."""
        seats = await self._seats()
        assert {seat["state"] for seat in seats} <= {"delivered", "released", "refunded"}
        delivered = sum(seat["state"] == "delivered" for seat in seats)
        money = await self.tx.fetch_row(
            "SELECT coalesce(sum(amount_fen) FILTER (WHERE paid_at IS NOT NULL), 0)::bigint AS taken,"
            " coalesce(sum(refunded_fen), 0)::bigint AS back, coalesce(sum(refunding_fen), 0)::bigint AS way"
            " FROM payments.payment WHERE source_id = ANY($1)",
            [seat["id"] for seat in seats],
        )
        assert (money["taken"] - money["back"], money["way"]) == (delivered * CASH, 0)

    async def _hear(self, event):
        self.read += 1
        verb = VERBS.get(event.name)
        if verb and event.source_kind == "group_buy":
            await getattr(settle, verb)(self.tx, event.source_id)

    async def _points(self, seq):
        key = ledger.points_account(seq, "POINTS")
        row = await self.tx.fetch_row(
            "SELECT balance, held FROM ledger.account WHERE kind = 'points' AND owner_key = $1 AND currency = 'POINTS'",
            key.owner_key,
        )
        lots = await ledger.find_lots(self.tx, seq, "POINTS")
        return row["balance"], sum(lot.remaining for lot in lots), row["balance"] - row["held"]

    async def _seats(self):
        return await self.tx.fetch(
            "SELECT * FROM group_buy.seat WHERE programme_id = $1 ORDER BY reserved_at, id", self.programme_id
        )

    async def _seat(self, number):
        seats = await self._seats()
        return seats[number % len(seats)] if seats else None


@pytest.fixture(scope="module")
async def programme_id(world, till):
    await make.rich(world, *world.seqs[:PEOPLE], points=2_000)
    return await make.live(world, name="任意次序", size=2, stock=STOCK, cash_fen=CASH, person_limit=2)


async def live(world, programme_id, steps):
    with pytest.raises(UndoError):
        async with world.begin(world.operator) as tx:
            machine = Machine(world, tx, programme_id)
            await machine.begin()
            for name, *more in steps:
                tx.now += timedelta(seconds=1)
                await getattr(machine, name)(*more)
                await machine.agree()
            await machine.end()
            await machine.agree()
            await machine.settled()
            raise UndoError


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEP, max_size=24))
async def test_groups_in_any_order_end_delivered_or_with_everything_back(world, till, programme_id, steps):
    await live(world, programme_id, steps)


SAT = [("sit", 0, -1), ("sit", 1, 0)]
PAID = [*SAT, ("paid", 0), ("paid", 1)]


async def _nothing(*_, **__):
    return None


def _half_paid(real):
    async def complete(tx, party_id):
        await tx.execute("UPDATE group_buy.party SET size = 1 WHERE id = $1", party_id)
        return await real(tx, party_id)

    return complete


def _deaf(real):
    del real

    async def refund(tx, seats, reason):
        del reason
        await store.move_seats(tx, [(seat.id, "refunded") for seat in seats])

    return refund


@pytest.mark.parametrize(
    ("place", "name", "planted", "steps"),
    [
        (settle, "units_back", lambda _: _nothing, [*SAT, ("paid", 0), ("hears",), ("time", 1_500)]),
        (settle, "refund", _deaf, [*SAT, ("paid", 0), ("hears",), ("time", 1_500)]),
        (store, "complete", _half_paid, [*SAT, ("paid", 0), ("hears",)]),
        (settle, "release", lambda _: _nothing, [("sit", 0, -1), ("closed", 0), ("hears",)]),
        (settle, "take_payment", lambda _: _nothing, [*PAID, ("hears",)]),
    ],
)
async def test_planted_bugs_are_seen(world, till, programme_id, monkeypatch, place, name, planted, steps):
    await live(world, programme_id, steps)
    monkeypatch.setattr(place, name, planted(getattr(place, name)))
    with pytest.raises((AssertionError, asyncpg.PostgresError, Refusal)):
        await live(world, programme_id, steps)
