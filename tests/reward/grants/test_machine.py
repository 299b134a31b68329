"""Grants, pools, budgets and points driven at random against an oracle in memory, on real PostgreSQL, committing.

2,000 steps by default; HUOKE_STEPS=100000 asks for more.
"""

import asyncio
import os
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from huoke.kernel.clock import SetClock
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Database
from huoke.reward import grants, ledger
from huoke.reward.grants import BenefitKind, Fulfilment, Mode, OfferState, PhoneDelivery, Redemption, Terms
from tests.conftest import START
from tests.make import grants as make
from tests.make import ledger as make_ledger
from tests.reward.grants.oracle import (
    EXPIRED,
    FAILED,
    FULFILLED,
    FULFILLING,
    RESERVED,
    RETURNED,
    REVOKED,
    USED,
    GrantTruth,
    OfferTruth,
    Purse,
    Truth,
)

STEPS = int(os.environ.get("HUOKE_STEPS", "2000"))
STEPS_OF_ONE = 50
SEQS = st.integers(1, 14)
PHONE = "13800138000"
UNITS = (1, 2, 3)
"""Unit 3 has no terms."""


def person_of(seq: int) -> int:
    return seq - seq % 2


def unit_of(seq: int) -> int:
    return 3 if seq % 100 == 14 else 1 + seq // 2 % 2


