"""Refunds: the price of a delivered order asked back by two people, said yes to by its supplier, moved once."""

from datetime import date, timedelta

import msgspec
import pytest

from huoke.govern import approvals
from huoke.reward import grants, ledger
from huoke.reward.supply import Told
from huoke.settle import fulfilment, reconciliation, statements
from huoke.settle.fulfilment import (
    AskedRefundEnd,
    Call,
    EndVerb,
    NewRefund,
    OrderEnded,
    OrderUnknown,
    RefundEnd,
    RefundEndOpen,
    RefundEndUnfit,
    RefundImpossible,
    sign_call,
)
from huoke.settle.statements import NewStatement
from tests.make import supply as make

COST = 1_280
TODAY = date(2026, 3, 2)
WHY = "客户退货，已与供应商商定"


async def delivered(new_shop, *seqs, **manners):
    """A shop that has delivered."""
    shop = await new_shop(**manners)
    await make.claim(shop, *(seqs or (1,)))
    await shop.carry()
    assert await shop.states() == {"success": len(seqs or (1,))}
    return shop


async def page(shop, order_id=None):
    """An order whole: the one asked for, or the first."""
    chosen = order_id or (await shop.orders())[0].id
    async with shop.begin() as tx:
        return await fulfilment.get_order(tx, shop.buyer, chosen)


async def ask(shop, order_id=None, *, principal=None):
    """The buyer asks for the refund of an order, or of the first."""
    chosen = order_id or (await shop.orders())[0].id
    async with shop.begin(principal or shop.buyer) as tx:
        return await fulfilment.ask_refund(tx, NewRefund(order_id=chosen, reason=WHY), 1)


async def decide(shop, order_id=None, verdict=approvals.Verdict.APPROVE, principal=None):
    refund = (await page(shop, order_id)).refund
    async with shop.begin(principal or shop.approver) as tx:
        change = await approvals.find_change(tx, refund.change_id)
        await approvals.decide(tx, refund.change_id, verdict, "已看过", change.diff_hash)


async def asked(shop, order_id=None):
    """Asked for, approved, carried on once."""
    await ask(shop, order_id)
    await decide(shop, order_id)
    await shop.carry()
    return await page(shop, order_id)


async def payable(shop) -> int:
    key = ledger.AccountKey(ledger.AccountKind.SUPPLIER_PAYABLE, "supplier", str(shop.supplier_id))
    async with shop.begin() as tx:
        return await ledger.balance(tx, key)


async def assert_books(shop, *, prepaid=True) -> None:
    """The ledger, the orders and the supplier's own books say the same, to the fen."""
    done = [row for row in await shop.orders() if row.state == "success"]
    earned = sum(row.amount_fen for row in done)
    assert earned == shop.fake.earned_fen() == await payable(shop)
    theirs = {one.order_no for one in shop.fake.books.values() if one.status == "success"}
    assert {row.number for row in done} == theirs
    if prepaid:
        account = await shop.money()
        assert (account.drawn_fen, account.paid_fen) == (earned, account.balance_fen + earned)
    async with shop.begin() as tx:
        assert await ledger.verify(tx) == []
        assert await grants.verify(tx) == []


async def assert_stands(shop, count=1) -> None:
    """Nothing moved: delivered, drawn, owed."""
    assert await shop.states() == {"success": count}
    assert (await shop.money()).drawn_fen == await payable(shop) == count * COST


async def tell(shop, status, *, refund=None):
    """A callback of the supplier about its one order."""
    async with shop.database.begin_shared() as tx:
        bank = await tx.fetch_value("SELECT code FROM tenants.tenant WHERE id = $1", shop.tenant)
    [order] = shop.fake.books.values()
    body = {**order.wire(status), **({"refund": refund} if refund else {})}
    target, content = f"/v1/supplier-callbacks/{bank}/{shop.fake.code}", msgspec.json.encode(body)
    headers = sign_call(make.KEY, "bank", "POST", target, content, shop.database.clock.machine())
    call = Call(target=target, headers=headers, body=content)
    return await fulfilment.take_callback(shop.database, bank, shop.fake.code, call)


async def contradictions(shop) -> int:
    [row] = await shop.orders()
    async with shop.begin() as tx:
        return await tx.fetch_value(
            "SELECT count(*) FROM kernel.event WHERE name = 'fulfilment.order_contradicted'"
            " AND payload->>'order_id' = $1",
            str(row.id),
        )


