"""Accepted differences on statements: what a supplier is owed is what it charges, in the period it was accepted in."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pytest

from huoke.kernel.clock import CHINA
from huoke.reward import ledger
from huoke.settle import fulfilment, reconciliation, statements
from huoke.settle.reconciliation import DifferenceKind, Resolution, catch_up
from huoke.settle.statements import ExportFormat, NewStatement
from tests.make import supply as make
from tests.settle.reconciliation.test_day_files import bring, confirm, differences, resolve

COST = 1_280
TODAY = date(2026, 3, 2)


async def accept(shop, second):
    """Every difference that stands goes the supplier's way."""
    for one in await differences(shop, states=[reconciliation.DifferenceState.OPEN]):
        await resolve(shop, one, Resolution.ACCEPT_THEIRS)
        await confirm(shop, one, second)


async def state(shop, clock):
    """A statement of all that is not on one yet."""
    clock.advance(timedelta(minutes=1))
    until_on = clock.now().astimezone(CHINA).date()
    async with shop.begin(shop.buyer) as tx:
        new = NewStatement(supplier_id=shop.supplier_id, since_on=TODAY, until_on=until_on)
        statement_id = await statements.create(tx, new)
    return await get(shop, statement_id)


async def get(shop, statement_id):
    async with shop.begin() as tx:
        return await statements.get(tx, shop.buyer, statement_id)


async def owed(shop):
    """What the ledger owes the supplier, of all time."""
    key = ledger.AccountKey(ledger.AccountKind.SUPPLIER_PAYABLE, "supplier", str(shop.supplier_id))
    async with shop.begin() as tx:
        assert await ledger.verify(tx) == []
        return await ledger.balance(tx, key)


async def next_file(shop, clock, **amounts):
    """The day's file, some orders of which say another amount or status now."""
    for number, told in amounts.items():
        order = shop.fake.books[number]
        if isinstance(told, int):
            order.amount_fen = told
        else:
            order.status = told
    clock.advance(timedelta(minutes=1))
    return await bring(shop)


async def unpaid_shop(new_shop):
    """A supplier that is not paid ahead."""
    shop = await new_shop(paid_fen=0)
    async with shop.begin(shop.buyer) as tx:
        await make.connect(tx, shop.server, shop.supplier_id, shop.fake.code, prepaid=False)
    return shop


async def test_what_was_drawn_for_differences_is_owed_on_lines_of_their_own(new_shop, clock, second):
    shop = await new_shop()
    await make.claim(shop, *range(1, 5))
    await shop.carry()
    dearer, failed, missing, _ = list(shop.fake.books)
    shop.fake.books[dearer].amount_fen += 20
    shop.fake.books[failed].status = "failed"
    del shop.fake.books[missing]
    shop.fake.place({"order_no": "STRANGER", "sku_code": "X", "amount_fen": 500, "ordered_on": TODAY.isoformat()})
    clock.advance(timedelta(days=1))
    await bring(shop)
    await accept(shop, second)
    found = await state(shop, clock)
    told = {(line.number, line.amount_fen, line.sku_id is not None) for line in found.lines if line.difference_id}
    assert told == {(dearer, 20, True), ("STRANGER", 500, False)}
    assert all(line.on_day == TODAY for line in found.lines if line.difference_id)
    assert found.amount_fen == found.ledger_fen == found.prepaid_fen == shop.fake.earned_fen() == 2 * COST + 520
    assert (found.payable_fen, found.quantity) == (0, 2)


async def test_a_supplier_that_is_not_paid_ahead_is_owed_them_and_gives_them_back(new_shop, clock, second):
    shop = await unpaid_shop(new_shop)
    await make.claim(shop, 1, 2)
    await shop.carry()
    dearer, cheaper = list(shop.fake.books)
    clock.advance(timedelta(days=1))
    file = await next_file(shop, clock, **{dearer: COST + 20, cheaper: COST - 50})
    await accept(shop, second)
    found = await state(shop, clock)
    assert {line.number: line.amount_fen for line in found.lines if line.difference_id} == {dearer: 20, cheaper: -50}
    assert found.amount_fen == found.ledger_fen == found.payable_fen == await owed(shop) == shop.fake.earned_fen()
    async with shop.begin() as tx:
        worked = await reconciliation.get_file(tx, file.id)
    assert worked.ours_fen == worked.theirs_fen == worked.ledger_fen == 2 * COST - 30


