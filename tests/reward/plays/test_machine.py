"""Plays in any order of draws, stock, days, amendments, refunds and expiry, against an oracle that does each by hand.

After every step: prizes given never exceed the stock that was put in, what a pool shows is what the oracle has left,
nobody has more of a prize than one person may, and no day gives more than a day may. At the end all draws are done
again from what is public.
"""

from collections import Counter
from datetime import timedelta
from importlib import import_module

import asyncpg
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huoke.govern import approvals
from huoke.kernel.batch import Call
from huoke.kernel.ids import new_id
from huoke.kernel.tx import SYSTEM
from huoke.reward import grants, ledger, plays
from huoke.reward.grants import BenefitKind, Handover, Mode, NewPool, Offer, Terms
from huoke.reward.plays import (
    AmendmentApproval,
    DayLimit,
    DrawDone,
    DrawOrder,
    NoChance,
    Prize,
    PrizeDraft,
    PrizeTable,
    chance,
    commitment_of,
    store,
    store_amend,
)
from huoke.reward.plays.model import day_of
from huoke.reward.plays.replay import Replay
from huoke.reward.plays.seed import new_seed

amend, draw = import_module("huoke.reward.plays.amend"), import_module("huoke.reward.plays.draw")
SEED = bytes(range(32))
LINES = 3
"""A voucher, a gift that waits for its address, and the line that wins nothing."""
DAYS_TO_CLAIM = 3
PLAYERS = 4
steps = st.lists(
    st.one_of(
        st.tuples(st.just("draw"), st.lists(st.integers(0, PLAYERS - 1), min_size=1, max_size=5)),
        st.tuples(st.just("again"), st.integers(0, 9)),
        st.tuples(st.just("day"), st.integers(1, 3)),
        st.tuples(st.just("better"), st.integers(1, 200_000), st.integers(0, 3)),
        st.tuples(st.just("give_back"), st.integers(0, 9)),
        st.tuples(st.just("expire")),
    ),
    max_size=9,
)
rules = st.fixed_dictionaries(
    {
        "stock": st.tuples(st.integers(0, 4), st.integers(0, 4)),
        "odds": st.tuples(st.integers(0, 500_000), st.integers(0, 400_000)),
        "per_day": st.sampled_from([0, 1, 2]),
        "per_person": st.sampled_from([0, 1, 2]),
        "guarantee": st.sampled_from([0, 2, 3]),
        "chances": st.integers(1, 4),
        "draws_a_day": st.sampled_from([0, 2]),
    }
)


class Oracle:
    """What must be so, counted with plain loops."""

    def __init__(self, told):
        self.told, self.day = told, 0
        self.odds = [*told["odds"], 1_000_000 - sum(told["odds"])]
        self.left, self.put_in = list(told["stock"]), list(told["stock"])
        self.per_day = told["per_day"]
        self.numbers, self.given_today = 0, Counter()
        self.drawn_today, self.dry, self.won = Counter(), Counter(), Counter()
        self.grants = []

    def draws(self, player):
        """The line a draw must give, or why there is none."""
        told = self.told
        if told["draws_a_day"] and self.drawn_today[player] >= told["draws_a_day"]:
            return DayLimit
        if self.drawn_today[player] >= told["chances"]:
            return NoChance
        self.numbers += 1
        outcome = chance.outcome_of(SEED, self.play_id, self.numbers)
        line = next(line for line in range(LINES) if outcome < sum(self.odds[: line + 1]))
        if line == LINES - 1 and told["guarantee"] and self.dry[player] + 1 >= told["guarantee"]:
            line = 0
        while line < LINES - 1 and not self.can_give(player, line):
            line += 1
        self.drawn_today[player] += 1
        self.dry[player] = self.dry[player] + 1 if line == LINES - 1 else 0
        if line < LINES - 1:
            self.left[line] -= 1
            self.given_today[line] += 1
            self.won[player, line] += 1
        return line

    def can_give(self, player, line):
        told = self.told
        under_day = not self.per_day or self.given_today[line] < self.per_day
        under_person = not told["per_person"] or self.won[player, line] < told["per_person"]
        return under_day and under_person and self.left[line] > 0