async def test_a_refund_that_the_supplier_grants_moves_everything_back_once(new_shop):
    shop = await delivered(new_shop, 1, 2)
    first, second = await shop.orders()
    assert "ask_refund" in first.can
    await ask(shop, first.id)
    await shop.carry()
    assert [one.refund_calls for one in shop.fake.books.values()] == [0, 0], "nobody approved it yet"
    with pytest.raises(approvals.OwnChange):
        await decide(shop, first.id, principal=shop.buyer)
    await assert_stands(shop, 2)
    await decide(shop, first.id)
    await shop.carry()
    found = await page(shop, first.id)
    assert (found.state, found.code, found.drawn_fen, found.refund.state) == ("refunded", "given_back", 0, "success")
    assert [(step.state, step.cause) for step in found.steps][-1] == ("refunded", "refund")
    assert shop.fake.books[first.number].refund_no == found.refund.number
    assert found.can == []
    await shop.carry()
    assert shop.fake.books[first.number].refund_calls == 1
    assert (await page(shop, second.id)).state == "success"
    assert await make.grant_states(shop) == {"used": 2}, "the customers keep what was granted"
    await assert_books(shop)


async def test_a_refund_that_is_not_approved_is_never_asked_for(new_shop):
    shop = await delivered(new_shop)
    await ask(shop)
    await decide(shop, verdict=approvals.Verdict.REJECT)
    await shop.carry()
    found = await page(shop)
    assert (found.refund.state, found.can) == ("declined", ["ask_refund"])
    assert [one.refund_calls for one in shop.fake.books.values()] == [0]
    await assert_stands(shop)


async def test_a_refund_that_is_processed_ends_by_query(new_shop, clock):
    shop = await delivered(new_shop, refund_later=1.0, seconds=3_600)
    found = await asked(shop)
    assert (found.refund.state, found.can) == ("processing", ["ask_again"])
    await assert_stands(shop)
    [theirs] = shop.fake.books.values()
    theirs.give_back()
    await shop.carry()
    await assert_still_processing(shop)
    async with shop.begin(shop.buyer) as tx:
        await fulfilment.ask_again(tx, found.id)
    await shop.carry()
    assert (await page(shop)).state == "refunded"
    assert theirs.refund_calls == 1
    await assert_books(shop)


async def assert_still_processing(shop) -> None:
    assert (await page(shop)).refund.state == "processing", "its turn has not come"


async def test_a_callback_ends_a_refund_and_late_words_change_nothing(new_shop):
    shop = await delivered(new_shop, refund_later=1.0, seconds=3_600)
    await asked(shop)
    [theirs] = shop.fake.books.values()
    stranger = {"refund_no": "01SOMEBODYELSES", "status": "success"}
    assert (await tell(shop, "refunded", refund=stranger)).state == "success", "no refund of ours has this number"
    await assert_stands(shop)
    theirs.give_back()
    assert (await tell(shop, "refunded")).state == "refunded"
    await assert_books(shop)
    before = await shop.money()
    processing = {"refund_no": theirs.refund_no, "status": "processing"}
    for status, refund in (("refunded", None), ("success", processing), ("success", None)):
        assert (await tell(shop, status, refund=refund)).state == "refunded"
    assert await shop.money() == before
    assert await contradictions(shop) == 0
    await assert_books(shop)


@pytest.mark.parametrize("manners", [{"drop": 1.0}, {"broken": 1.0}])
async def test_a_refund_nobody_knows_of_is_asked_after_and_never_asked_for_again(new_shop, clock, manners):
    shop = await delivered(new_shop)
    await ask(shop)
    await decide(shop)
    for name, value in manners.items():
        setattr(shop.fake.manners, name, value)
    for _ in range(4):
        await shop.carry()
        assert (await page(shop)).refund.state == "unknown"
        await assert_stands(shop)
        clock.advance(timedelta(hours=2))
    for name in manners:
        setattr(shop.fake.manners, name, 0.0)
    await shop.carry()
    found, [theirs] = await page(shop), shop.fake.books.values()
    assert (found.state, found.refund.state) == ("refunded", "success")
    assert (theirs.refund_calls, theirs.refund_no) == (1, found.refund.number)
    await assert_books(shop)


async def test_what_was_not_taken_is_asked_for_again_under_the_same_number(new_shop, clock):
    shop = await delivered(new_shop)
    shop.fake.manners.busy = 1.0
    found = await asked(shop)
    assert found.refund.state == "approved"
    await assert_stands(shop)
    shop.fake.manners.busy = 0.0
    clock.advance(timedelta(minutes=10))
    await shop.carry()
    [theirs] = shop.fake.books.values()
    assert (theirs.refund_calls, theirs.refund_no) == (1, found.refund.number)
    await assert_books(shop)