async def test_a_difference_accepted_later_goes_on_the_next_statement(new_shop, clock, second):
    shop = await unpaid_shop(new_shop)
    await make.claim(shop, 1, 2)
    await shop.carry()
    [dearer, failed] = list(shop.fake.books)
    clock.advance(timedelta(days=1))
    first = await state(shop, clock)
    async with shop.begin(second) as tx:
        await statements.confirm(tx, first.id)
        await statements.pay(tx, first.id, "TRANSFER-1")
    before = await get(shop, first.id)
    await next_file(shop, clock, **{dearer: COST + 20})
    await accept(shop, second)
    draft = await state(shop, clock)
    await next_file(shop, clock, **{failed: "failed"})
    await accept(shop, second)
    async with shop.begin(shop.buyer) as tx:
        await statements.reverse(tx, draft.id, "供应商要求重出")
    again = await state(shop, clock)
    assert await get(shop, first.id) == before
    assert (before.amount_fen, before.ledger_fen) == (2 * COST, 2 * COST)
    assert (draft.amount_fen, again.amount_fen) == (20, 20 - COST)
    assert before.amount_fen + again.amount_fen == await owed(shop) == shop.fake.earned_fen()
    with pytest.raises(statements.NothingOwed):
        await state(shop, clock)


@pytest.mark.parametrize("prepaid", [True, False])
async def test_a_file_that_changes_its_mind_is_followed_and_nothing_is_booked_twice(new_shop, clock, second, prepaid):
    shop = await (new_shop() if prepaid else unpaid_shop(new_shop))
    await make.claim(shop, 1)
    await shop.carry()
    [number] = shop.fake.books
    shop.fake.place({"order_no": "STRANGER", "sku_code": "X", "amount_fen": 500, "ordered_on": TODAY.isoformat()})
    clock.advance(timedelta(days=1))
    for ours, theirs in ((COST + 20, 500), (COST + 30, 600), ("failed", 600), ("success", 0), (COST, 700)):
        file = await next_file(shop, clock, **{number: ours, "STRANGER": theirs})
        await accept(shop, second)
        file = await next_file(shop, clock)
        assert (file.differences_open, file.ours_fen, file.ledger_fen) == (0, file.theirs_fen, file.theirs_fen)
        assert await owed(shop) == shop.fake.earned_fen() == file.theirs_fen
    if prepaid:
        assert (await shop.money()).drawn_fen == shop.fake.earned_fen()
    del shop.fake.books["STRANGER"]
    await next_file(shop, clock)
    [gone] = await differences(shop, states=[reconciliation.DifferenceState.OPEN])
    assert (gone.kind, gone.order_id, gone.moves_fen) == (DifferenceKind.ONLY_OURS, None, -700)
    await accept(shop, second)
    found = await state(shop, clock)
    assert found.amount_fen == found.ledger_fen == await owed(shop) == COST


async def paid_ahead(shop, prepaid):
    async with shop.begin(shop.buyer) as tx:
        await make.connect(tx, shop.server, shop.supplier_id, shop.fake.code, prepaid=prepaid)


async def test_changes_of_whether_one_pays_ahead_around_a_difference_leave_all_of_it_drawn(new_shop, clock, second):
    shop = await new_shop()
    await make.claim(shop, 1)
    await shop.carry()
    [number] = shop.fake.books
    clock.advance(timedelta(days=1))

    async def told(fen, *, prepaid):
        await paid_ahead(shop, prepaid)
        await next_file(shop, clock, **{number: fen})
        await accept(shop, second)
        file = await next_file(shop, clock)
        assert (file.differences_open, file.ours_fen, file.ledger_fen) == (0, fen, fen)
        assert await owed(shop) == fen
        async with shop.begin() as tx:
            return await ledger.balance(tx, fulfilment.drawn_of(shop.supplier_id))

    assert await told(COST + 20, prepaid=True) == COST + 20
    assert await told(COST + 50, prepaid=False) == COST + 20
    assert await told(COST + 45, prepaid=False) == COST + 15, "what was drawn comes back whatever holds now"
    assert await told(COST + 5, prepaid=False) == COST + 15, "more than was drawn cannot"
    assert await told(COST + 60, prepaid=True) == COST + 60
    assert await told(COST + 10, prepaid=False) == COST + 10
    assert await told(COST + 90, prepaid=False) == COST + 10
    await paid_ahead(shop, True)
    async with shop.begin() as tx:
        assert await catch_up.draw_missing(tx, shop.supplier_id) == 1
        assert await catch_up.draw_missing(tx, shop.supplier_id) == 0
    file = await next_file(shop, clock)
    assert (file.ours_fen, file.ledger_fen, (await shop.money()).drawn_fen) == (COST + 90,) * 3


async def test_what_the_prepayment_does_not_cover_is_drawn_once_it_is_paid(new_shop, clock, second):
    shop = await unpaid_shop(new_shop)
    shop.fake.place({"order_no": "STRANGER", "sku_code": "X", "amount_fen": 500, "ordered_on": TODAY.isoformat()})
    clock.advance(timedelta(days=1))
    await next_file(shop, clock)
    await accept(shop, second)
    await paid_ahead(shop, True)
    async with shop.begin() as tx:
        assert await catch_up.draw_missing(tx, shop.supplier_id) == 0
    assert (await shop.money()).drawn_fen == 0
    await make.pay(shop, 700)
    async with shop.begin() as tx:
        assert await catch_up.draw_missing(tx, shop.supplier_id) == 1
    money = await shop.money()
    assert (money.drawn_fen, money.balance_fen) == (500, 200)


