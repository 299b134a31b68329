"""Codes, the counter, undoing, what suppliers are owed."""

from datetime import timedelta
from uuid import UUID

import pytest

from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Refusal
from huoke.reward import grants, ledger
from huoke.reward.grants import Redemption, State
from tests.make import grants as make
from tests.make import ledger as make_ledger

SUPPLIER = UUID(int=1_007)


def owed(supplier: UUID) -> ledger.AccountKey:
    return ledger.AccountKey(ledger.AccountKind.SUPPLIER_PAYABLE, "supplier", str(supplier))


async def claimed(tx, seq: int, **changes) -> tuple[make.World, UUID]:
    world = await make.world(tx, **changes)
    [answer] = await make.claim_all(tx, make.claim(world.offer.id, seq))
    return world, answer.grant_id


async def redeem(tx, code: str = "", grant_id: UUID | None = None, request_no: str | None = None, teller: str = "t-1"):
    item = Redemption(request_no=request_no or new_id().hex, code=code, grant_id=grant_id)
    return (await grants.redeem(tx, [item], teller=teller, unit_id=2))[0]


async def test_a_code_is_redeemed_once_and_its_supplier_owed(database, bank):
    async with database.begin(bank) as tx:
        world, grant_id = await claimed(tx, 1, supplier_id=SUPPLIER)
        code = await grants.redemption_code(tx, grant_id, 1)
        assert (len(code.code), code.qr) == (12, f"HUOKE:R:{code.code}")
        [item] = await grants.look_up(tx, [code.qr], teller="t-1")
        assert (item.id, item.title) == (grant_id, "咖啡券")
        done = await redeem(tx, code.code, request_no="r-1")
        assert (done.grant_id, done.exists) == (grant_id, False)
        assert (await grants.get_grant(tx, grant_id)).state is State.USED
        assert await make.pool_numbers(tx, world.pool_id) == (100, 99, 0, 1, 0)
        assert await make_ledger.budget_numbers(tx, world.budget_id) == (1_000_000, 998_720, 0, 1_280)
        assert await ledger.balance(tx, owed(SUPPLIER)) == 1_280
        again = await redeem(tx, code.code, request_no="r-1")
        assert (again.redemption_id, again.exists) == (done.redemption_id, True)
        assert (await redeem(tx, code.code)).code == "grants.unknown_code"
        assert (await redeem(tx, grant_id=grant_id)).code == "grants.wrong_state"
        assert (await redeem(tx, "999999999999", request_no="r-1")).code == "request.reused"
        assert await ledger.balance(tx, owed(SUPPLIER)) == 1_280
        await make.assert_sound(tx)


async def test_an_undo_within_ten_minutes_takes_everything_back(database, bank, clock):
    supplier = new_id()
    async with database.begin(bank) as tx:
        world, grant_id = await claimed(tx, 2, supplier_id=supplier)
        first = await redeem(tx, grant_id=grant_id)
        before = (await grants.wallet(tx, 2))[0]
    clock.advance(timedelta(minutes=10))
    async with database.begin(bank) as tx:
        assert before.state is State.USED
        assert (
            await grants.undo_redeem(tx, first.redemption_id, teller="t-1", units=frozenset(), reason="扫错")
            == grant_id
        )
        assert (
            await grants.undo_redeem(tx, first.redemption_id, teller="t-1", units=frozenset(), reason="扫错")
            == grant_id
        )
        [item] = await grants.wallet(tx, 2)
        assert (item.state, item.expires_at) == (State.FULFILLED, item.claimed_at + timedelta(days=15))
        assert await make.pool_numbers(tx, world.pool_id) == (100, 99, 1, 0, 0)
        assert await make_ledger.budget_numbers(tx, world.budget_id) == (1_000_000, 998_720, 1_280, 0)
        assert await ledger.balance(tx, owed(supplier)) == 0
        second = await redeem(tx, grant_id=grant_id)
        assert second.redemption_id != first.redemption_id
        assert await ledger.balance(tx, owed(supplier)) == 1_280
        await make.assert_sound(tx)


@pytest.mark.parametrize(
    ("later", "teller", "units", "reason", "code"),
    [
        (601, "t-1", frozenset(), "扫错", "grants.undo_too_late"),
        (0, "t-2", frozenset(), "扫错", "grants.undo_not_yours"),
        (0, "t-2", frozenset({3}), "扫错", "grants.undo_not_yours"),
        (0, "t-1", frozenset(), "  ", "grants.reason_missing"),
    ],
)
async def test_an_undo_is_refused_and_nothing_moves(database, bank, clock, later, teller, units, reason, code):
    supplier = new_id()
    async with database.begin(bank) as tx:
        _, grant_id = await claimed(tx, 3, supplier_id=supplier)
        done = await redeem(tx, grant_id=grant_id)
    clock.advance(timedelta(seconds=later))
    async with database.begin(bank) as tx:
        with pytest.raises(Refusal) as refused:
            await grants.undo_redeem(tx, done.redemption_id, teller=teller, units=units, reason=reason)
        assert refused.value.code == code
        assert (await grants.get_grant(tx, grant_id)).state is State.USED
        assert await ledger.balance(tx, owed(supplier)) == 1_280


