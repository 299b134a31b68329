"""Orders of the mall: points and benefit together or neither, one price for everybody, and the way back."""

from datetime import timedelta
from importlib import import_module

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from huoke.govern import approvals
from huoke.kernel.batch import Call
from huoke.kernel.ids import Seq
from huoke.kernel.tx import SYSTEM
from huoke.reward import grants, ledger, mall, tiers
from huoke.reward.grants import LimitReached, SoldOut
from huoke.reward.mall import ItemOff, ItemUnfit, ItemUnknown, NotReturnable, PointsShort, PriceChanged, TierNeeded
from tests.conftest import START
from tests.make import cuts
from tests.make import ledger as make_ledger
from tests.make import mall as make
from tests.make import tiers as make_tiers


async def give_points(world, seq, amount):
    async with world.database.begin(world.bank) as tx:
        await make_ledger.points(tx, seq, amount, expires_at=tx.now + timedelta(days=90))


async def points(world, seq):
    async with world.database.begin(world.bank) as tx:
        assert await ledger.verify(tx) == []
        return await mall.points_of(tx, seq, "POINTS")


async def left(world):
    async with world.database.begin(world.bank) as tx:
        return next(one.left for one in await mall.find_items(tx) if one.id == world.item_id)


async def test_an_order_burns_its_points_and_grants_its_benefit(world, seqs):
    await give_points(world, seqs[0], 3_000)
    before = await points(world, seqs[0])
    [made] = await make.order(world, make.wish(world, seqs[0]))
    assert (await points(world, seqs[0]), await left(world)) == (before - 1_200, 9)
    async with world.database.begin(world.bank) as tx:
        [own, *_] = await mall.own_orders(tx, seqs[0])
        held = await grants.get_grant(tx, made.grant_id)
    assert (own.id, own.points, held.state, held.source_kind) == (made.order_id, 1_200, grants.State.FULFILLED, "mall")


async def test_a_double_tap_is_one_order_also_within_a_batch(world, seqs):
    await give_points(world, seqs[1], 5_000)
    before = await points(world, seqs[1])
    wish = make.wish(world, seqs[1])
    first, second = await make.order(world, wish, wish)
    [third] = await make.order(world, wish)
    assert {first.order_id} == {second.order_id, third.order_id}
    assert (first.exists, second.exists, third.exists) == (False, True, True)
    assert (await points(world, seqs[1]), await left(world)) == (before - 1_200, 9)


async def test_too_few_points_move_nothing(world, seqs):
    await give_points(world, seqs[2], 1_199)
    [refused] = await make.order(world, make.wish(world, seqs[2]))
    assert isinstance(refused, PointsShort)
    assert (await points(world, seqs[2]), await left(world)) == (1_199, 10)
    await give_points(world, seqs[2], 1)
    [made] = await make.order(world, make.wish(world, seqs[2]))
    assert not isinstance(made, Exception), "what was refused for want of points used up no limit"
    assert await points(world, seqs[2]) == 0


async def test_points_for_one_pay_for_one_of_two_in_a_batch(world, seqs):
    await give_points(world, seqs[3], 1_200)
    answers = await make.order(world, make.wish(world, seqs[3]), make.wish(world, seqs[3]))
    assert [type(one) for one in answers] == [mall.Ordered, PointsShort]
    assert (await points(world, seqs[3]), await left(world)) == (0, 9)


async def test_a_price_changed_meanwhile_is_told_and_takes_nothing(world, seqs):
    await give_points(world, seqs[4], 3_000)
    before = await points(world, seqs[4])
    [refused] = await make.order(world, make.wish(world, seqs[4], expected_points=1_000))
    assert isinstance(refused, PriceChanged)
    assert refused.data["points"] == 1_200
    assert (await points(world, seqs[4]), await left(world)) == (before, 10)


async def test_a_new_price_approved_after_the_page_was_shown_is_seen_and_confirmed(database, bank, seqs, clock):
    """A new price is a new item; the page of the old one takes nothing, the shelf shows what it costs now."""
    old = await make.on_shelf(database, bank)
    await give_points(old, seqs[12], 5_000)
    before = await points(old, seqs[12])
    async with database.begin(bank) as tx:
        shown = await mall.offered(tx, seqs[12], old.item_id)
    new = await make.on_shelf(database, bank, sku_id=old.sku_id, points=1_500)
    async with database.begin(bank) as tx:
        await mall.take_off(tx, old.item_id, "调价")
    wish = make.wish(old, seqs[12], expected_points=shown.points)
    [refused] = await make.order(old, wish)
    assert isinstance(refused, ItemOff)
    assert await points(old, seqs[12]) == before
    async with database.begin(bank) as tx:
        [now] = [one for one in await mall.shelf_for(tx, seqs[12]) if one.sku.id == old.sku_id]
        [line] = (await mall.quote(tx, seqs[12], [(old.item_id, 1)])).lines
    assert (shown.points, now.id, now.points, line.refusal) == (1_200, new.item_id, 1_500, "mall.item_off")
    [made] = await make.order(new, make.wish(new, seqs[12], expected_points=now.points))
    assert (made.points, await points(new, seqs[12])) == (1_500, before - 1_500)