class Machine(RuleBasedStateMachine):
    """One example: a budget tree, pools, eight offers, two of them a bundle, and whatever happens to them."""

    database: Database
    clock: SetClock
    bank: Any
    run: Any
    steps = 0
    offset = 0
    """Customers of every example are its own."""

    @initialize(limit=st.integers(1, 2), stock=st.integers(2, 9), cost=st.sampled_from([0, 100, 300]))
    def open(self, limit: int, stock: int, cost: int) -> None:
        self.clock.set(START)
        self.truth = Truth()
        Machine.offset += 100
        self.suppliers: list[Any] = []
        self.run(self._open(limit, stock, cost))

    async def _open(self, limit: int, stock: int, cost: int) -> None:
        truth = self.truth
        async with self.database.begin(self.bank) as tx:
            root = await make_ledger.budget(tx, 3_000)
            children = [await make_ledger.budget(tx, 800, parent_id=root) for _ in range(2)]
            truth.budgets[root] = Purse(None, 1_400)
            truth.budgets |= {child: Purse(root, 800) for child in children}
            bundle = new_id()
            for push in (False, True):
                for points, kind, choose in (
                    (0, BenefitKind.VOUCHER, 0),
                    (70, BenefitKind.POINTS, 0),
                    (0, BenefitKind.TOPUP, 0),
                    *(() if push else ((0, BenefitKind.VOUCHER, 1), (0, BenefitKind.TOPUP, 1))),
                ):
                    order = kind is BenefitKind.TOPUP
                    sku_id = new_id()
                    top = await make.pool(tx, stock + 4, sku_id=sku_id)
                    below = await make.pool(tx, 4, sku_id=sku_id, parent_id=top)
                    truth.pools |= {top: Purse(None, stock), below: Purse(top, 4)}
                    terms = {1: Terms(children[0], top), 2: Terms(children[1], below if push else top)}
                    offer = make.offer(
                        terms,
                        sku_id,
                        tx.now,
                        mode=Mode.PUSH if push else Mode.PULL,
                        kind=kind,
                        choose=choose,
                        **({"source_id": bundle, "line": len(truth.offers)} if choose else {}),
                        points=points,
                        cost_fen=cost,
                        person_limit=limit,
                        supplier_id=None if points else new_id(),
                        closes_at=tx.now + timedelta(days=20),
                        valid_days=5,
                    )
                    await grants.publish_offer(tx, offer)
                    self.suppliers += [offer.supplier_id] if offer.supplier_id else []
                    truth.offers[offer.id] = OfferTruth(
                        offer.id,
                        push,
                        points,
                        cost,
                        limit,
                        offer.closes_at,
                        5,
                        {unit: (term.budget_id, term.pool_id) for unit, term in terms.items()},
                        order,
                        bundle if choose else offer.id,
                        choose,
                    )

    @rule(data=st.data(), seqs=st.lists(SEQS, min_size=1, max_size=9))
    def push(self, data: st.DataObject, seqs: list[int]) -> None:
        offer = data.draw(st.sampled_from([o for o in self.truth.offers.values() if o.push]))
        self.run(self._push(offer, [seq + self.offset for seq in seqs]))

    async def _push(self, offer: OfferTruth, seqs: list[int]) -> None:
        chunk = [(seq, unit_of(seq), person_of(seq)) for seq in seqs]
        facts = grants.Facts(seqs=seqs, unit_ids=[u for _, u, _ in chunk], persons=[p for _, _, p in chunk])
        async with self.database.begin(self.bank) as tx:
            if refusal := self.truth.refusal(offer, tx.now):
                with pytest.raises(Refusal) as raised:
                    await grants.grant_members(tx, offer.id, facts)
                assert raised.value.code == refusal
                return
            pushed = await grants.grant_members(tx, offer.id, facts)
            expected = dict.fromkeys(grants.Pushed.__struct_fields__, 0)
            granted: set[int] = set()
            while True:
                verdicts = self.truth.push_pass(offer, chunk, granted)
                new = verdicts.get("granted", [])
                written = {item.seq: item for item in await grants.find_grants(tx, offer_ids=[offer.id], limit=200)}
                for place in new:
                    seq, unit, person = chunk[place]
                    budget, pool = offer.terms[unit]
                    grant = GrantTruth(written[seq].id, offer, seq, person, budget, pool, RESERVED, offer.closes_at)
                    self.truth.add(grant, tx.now)
                if not new or not (verdicts.get("sold_out") or verdicts.get("budget_exhausted")):
                    break
            for name in expected:
                expected[name] = len(verdicts.get(name, []))
            expected["granted"] = len(granted)
            expected["exists"] -= len(granted) - len(new)
            assert {name: getattr(pushed, name) for name in expected} == expected

    @rule(data=st.data(), seqs=st.lists(SEQS, min_size=1, max_size=6))
    def claim(self, data: st.DataObject, seqs: list[int]) -> None:
        items = []
        for seq in (seq + self.offset for seq in seqs):
            offer = data.draw(st.sampled_from(list(self.truth.offers.values())))
            old = [number for number, (o, s, _) in self.truth.requests.items() if (o, s) == (offer.id, seq)]
            fresh = new_id().hex
            items.append((offer, seq, data.draw(st.sampled_from([fresh, *old]))))
        if data.draw(st.booleans()):
            items.append(items[0])
        self.run(self._claim(items))

    async def _claim(self, items: list[tuple[OfferTruth, int, str]]) -> None:
        async with self.database.begin(self.bank) as tx:
            answers = await make.claim_all(
                tx,
                *(
                    make.claim(
                        o.id,
                        seq,
                        request_no=number,
                        person=person_of(seq),
                        unit_id=unit_of(seq),
                        delivery=PhoneDelivery(phone=PHONE) if o.order else None,
                    )
                    for o, seq, number in items
                ),
            )
            now = tx.now
        truth, pushes = self.truth, []
        seen: dict[str, str] = {}
        for (offer, seq, number), answer in zip(items, answers, strict=True):
            told = answer.code if isinstance(answer, Refusal) else "granted"
            if number in truth.requests:
                assert (told, answer.grant_id, answer.exists) == ("granted", truth.requests[number][2], True)
            elif number in seen:
                assert told == seen[number]
            elif offer.push:
                pushes.append((offer, seq, number, answer, told))
                seen[number] = told
                continue
            else:
                seen[number] = told
                assert told == truth.pull(offer, seq, person_of(seq), unit_of(seq), now)
                if told == "granted":
                    self._pulled(offer, seq, answer, now)
            if told == "granted" and number not in truth.requests:
                truth.requests[number] = (offer.id, seq, answer.grant_id)
        for offer, seq, number, answer, told in pushes:
            assert told == self._accepted(offer, seq, now)
            if told == "granted":
                truth.requests[number] = (offer.id, seq, answer.grant_id)

    def _pulled(self, offer: OfferTruth, seq: int, answer: Any, now: Any) -> None:
        budget, pool = offer.terms[unit_of(seq)]
        grant = GrantTruth(answer.grant_id, offer, seq, person_of(seq), budget, pool, offer.claimed, None)
        self.truth.add(grant, now)

    def _accepted(self, offer: OfferTruth, seq: int, now: Any) -> str:
        if refusal := self.truth.refusal(offer, now):
            return refusal
        mine = [grant for grant in self.truth.grants.values() if grant.offer is offer and grant.seq == seq]
        if not mine:
            return "customers.not_eligible"
        [grant] = mine
        if grant.state in {FULFILLING, FULFILLED, USED}:
            return "granted"
        if grant.state != RESERVED or grant.expires_at <= now:
            return "grants.expired"
        self.truth.move(grant, offer.claimed, now)
        return "granted"

    @precondition(lambda self: self.truth.grants)
    @rule(data=st.data())
    def redeem(self, data: st.DataObject) -> None:
        grants_ = list(self.truth.grants.values())
        self.run(self._redeem(data.draw(st.lists(st.sampled_from(grants_), min_size=1, max_size=4))))

    async def _redeem(self, wanted: list[GrantTruth]) -> None:
        async with self.database.begin(self.bank) as tx:
            answers = await grants.redeem(
                tx, [Redemption(request_no=new_id().hex, grant_id=g.id) for g in wanted], teller="t-1", unit_id=1
            )
            now = tx.now
        for grant, answer in zip(wanted, answers, strict=True):
            if grant.state == FULFILLED and grant.expires_at > now:
                self.truth.move(grant, USED, now)
                grant.redemption, grant.redeemed_at = answer.redemption_id, now
            else:
                expired = grant.state == FULFILLED
                assert answer.code == ("grants.expired" if expired else "grants.wrong_state")

    @precondition(lambda self: any(grant.offer.order for grant in self.truth.grants.values()))
    @rule(data=st.data(), delivered=st.booleans())
    def fulfil(self, data: st.DataObject, delivered: bool) -> None:
        ordered = [grant for grant in self.truth.grants.values() if grant.offer.order]
        self.run(self._fulfil(data.draw(st.lists(st.sampled_from(ordered), max_size=4, unique_by=id)), delivered))

    async def _fulfil(self, wanted: list[GrantTruth], delivered: bool) -> None:
        results = [
            Fulfilment(grant_id=g.id, delivered=delivered, reason="" if delivered else "号码已停机") for g in wanted
        ]
        async with self.database.begin(self.bank) as tx:
            answers = await grants.fulfil(tx, results)
            now = tx.now
        ways = {FULFILLING: USED, USED: USED} if delivered else {FULFILLING: FAILED, USED: RETURNED}
        for grant, answer in zip(wanted, answers, strict=True):
            after = ways.get(grant.state, None if delivered else {FAILED: FAILED, RETURNED: RETURNED}.get(grant.state))
            if after is None:
                assert answer.code == "grants.wrong_state"
            else:
                assert answer == grant.id
                if after != grant.state:
                    self.truth.move(grant, after, now)

    @precondition(lambda self: any(grant.redemption for grant in self.truth.grants.values()))
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        redeemed = [grant for grant in self.truth.grants.values() if grant.redemption]
        self.run(self._undo(data.draw(st.sampled_from(redeemed))))

    async def _undo(self, grant: GrantTruth) -> None:
        async with self.database.begin(self.bank) as tx:
            late = tx.now > grant.redeemed_at + timedelta(minutes=10)
            if late and grant.state == USED:
                with pytest.raises(grants.UndoTooLate):
                    await grants.undo_redeem(tx, grant.redemption, teller="t-1", units=frozenset(), reason="误操作")
                return
            await grants.undo_redeem(tx, grant.redemption, teller="t-1", units=frozenset(), reason="误操作")
            if grant.state == USED:
                self.truth.move(grant, FULFILLED, tx.now)
            grant.redemption = None

    @precondition(lambda self: self.truth.grants)
    @rule(data=st.data(), verb=st.sampled_from([REVOKED, FAILED, RETURNED]))
    def end(self, data: st.DataObject, verb: str) -> None:
        self.run(self._end(data.draw(st.sampled_from(list(self.truth.grants.values()))), verb))

    async def _end(self, grant: GrantTruth, verb: str) -> None:
        function = {REVOKED: grants.revoke, FAILED: grants.fail, RETURNED: grants.return_}[verb]
        async with self.database.begin(self.bank) as tx:
            [answer] = await function(tx, [grant.id], "原因")
            allowed = {
                REVOKED: {RESERVED, FULFILLED},
                FAILED: {RESERVED, FULFILLING},
                RETURNED: {RESERVED, FULFILLED, USED} - ({USED} if grant.offer.points else set()),
            }[verb]
            if grant.state in allowed:
                assert answer == grant.id
                self.truth.move(grant, verb, tx.now)
                if grant.redemption:
                    grant.redemption = None
            else:
                assert answer == grant.id if grant.state == verb else answer.code == "grants.wrong_state"

    @rule(limit=st.integers(1, 20))
    def expire(self, limit: int) -> None:
        self.run(self._expire(limit))

    async def _expire(self, limit: int) -> None:
        async with self.database.begin(self.bank) as tx:
            while await grants.expire(tx, limit=limit):
                pass
            for grant in self.truth.grants.values():
                if grant.expires_at is not None and grant.expires_at <= tx.now:
                    self.truth.move(grant, EXPIRED, tx.now)

    @rule(hours=st.sampled_from([0.1, 1, 30, 60, 200]))
    def wait(self, hours: float) -> None:
        self.clock.advance(timedelta(hours=hours))

    @rule(data=st.data(), state=st.sampled_from([OfferState.PAUSED, OfferState.OPEN]))
    def pause(self, data: st.DataObject, state: OfferState) -> None:
        offer = data.draw(st.sampled_from(list(self.truth.offers.values())))
        self.run(self._state(offer, state))

    async def _state(self, offer: OfferTruth, state: OfferState) -> None:
        async with self.database.begin(self.bank) as tx:
            await grants.update_offer_state(tx, offer.id, state)
        offer.state = state.value

    @rule(data=st.data(), amount=st.sampled_from([1, 100, 900, 5_000]), down=st.booleans())
    def shift_budget(self, data: st.DataObject, amount: int, down: bool) -> None:
        child = data.draw(st.sampled_from([key for key, purse in self.truth.budgets.items() if purse.parent]))
        self.run(self._shift(self.truth.budgets, child, amount, down, ledger.allocate, ledger.give_back))

    @rule(data=st.data(), amount=st.sampled_from([1, 3, 50]), down=st.booleans())
    def shift_stock(self, data: st.DataObject, amount: int, down: bool) -> None:
        child = data.draw(st.sampled_from([key for key, purse in self.truth.pools.items() if purse.parent]))
        self.run(self._shift(self.truth.pools, child, amount, down, grants.allocate_stock, grants.give_back_stock))

    async def _shift(self, purses: Any, child: Any, amount: int, down: bool, allocate: Any, give_back: Any) -> None:
        parent = purses[child].parent
        giver, taker = (parent, child) if down else (child, parent)
        async with self.database.begin(self.bank) as tx:
            move = allocate(tx, parent, child, amount) if down else give_back(tx, child, parent, amount)
            if purses[giver].available < amount:
                with pytest.raises(Refusal):
                    await move
                return
            await move
        purses[giver].available -= amount
        purses[taker].available += amount

    @rule(data=st.data(), seqs=st.lists(SEQS, min_size=1, max_size=4), points=st.sampled_from([1, 40, 70, 150]))
    def burn(self, data: st.DataObject, seqs: list[int], points: int) -> None:
        self.run(self._burn([seq + self.offset for seq in seqs], points))

    async def _burn(self, seqs: list[int], points: int) -> None:
        keys = [ledger.points_account(seq, "POINTS") for seq in seqs]
        async with self.database.begin(self.bank) as tx:
            accounts = await ledger.open_accounts(tx, keys)
            burns = [make_ledger.burn(accounts[key], points) for key in keys]
            outcomes = await ledger.burn(tx, burns)
            for seq in set(seqs):
                self.truth.expire_lots(tx.now, seq)
        for seq, item, outcome in zip(seqs, burns, outcomes, strict=True):
            enough = self.truth.balance(seq) >= points
            assert outcome == (ledger.Outcome.POSTED if enough else ledger.Outcome.OVERDRAWN)
            if enough:
                self.truth.burn(item.source_id, seq, points)

    @precondition(lambda self: self.truth.burns)
    @rule(data=st.data())
    def refund(self, data: st.DataObject) -> None:
        self.run(self._refund(data.draw(st.sampled_from(list(self.truth.burns)))))

    async def _refund(self, source: Any) -> None:
        points = self.truth.refund(source)
        async with self.database.begin(self.bank) as tx:
            assert await ledger.refund(tx, source, 0, points, refund_line=1) is ledger.Outcome.POSTED
            with pytest.raises(Refusal):
                await ledger.refund(tx, source, 0, 1, refund_line=2)

    @rule()
    def expire_points(self) -> None:
        self.run(self._expire_points())

    async def _expire_points(self) -> None:
        async with self.database.begin(self.bank) as tx:
            await ledger.expire_lots(tx)
            self.truth.expire_lots(tx.now)

    @invariant()
    def every_number_is_the_oracles(self) -> None:
        if hasattr(self, "truth"):
            Machine.steps += 1
            self.run(self._compare())

    async def _compare(self) -> None:
        async with self.database.begin(self.bank) as tx:
            for budget in await ledger.get_budgets(tx, list(self.truth.budgets)):
                purse = self.truth.budgets[budget.id]
                assert (budget.available_fen, budget.reserved_fen, budget.committed_fen) == (
                    purse.available,
                    purse.reserved,
                    purse.spent,
                )
            for pool in await grants.get_pools(tx, list(self.truth.pools)):
                purse = self.truth.pools[pool.id]
                assert (pool.available, pool.reserved, pool.used) == (purse.available, purse.reserved, purse.spent)
            found = {
                item.id: item for item in await grants.find_grants(tx, offer_ids=list(self.truth.offers), limit=500)
            }
            assert {key: (item.state.value, item.expires_at) for key, item in found.items()} == {
                key: (grant.state, grant.expires_at) for key, grant in self.truth.grants.items()
            }

    def teardown(self) -> None:
        if hasattr(self, "truth"):
            self.run(self._sound())

    async def _sound(self) -> None:
        async with self.database.begin(self.bank) as tx:
            for seq in {lot.seq for lot in self.truth.lots}:
                lots = await ledger.find_lots(tx, seq, "POINTS")
                assert [lot.remaining for lot in lots] == [
                    lot.remaining for lot in self.truth.lots if lot.seq == seq and lot.remaining
                ]
            owed = [
                await ledger.balance(
                    tx, ledger.AccountKey(ledger.AccountKind.SUPPLIER_PAYABLE, "supplier", str(supplier))
                )
                for supplier in self.suppliers
            ]
            assert sum(owed) == self.truth.owed
            await make.assert_sound(tx)


def test_everything_that_can_happen_adds_up(cluster, schema, bank):
    loop = asyncio.new_event_loop()
    clock = SetClock(START)
    database = loop.run_until_complete(Database.connect(cluster.database_url, clock=clock, size_max=1))

    def run(work: Coroutine[Any, Any, Any]) -> Any:
        return loop.run_until_complete(asyncio.wait_for(work, 120))

    Machine.database, Machine.clock, Machine.bank = database, clock, bank
    Machine.run = staticmethod(run)
    Machine.steps = 0
    try:
        while Machine.steps < STEPS:  # some examples stop before their fiftieth step
            run_state_machine_as_test(
                Machine,
                settings=settings(
                    max_examples=(STEPS - Machine.steps) // 40 + 1,
                    stateful_step_count=STEPS_OF_ONE,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                    print_blob=True,
                ),
            )
    finally:
        run(database.close())
        loop.close()