class Machine:
    """The play itself beside its oracle, in one transaction that is rolled back."""

    def __init__(self, tx, world, told):
        self.tx, self.world, self.truth, self.start = tx, world, Oracle(told), tx.now
        self.orders = []

    async def begin(self):
        tx, told, now = self.tx, self.truth.told, self.tx.now
        self.play_id = self.truth.play_id = new_id()
        budget = ledger.NewBudget(name="预算", unit_id=self.world.units.head, limit_fen=10_000_000)
        self.budget_id = await ledger.open_budget(tx, budget)
        self.pools, prizes, lines = [], [], []
        for line, stock in enumerate(told["stock"]):
            sku_id = new_id()
            pool = NewPool(sku_id=sku_id, unit_id=self.world.units.head, name="奖池", quantity=stock)
            self.pools.append(await grants.open_pool(tx, pool))
            offer = self.offer(line, sku_id, now)
            await grants.publish_offer(tx, offer)
            limits = {"per_day": told["per_day"], "per_person": told["per_person"], "fallback": line + 1}
            odds = told["odds"][line]
            prizes.append(
                Prize(
                    line=line, title="奖", title_en="Prize", odds_ppm=odds, offer_id=offer.id, sku_id=sku_id, **limits
                )
            )
            lines.append(PrizeDraft(title="奖", sku_id=sku_id, pool_id=self.pools[line], odds_ppm=odds, **limits))
        nothing = {"odds_ppm": self.truth.odds[-1], "per_day": 0, "per_person": 0, "fallback": None}
        prizes.append(Prize(line=LINES - 1, title="谢谢", title_en="None", **nothing))
        lines.append(PrizeDraft(title="谢谢", **nothing))
        guarantee = {"guarantee_after": told["guarantee"], "guarantee_line": 0 if told["guarantee"] else None}
        draft = plays.Draft(
            name="转盘", opens_at=now, closes_at=now + timedelta(days=40), budget_id=self.budget_id,
            daily_chances=told["chances"], draws_a_day=told["draws_a_day"], claim_days=DAYS_TO_CLAIM, prizes=lines,
            zh=plays.Page(title="转盘", rules="规则"), **guarantee,
        )  # fmt: skip
        await store.insert(tx, self.play_id, new_id().hex[:8], self.world.units.head, draft)
        table = PrizeTable(version=1, prizes=prizes, draws_a_day=told["draws_a_day"], **guarantee)
        await store.insert_table(tx, self.play_id, table)
        _, sealed = await new_seed(tx, self.play_id)
        await store.publish(tx, self.play_id, sealed, commitment_of(SEED))

    def offer(self, line, sku_id, now):
        sent = line == 1
        return Offer(
            id=new_id(), source_kind="play", source_id=self.play_id, line=line, sku_id=sku_id, sku_version=1,
            kind=BenefitKind.PHYSICAL if sent else BenefitKind.VOUCHER, mode=Mode.PUSH if sent else Mode.PULL,
            handover=Handover.ORDER if sent else None, title="奖", cost_fen=100, supplier_id=self.world.supplier_id,
            person_limit=1_000_000, opens_at=now, closes_at=now + timedelta(days=40), valid_days=2,
            unit_terms={grants.EVERY_UNIT: Terms(self.budget_id, self.pools[line])},
        )  # fmt: skip

    async def draw(self, players):
        calls = [
            Call(DrawOrder(request_no=new_id().hex, play_id=self.play_id, seq=self.world.seqs[n]), SYSTEM, self.tx.now)
            for n in players
        ]
        answers = await plays.draw(self.tx, calls)
        # A batch decides limits of persons first, then takes chances, then numbers those who go on: so does the oracle.
        for player, call, answer in zip(players, calls, answers, strict=True):
            wanted = self.truth.draws(player)
            if isinstance(wanted, int):
                assert isinstance(answer, DrawDone), answer
                assert (answer.number, answer.line) == (self.truth.numbers, wanted)
                self.orders.append((call, answer))
                if answer.grant_id:
                    good = DAYS_TO_CLAIM if answer.line == 1 else 2
                    self.truth.grants.append([answer.grant_id, player, answer.line, self.truth.day + good, True])
            else:
                assert answer.code in (DayLimit.code, NoChance.code), answer

    async def again(self, place):
        if place < len(self.orders):
            call, first = self.orders[place]
            [answer] = await plays.draw(self.tx, [call])
            assert answer == msgspec.structs.replace(first, exists=True)

    async def day(self, days):
        self.truth.day += days
        self.tx.now = self.start + timedelta(days=self.truth.day)
        self.truth.given_today, self.truth.drawn_today = Counter(), Counter()

    async def better(self, odds, units):
        truth, before = self.truth, await store.get(self.tx, self.play_id)
        more = min(odds, truth.odds[-1])
        if not more and not units:
            return
        first, second, nothing = before.draft.prizes
        changed = [
            msgspec.structs.replace(first, odds_ppm=first.odds_ppm + more), second,
            msgspec.structs.replace(nothing, odds_ppm=nothing.odds_ppm - more),
        ]  # fmt: skip
        draft = msgspec.structs.replace(before.draft, prizes=changed)
        stock = {0: units} if units else {}
        assert [*plays.against(before.draft, draft, stock)] == []
        amendment_id = new_id()
        assert await store_amend.insert(self.tx, amendment_id, before, draft, stock, "更多", "")
        await store_amend.set_change(self.tx, amendment_id, new_id())
        told = approvals.diff_hash(amend._changes(before.draft, draft, stock, "更多", ""))
        await AmendmentApproval().apply(self.tx, str(amendment_id), told)
        truth.odds[0] += more
        truth.odds[-1] -= more
        truth.left[0] += units
        truth.put_in[0] += units

    async def give_back(self, place):
        held = [one for one in self.truth.grants if one[4] and one[3] > self.truth.day and one[2] == 0]
        if place < len(held):
            await grants.return_(self.tx, [held[place][0]], "客户退回")
            held[place][4] = False
            self.truth.left[held[place][2]] += 1

    async def expire(self):
        await grants.expire(self.tx)
        for one in self.truth.grants:
            # A prize that is sent waits until midnight after its last day, a voucher to the instant.
            if one[4] and (one[3] < self.truth.day if one[2] == 1 else one[3] <= self.truth.day):
                one[4] = False
                self.truth.left[one[2]] += 1

    async def agree(self):
        truth = self.truth
        assert [pool.available for pool in await self.stock()] == truth.left
        for line in range(LINES - 1):
            out = sum(one[4] for one in truth.grants if one[2] == line)
            assert out + truth.left[line] == truth.put_in[line]
            assert not truth.per_day or truth.given_today[line] <= truth.per_day
        today = await store_given(self.tx, self.play_id)
        assert +today == +truth.given_today
        assert (await store.get(self.tx, self.play_id)).drawn == truth.numbers

    async def stock(self):
        found = {pool.id: pool for pool in await grants.get_pools(self.tx, self.pools)}
        return [found[pool_id] for pool_id in self.pools]

    async def replayed(self):
        tables = (await store.tables(self.tx, [self.play_id])).get(self.play_id, {})
        again = Replay(self.play_id, SEED, tables)
        for made in await draw.store_draw.after(self.tx, self.play_id, 0, 1_000):
            assert again.check(made) == []
        assert again.draws == self.truth.numbers