async def test_somebody_in_charge_of_the_unit_may_undo(database, bank):
    async with database.begin(bank) as tx:
        _, grant_id = await claimed(tx, 4)
        done = await redeem(tx, grant_id=grant_id)
        assert await grants.undo_redeem(tx, done.redemption_id, teller="m-1", units=frozenset({2}), reason="客户要求")
        wanted = grants.RedemptionQuery(teller="t-1", begin=tx.now, end=tx.now + timedelta(seconds=1))
        [row] = await grants.find_redemptions(tx, wanted, limit=1)
        assert (row.undone_by, row.reason) == ("m-1", "客户要求")
        told = await tx.fetch_row(
            "SELECT action, reason FROM audit.entry WHERE subject_id = $1", str(done.redemption_id)
        )
        assert tuple(told) == ("grants.undo_redeem", "客户要求")


async def test_a_new_code_replaces_the_old_one_after_five_seconds(database, bank, clock):
    async with database.begin(bank) as tx:
        _, grant_id = await claimed(tx, 5)
        old = await grants.redemption_code(tx, grant_id, 5)
        new = await grants.redemption_code(tx, grant_id, 5)
        assert [type(item).__name__ for item in await grants.look_up(tx, [old.code, new.code], teller="t-5")] == (
            ["FoundCode", "FoundCode"]
        )
    clock.advance(timedelta(seconds=5))
    async with database.begin(bank) as tx:
        assert [type(item).__name__ for item in await grants.look_up(tx, [old.code, new.code], teller="t-5")] == (
            ["UnknownCode", "FoundCode"]
        )
    clock.advance(timedelta(seconds=55))
    async with database.begin(bank) as tx:
        assert (await redeem(tx, new.code)).code == "grants.unknown_code"


async def test_codes_are_not_stored_readable_and_only_their_customer_gets_one(database, bank):
    async with database.begin(bank) as tx:
        _, grant_id = await claimed(tx, 6)
        code = await grants.redemption_code(tx, grant_id, 6)
        row = await tx.fetch_row("SELECT * FROM grants.code WHERE grant_id = $1", grant_id)
        assert code.code not in repr(dict(row))
        with pytest.raises(grants.UnknownGrant):
            await grants.redemption_code(tx, grant_id, 7)
        await redeem(tx, code.code)
        with pytest.raises(grants.WrongState):
            await grants.redemption_code(tx, grant_id, 6)


async def test_ten_wrong_codes_stop_a_teller_for_five_minutes_and_nobody_else(database, bank, clock):
    async with database.begin(bank) as tx:
        for _ in range(5):
            await grants.look_up(tx, ["000000000000", "123"], teller="guesser")
        with pytest.raises(grants.TooManyGuesses) as refused:
            await grants.look_up(tx, ["000000000001"], teller="guesser")
        assert refused.value.data == {"retry_after_seconds": 300}
        with pytest.raises(grants.TooManyGuesses):
            await redeem(tx, "000000000001", teller="guesser")
        assert (await redeem(tx, "000000000001", teller="another")).code == "grants.unknown_code"
    clock.advance(timedelta(minutes=5))
    async with database.begin(bank) as tx:
        assert (await redeem(tx, "000000000001", teller="guesser")).code == "grants.unknown_code"


async def test_an_expired_voucher_and_a_foreign_one_are_refused(database, bank, other_bank, clock):
    async with database.begin(bank) as tx:
        _, grant_id = await claimed(tx, 8)
        code = await grants.redemption_code(tx, grant_id, 8)
    async with database.begin(other_bank) as tx:
        assert (await redeem(tx, code.code)).code == "grants.unknown_code"
        assert (await redeem(tx, grant_id=grant_id)).code == "grants.unknown_code"
    clock.advance(timedelta(days=15))
    async with database.begin(bank) as tx:
        refused = await redeem(tx, grant_id=grant_id)
        assert refused.code == "grants.expired"
        assert (await grants.get_grant(tx, grant_id)).state is State.FULFILLED


async def test_the_same_voucher_twice_in_one_request_is_redeemed_once(database, bank):
    async with database.begin(bank) as tx:
        _, grant_id = await claimed(tx, 9)
        items = [Redemption(request_no=number, grant_id=grant_id) for number in ("x", "x", "y")]
        answers = await grants.redeem(tx, items, teller="t-1", unit_id=2)
        assert (answers[1].redemption_id, answers[1].exists) == (answers[0].redemption_id, True)
        assert answers[2].code == "grants.wrong_state"
        await make.assert_sound(tx)


async def test_settled_lines_equal_the_ledger_to_the_fen(database, bank, clock):
    supplier = new_id()
    async with database.begin(bank) as tx:
        world = await make.world(tx, supplier_id=supplier)
        answers = await make.claim_all(tx, *(make.claim(world.offer.id, seq) for seq in range(20, 26)))
        begin = tx.now
        done = [await redeem(tx, grant_id=answer.grant_id) for answer in answers[:4]]
    clock.advance(timedelta(minutes=5))
    async with database.begin(bank) as tx:
        await grants.undo_redeem(tx, done[0].redemption_id, teller="t-1", units=frozenset(), reason="扫错")
        await grants.return_(tx, [answers[1].grant_id], "客户退货")
        lines = await grants.settled_lines(tx, supplier, begin, tx.now + timedelta(seconds=1))
        assert [(line.redeemed, line.undone, line.unit_cost_fen) for line in lines] == [(4, 2, 1_280)]
        assert sum(line.amount_fen for line in lines) == await ledger.balance(tx, owed(supplier)) == 2_560
        first = await grants.settled_lines(tx, supplier, begin, tx.now)
        assert [(line.redeemed, line.undone) for line in first] == [(4, 0)]
        later = await grants.settled_lines(tx, supplier, tx.now, tx.now + timedelta(seconds=1))
        assert [(line.redeemed, line.undone, line.amount_fen) for line in later] == [(0, 2, -2_560)]
        await make.assert_sound(tx)
