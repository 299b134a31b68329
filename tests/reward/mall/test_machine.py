"""Orders in any order: held, paid, paid late, left, given back; points, stock, budget and cash against an oracle."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huoke.reward import mall, payments
from huoke.reward.mall import LimitPassed, PointsShort, SoldShort
from tests.make import mall as make

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["place", "pay", "late", "cancel", "wait", "give_back", "agree"]),
        st.integers(0, 2),
        st.integers(1, 2),
    ),
    min_size=4,
    max_size=12,
)
POINTS, FEN, STOCK, START = 1_200, 990, 4, 3_700


class Oracle:
    """What each customer has, by counting."""

    def __init__(self) -> None:
        self.held: dict[int, list[mall.Placed]] = {}
        self.closed: list[mall.Placed] = []
        self.kept: dict[int, int] = {}

    def units(self, seq: int) -> int:
        held = sum(one.points // POINTS for one in self.held.get(seq, []))
        return held + self.kept.get(seq, 0)


@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
async def test_whatever_happens_points_stock_budget_and_cash_add_up(
    database, bank, seqs, shop, give_points, points, clock, steps
):
    run = make.Shop(await make.on_shelf(database, bank, cash_fen=FEN, stock=STOCK), shop.till, shop.told)
    people = seqs[-3:]
    first = {}
    for seq in people:
        await give_points(seq, max(START - await points(seq), 0) or 1)
        first[seq] = await points(seq)
    begun = await run.till.check()
    known = Oracle()
    for step, who, count in steps:
        await _take(run, known, step, people[who], count, clock)
        await run.settle()
        left = STOCK - sum(known.units(seq) for seq in people)
        for seq in people:
            free, units, _, _ = await run.stands(seq)
            assert (free, units) == (first[seq] - POINTS * known.units(seq), left)
    clock.advance(timedelta(minutes=20))
    for _ in range(4):
        await run.till.wait(clock, 120)
        await run.hear()
    for seq in people:
        known.held[seq] = []
        assert (await run.stands(seq))[0] == first[seq] - POINTS * known.kept.get(seq, 0)
    books = await run.till.check()
    kept = sum(known.kept.values())
    assert (books.paid_fen - begun.paid_fen) - (books.refunded_fen - begun.refunded_fen) == FEN * kept
    shop.told = run.told


async def _take(run, known, step, seq, count, clock):
    held = known.held.setdefault(seq, [])
    if step == "place":
        try:
            held.append(await run.place(seq, count))
        except (LimitPassed, SoldShort, PointsShort):
            return
    elif step == "pay" and held:
        placed = held.pop()
        assert await run.pay(placed)
        await run.till.wait(clock, 61)
        known.kept[seq] = known.kept.get(seq, 0) + placed.points // POINTS
    elif step == "cancel" and held:
        placed = held.pop()
        async with run.world.database.begin(run.world.bank) as tx:
            await mall.cancel(tx, seq, placed.purchase_id)
        known.closed.append(placed)
    elif step == "late" and known.closed:
        trade = run.till.fake.trades.get(known.closed.pop().payment_id.hex)
        if trade is not None and trade.state == "CLOSED":
            trade.state, trade.paid_at = "SUCCESS", clock.machine()
            await _tell(run, trade)
    elif step == "wait":
        clock.advance(timedelta(minutes=15))
        for one in known.held.values():
            known.closed.extend(one)
            one.clear()
    elif step in ("give_back", "agree") and known.kept.get(seq):
        await _undo(run, seq, step)
        known.kept[seq] -= 1
        await run.settle()
        await run.till.wait(clock, 61)


async def _tell(run, trade):
    body = run.till.fake.write_notice("TRANSACTION.SUCCESS", run.till.fake.told(trade))
    call = payments.Call(headers=run.till.fake.sign(body), body=body)
    await payments.take_notice(run.world.database, run.till.code, call)


async def _undo(run, seq, step):
    async with run.world.database.begin(run.world.bank) as tx:
        own = [one for one in await mall.own_purchases(tx, seq) if one.lines[0].shelf_item_id == run.world.item_id]
        unit = next(unit for one in own for unit in one.units if unit.state is mall.OrderState.PAID)
        if step == "give_back":
            await mall.give_back(tx, unit.id, [seq], "不想要了")
        else:
            asked = await mall.ask_after_sale(tx, seq, unit.id, "质量问题")
            back = mall.Decision(after_sale_id=asked, agree=True, returns_stock=True, answer="已收回")
            await mall.decide_after_sale(tx, back)
