"""Day files: read whole or not at all, unknowns ended by them, planted differences found and worked to zero."""

from datetime import date, timedelta

import pytest

from huoke.kernel.refusals import Invalid
from huoke.reward import ledger
from huoke.settle import fulfilment, reconciliation
from huoke.settle.reconciliation import DifferenceKind, DifferenceState, Resolution
from tests.make import supply as make

COST = 1_280
TODAY = date(2026, 3, 2)


async def bring(shop, content=None, on=TODAY):
    file = shop.fake.day_file(on) if content is None else content
    file_id = await reconciliation.bring(shop.database, shop.tenant, shop.buyer.actor, shop.supplier_id, on, file)
    async with shop.begin() as tx:
        return await reconciliation.get_file(tx, file_id)


async def differences(shop, principal=None, **filters):
    async with shop.begin() as tx:
        return await reconciliation.find_differences(
            tx, principal or shop.buyer, supplier_id=shop.supplier_id, **filters
        )


async def resolve(shop, one, resolution, reason="已与供应商核对"):
    async with shop.begin(shop.buyer) as tx:
        await reconciliation.resolve(tx, one.id, resolution, reason)


async def confirm(shop, one, who):
    async with shop.begin(who) as tx:
        await reconciliation.confirm(tx, one.id)


@pytest.fixture
async def next_day(clock):
    return lambda: clock.advance(timedelta(days=1))


async def test_a_clean_day_agrees_three_ways(new_shop, next_day):
    shop = await new_shop()
    await make.claim(shop, 1, 2, 3)
    await shop.carry()
    next_day()
    file = await bring(shop)
    assert (file.rows, file.ours, file.theirs, file.matched, file.differences) == (3, 3, 3, 3, 0)
    assert file.ours_fen == file.theirs_fen == file.ledger_fen == 3 * COST
    assert (await bring(shop)).id == file.id


async def test_a_supplier_that_is_not_paid_ahead_agrees_with_what_it_is_owed(new_shop, next_day, second):
    shop = await new_shop(paid_fen=0)
    async with shop.begin(shop.buyer) as tx:
        await make.connect(tx, shop.server, shop.supplier_id, shop.fake.code, prepaid=False)
    await make.claim(shop, 1, 2)
    await shop.carry()
    next_day()
    file = await bring(shop)
    assert (file.prepaid, file.ours_fen, file.theirs_fen, file.ledger_fen) == (False, 2 * COST, 2 * COST, 2 * COST)
    [failed, _] = shop.fake.books.values()
    failed.status = "failed"
    file = await bring(shop)
    assert (file.ours_fen, file.theirs_fen, file.ledger_fen) == (2 * COST, COST, 2 * COST)
    [one] = await differences(shop)
    await resolve(shop, one, Resolution.ACCEPT_THEIRS)
    await confirm(shop, one, second)
    async with shop.begin() as tx:
        worked = await reconciliation.get_file(tx, file.id)
    assert (worked.ours_fen, worked.theirs_fen, worked.ledger_fen, worked.differences_open) == (COST, COST, COST, 0)


async def test_unknown_orders_end_as_the_file_says(new_shop, next_day):
    shop = await new_shop(drop=1.0)
    await make.claim(shop, 1, 2, 3)
    await shop.carry()
    assert await shop.states() == {"unknown": 3}
    there, failed, gone = list(shop.fake.books)
    shop.fake.books[failed].status = "failed"
    del shop.fake.books[gone]
    next_day()
    file = await bring(shop)
    assert (file.resolved, file.differences) == (3, 0)
    states = {row.number: (row.state.value, row.code) for row in await shop.orders()}
    assert states == {
        there: ("success", ""),
        failed: ("refunded", "day_file"),
        gone: ("refunded", "not_at_supplier"),
    }
    await make.assert_equal_books(shop)