@pytest.fixture(scope="module")
async def three_left(database, bank, seqs):
    """Three vouchers and customers with points for two, for one and for more than they may have."""
    world = await make.on_shelf(database, bank, stock=3)
    for seq, amount in zip(seqs[13:16], (2_400, 1_300, 9_000), strict=True):
        await give_points(world, seq, amount)
    return world


ORDERS = st.tuples(st.integers(0, 2), st.integers(0, 2), st.sampled_from([1_200, 1_200, 900]))
POOR_FIRST = [(1, 0, 1_200), (1, 1, 1_200), (0, 0, 1_200), (2, 0, 1_200)]
"""The second of them has points for one only, and is before the last unit."""


async def of_cuts(world, seqs, wanted, *cut_at):
    """What a batch of orders comes to, cut at each of these places: answers, free points, units left."""
    wishes = [
        make.wish(world, seqs[13 + who], request_no=f"{who}-{number}-{price}", expected_points=price)
        for who, number, price in wanted
    ]

    async def put(tx, part):
        said = await mall.order(tx, [Call(one, SYSTEM, tx.now) for one in part])
        return [(type(one).__name__, getattr(one, "exists", None)) for one in said]

    async def state(tx):
        [item] = [one for one in await mall.find_items(tx) if one.id == world.item_id]
        return [await mall.points_of(tx, seq, "POINTS") for seq in seqs[13:16]], item.left

    return [await cuts.comes_to(world.database.begin(world.bank), wishes, at, put, state) for at in cut_at]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=st.lists(ORDERS, min_size=2, max_size=7), cut=st.integers(1, 6))
@example(wanted=POOR_FIRST, cut=2)
async def test_two_cuts_of_one_batch_of_orders_at_any_place_give_the_same(three_left, seqs, clock, wanted, cut):
    parted, whole = await of_cuts(three_left, seqs, wanted, cut, len(wanted))
    assert parted == whole


async def test_without_the_second_look_who_cannot_pay_would_cost_another_the_last_unit(
    three_left, seqs, clock, monkeypatch
):
    """The negative control."""
    monkeypatch.setattr(import_module("huoke.reward.mall.sell"), "WANTING", ())
    parted, whole = await of_cuts(three_left, seqs, POOR_FIRST, 2, 4)
    assert [name for name, _ in parted[0]] == ["Ordered", "PointsShort", "Ordered", "Ordered"]
    assert [name for name, _ in whole[0]] == ["Ordered", "PointsShort", "Ordered", "SoldOut"]


async def test_nobody_gets_more_than_the_limit_or_than_there_is(database, bank, seqs, clock):
    world = await make.on_shelf(database, bank, stock=3)
    for seq in seqs[5:8]:
        await give_points(world, seq, 5_000)
    answers = await make.order(world, *[make.wish(world, seqs[5]) for _ in range(3)])
    assert [type(one) for one in answers] == [mall.Ordered, mall.Ordered, LimitReached]
    answers = await make.order(world, make.wish(world, seqs[6]), make.wish(world, seqs[7]))
    assert [type(one) for one in answers] == [mall.Ordered, SoldOut]
    assert (await points(world, seqs[7]), await left(world)) == (5_000, 0)


async def test_what_is_given_back_returns_stock_money_and_points_to_their_lots(world, seqs):
    await give_points(world, seqs[8], 1_200)
    [made] = await make.order(world, make.wish(world, seqs[8]))
    async with world.database.begin(world.bank) as tx:
        await mall.give_back(tx, made.order_id, [seqs[8]], "不需要了")
        await mall.give_back(tx, made.order_id, [seqs[8]], "不需要了")
        [lot] = await ledger.find_lots(tx, seqs[8], "POINTS")
        numbers = await make_ledger.budget_numbers(tx, world.budget_id)
    assert (await points(world, seqs[8]), await left(world), lot.remaining) == (1_200, 10, 1_200)
    assert numbers == (1_000_000, 1_000_000, 0, 0)


async def test_what_was_used_is_not_given_back(world, seqs):
    await give_points(world, seqs[9], 1_200)
    [made] = await make.order(world, make.wish(world, seqs[9]))
    async with world.database.begin(world.bank) as tx:
        code = await grants.redemption_code(tx, made.grant_id, seqs[9])
    async with world.database.begin(world.bank) as tx:
        [used] = await grants.redeem(
            tx, [grants.Redemption(request_no=made.order_id.hex, code=code.qr)], teller="t", unit_id=1
        )
    assert isinstance(used, grants.Redeemed)
    async with world.database.begin(world.bank) as tx:
        with pytest.raises(NotReturnable):
            await mall.give_back(tx, made.order_id, [seqs[9]], "不需要了")
    assert await points(world, seqs[9]) == 0


