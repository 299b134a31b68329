"""Orders with money: everything is held for a while, then paid for or free again, to the point and the fen."""

from datetime import timedelta

import msgspec
import pytest

from huoke.kernel.batch import Call
from huoke.kernel.ids import Seq, new_id
from huoke.kernel.tx import SYSTEM
from huoke.reward import grants, mall, payments
from huoke.reward.mall import (
    CartUnfit,
    CashNeeded,
    ItemOff,
    LimitPassed,
    NotReturnable,
    PointsShort,
    PriceChanged,
    PurchaseUnknown,
    SoldShort,
)
from tests.make import mall as make


async def test_an_order_holds_points_stock_and_budget_and_is_delivered_once_paid(shop, seqs, give_points):
    await give_points(seqs[0], 5_000)
    points, left, reserved, available = await shop.stands(seqs[0])
    placed = await shop.place(seqs[0], 2)
    cost = (await shop.stands(seqs[0]))[2] - reserved
    assert (placed.state, placed.points, placed.cash_fen) == ("held", 2_400, 1_980)
    assert await shop.stands(seqs[0]) == (points - 2_400, left - 2, reserved + cost, available - cost)
    assert await shop.pay(placed)
    await shop.till.wait(_clock(shop), 60)
    await shop.settle()
    paid = await shop.purchase(seqs[0], placed.purchase_id)
    assert (paid.state, len(paid.units)) == ("paid", 2)
    assert {one.grant.state for one in paid.units} == {grants.State.FULFILLED}
    assert [(one.points, one.cash_fen) for one in paid.units] == [(1_200, 990)] * 2
    assert await shop.stands(seqs[0]) == (points - 2_400, left - 2, reserved + cost, available - cost)
    await shop.till.check()


def _clock(shop):
    return shop.world.database.clock


async def test_a_double_tap_and_two_tabs_are_one_order(shop, seqs, give_points):
    await give_points(seqs[1], 5_000)
    before = await shop.stands(seqs[1])
    first = await shop.place(seqs[1], request_no="tap")
    again = await shop.place(seqs[1], request_no="tap")
    assert (again.purchase_id, again.payment_id, again.exists) == (first.purchase_id, first.payment_id, True)
    assert (await shop.stands(seqs[1]))[:2] == (before[0] - 1_200, before[1] - 1)


async def test_an_order_not_paid_in_time_frees_everything_exactly(shop, seqs, give_points, clock):
    await give_points(seqs[2], 3_000)
    before = await shop.stands(seqs[2])
    placed = await shop.place(seqs[2], 2)
    await shop.settle()
    clock.advance(timedelta(minutes=14))
    await shop.settle()
    assert (await shop.stands(seqs[2]))[0] == before[0] - 2_400
    clock.advance(timedelta(minutes=1))
    await shop.settle()
    assert await shop.stands(seqs[2]) == before
    closed = await shop.purchase(seqs[2], placed.purchase_id)
    assert (closed.state, closed.code, closed.units) == ("closed", "payment_closed", [])
    assert not shop.till.fake.pay(placed.payment_id.hex)


async def test_who_does_not_want_to_pay_gets_everything_back(shop, seqs, give_points):
    await give_points(seqs[3], 3_000)
    before = await shop.stands(seqs[3])
    placed = await shop.place(seqs[3])
    async with shop.world.database.begin(shop.world.bank) as tx:
        with pytest.raises(PurchaseUnknown):
            await mall.cancel(tx, seqs[4], placed.purchase_id)
        await mall.cancel(tx, seqs[3], placed.purchase_id)
    await shop.settle()
    assert await shop.stands(seqs[3]) == before


async def test_money_that_comes_after_the_close_goes_back_by_itself(shop, seqs, give_points, clock):
    await give_points(seqs[5], 3_000)
    before, books = await shop.stands(seqs[5]), await shop.till.check()
    placed = await shop.place(seqs[5])
    await shop.settle()
    clock.advance(timedelta(minutes=15))
    await shop.settle()
    trade = shop.till.fake.trades[placed.payment_id.hex]
    trade.state, trade.paid_at = "SUCCESS", clock.machine()
    body = shop.till.fake.write_notice("TRANSACTION.SUCCESS", shop.till.fake.told(trade))
    call = payments.Call(headers=shop.till.fake.sign(body), body=body)
    await payments.take_notice(shop.world.database, shop.till.code, call)
    await shop.settle()
    await shop.till.wait(clock, 60)
    await shop.settle()
    assert (await shop.till.get(placed.payment_id)).state == "refunded"
    assert await shop.stands(seqs[5]) == before
    after = await shop.till.check()
    assert after.paid_fen - books.paid_fen == after.refunded_fen - books.refunded_fen == 990


