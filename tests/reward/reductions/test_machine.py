"""Reductions in any order: granted, held, paid, closed, given back in parts, over; shares and budgets by an oracle."""

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from huoke.govern.people import Role
from huoke.kernel.batch import Call
from huoke.kernel.ids import new_id
from huoke.kernel.tx import SYSTEM
from huoke.reward import grants, ledger, merchants, payments, reductions
from huoke.reward.grants import BenefitKind, Handover, Mode, Terms
from huoke.reward.ledger import AccountKey, AccountKind
from huoke.reward.merchants import NewMerchant, NewRule, NewStore, Place, Scope
from huoke.reward.payments.hear import hear, hear_refunds
from huoke.reward.payments.model import Said, Told
from huoke.reward.reductions import Shares
from tests.make import catalogue as make_catalogue
from tests.make import grants as make_grants
from tests.make import ledger as make_ledger
from tests.make import payments as make_payments
from tests.make import people
from tests.make import reductions as make_reductions

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["grant", "hold", "pay", "close", "late", "ask", "ask", "done", "done", "both", "fail", "rest", "days"]
        ),
        st.integers(0, 1),
        st.integers(0, 1),
        st.integers(0, 6),
    ),
    min_size=8,
    max_size=24,
)
CASHIER_NO = "1900000001"
DAYS = 30


class Kind(msgspec.Struct):
    """A reduction with what bears it, and the budget that pays the bank's share."""

    sku_id: UUID
    whole: Shares
    place: Place | None
    limit_fen: int
    budget_id: UUID | None = None
    offer_id: UUID | None = None


class Benefit(msgspec.Struct):
    """One that a customer has; `back_fen` is what of the bank's share their payment gave back so far."""

    seq: int
    kind: Kind
    ends_at: object
    state: str = "fulfilled"
    back_fen: int = 0


class Paid(msgspec.Struct):
    """A payment with a benefit, its refunds on their way (amount, of it reduction), and what is done of it."""

    benefit_id: UUID
    price_fen: int
    state: str = "open"
    late: bool = False
    asked: dict[UUID, tuple[int, int]] = {}
    gone_fen: int = 0
    back: Shares = Shares()


class Truth:
    """What everybody has, by counting."""

    def __init__(self) -> None:
        self.benefits: dict[UUID, Benefit] = {}
        self.payments: dict[UUID, Paid] = {}

    def budget(self, kind: Kind) -> tuple[int, int, int]:
        """(available, reserved, committed) of a kind's budget, in fen."""
        mine = [one for one in self.benefits.values() if one.kind is kind]
        cost = kind.whole.bank_fen
        reserved = sum(cost for one in mine if one.state in ("fulfilled", "fulfilling"))
        committed = sum(cost - one.back_fen for one in mine if one.state == "used")
        return kind.limit_fen - reserved - committed, reserved, committed

    def borne(self, kind: Kind) -> Shares:
        """What each funder of a kind bears of all that was paid and not given back."""
        total = [0, 0, 0]
        for one in self.payments.values():
            if one.state == "paid" and not one.late and self.benefits[one.benefit_id].kind is kind:
                for place, name in enumerate(("bank_fen", "merchant_fen", "brand_fen")):
                    total[place] += getattr(kind.whole, name) - getattr(one.back, name)
        return Shares(bank_fen=total[0], merchant_fen=total[1], brand_fen=total[2])

    def first(self, state: str, seq: int) -> UUID | None:
        """A customer's oldest benefit in a state."""
        return next((key for key, one in self.benefits.items() if (one.state, one.seq) == (state, seq)), None)

    def payment(self, seq: int, *states: str) -> UUID | None:
        """A customer's latest payment in one of these states."""
        mine = [key for key, one in self.payments.items() if self.benefits[one.benefit_id].seq == seq]
        return next((key for key in reversed(mine) if self.payments[key].state in states), None)


