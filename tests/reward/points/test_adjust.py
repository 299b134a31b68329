"""Corrections by hand and freezes: one person asks with a reason, another decides, and until then nothing moves."""

from datetime import date

import msgspec
import pytest

from huoke.govern import approvals
from huoke.govern.approvals import ChangeState, OwnChange, Verdict
from huoke.govern.audit.model import ReasonMissing
from huoke.govern.people import Role
from huoke.govern.requests import RequestState
from huoke.kernel.ids import new_id
from huoke.know import customers
from huoke.reward import ledger, points
from huoke.reward.ledger import ClawBack, Credit, Outcome, TransferKind
from huoke.reward.points import AskedAdjustment, AskedFreeze, Expiry, ExpiryKind, adjust
from huoke.reward.points.adjust import AdjustmentUnfit, Correction, Freeze, FreezeOpen, FreezeUnfit
from tests.make import customers as make_customers
from tests.make import grants as make_grants
from tests.make import ledger as make_ledger
from tests.make import people
from tests.make import points as make

BUDGET = new_id()
NOS = ("A1", "A2")


class World(msgspec.Struct):
    """Two customers with 60 points each; `maker` may decide too, only not what was asked for by that same person."""

    database: object
    bank: object
    maker: object
    checker: object
    seqs: list[int]

    async def ask(self, *items, reason="活动补发"):
        """Ask for corrections (customer, points); returns the change's id."""
        wanted = [Correction(seq=self.seqs[who], type="GOLD", points=more) for who, more in items]
        async with self.database.begin(self.bank, self.maker) as tx:
            request_id = await points.request_adjustment(tx, AskedAdjustment(items=wanted, reason=reason))
            return next(one.change_id for one in await adjust.adjustments(tx) if one.id == request_id)

    async def ask_freeze(self, frozen, code="GOLD"):
        """Ask for a freeze of the first customer, or its end; returns the change's id."""
        asked = Freeze(seq=self.seqs[0], type=code, frozen=frozen)
        async with self.database.begin(self.bank, self.maker) as tx:
            request_id = await points.request_freeze(tx, AskedFreeze(freeze=asked, reason="疑似盗用"))
            listed = await adjust.FREEZES.listed(tx, 9)
            return next(fields["change_id"] for _, fields in listed if fields["id"] == request_id)

    async def decide(self, change_id, verdict=Verdict.APPROVE, by=None):
        async with self.database.begin(self.bank, by or self.checker) as tx:
            change = await approvals.find_change(tx, change_id)
            return await approvals.decide(tx, change_id, verdict, "已核对", change.diff_hash)

    async def held(self):
        """(points of each customer, transfers of any kind); the books are whole."""
        async with self.database.begin(self.bank) as tx:
            await make_grants.assert_sound(tx)
            held = [sum(lot.remaining for lot in await ledger.find_lots(tx, seq, "GOLD")) for seq in self.seqs]
            return held, await tx.fetch_value("SELECT count(*) FROM ledger.transfer")

    async def burn(self, who, amount, code="GOLD"):
        async with self.database.begin(self.bank) as tx:
            key = ledger.points_account(self.seqs[who], code)
            return (await ledger.burn(tx, [make_ledger.burn((await ledger.open_accounts(tx, [key]))[key], amount)]))[0]


@pytest.fixture
async def world(database, own_bank, clock):
    async with database.begin(own_bank) as tx:
        await people.units(tx)
        maker = people.actor(await people.staff(tx, Role.OPERATOR, Role.APPROVER))
        checker = people.actor(await people.staff(tx, Role.APPROVER))
        await make.kind(tx, funder=BUDGET, expiry=Expiry(kind=ExpiryKind.MONTH_END))
        await make.kind(tx, "OTHER")
    approvals.register(points.AdjustmentApproval())
    approvals.register(points.FreezeApproval())
    rows = [{"customer_no": no, "unit_code": "N1"} for no in NOS]
    await make_customers.import_rows(database, own_bank, rows, {})
    async with database.begin(own_bank) as tx:
        found = await customers.find_by_no(tx, NOS)
        seqs = [found[no] for no in NOS]
        for seq in seqs:
            await make_ledger.points(tx, seq, 60, currency="GOLD")
    return World(database, own_bank, maker, checker, seqs)


async def test_a_correction_is_booked_by_another_persons_word_alone(world, database, own_bank, other_bank):
    before = await world.held()
    change_id = await world.ask((0, 200), (1, -45))
    assert await world.held() == before, "asking moves nothing"
    with pytest.raises(OwnChange):
        await world.decide(change_id, by=world.maker)
    assert await world.held() == before
    assert await world.decide(change_id) is ChangeState.APPLIED
    assert (await world.held())[0] == [260, 15]
    async with database.begin(own_bank) as tx:
        lots = await ledger.find_lots(tx, world.seqs[0], "GOLD")
        given = [(lot.amount, lot.expires_at.date()) for lot in lots if lot.source_kind == adjust.SOURCE]
        assert given == [(200, date(2026, 3, 31))]
        owed = [(one.funder, one.points, one.cost_fen) for one in await ledger.liability(tx)]
        assert owed == [(BUDGET, 200, 20), (None, 75, 0)], "its cost is set aside for its funder"
        moves = await ledger.movements(tx, [world.seqs[1]])
        assert [(one.kind, one.points) for one in moves if one.source_kind == "adjustment"] == [
            (TransferKind.ADJUST, -45)
        ]
        told = await tx.fetch_row("SELECT actor_id, reason FROM audit.entry WHERE action = 'points.adjust'")
        assert (told["actor_id"], told["reason"]) == (world.checker.id, "活动补发")
        [asked] = await adjust.adjustments(tx)
        assert asked.state is RequestState.DONE
    with pytest.raises(approvals.ChangeClosed):
        await world.decide(change_id)
    assert (await world.held())[0] == [260, 15], "decided again it is not booked again"
    async with database.begin(other_bank) as tx:
        assert await adjust.adjustments(tx) == []