async def test_what_left_the_shelf_while_it_was_paid_goes_back_whole(shop, seqs, give_points, clock):
    await give_points(seqs[6], 3_000)
    points = (await shop.stands(seqs[6]))[0]
    placed = await shop.place(seqs[6], 2)
    async with shop.world.database.begin(shop.world.bank) as tx:
        await mall.take_off(tx, shop.world.item_id, "供应商停供")
    assert await shop.pay(placed)
    await shop.till.wait(clock, 60)
    await shop.settle()
    await shop.settle()
    await shop.till.wait(clock, 60)
    await shop.settle()
    gone = await shop.purchase(seqs[6], placed.purchase_id)
    assert (gone.state, gone.units) == ("closed", [])
    assert gone.code.startswith("grants.")
    assert (await shop.till.get(placed.payment_id)).state == "refunded"
    assert (await shop.stands(seqs[6]))[:3] == (points, 0, 0)
    async with shop.world.database.begin(shop.world.bank) as tx:
        [source] = await grants.get_pools(tx, [shop.world.pool_id])
    assert source.available == source.total == 100


async def test_a_price_changed_meanwhile_is_told_with_the_new_one_and_holds_nothing(shop, seqs, give_points):
    await give_points(seqs[7], 3_000)
    before = await shop.stands(seqs[7])
    for changes in ({"expected_points": 1_199}, {"expected_cash_fen": 900}):
        with pytest.raises(PriceChanged) as refused:
            await shop.place(seqs[7], lines=[shop.line(**changes)])
        assert (refused.value.data["points"], refused.value.data["cash_fen"]) == (1_200, 990)
    assert await shop.stands(seqs[7]) == before


async def test_what_cannot_be_ordered_is_refused_and_holds_nothing(shop, seqs, give_points):
    await give_points(seqs[8], 3_599)
    before = await shop.stands(seqs[8])
    for lines, refusal in (
        ([], CartUnfit),
        ([shop.line(0)], CartUnfit),
        ([shop.line(), shop.line()], CartUnfit),
        ([shop.line(3)], LimitPassed),
        ([shop.line(shelf_item_id=new_id())], mall.ItemUnknown),
    ):
        with pytest.raises(refusal):
            await shop.place(seqs[8], lines=lines)
    assert await shop.stands(seqs[8]) == before
    await shop.place(seqs[8], 2)
    with pytest.raises(LimitPassed):
        await shop.place(seqs[8])


async def test_points_held_for_one_order_pay_for_no_other(shop, seqs, give_points):
    await give_points(seqs[9], 1_300)
    await shop.place(seqs[9])
    with pytest.raises(PointsShort):
        await shop.place(seqs[9])
    assert (await shop.stands(seqs[9]))[0] == 100


async def test_units_held_by_one_are_not_sold_to_another(database, bank, shop, seqs, give_points, clock):
    scarce = make.Shop(await make.on_shelf(database, bank, cash_fen=990, stock=2), shop.till)
    for seq in seqs[10:12]:
        await give_points(seq, 5_000)
    await scarce.place(seqs[10], 2)
    with pytest.raises(SoldShort) as refused:
        await scarce.place(seqs[11])
    assert refused.value.data["left"] == 0
    clock.advance(timedelta(minutes=15))
    await shop.settle()
    assert (await scarce.place(seqs[11])).state == "held"