class Machine:
    """The bank, and what ought to be so."""

    def __init__(self, database, bank, clock, kinds, funders):
        self.database, self.bank, self.clock, self.kinds, self.funders = database, bank, clock, kinds, funders
        self.truth, self.begun = Truth(), {}

    async def begin(self):
        async with self.database.begin(self.bank) as tx:
            for kind in self.kinds:
                kind.budget_id = await make_ledger.budget(tx, kind.limit_fen)
                pool_id = await make_grants.pool(tx, 50, sku_id=kind.sku_id)
                offer = make_grants.offer(
                    {grants.EVERY_UNIT: Terms(kind.budget_id, pool_id)}, kind.sku_id, tx.now, kind=BenefitKind.VOUCHER,
                    handover=Handover.CASHIER, mode=Mode.PULL, cost_fen=kind.whole.bank_fen,
                    face_value_fen=kind.whole.amount_fen, supplier_id=None, person_limit=50, valid_days=DAYS,
                    closes_at=tx.now + timedelta(days=3_000),
                )  # fmt: skip
                await grants.publish_offer(tx, offer)
                kind.offer_id = offer.id
            self.begun = {key: await ledger.balance(tx, key) for key in self.funders}

    async def step(self, name, seq, which, size):
        async with self.database.begin(self.bank) as tx:
            await getattr(self, name)(tx, seq, self.kinds[which], size)
        await self.check()

    async def grant(self, tx, seq, kind, _size):
        [answer] = await grants.claim(tx, [Call(make_grants.claim(kind.offer_id, seq), SYSTEM, tx.now)])
        if self.truth.budget(kind)[0] < kind.whole.bank_fen:
            assert isinstance(answer, grants.BudgetExhausted)
            return
        self.truth.benefits[answer.grant_id] = Benefit(seq, kind, tx.now + timedelta(days=DAYS))

    async def hold(self, tx, seq, kind, size):
        del kind
        mine = self.truth.first("fulfilled", seq)
        if mine is None:
            return
        one = self.truth.benefits[mine]
        wish = payments.Charge(
            request_no=new_id().hex, seq=seq, amount_fen=one.kind.whole.amount_fen * 2 + size, subject="咖啡",
            source_kind="test", source_id=new_id(), line=0, expires_at=tx.now + timedelta(minutes=15),
            reduction=payments.Reduction(grant_id=mine, place=one.kind.place),
        )  # fmt: skip
        [answer] = await payments.charge(tx, [wish])
        if one.ends_at <= tx.now:
            assert isinstance(answer, reductions.ReductionUnknown)
            return
        one.state = "fulfilling"
        self.truth.payments[answer.payment_id] = Paid(mine, wish.amount_fen)

    async def _hear(self, tx, key, told):
        paid = self.truth.payments[key]
        off = self.truth.benefits[paid.benefit_id].kind.whole.amount_fen
        said = Said(told=told, amount_fen=paid.price_fen, reduction_fen=off, cashier_no="42")
        await hear(tx, {key: said}, CASHIER_NO)
        return paid, self.truth.benefits[paid.benefit_id]

    async def pay(self, tx, seq, _kind, _size):
        if (key := self.truth.payment(seq, "open")) is not None:
            paid, benefit = await self._hear(tx, key, Told.PAID)
            paid.state, benefit.state = "paid", "used"

    async def close(self, tx, seq, _kind, _size):
        if (key := self.truth.payment(seq, "open")) is not None:
            paid, benefit = await self._hear(tx, key, Told.CLOSED)
            paid.state, benefit.state = "closed", "fulfilled"

    async def late(self, tx, seq, _kind, _size):
        if (key := self.truth.payment(seq, "closed")) is not None:
            paid, _ = await self._hear(tx, key, Told.PAID)
            paid.state, paid.late = "paid", True
            [row] = await tx.fetch("SELECT id, reduction_fen FROM payments.refund WHERE payment_id = $1", key)
            paid.asked = {row["id"]: (paid.price_fen, row["reduction_fen"])}

    async def ask(self, tx, seq, _kind, size):
        if (key := self.truth.payment(seq, "paid")) is not None:
            await self._ask(tx, key, size)

    async def _ask(self, tx, key, size):
        paid = self.truth.payments[key]
        left = paid.price_fen - paid.gone_fen - sum(amount for amount, _ in paid.asked.values())
        amount = {0: min(16, max(left, 1)), 6: left}.get(size, max(1, left * size // 11))
        wish = payments.Refund(request_no=new_id().hex, payment_id=key, amount_fen=amount, reason="退货")
        [answer] = await payments.refund(tx, [wish])
        if left < 1:
            assert isinstance(answer, payments.RefundTooMuch)
            return
        off = await tx.fetch_value("SELECT reduction_fen FROM payments.refund WHERE id = $1", answer.refund_id)
        assert 0 <= off <= amount, "nobody gets less than nothing back"
        paid.asked = paid.asked | {answer.refund_id: (amount, off)}

    async def done(self, tx, seq, _kind, _size):
        await self._end(tx, seq, Told.REFUNDED, 1)

    async def both(self, tx, seq, _kind, _size):
        await self._end(tx, seq, Told.REFUNDED, 2)

    async def fail(self, tx, seq, _kind, _size):
        await self._end(tx, seq, Told.FAILED, 1)

    async def rest(self, tx, seq, _kind, _size):
        """All that is left of a payment goes back."""
        if (key := self.truth.payment(seq, "paid")) is not None:
            await self._ask(tx, key, 6)
            await self._end(tx, seq, Told.REFUNDED, 9)

    async def _end(self, tx, seq, told, count):
        key = self.truth.payment(seq, "paid")
        paid = self.truth.payments.get(key)
        chosen = dict(sorted(paid.asked.items())[:count]) if paid else {}
        if not chosen:
            return
        said = {
            refund_id: Said(told=told, amount_fen=amount, reduction_fen=off, cashier_no="43")
            for refund_id, (amount, off) in chosen.items()
        }
        for _ in range(2):  # what is told again moves nothing
            await hear_refunds(tx, said, CASHIER_NO)
        paid.asked = {one: what for one, what in paid.asked.items() if one not in chosen}
        if told is Told.FAILED:
            return
        parts = await reductions.backs_for(tx, list(chosen))
        paid.gone_fen += sum(amount for amount, _ in chosen.values())
        for refund_id, (_, off) in chosen.items():
            mine = parts.get(refund_id, Shares())
            assert mine.amount_fen == (0 if paid.late else off)
            self._is_fair(paid, mine)
            paid.back += mine
        self._settle(paid, parts.get(max(chosen), Shares()).bank_fen)

    def _is_fair(self, paid, mine):
        """Each funder's share of a part is what it still bears of the whole, to less than a fen."""
        whole = self.truth.benefits[paid.benefit_id].kind.whole
        left = whole.amount_fen - paid.back.amount_fen
        for name in ("bank_fen", "merchant_fen", "brand_fen"):
            own = getattr(whole, name) - getattr(paid.back, name)
            assert 0 <= getattr(mine, name) <= own
            assert abs(getattr(mine, name) * left - mine.amount_fen * own) < max(left, 1)

    def _settle(self, paid, last_fen):
        """What parts that went back make of a benefit: its budget has them at once; whole, its customer has it."""
        benefit, ended = self.truth.benefits[paid.benefit_id], paid.gone_fen == paid.price_fen
        if ended:
            paid.state = "refunded"
        if paid.late:
            return
        benefit.back_fen = paid.back.bank_fen - (last_fen if ended else 0)
        if ended:
            assert paid.back == benefit.kind.whole, "everybody has all of it again"
            fits = self.truth.budget(benefit.kind)[0] >= benefit.back_fen
            benefit.state, benefit.back_fen = "fulfilled" if fits else "returned", 0

    async def days(self, tx, _seq, _kind, size):
        del tx
        self.clock.advance(timedelta(days=size * 3))
        async with self.database.begin(self.bank) as later:
            await grants.expire(later)
            for one in self.truth.benefits.values():
                if one.state == "fulfilled" and one.ends_at <= later.now:
                    one.state = "expired"

    async def check(self):
        """Books, budgets, benefits and funders are as they were counted."""
        async with self.database.begin(self.bank) as tx:
            for verify in (reductions.verify, ledger.verify, grants.verify):
                assert await verify(tx) == []
            states = {one: (await grants.get_grant(tx, one)).state.value for one in self.truth.benefits}
            assert states == {one: benefit.state for one, benefit in self.truth.benefits.items()}
            bears = Shares()
            for kind in self.kinds:
                numbers = await make_ledger.budget_numbers(tx, kind.budget_id)
                assert numbers == (kind.limit_fen, *self.truth.budget(kind))
                bears += self.truth.borne(kind)
            now = [self.begun[key] - await ledger.balance(tx, key) for key in self.funders]
            assert now == [bears.bank_fen, bears.merchant_fen, bears.brand_fen]


@pytest.fixture
async def world(database, own_bank, clock):
    """A reduction of the mall that a brand shares, one of a store that its merchant shares; who bears them."""
    await make_payments.enter(database, own_bank, make_payments.cashier("http://127.0.0.1:9"))
    async with database.begin(own_bank) as tx:
        head = (await people.units(tx)).head
        await people.staff(tx, Role.BUYER)
        brand = await make_catalogue.supplier(tx)
        shop = await merchants.add_merchant(tx, NewMerchant(code="M1", name="海岸咖啡", unit_id=head), units=None)
        new = NewStore(merchant_id=shop, code="M1-1", name="一号店", region="330200", street="中山路")
        store = await merchants.add_store(tx, new, units=None)
        in_mall = await make_reductions.sku(tx, face_fen=301, brand_fen=50, brand_payer_id=brand, threshold_fen=302)
        in_store = await make_reductions.sku(tx, face_fen=97, merchant_fen=32, threshold_fen=98)
        rule = NewRule(scope=Scope.SKU, scope_key=str(in_store), merchant_ids=[shop])
        await merchants.add_rule(tx, rule, units=None)
    place = Place(unit_id=head, store_id=store, merchant_id=shop)
    kinds = [
        Kind(in_mall, Shares(bank_fen=251, brand_fen=50), None, 251 * 2 + 100),
        Kind(in_store, Shares(bank_fen=65, merchant_fen=32), place, 65),
    ]
    funded = AccountKind.REDUCTION_FUNDED
    keys = [
        AccountKey(funded, "bank", ""), AccountKey(funded, "merchant", str(shop)),
        AccountKey(funded, "supplier", str(brand)),
    ]  # fmt: skip
    async with database.begin(own_bank) as tx:
        await ledger.open_accounts(tx, keys)
    return lambda: Machine(database, own_bank, clock, kinds, keys)


def mine(*names, which=1, size=3):
    """Steps of one customer with one reduction."""
    return [(name, 0, which, size) for name in names]


@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example(steps=mine("grant", "hold", "pay", "ask", "done", "grant", "rest"))
@example(steps=mine("grant", "hold", "pay", *("ask", "done") * 12, "rest", size=0))
@example(steps=[*mine("grant", "hold", "pay", "ask", "done"), ("grant", 1, 1, 0), *mine("grant", "rest", "grant")])
@example(steps=mine("grant", "hold", "pay", "ask", "ask", "ask", "fail", "ask", "both", "rest", "hold", which=0))
@given(steps=STEPS)
async def test_whatever_happens_everybody_bears_their_share_and_budgets_have_the_rest(world, steps):
    machine = world()
    await machine.begin()
    for name, who, which, size in steps:
        await machine.step(name, 7 + who, which, size)