async def test_a_benefit_that_failed_gives_its_points_back_once(world, seqs):
    await give_points(world, seqs[10], 1_200)
    [made] = await make.order(world, make.wish(world, seqs[10]))
    async with world.database.begin(world.bank) as tx:
        offer_id = (await grants.get_grant(tx, made.grant_id)).offer_id
        assert await mall.refund_ended(tx, offer_id, "used") == 0
        await grants.revoke(tx, [made.grant_id], "供应商停供")
        assert await mall.refund_ended(tx, offer_id, "revoked") == 1
        assert await mall.refund_ended(tx, offer_id, "revoked") == 0
    assert (await points(world, seqs[10]), await left(world)) == (1_200, 10)


async def test_p5_a_price_is_the_same_at_every_level_and_a_level_only_opens_the_shelf(database, bank, seqs, clock):
    await make_tiers.in_force(database, bank, make_tiers.scheme())
    world = await make.on_shelf(database, bank, tier="gold")
    low, high = seqs[0], seqs[11]
    for seq in (low, high):
        await give_points(world, seq, 5_000)
    async with database.begin(bank) as tx:
        await tiers.credit_growth(tx, [make_tiers.gain(high, 9_000, START)])
    refused, made = await make.order(world, make.wish(world, low), make.wish(world, high))
    assert isinstance(refused, TierNeeded)
    assert made.points == 1_200
    async with database.begin(bank) as tx:
        seen = [await mall.offered(tx, seq, world.item_id) for seq in (low, high)]
        spread = {row.points for row in await mall.find_orders(tx, item_id=world.item_id)}
    assert [(one.points, one.state) for one in seen] == [(1_200, "tier"), (1_200, "on")]
    assert spread == {1_200}


async def test_taken_off_the_shelf_it_is_ordered_no_more_and_its_stock_goes_back(world, seqs):
    await give_points(world, seqs[0], 2_000)
    await make.order(world, make.wish(world, seqs[0]))
    before = await points(world, seqs[0])
    async with world.database.begin(world.bank) as tx:
        await mall.take_off(tx, world.item_id, "换季下架")
        await mall.take_off(tx, world.item_id, "换季下架")
        [pool] = await grants.get_pools(tx, [world.pool_id])
        with pytest.raises(ItemUnknown):
            await mall.offered(tx, seqs[0], world.item_id)
    [refused] = await make.order(world, make.wish(world, seqs[0]))
    assert isinstance(refused, ItemOff)
    assert (pool.available, await points(world, seqs[0])) == (99, before)


async def test_the_shelf_needs_a_second_person_and_what_it_promises(database, bank, seqs, clock):
    with pytest.raises(approvals.CheckFailed):
        await make.on_shelf(database, bank, limit_fen=100)
    with pytest.raises(approvals.CheckFailed):
        await make.on_shelf(database, bank, stock=101)
    with pytest.raises(ItemUnfit):
        await make.on_shelf(database, bank, points=0)


async def test_another_bank_has_an_empty_shelf(world, other_bank, seqs):
    async with world.database.begin(other_bank) as tx:
        assert await mall.find_items(tx) == []
        assert await mall.shelf_for(tx, Seq(seqs[0])) == []


STEPS = st.lists(
    st.tuples(st.sampled_from(["order", "again", "back", "fail", "points"]), st.integers(0, 3)), min_size=1, max_size=14
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
async def test_whatever_happens_points_and_stock_add_up(database, bank, seqs, clock, steps):
    world = await make.on_shelf(database, bank, stock=4)
    start = {seq: await points(world, seq) for seq in seqs[:4]}
    given_, kept, wishes = dict.fromkeys(seqs[:4], 0), {}, {}
    for step, who in steps:
        seq = seqs[who]
        if step == "points":
            await give_points(world, seq, 1_000)
            given_[seq] += 1_000
        elif step in ("order", "again"):
            wish = wishes.get(seq) if step == "again" else None
            wish = wish or make.wish(world, seq)
            wishes[seq] = wish
            [answer] = await make.order(world, wish)
            if isinstance(answer, mall.Ordered) and not answer.exists:
                kept[answer.order_id] = (seq, answer.grant_id)
        else:
            mine = [(order_id, grant_id) for order_id, (owner, grant_id) in kept.items() if owner == seq]
            for order_id, grant_id in mine[:1]:
                async with database.begin(bank) as tx:
                    if step == "back":
                        await mall.give_back(tx, order_id, [seq], "退回")
                    else:
                        await grants.revoke(tx, [grant_id], "停供")
                        await mall.refund_ended(tx, (await grants.get_grant(tx, grant_id)).offer_id, "revoked")
                del kept[order_id]
        for one in seqs[:4]:
            spent = 1_200 * sum(owner == one for owner, _ in kept.values())
            assert await points(world, one) == start[one] + given_[one] - spent
        assert await left(world) == 4 - len(kept)