async def test_a_correction_that_was_refused_moves_nothing(world, database, own_bank):
    before = await world.held()
    change_id = await world.ask((0, 200), (1, -45))
    assert await world.decide(change_id, Verdict.REJECT) is ChangeState.REJECTED
    assert await world.held() == before
    async with database.begin(own_bank) as tx:
        assert [one.state for one in await adjust.adjustments(tx)] == [RequestState.REFUSED]


@pytest.mark.parametrize(
    ("items", "reason", "refusal"),
    [
        ([(0, 10)], " ", ReasonMissing),
        ([], "补发", AdjustmentUnfit),
        ([(0, 0)], "补发", AdjustmentUnfit),
        ([(0, adjust.POINTS_MAX + 1)], "补发", AdjustmentUnfit),
        ([(0, 5), (1, -61)], "补发", AdjustmentUnfit),
    ],
)
async def test_what_cannot_be_corrected_is_not_even_asked_for(world, database, own_bank, items, reason, refusal):
    before = await world.held()
    with pytest.raises(refusal):
        await world.ask(*items, reason=reason)
    assert await world.held() == before
    async with database.begin(own_bank) as tx:
        assert await adjust.adjustments(tx) == []


async def test_who_has_less_by_the_decision_loses_nothing_and_nobody_of_the_request_gains(world):
    change_id = await world.ask((0, 100), (1, -50))
    assert await world.burn(1, 20) is Outcome.POSTED
    before = await world.held()
    with pytest.raises(AdjustmentUnfit):
        await world.decide(change_id)
    assert await world.held() == before == ([60, 40], before[1])


async def test_points_given_by_hand_first_pay_what_is_owed(world, database, own_bank):
    """80 of 60 + 100 points are spent when the 100 are clawed back: the 80 left go, 20 are owed."""
    source = new_id()
    item = Credit(
        seq=world.seqs[0], currency="GOLD", points=100, expires_at=None, source_kind="test", source_id=source, line=0
    )
    async with database.begin(own_bank) as tx:
        await ledger.credit(tx, [item])
    assert await world.burn(0, 80) is Outcome.POSTED
    async with database.begin(own_bank) as tx:
        claw = ClawBack(
            of_source=source, of_line=0, points=100, source_kind="test", source_id=new_id(), line=0, debt=True
        )
        [clawed] = await ledger.claw_back(tx, [claw])
        assert (clawed.taken, clawed.owed) == (80, 20)

    async def owed():
        async with database.begin(own_bank) as tx:
            return await ledger.balance(tx, ledger.debt_account(world.seqs[0], "GOLD"))

    assert ((await world.held())[0], await owed()) == ([0, 60], 20)
    await world.decide(await world.ask((0, 15)))
    assert ((await world.held())[0], await owed()) == ([0, 60], 5)
    await world.decide(await world.ask((0, 30)))
    assert ((await world.held())[0], await owed()) == ([25, 60], 0)


async def test_a_freeze_holds_from_its_decision_to_that_of_its_end(world, database, own_bank):
    change_id = await world.ask_freeze(frozen=True)
    with pytest.raises(FreezeOpen):
        await world.ask_freeze(frozen=True, code="OTHER")
    with pytest.raises(OwnChange):
        await world.decide(change_id, by=world.maker)
    assert await world.burn(0, 1) is Outcome.POSTED, "nothing is frozen yet"
    await world.decide(change_id)
    before = await world.held()
    assert await world.burn(0, 1) is Outcome.FROZEN
    assert await world.held() == before
    assert await world.burn(1, 1) is Outcome.POSTED, "another customer's are free"
    assert await world.burn(0, 1, "OTHER") is Outcome.OVERDRAWN, "another type is empty, not frozen"
    with pytest.raises(FreezeUnfit):
        await world.ask_freeze(frozen=True)
    await world.decide(await world.ask((0, -5)))
    assert (await world.held())[0] == [54, 59], "its owner cannot spend; what two people decide is booked"
    refused = await world.ask_freeze(frozen=False)
    await world.decide(refused, Verdict.REJECT)
    assert await world.burn(0, 1) is Outcome.FROZEN, "its end was refused"
    await world.decide(await world.ask_freeze(frozen=False))
    assert await world.burn(0, 1) is Outcome.POSTED
    async with database.begin(own_bank) as tx:
        told = await tx.fetch("SELECT subject_id, after FROM audit.entry WHERE action = 'points.freeze'")
    assert {row["subject_id"] for row in told} == {str(world.seqs[0])}
    assert sorted(row["after"]["frozen"] for row in told) == [False, True]


async def test_a_freeze_that_was_refused_freezes_nothing(world):
    await world.decide(await world.ask_freeze(frozen=True), Verdict.REJECT)
    assert await world.burn(0, 60) is Outcome.POSTED