async def test_two_things_at_once_one_for_points_only(database, bank, shop, world, seqs, give_points, clock):
    await give_points(seqs[12], 5_000)
    lines = [shop.line(), mall.Line(shelf_item_id=world.item_id, quantity=2, expected_points=1_200)]
    placed = await shop.place(seqs[12], lines=lines)
    assert (placed.points, placed.cash_fen) == (3_600, 990)
    await shop.pay(placed)
    await shop.till.wait(clock, 60)
    await shop.settle()
    paid = await shop.purchase(seqs[12], placed.purchase_id)
    assert [(one.points, one.cash_fen) for one in paid.units] == [(1_200, 990), (1_200, 0), (1_200, 0)]


async def test_points_only_from_the_cart_is_paid_at_once(world, shop, seqs, give_points, points):
    await give_points(seqs[13], 3_000)
    async with world.database.begin(world.bank) as tx:
        await mall.lay(tx, seqs[13], world.item_id, 2)
        assert await mall.cart(tx, seqs[13]) == [(world.item_id, 2)]
        quote = await mall.quote(tx, seqs[13], await mall.cart(tx, seqs[13]))
    assert (quote.points, quote.cash_fen, quote.lines[0].refusal) == (2_400, 0, "")
    line = mall.Line(shelf_item_id=world.item_id, quantity=2, expected_points=1_200)
    placed = await shop.place(seqs[13], lines=[line])
    assert (placed.state, placed.payment_id) == ("paid", None)
    assert await points(seqs[13]) == 600
    async with world.database.begin(world.bank) as tx:
        assert await mall.cart(tx, seqs[13]) == []


async def test_what_costs_money_is_not_ordered_for_points_alone(shop, seqs, give_points):
    await give_points(seqs[14], 3_000)
    before = await shop.stands(seqs[14])
    async with shop.world.database.begin(shop.world.bank) as tx:
        wish = make.wish(shop.world, seqs[14])
        [refused] = await mall.order(tx, [Call(wish, SYSTEM, tx.now)])
    assert isinstance(refused, CashNeeded)
    assert await shop.stands(seqs[14]) == before


async def _bought(shop, seq, clock, quantity=2):
    placed = await shop.place(seq, quantity)
    await shop.pay(placed)
    await shop.till.wait(clock, 60)
    await shop.settle()
    return placed, (await shop.purchase(seq, placed.purchase_id)).units


async def test_one_unit_given_back_returns_its_points_stock_and_money_only(shop, seqs, give_points, clock):
    await give_points(seqs[15], 3_000)
    before = await shop.stands(seqs[15])
    placed, units = await _bought(shop, seqs[15], clock)
    held = await shop.stands(seqs[15])
    async with shop.world.database.begin(shop.world.bank) as tx:
        await mall.give_back(tx, units[0].id, [seqs[15]], "不想要了")
        await mall.give_back(tx, units[0].id, [seqs[15]], "再按一次")
    assert [one.state for one in (await shop.purchase(seqs[15], placed.purchase_id)).units] == ["refunding", "paid"]
    await shop.settle()
    await shop.till.wait(clock, 60)
    await shop.settle()
    assert [one.state for one in (await shop.purchase(seqs[15], placed.purchase_id)).units] == ["refunded", "paid"]
    now = await shop.stands(seqs[15])
    assert (now[0], now[1]) == (before[0] - 1_200, before[1] - 1)
    assert (held[2] - now[2]) * 2 == held[2] - before[2]
    stands = await shop.till.get(placed.payment_id)
    assert (stands.state, stands.refunded_fen) == ("paid", 990)
    await shop.till.check()