async def test_every_planted_difference_is_found_and_worked_to_zero(new_shop, next_day, second):
    shop = await new_shop()
    await make.claim(shop, *range(1, 6))
    await shop.carry()
    good, dearer, failed, missing, _ = list(shop.fake.books)
    shop.fake.books[dearer].amount_fen += 20
    shop.fake.books[failed].status = "failed"
    del shop.fake.books[missing]
    stranger = shop.fake.place(
        {"order_no": "STRANGER", "sku_code": "X", "amount_fen": 500, "ordered_on": TODAY.isoformat()}
    )
    assert stranger is not None
    next_day()
    file = await bring(shop)
    assert (file.differences, file.differences_open, file.matched) == (4, 4, 2)
    found = {one.number: one for one in await differences(shop)}
    assert {number: (one.kind.value, one.moves_fen) for number, one in found.items()} == {
        dearer: ("amount_differs", 20),
        failed: ("state_differs", -COST),
        missing: ("only_ours", -COST),
        "STRANGER": ("only_theirs", 500),
    }
    assert good not in found
    for one in found.values():
        await resolve(shop, one, Resolution.ACCEPT_THEIRS)
        with pytest.raises(reconciliation.SecondPersonNeeded):
            await confirm(shop, one, shop.buyer)
    before = (await shop.money()).drawn_fen
    for one in found.values():
        await confirm(shop, one, second)
    assert before == 5 * COST
    assert (await shop.money()).drawn_fen == 5 * COST + 20 - 2 * COST + 500 == shop.fake.earned_fen()
    assert await differences(shop, states=[DifferenceState.OPEN, DifferenceState.PROPOSED]) == []
    async with shop.begin() as tx:
        worked = await reconciliation.get_file(tx, file.id)
    assert worked.ours_fen == worked.theirs_fen == worked.ledger_fen == 3 * COST + 520
    again = await bring(shop, shop.fake.day_file(TODAY))
    assert (again.differences_open, again.ledger_fen, again.theirs_fen) == (0, 3 * COST + 520, 3 * COST + 520)
    async with shop.begin() as tx:
        assert await ledger.verify(tx) == []


async def test_a_file_that_is_wrong_by_a_fen_is_found_and_money_is_equal_once_two_people_settled_it(
    new_shop, next_day, second
):
    shop = await new_shop(twice=1.0, reorder=1.0)
    await make.claim(shop, *range(1, 11))
    await shop.carry()
    [*_, dearer] = list(shop.fake.books)
    shop.fake.books[dearer].amount_fen += 1
    next_day()
    file = await bring(shop)
    assert (file.theirs_fen - file.ledger_fen, file.matched, file.differences_open) == (1, 9, 1)
    [one] = await differences(shop)
    assert (one.number, one.kind, one.moves_fen) == (dearer, DifferenceKind.AMOUNT_DIFFERS, 1)
    await resolve(shop, one, Resolution.ACCEPT_THEIRS)
    await confirm(shop, one, second)
    assert (await shop.money()).drawn_fen == 10 * COST + 1 == shop.fake.earned_fen()
    async with shop.begin() as tx:
        assert await ledger.verify(tx) == []


async def test_standing_by_ours_moves_nothing(new_shop, next_day):
    shop = await new_shop()
    await make.claim(shop, 1)
    await shop.carry()
    [order] = shop.fake.books.values()
    order.status = "failed"
    next_day()
    await bring(shop)
    [one] = await differences(shop)
    with pytest.raises(Invalid):
        await resolve(shop, one, Resolution.KEEP_OURS, "")
    await resolve(shop, one, Resolution.KEEP_OURS)
    [closed] = await differences(shop)
    assert (closed.state, closed.resolution, closed.can) == (DifferenceState.CLOSED, "keep_ours", [])
    assert (await shop.money()).drawn_fen == COST
    assert (await bring(shop)).differences_open == 0


async def test_a_later_file_that_agrees_closes_a_difference(new_shop, next_day):
    shop = await new_shop()
    await make.claim(shop, 1)
    await shop.carry()
    [order] = shop.fake.books.values()
    order.status = "failed"
    next_day()
    await bring(shop)
    order.status = "success"
    await bring(shop)
    [one] = await differences(shop)
    assert (one.state, one.resolution) == (DifferenceState.CLOSED, "gone")