async def as_0069_left_it(owner, shop, monkeypatch, work):
    """Work differences as was done before they were owed, and mark them as the migration does."""
    real = fulfilment.adjust

    async def draws_only(tx, supplier_id, *, drawn, owed):
        del owed
        await real(tx, supplier_id, drawn=drawn, owed={})

    with monkeypatch.context() as patched:
        patched.setattr(fulfilment, "adjust", draws_only)
        await work()
    statements_of = Path("migrations/versions/0072_differences_drawn.sql").read_text().splitlines()
    [marks] = [line for line in statements_of if "SET owed = false" in line]
    async with owner.pool.acquire() as connection:
        await connection.execute(marks)


async def test_what_was_accepted_before_it_was_owed_is_owed_once(new_shop, clock, second, owner, monkeypatch):
    shop, other = await new_shop(), await unpaid_shop(new_shop)
    await make.claim(shop, 1, 2)
    await shop.carry()
    twice, once = list(shop.fake.books)
    for one in (shop, other):
        one.fake.place({"order_no": "STRANGER", "sku_code": "X", "amount_fen": 500, "ordered_on": TODAY.isoformat()})
    clock.advance(timedelta(days=1))

    async def work():
        await next_file(shop, clock, **{twice: COST + 20, once: COST + 7})
        await accept(shop, second)
        await next_file(shop, clock, **{twice: COST + 30})
        await accept(shop, second)
        await next_file(other, clock)
        await accept(other, second)

    await as_0069_left_it(owner, shop, monkeypatch, work)
    await next_file(shop, clock, **{once: COST + 9})
    await accept(shop, second)
    assert (await owed(shop), await owed(other)) == (2 * COST + 9, 0)
    async with shop.begin() as tx:
        assert await catch_up.owe_earlier(tx) == 5
        assert await catch_up.owe_earlier(tx) == 0
        noted = await tx.fetch(
            "SELECT after->>'number' AS number, (after->>'amount_fen')::int AS fen FROM audit.entry"
            " WHERE action = 'reconciliation.owe' ORDER BY 2, 1"
        )
    booked = sorted((row["fen"], row["number"] in {twice, once}) for row in noted)
    assert booked == [(0, True), (30, True), (500, False), (500, False)]
    for one in (shop, other):
        found = await state(one, clock)
        assert found.amount_fen == found.ledger_fen == await owed(one) == one.fake.earned_fen()


async def test_an_order_refunded_before_that_was_delivered_is_owed(new_shop, clock, second):
    shop = await new_shop(fail=1.0)
    await make.claim(shop, 1)
    await shop.carry()
    [number] = shop.fake.books
    clock.advance(timedelta(days=1))
    await next_file(shop, clock, **{number: "success"})
    await accept(shop, second)
    found = await state(shop, clock)
    [line] = found.lines
    assert (line.number, line.amount_fen, line.title) == (number, COST, (await shop.orders())[0].title)
    assert (found.amount_fen, found.prepaid_fen, found.quantity) == (COST, COST, 0)
    await next_file(shop, clock, **{number: "failed"})
    await accept(shop, second)
    later = await state(shop, clock)
    assert (later.amount_fen, later.prepaid_fen, await owed(shop)) == (-COST, -COST, 0)


async def test_a_difference_of_what_is_no_more_is_refused_and_nothing_moves(new_shop, clock, second):
    shop = await new_shop()
    await make.claim(shop, 1)
    await shop.carry()
    [number] = shop.fake.books
    clock.advance(timedelta(days=1))
    await next_file(shop, clock, **{number: COST + 20})
    [one] = await differences(shop)
    await resolve(shop, one, Resolution.ACCEPT_THEIRS)
    async with shop.begin() as tx:
        await tx.execute("UPDATE reconciliation.difference SET ours_fen = ours_fen - 1 WHERE id = $1", one.id)
    with pytest.raises(reconciliation.MovedSince):
        await confirm(shop, one, second)
    assert (await shop.money()).drawn_fen == await owed(shop) == COST


async def test_files_of_a_statement_say_what_a_line_of_a_difference_is(new_shop, clock, second):
    shop = await unpaid_shop(new_shop)
    await make.claim(shop, 1)
    await shop.carry()
    shop.fake.place({"order_no": "STRANGER", "sku_code": "X", "amount_fen": 500, "ordered_on": TODAY.isoformat()})
    clock.advance(timedelta(days=1))
    await next_file(shop, clock)
    await accept(shop, second)
    found = await state(shop, clock)
    for lang, says in (("zh", f"对账差异 {TODAY} · 订单 STRANGER"), ("en", f"Difference of {TODAY}, order STRANGER")):
        content = statements.export(found, ExportFormat.CSV, lang).content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(content)))
        assert [row[-2:] for row in rows if len(row) > 1 and row[1] == says] == [["", "5.00"]]
        assert [row[-1] for row in rows[-3:]] == ["17.80", "0.00", "17.80"]