async def test_a_refused_refund_moves_nothing_and_another_may_be_asked_for(new_shop):
    shop = await delivered(new_shop, refund_refuse=1.0)
    found = await asked(shop)
    assert (found.refund.state, found.refund.code, found.refund.answer) == ("refused", "too_late", "已超过可退款期限")
    await assert_stands(shop)
    await make.assert_equal_books(shop)
    shop.fake.manners.refund_refuse = 0.0
    again = await asked(shop)
    assert again.refund.number != found.refund.number
    assert (again.state, again.refund.state) == ("refunded", "success")
    await assert_books(shop)


async def test_while_a_refund_stands_no_other_is_asked_for(new_shop):
    shop = await delivered(new_shop, refund_later=1.0, seconds=3_600)
    await ask(shop)
    for _ in range(2):
        with pytest.raises(fulfilment.RefundStands):
            await ask(shop)
        if (await page(shop)).refund.state == "submitted":
            await decide(shop)
            await shop.carry()
    async with shop.begin() as tx:
        assert (
            await tx.fetch_value("SELECT count(*) FROM fulfilment.refund WHERE supplier_id = $1", shop.supplier_id) == 1
        )
    next(iter(shop.fake.books.values())).give_back()
    await tell(shop, "refunded")
    with pytest.raises(fulfilment.RefundUnfit):
        await ask(shop)


async def test_only_a_delivered_order_is_refunded(new_shop):
    shop = await new_shop(later=1.0, seconds=3_600)
    await make.claim(shop, 1)
    for _ in range(2):
        with pytest.raises(fulfilment.RefundUnfit):
            await ask(shop)
        await shop.carry()
    assert await shop.states() == {"accepted": 1}


async def test_another_bank_has_no_such_order(new_shop, other_bank):
    shop = await delivered(new_shop)
    [row] = await shop.orders()
    async with shop.database.begin(other_bank, shop.buyer.actor) as tx:
        with pytest.raises(OrderUnknown):
            await fulfilment.ask_refund(tx, NewRefund(order_id=row.id, reason=WHY), 1)
    await asked(shop)
    async with shop.database.begin(other_bank) as tx:
        assert await tx.fetch_value("SELECT count(*) FROM fulfilment.refund") == 0
        assert await ledger.verify(tx) == []
    await assert_books(shop)


async def test_a_supplier_that_is_not_prepaid_is_owed_less(new_shop, clock):
    shop = await new_shop(paid_fen=0)
    async with shop.begin(shop.buyer) as tx:
        await make.connect(tx, shop.server, shop.supplier_id, shop.fake.code, prepaid=False)
    await make.claim(shop, 1, 2)
    await shop.carry()
    assert await payable(shop) == 2 * COST
    await asked(shop)
    assert await payable(shop) == COST
    await assert_books(shop, prepaid=False)


async def test_the_statement_of_the_period_carries_the_credit(new_shop, clock):
    shop = await delivered(new_shop, 1, 2)
    await asked(shop)
    clock.advance(timedelta(minutes=1))
    async with shop.begin(shop.buyer) as tx:
        new = NewStatement(supplier_id=shop.supplier_id, since_on=TODAY, until_on=TODAY)
        found = await statements.get(tx, shop.buyer, await statements.create(tx, new))
    [line] = found.lines
    assert (line.redeemed, line.undone, line.quantity, line.amount_fen) == (2, 1, 1, COST)
    assert (found.amount_fen, found.ledger_fen, found.prepaid_fen, found.payable_fen) == (COST, COST, COST, 0)


@pytest.mark.parametrize("returned", ["before", "after"])
async def test_a_grant_that_is_returned_frees_its_cost_and_is_taken_off_once(new_shop, returned):
    shop = await delivered(new_shop)

    async def free() -> int:
        async with shop.begin() as tx:
            [budget] = [one for one in await ledger.find_budgets(tx) if one.id == shop.world.budget_id]
        return budget.committed_fen

    async def give_back() -> None:
        async with shop.begin() as tx:
            assert await grants.return_(tx, shop.grant_ids, "客户退回") == shop.grant_ids

    assert await free() == COST
    if returned == "before":
        await give_back()
        assert (await payable(shop), (await shop.money()).drawn_fen) == (0, COST), "the supplier has its money still"
    await asked(shop)
    if returned == "after":
        assert await free() == COST, "the customer keeps it: the campaign paid for it"
        await give_back()
    assert await free() == 0
    assert await make.grant_states(shop) == {"returned": 1}
    await assert_books(shop)