async def test_an_order_refunded_before_is_paid_for_once_two_people_say_so(new_shop, next_day, second):
    shop = await new_shop(fail=1.0)
    await make.claim(shop, 1)
    await shop.carry()
    [order] = shop.fake.books.values()
    order.status = "success"
    next_day()
    await bring(shop)
    [one] = await differences(shop)
    assert (one.kind, one.ours, one.theirs, one.moves_fen) == (
        DifferenceKind.STATE_DIFFERS,
        "refunded",
        "success",
        COST,
    )
    await resolve(shop, one, Resolution.ACCEPT_THEIRS)
    await confirm(shop, one, second)
    assert await shop.states() == {"success": 1}
    assert await make.grant_states(shop) == {"failed": 1}
    assert (await shop.money()).drawn_fen == COST == shop.fake.earned_fen()


async def test_a_proposal_that_is_not_followed_is_open_again(new_shop, next_day, second):
    shop = await new_shop()
    await make.claim(shop, 1)
    await shop.carry()
    shop.fake.books.clear()
    next_day()
    await bring(shop)
    [one] = await differences(shop)
    await resolve(shop, one, Resolution.ACCEPT_THEIRS)
    [proposed] = await differences(shop, second)
    assert proposed.can == ["confirm", "take_back"]
    async with shop.begin(second) as tx:
        await reconciliation.take_back(tx, one.id, "供应商补了文件")
    [opened] = await differences(shop)
    assert (opened.state, opened.resolution, opened.proposed_by) == (DifferenceState.OPEN, "", "")
    assert (await shop.money()).drawn_fen == COST


HEAD = b"order_no,supplier_no,sku_code,status,amount_fen\n"


@pytest.mark.parametrize(
    ("content", "pointer"),
    [
        (b"", "/1"),
        (b"a,b\n", "/1"),
        (HEAD, "/last"),
        (HEAD + b"A,B,C,success,100\n", "/last"),
        (HEAD + b"A,B,C,success,100\n#total,1,1,99,\n", "/last"),
        (HEAD + b"A,B,C,success,100\nA,B,C,success,100\n#total,2,2,200,\n", "/order_no"),
        (HEAD + b"A,B,C,done,100\n#total,1,1,100,\n", "/2"),
        (HEAD + b"A,B,C,success,-1\n#total,1,1,-1,\n", "/2"),
        (HEAD + b"A,B,C,success,1.5\n#total,1,1,1,\n", "/2"),
        (HEAD + b"A,B,C,success,99999999999999999999\n#total,1,1,1,\n", "/2"),
        (HEAD + b"A,B,C\n#total,1,1,1,\n", "/2"),
        ("序号".encode("gbk"), "/"),
    ],
)
async def test_a_file_that_is_not_whole_is_refused_and_nothing_is_kept(new_shop, next_day, content, pointer):
    shop = await new_shop()
    next_day()
    with pytest.raises(reconciliation.DayFileUnfit) as refused:
        await bring(shop, content)
    assert refused.value.pointer == pointer
    async with shop.begin() as tx:
        assert await reconciliation.find_files(tx, supplier_id=shop.supplier_id) == []


async def test_a_day_that_is_not_over_has_no_file(new_shop):
    shop = await new_shop()
    with pytest.raises(reconciliation.DayNotOver):
        await bring(shop)


async def test_the_file_is_fetched_from_the_supplier(new_shop, next_day):
    shop = await new_shop()
    await make.claim(shop, 1)
    await shop.carry()
    next_day()
    file_id = await reconciliation.fetch(shop.database, shop.tenant, shop.buyer.actor, shop.supplier_id, TODAY)
    async with shop.begin() as tx:
        assert (await reconciliation.get_file(tx, file_id)).matched == 1


async def test_a_prepayment_that_is_short_refuses_to_book_more(new_shop, next_day, second):
    shop = await new_shop(paid_fen=COST)
    await make.claim(shop, 1)
    await shop.carry()
    shop.fake.place({"order_no": "MORE", "sku_code": "X", "amount_fen": 500, "ordered_on": TODAY.isoformat()})
    next_day()
    await bring(shop)
    [one] = await differences(shop)
    await resolve(shop, one, Resolution.ACCEPT_THEIRS)
    with pytest.raises(fulfilment.PrepaymentShort):
        await confirm(shop, one, second)
    [still] = await differences(shop)
    assert still.state is DifferenceState.PROPOSED
    assert (await shop.money()).balance_fen == 0