async def test_staff_agree_to_undo_what_was_used_with_or_without_the_stock(shop, seqs, give_points, clock):
    await give_points(seqs[16], 3_000)
    before = await shop.stands(seqs[16])
    placed, units = await _bought(shop, seqs[16], clock)
    database, bank = shop.world.database, shop.world.bank
    async with database.begin(bank) as tx:
        first = await mall.ask_after_sale(tx, seqs[16], units[0].id, "少了一份")
        second = await mall.ask_after_sale(tx, seqs[16], units[1].id, "质量问题")
        with pytest.raises(mall.AfterSaleOpen):
            await mall.ask_after_sale(tx, seqs[16], units[0].id, "再申请")
        with pytest.raises(mall.OrderUnknown):
            await mall.ask_after_sale(tx, seqs[17], units[0].id, "别人的")
    async with database.begin(bank) as tx:
        await mall.decide_after_sale(tx, mall.Decision(after_sale_id=first, agree=True, answer="已核实，退回"))
        back = mall.Decision(after_sale_id=second, agree=True, returns_stock=True, answer="已收回")
        await mall.decide_after_sale(tx, back)
        with pytest.raises(mall.AfterSaleOpen):
            await mall.decide_after_sale(tx, back)
    await shop.settle()
    await shop.till.wait(clock, 60)
    await shop.settle()
    now = await shop.stands(seqs[16])
    assert (now[0], now[1]) == (before[0], before[1] - 1), "both got points back, one unit came back"
    assert (await shop.till.get(placed.payment_id)).refunded_fen == 1_980
    async with database.begin(bank) as tx:
        found = await mall.find_after_sales(tx)
        assert {(one.id, one.state, one.returns_stock) for one in found} >= {
            (first, "agreed", False),
            (second, "agreed", True),
        }
        with pytest.raises(NotReturnable):
            await mall.ask_after_sale(tx, seqs[16], units[0].id, "又来")


async def test_a_refused_request_moves_nothing_and_may_be_made_again(shop, seqs, give_points, clock):
    await give_points(seqs[18], 3_000)
    _, units = await _bought(shop, seqs[18], clock, 1)
    before = await shop.stands(seqs[18])
    database, bank = shop.world.database, shop.world.bank
    async with database.begin(bank) as tx:
        asked = await mall.ask_after_sale(tx, seqs[18], units[0].id, "不想要了")
        await mall.decide_after_sale(tx, mall.Decision(after_sale_id=asked, agree=False, answer="已使用，不能退"))
        told = (await mall.after_sales_of(tx, [units[0].id]))[units[0].id]
        assert (told.state, told.answer) == ("refused", "已使用，不能退")
        await mall.ask_after_sale(tx, seqs[18], units[0].id, "重新核实")
    assert await shop.stands(seqs[18]) == before


async def test_where_an_order_goes_is_sealed_and_forgotten_with_its_end(database, bank, shop, seqs, give_points, clock):
    await give_points(seqs[19], 3_000)
    where = grants.PostalDelivery(name="林晓芸", phone="13800138000", region="330203", address="江厦街道药行街1号")
    placed = await shop.place(seqs[19], delivery=where)
    async with database.begin(bank) as tx:
        sealed = await tx.fetch_value("SELECT delivery FROM mall.purchase WHERE id = $1", placed.purchase_id)
        assert "药行街".encode() not in sealed
        assert (await mall.PersonalMall().export(tx, seqs[19]))["unpaid_orders"][0]["name"] == "林晓芸"
        assert len(await mall.PersonalMall().prove(tx, [Seq(seqs[19])])) == 1
    clock.advance(timedelta(minutes=15))
    await shop.settle()
    async with database.begin(bank) as tx:
        assert await mall.PersonalMall().prove(tx, [Seq(seqs[19])]) == []


async def test_an_order_in_the_last_minute_of_a_day_ends_in_the_next(shop, seqs, give_points, clock):
    await give_points(seqs[20], 3_000)
    clock.set(clock.now().replace(hour=23, minute=59))
    placed = await shop.place(seqs[20])
    await shop.pay(placed)
    await shop.till.wait(clock, 120)
    await shop.settle()
    ended = await shop.purchase(seqs[20], placed.purchase_id)
    assert (ended.state, ended.code) == ("paid", "")


async def test_off_the_shelf_is_told_in_the_cart(shop, seqs):
    async with shop.world.database.begin(shop.world.bank) as tx:
        await mall.lay(tx, seqs[21], shop.world.item_id, 1)
        await mall.take_off(tx, shop.world.item_id, "换季")
        quote = await mall.quote(tx, seqs[21], await mall.cart(tx, seqs[21]))
        assert ([line.refusal for line in quote.lines], quote.points) == (["mall.item_off"], 0)
        with pytest.raises(ItemOff):
            await mall.lay(tx, seqs[21], shop.world.item_id, 2)
        await mall.lay(tx, seqs[21], shop.world.item_id, 0)
        assert await mall.cart(tx, seqs[21]) == []
    assert msgspec.to_builtins(quote)["balance"] == 0