async def forgotten(new_shop, clock):
    """A refund that went out and never reached its supplier, four days ago: its order is asked after in vain."""
    shop = await delivered(new_shop)
    await ask(shop)
    await decide(shop)
    shop.fake.manners.refund_deaf = 1.0
    await shop.carry()
    shop.fake.manners.refund_deaf = 0.0
    clock.advance(timedelta(hours=71))
    await shop.carry()
    found = await page(shop)
    assert (found.refund.state, found.can) == ("unknown", ["ask_again"])
    with pytest.raises(RefundEndUnfit):
        await ask_end(shop, EndVerb.GIVE_UP)
    clock.advance(timedelta(hours=1))
    assert (await page(shop)).can == ["ask_again", "end_refund"]
    return shop


async def test_the_wait_for_a_supplier_begins_when_it_was_asked_and_not_when_the_bank_wanted_it(new_shop, clock):
    shop = await delivered(new_shop)
    await ask(shop)
    clock.advance(timedelta(hours=100))
    await decide(shop)
    shop.fake.manners.refund_deaf = 1.0
    await shop.carry()
    shop.fake.manners.refund_deaf = 0.0
    clock.advance(timedelta(hours=1))
    await shop.carry()
    found = await page(shop)
    assert (found.refund.state, found.can) == ("unknown", ["ask_again"])
    with pytest.raises(RefundEndUnfit):
        await ask_end(shop, EndVerb.GIVE_UP)
    clock.advance(timedelta(hours=71))
    assert (await page(shop)).can == ["ask_again", "end_refund"]


async def ask_end(shop, verb, *, word="函 2026-031", principal=None):
    found = await page(shop)
    end = RefundEnd(refund_id=found.refund.id, verb=verb, word=word)
    async with shop.begin(principal or shop.buyer) as tx:
        return await fulfilment.ask_end(tx, AskedRefundEnd(end=end, reason="供应商查无此笔退款"))


async def decide_end(shop, verdict=approvals.Verdict.APPROVE, principal=None):
    approvals.register(fulfilment.RefundEndApproval())
    change_id = (await page(shop)).refund.end_change_id
    async with shop.begin(principal or shop.approver) as tx:
        change = await approvals.find_change(tx, change_id)
        await approvals.decide(tx, change_id, verdict, "已看过", change.diff_hash)


async def test_two_people_end_a_refund_that_never_arrived_and_nothing_is_booked(new_shop, clock):
    shop = await forgotten(new_shop, clock)
    with pytest.raises(RefundEndUnfit):
        await ask_end(shop, EndVerb.GIVE_UP, word=" ")
    await ask_end(shop, EndVerb.GIVE_UP)
    with pytest.raises(RefundEndOpen):
        await ask_end(shop, EndVerb.SEND_AGAIN)
    assert (await page(shop)).can == ["ask_again"], "an end waits for its decision"
    with pytest.raises(approvals.OwnChange):
        await decide_end(shop, principal=shop.buyer)
    await decide_end(shop)
    found = await page(shop)
    assert (found.refund.state, found.refund.code, found.refund.answer) == ("refused", "never_arrived", "函 2026-031")
    assert (found.state, found.can) == ("success", ["ask_refund"])
    await shop.carry()
    await assert_stands(shop)
    assert [one.refund_calls for one in shop.fake.books.values()] == [0]
    await assert_books(shop)
    assert (await tell(shop, "refunded")).state == "success"
    assert await contradictions(shop) == 1, "a late word is worked off, not booked"
    await assert_stands(shop)


@pytest.mark.parametrize("knew", [False, True])
async def test_sent_again_it_keeps_its_number_and_is_granted_once(new_shop, clock, knew):
    shop = await forgotten(new_shop, clock)
    number = (await page(shop)).refund.number
    await ask_end(shop, EndVerb.SEND_AGAIN)
    await decide_end(shop)
    if knew:  # the first call came round after all: the second finds it done
        [theirs] = shop.fake.books.values()
        theirs.refund_no, theirs.refund_status = number, "processing"
        theirs.give_back()
    await shop.carry()
    found, [theirs] = await page(shop), shop.fake.books.values()
    assert (found.state, found.refund.state, found.refund.number) == ("refunded", "success", number)
    assert (theirs.refund_no, theirs.refund_calls) == (number, 1)
    await assert_books(shop)