async def store_given(tx, play_id):
    return await draw.store_draw.given_on(tx, play_id, day_of(tx.now))


class RolledBack(Exception):
    """The end of an example."""


async def live(world, monkeypatch, told, steps):
    monkeypatch.setattr(draw, "open_seed", lambda *_: SEED)
    try:
        async with world.begin() as tx:
            machine = Machine(tx, world, told)
            await machine.begin()
            for name, *arguments in steps:
                await getattr(machine, name)(*arguments)
                await machine.agree()
            await machine.replayed()
            raise RolledBack
    except RolledBack:
        pass


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(told=rules, steps=steps)
async def test_draws_stock_days_amendments_refunds_and_expiry_in_any_order(world, clock, monkeypatch, told, steps):
    await live(world, monkeypatch, told, steps)


def _long_ago(at):
    return at - timedelta(days=9)


TOLD = {
    "stock": (2, 2), "odds": (1_000_000, 0), "per_day": 0, "per_person": 0, "guarantee": 0, "chances": 4,
    "draws_a_day": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("place", "name", "planted", "told", "steps"),
    [
        (chance, "_barred", lambda *_: None, {**TOLD, "per_day": 1}, [("draw", [0, 1])]),
        (chance, "_barred", lambda *_: None, {**TOLD, "per_person": 1}, [("draw", [0, 0])]),
        (draw, "day_begins", _long_ago, {**TOLD, "draws_a_day": 2}, [("draw", [0, 0]), ("day", 1), ("draw", [0])]),
        (chance, "line_at", lambda *_: 1, TOLD, [("draw", [0])]),
        (grants.Room, "take", lambda *_: None, TOLD, [("draw", [0, 1, 2])]),
    ],
)  # fmt: skip
async def test_planted_bugs_are_seen(world, clock, monkeypatch, place, name, planted, told, steps):
    await live(world, monkeypatch, told, steps)
    monkeypatch.setattr(place, name, planted)
    with pytest.raises((AssertionError, asyncpg.PostgresError)):
        await live(world, monkeypatch, told, steps)