async def test_an_end_that_is_refused_or_comes_too_late_changes_nothing(new_shop, clock, other_bank):
    shop = await forgotten(new_shop, clock)
    await ask_end(shop, EndVerb.GIVE_UP)
    await decide_end(shop, approvals.Verdict.REJECT)
    assert (await page(shop)).can == ["ask_again", "end_refund"]
    await ask_end(shop, EndVerb.GIVE_UP)
    refund_id = (await page(shop)).refund.id
    async with shop.database.begin(other_bank, shop.buyer.actor) as tx:
        end = RefundEnd(refund_id=refund_id, verb=EndVerb.GIVE_UP, word="x")
        with pytest.raises(fulfilment.RefundUnknown):
            await fulfilment.ask_end(tx, AskedRefundEnd(end=end, reason="供应商查无此笔退款"))
    [theirs] = shop.fake.books.values()
    theirs.refund_no, theirs.refund_status = (await page(shop)).refund.number, "processing"
    theirs.give_back()
    await tell(shop, "refunded")
    with pytest.raises((approvals.Stale, approvals.CheckFailed, RefundEndUnfit)):
        await decide_end(shop)
    assert (await page(shop)).refund.state == "success"
    await assert_books(shop)


@pytest.mark.parametrize("adapter", ["core_file", "by_file"])
async def test_a_supplier_without_such_a_call_is_settled_with_by_its_file(new_shop, adapter):
    shop = await delivered(new_shop)
    async with shop.begin() as tx:
        await tx.execute("UPDATE supply.connection SET adapter = $2 WHERE supplier_id = $1", shop.supplier_id, adapter)
    assert (await page(shop)).can == []
    with pytest.raises(RefundImpossible, match="day file"):
        await ask(shop)
    await assert_stands(shop)


async def test_a_day_file_ends_a_refund_and_cannot_undo_one(new_shop, clock):
    shop = await delivered(new_shop, refund_later=1.0, seconds=3_600)
    before = shop.fake.day_file(TODAY)
    await asked(shop)
    next(iter(shop.fake.books.values())).give_back()
    clock.advance(timedelta(days=1))
    await bring(shop, shop.fake.day_file(TODAY))
    assert (await page(shop)).state == "refunded"
    assert await differences(shop) == []
    await assert_books(shop)
    await bring(shop, before)
    [found] = await differences(shop)
    assert (found.kind, found.ours, found.theirs) == ("state_differs", "refunded", "success")
    async with shop.begin(shop.buyer) as tx:
        await reconciliation.resolve(tx, found.id, reconciliation.Resolution.ACCEPT_THEIRS, "供应商说已交付")
    with pytest.raises(OrderEnded):
        async with shop.begin(shop.approver) as tx:
            await reconciliation.confirm(tx, found.id)
    await assert_books(shop)


async def bring(shop, content) -> None:
    await reconciliation.bring(shop.database, shop.tenant, shop.buyer.actor, shop.supplier_id, TODAY, content)


async def differences(shop):
    async with shop.begin() as tx:
        return await reconciliation.find_differences(
            tx, shop.buyer, supplier_id=shop.supplier_id, states=[reconciliation.DifferenceState.OPEN]
        )


async def test_a_refund_that_nobody_asked_for_is_told_to_the_log_and_moves_nothing(new_shop):
    shop = await delivered(new_shop)
    assert (await tell(shop, "refunded")).state == "success"
    assert await contradictions(shop) == 1
    await assert_stands(shop)


async def test_a_refund_a_dead_worker_left_is_asked_after(new_shop, clock):
    shop = await delivered(new_shop)
    await ask(shop)
    await decide(shop)
    [theirs] = shop.fake.books.values()
    async with shop.begin() as tx:
        await tx.execute(
            "UPDATE fulfilment.refund SET state = 'sent', due_at = $2 WHERE supplier_id = $1", shop.supplier_id, tx.now
        )
    await shop.carry()
    assert ((await page(shop)).refund.state, theirs.refund_calls) == ("unknown", 0)
    theirs.refund_no = (await page(shop)).refund.number
    theirs.give_back()
    clock.advance(timedelta(hours=2))
    await shop.carry()
    assert ((await page(shop)).state, theirs.refund_calls) == ("refunded", 0)
    await assert_books(shop)


async def test_an_order_that_was_turned_round_meanwhile_is_not_asked_for(new_shop):
    shop = await delivered(new_shop)
    await ask(shop)
    await decide(shop)
    [row] = await shop.orders()
    async with shop.begin(shop.buyer) as tx:
        await fulfilment.correct(tx, row.id, Told.FAILED, "对账更正")
    await shop.carry()
    found, [theirs] = await page(shop), shop.fake.books.values()
    assert (found.refund.state, found.refund.code, theirs.refund_calls) == ("refused", "order_changed", 0)
