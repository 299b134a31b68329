"""Group buys: a seat before the payment, all get it or nobody, everything back where a group does not fill."""

import re
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from huoke.govern import approvals
from huoke.kernel.batch import Call
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Invalid, Refusal
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import SYSTEM
from huoke.know import consent
from huoke.know.customers import NotEligible
from huoke.reward import catalogue, grants, group_buy, ledger, payments
from huoke.reward.grants import PhoneDelivery, PostalDelivery
from huoke.reward.group_buy import NotGroupable, ProgrammeUnfit
from huoke.reward.group_buy.programme import require_groupable
from tests.make import catalogue as make_catalogue
from tests.make import cuts
from tests.make import grants as make_grants
from tests.make import group_buy as make


@pytest.fixture(scope="module", autouse=True)
async def riches(world):
    """Everybody has 1,000 points but one."""
    await make.rich(world, *(seq for seq in world.seqs if seq != world.seqs[61]))


@pytest.fixture(scope="module")
async def programme_id(world, riches):
    return await make.live(world)


async def vouchers(world, seq):
    async with world.begin() as tx:
        return [item.state.value for item in await grants.wallet(tx, seq)]


async def sound(world):
    async with world.begin() as tx:
        await make_grants.assert_sound(tx)
        assert await ledger.verify(tx) == []


async def test_a_group_completes_with_its_last_paid_seat_and_all_get_the_benefit(world, clock, programme_id):
    one, two, three, four = world.seqs[:4]
    first = await make.sit(world, programme_id, one)
    await make.sit(world, programme_id, two, first.code)
    assert await make.states(world, first.code) == ("open", ["paid", "paid"])
    assert [await vouchers(world, seq) for seq in (one, two)] == [[], []]
    assert await make.stock(world, programme_id) == (28, 2)
    await make.sit(world, programme_id, three, first.code)
    assert await make.states(world, first.code) == ("complete", ["delivered"] * 3)
    assert [await vouchers(world, seq) for seq in (one, two, three)] == [["fulfilled"]] * 3
    assert await make.purse(world, one) == (700, 700)
    assert await make.stock(world, programme_id) == (27, 0)
    [late] = await make.take(world, programme_id, (four, first.code))
    assert isinstance(late, group_buy.GroupClosed)
    assert await make.purse(world, four) == (1_000, 1_000)
    await sound(world)


async def test_a_group_that_does_not_fill_in_time_gives_points_back_to_their_lots(world, clock, programme_id):
    one, two = world.seqs[4:6]
    free, _ = await make.stock(world, programme_id)
    first = await make.sit(world, programme_id, one)
    await make.sit(world, programme_id, two, first.code)
    clock.advance(timedelta(hours=23, minutes=59))
    assert await make.expire(world) == 0
    clock.advance(timedelta(minutes=1))
    [late] = await make.take(world, programme_id, (world.seqs[6], first.code))
    assert isinstance(late, group_buy.GroupClosed)
    assert await make.expire(world) == 1
    assert await make.expire(world) == 0
    assert await make.states(world, first.code) == ("refunded", ["refunded", "refunded"])
    assert [await make.purse(world, seq) for seq in (one, two)] == [(1_000, 1_000)] * 2
    assert await make.stock(world, programme_id) == (free, 0)
    assert [await vouchers(world, seq) for seq in (one, two)] == [[], []]
    await sound(world)


async def test_a_natural_person_sits_once_in_a_group_and_within_the_limit(world, clock, programme_id):
    """The last two customers are one natural person (rule R1)."""
    one, same = world.seqs[-2:]
    first = await make.sit(world, programme_id, one)
    [again] = await make.take(world, programme_id, (same, first.code))
    assert isinstance(again, group_buy.SeatTaken)
    [another] = await make.take(world, programme_id, (same, ""))
    assert isinstance(another, group_buy.LimitReached)
    assert await make.purse(world, same) == (1_000, 1_000)


async def test_a_double_tap_takes_one_seat(world, clock, programme_id):
    seq = world.seqs[7]
    first, second = await make.take(world, programme_id, (seq, ""), (seq, ""), request_no="tap")
    [third] = await make.take(world, programme_id, (seq, ""), request_no="tap")
    assert (second.seat_id, second.exists, third.seat_id, third.exists) == (first.seat_id, True, first.seat_id, True)
    assert await make.purse(world, seq) == (700, 700)


async def test_more_than_a_group_holds_get_no_seat_even_at_once(world, clock, programme_id):
    first = await make.sit(world, programme_id, world.seqs[8])
    answers = await make.take(world, programme_id, *((seq, first.code) for seq in world.seqs[9:13]))
    assert [type(answer).__name__ for answer in answers] == ["Reserved", "Reserved", "GroupFull", "GroupFull"]
    assert await make.states(world, first.code) == ("complete", ["delivered"] * 3)


async def test_who_has_too_few_points_gets_no_seat_and_nothing_moves(world, clock, programme_id):
    poor = world.seqs[61]
    before = await make.stock(world, programme_id)
    [answer] = await make.take(world, programme_id, (poor, ""))
    assert isinstance(answer, group_buy.PointsShort)
    assert await make.stock(world, programme_id) == before
    async with world.begin() as tx:
        assert await group_buy.own_seats(tx, poor) == []


async def test_another_price_and_a_suppressed_customer_are_refused(world, clock, programme_id):
    [answer] = await make.take(world, programme_id, (world.seqs[13], ""), expected_points=1)
    assert isinstance(answer, group_buy.PriceChanged)
    async with world.begin() as tx:
        members = CustomerSet.of(tx.tenant, [world.seqs[14]], tx.now)
        reason, verdict = consent.SuppressionReason.COLLECTION, consent.Verdict.GIVEN
        await consent.suppress(tx, [consent.SuppressionStatement(reason=reason, verdict=verdict, members=members)])
    [answer] = await make.take(world, programme_id, (world.seqs[14], ""))
    assert isinstance(answer, NotEligible)


async def test_a_new_price_approved_after_the_page_was_shown_is_seen_and_confirmed(world, clock):
    """A price of a group buy never changes: the dearer one is another, and the page of the old one takes nothing."""
    seq = world.seqs[80]
    old = await make.live(world, name="旧价团", stock=6)
    async with world.begin() as tx:
        shown = (await group_buy.get(tx, old)).terms.points
    new = await make.live(world, name="新价团", stock=6, points=shown + 50)
    async with world.begin(world.operator) as tx:
        await group_buy.stop(tx, world.operator, old, "调价")
        await group_buy.give_back_all(tx)
    before = await make.purse(world, seq)
    [gone] = await make.take(world, old, (seq, ""), expected_points=shown)
    [moved] = await make.take(world, new, (seq, ""), expected_points=shown)
    assert isinstance(gone, group_buy.Ended)
    assert (type(moved), moved.data["points"]) == (group_buy.PriceChanged, shown + 50)
    assert await make.purse(world, seq) == before
    [sat] = await make.take(world, new, (seq, ""), expected_points=moved.data["points"])
    assert isinstance(sat, group_buy.Reserved)
    assert (await make.purse(world, seq))[0] == before[0] - shown - 50
    await sound(world)


@pytest.fixture(scope="module")
async def nearly_full(world, riches):
    """Four seats in all, and a group with one of them taken."""
    programme_id = await make.live(world, name="四席团", stock=4, person_limit=2)
    return programme_id, (await make.sit(world, programme_id, world.seqs[81])).code


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=2, max_size=7), cut=st.integers(1, 6))
@example(wanted=[(4, False), (0, False), (0, False), (1, False)], cut=1)
async def test_two_cuts_of_one_batch_of_seats_at_any_place_give_the_same(world, nearly_full, clock, wanted, cut):
    """Who sits, what is left and paid. Only why somebody late is refused may differ: a group that filled is full within
    the batch and complete after it.
    """
    programme_id, code = nearly_full
    people = [*world.seqs[82:86], world.seqs[61]]

    async def put(tx, part):
        terms = (await group_buy.get(tx, programme_id)).terms
        calls = [
            group_buy.Reserve(
                request_no=new_id().hex, programme_id=programme_id, seq=people[who], code=code if joins else "",
                expected_points=terms.points, expected_cash_fen=terms.cash_fen,
            )
            for who, joins in part
        ]  # fmt: skip
        said = await group_buy.reserve(tx, [Call(one, SYSTEM, tx.now) for one in calls])
        return [isinstance(one, Refusal) for one in said]

    async def state(tx):
        programme = await group_buy.get(tx, programme_id)
        pools = await grants.get_pools(tx, sorted([programme.pool_id, programme.seat_pool_id]))
        keys = [ledger.points_account(seq, "POINTS") for seq in people]
        return [pool.available for pool in pools], [await ledger.free(tx, key) for key in keys]

    runs = [await cuts.comes_to(world.begin(), wanted, at, put, state) for at in (cut, len(wanted))]
    assert runs[0] == runs[1]


async def test_who_leaves_an_open_group_gets_all_back_and_the_seat_is_free(world, clock, programme_id):
    one, two, three, four = world.seqs[15:19]
    first = await make.sit(world, programme_id, one)
    await make.sit(world, programme_id, two, first.code)
    async with world.begin() as tx:
        await group_buy.leave(tx, one, first.seat_id)
    async with world.begin() as tx:
        await group_buy.leave(tx, one, first.seat_id)
        with pytest.raises(group_buy.SeatUnknown):
            await group_buy.leave(tx, two, first.seat_id)
    assert await make.purse(world, one) == (1_000, 1_000)
    await make.sit(world, programme_id, three, first.code)
    last = await make.sit(world, programme_id, four, first.code)
    assert await make.states(world, first.code) == ("complete", ["refunded"] + ["delivered"] * 3)
    async with world.begin() as tx:
        with pytest.raises(group_buy.NotLeavable):
            await group_buy.leave(tx, four, last.seat_id)
    await sound(world)


async def test_stopped_by_staff_everything_goes_back_and_what_is_left_returns(world, clock):
    programme_id = await make.live(world, name="停止", size=2)
    done = await make.sit(world, programme_id, world.seqs[20])
    await make.sit(world, programme_id, world.seqs[21], done.code)
    alone = await make.sit(world, programme_id, world.seqs[22])
    async with world.begin(world.operator) as tx:
        with pytest.raises(Invalid):
            await group_buy.stop(tx, world.operator, programme_id, " ")
        await group_buy.stop(tx, world.operator, programme_id, "供应商缺货")
        [row] = [one for one in await group_buy.rows(tx, world.operator) if one.id == programme_id]
    assert await make.states(world, done.code) == ("complete", ["delivered", "delivered"])
    assert await make.states(world, alone.code) == ("refunded", ["refunded"])
    assert (row.figures.complete, row.figures.failed, row.figures.points) == (1, 1, 600)
    [late] = await make.take(world, programme_id, (world.seqs[23], ""))
    assert isinstance(late, group_buy.Ended)
    async with world.begin() as tx:
        assert await group_buy.give_back_all(tx) == 28 * 1_980
        assert await group_buy.give_back_all(tx) == 0
    await sound(world)


async def test_a_benefit_that_was_revoked_gives_the_points_back(world, clock):
    programme_id = await make.live(world, name="撤销", size=2)
    first = await make.sit(world, programme_id, world.seqs[24])
    await make.sit(world, programme_id, world.seqs[25], first.code)
    before = await make.purse(world, world.seqs[24])
    async with world.begin() as tx:
        [item] = [one for one in await grants.wallet(tx, world.seqs[24]) if one.state.value == "fulfilled"][:1]
        await grants.revoke(tx, [item.id], "券码有误")
    await make.hear(world)
    assert (await make.states(world, first.code))[1] == ["refunded", "delivered"]
    assert await make.purse(world, world.seqs[24]) == (before[0] + 300, before[1] + 300)
    await make.hear(world)
    assert await make.purse(world, world.seqs[24]) == (before[0] + 300, before[1] + 300)
    await sound(world)


async def test_sold_out_is_said_and_a_released_seat_can_be_taken(world, clock):
    programme_id = await make.live(world, name="售罄", size=2, stock=2)
    first = await make.sit(world, programme_id, world.seqs[26])
    other = await make.sit(world, programme_id, world.seqs[27])
    [answer] = await make.take(world, programme_id, (world.seqs[28], ""))
    assert isinstance(answer, group_buy.SoldOut)
    async with world.begin() as tx:
        await group_buy.leave(tx, world.seqs[27], other.seat_id)
    await make.sit(world, programme_id, world.seqs[28], first.code)
    assert await make.states(world, first.code) == ("complete", ["delivered", "delivered"])
    assert await make.stock(world, programme_id) == (0, 0)


async def test_cash_is_asked_for_after_the_seat_and_the_last_payment_completes(world, clock, till):
    programme_id = await make.live(world, name="现金", size=2, cash_fen=990)
    one, two = world.seqs[30:32]
    first = await make.sit(world, programme_id, one)
    second = await make.sit(world, programme_id, two, first.code)
    assert await make.states(world, first.code) == ("full", ["reserved", "reserved"])
    assert await make.purse(world, one) == (1_000, 1_000)
    [full] = await make.take(world, programme_id, (world.seqs[32], first.code))
    assert isinstance(full, group_buy.GroupFull)
    await make.pays(world, till, first.payment_id)
    await till.wait(clock, 60)
    await make.hear(world)
    assert await make.states(world, first.code) == ("full", ["paid", "reserved"])
    await make.pays(world, till, second.payment_id)
    await till.wait(clock, 60)
    await make.hear(world)
    assert await make.states(world, first.code) == ("complete", ["delivered", "delivered"])
    assert (await make.purse(world, one))[0] == 700
    await till.check()
    await sound(world)


async def test_a_seat_not_paid_in_time_is_free_again_and_a_late_payment_goes_back(world, clock, till):
    programme_id = await make.live(world, name="超时", size=2, points=0, cash_fen=990)
    first = await make.sit(world, programme_id, world.seqs[33])
    await till.carry()
    await till.wait(clock, 16 * 60)
    await till.wait(clock, 120)
    await make.hear(world)
    assert await make.states(world, first.code) == ("open", ["released"])
    assert await make.stock(world, programme_id) == (30, 0)
    second = await make.sit(world, programme_id, world.seqs[34], first.code)
    assert second.code == first.code
    await till.check()


async def test_an_expired_group_gives_cash_and_points_back_and_a_payment_meanwhile_too(world, clock, till):
    programme_id = await make.live(world, name="退款", size=3, cash_fen=990, hours=1, pay_minutes=60)
    one, two = world.seqs[35:37]
    first = await make.sit(world, programme_id, one)
    second = await make.sit(world, programme_id, two, first.code)
    await make.pays(world, till, first.payment_id)
    await till.wait(clock, 60)
    await make.hear(world)
    assert (await make.purse(world, one))[0] == 700
    await make.pays(world, till, second.payment_id)  # paid at the cashier; nobody has told the bank yet
    clock.advance(timedelta(hours=1))
    assert await make.expire(world) == 1
    assert (await make.states(world, first.code))[0] == "expired"
    for _ in range(4):
        await till.wait(clock, 120)
        await make.hear(world)
    assert await make.states(world, first.code) == ("refunded", ["refunded", "refunded"])
    assert [await make.purse(world, seq) for seq in (one, two)] == [(1_000, 1_000)] * 2
    async with world.begin() as tx:
        found = await payments.get_payments(tx, [first.payment_id, second.payment_id])
    assert [one.refunded_fen for one in found.values()] == [990, 990]
    assert await make.stock(world, programme_id) == (30, 0)
    await till.check()
    await sound(world)


PHONE = "13800138000"
POST = {"name": "王一", "phone": "13800138000", "region": "330203", "address": "海棠路 8 号 2 单元"}


async def test_what_a_supplier_brings_is_told_with_the_seat_sealed_and_ordered_once_the_group_is_complete(world, clock):
    """A top-up asks for its phone, a gift for its address; neither is kept once it is with the grant, or goes back."""
    async with world.begin() as tx:
        sku_id = await make_catalogue.topup(tx, supplier_id=world.supplier_id)
    programme_id = await make.live(world, name="话费", size=2, sku_id=sku_id)
    one, two, three = world.seqs[42:45]
    for told, refusal in ((None, grants.DeliveryMissing), (PostalDelivery(**POST), grants.DeliveryUnfit)):
        [answer] = await make.take(world, programme_id, (one, ""), delivery=told)
        assert isinstance(answer, refusal)
    assert (await make.purse(world, one), await make.stock(world, programme_id)) == ((1_000, 1_000), (30, 0))
    phone = PhoneDelivery(phone=PHONE)
    [first] = await make.take(world, programme_id, (one, ""), delivery=phone)
    async with world.begin() as tx:
        sealed = await tx.fetch_value("SELECT delivery FROM group_buy.seat WHERE id = $1", first.seat_id)
        personal = group_buy.PersonalGroupBuy()
        assert (await personal.export(tx, one))["group_buy_deliveries"] == [{"type": "phone", "phone": PHONE}]
        assert len(await personal.prove(tx, [one])) == 1
    assert PHONE.encode() not in sealed
    await make.take(world, programme_id, (two, first.code), delivery=phone)
    assert await make.states(world, first.code) == ("complete", ["delivered"] * 2)
    [alone] = await make.take(world, programme_id, (three, ""), delivery=phone)
    async with world.begin() as tx:
        await group_buy.leave(tx, three, alone.seat_id)
        held = await tx.fetch(
            "SELECT state, delivery, grant_id FROM group_buy.seat WHERE programme_id = $1", programme_id
        )
        assert [row["delivery"] for row in held] == [None] * 3
        told = await grants.deliveries(tx, [row["grant_id"] for row in held if row["grant_id"]])
    assert list(told.values()) == [phone, phone]
    assert await vouchers(world, one) == ["fulfilling"]
    await sound(world)


async def test_a_member_whose_address_was_deleted_is_not_delivered_and_all_get_everything_back(world, clock):
    async with world.begin() as tx:
        sku_id = await make_catalogue.topup(tx, supplier_id=world.supplier_id)
    programme_id = await make.live(world, name="删除", size=2, sku_id=sku_id)
    one, two = world.seqs[45:47]
    [first] = await make.take(world, programme_id, (one, ""), delivery=PhoneDelivery(phone=PHONE))
    async with world.begin() as tx:
        await group_buy.PersonalGroupBuy().erase(tx, [one])
        assert await group_buy.PersonalGroupBuy().prove(tx, [one]) == []
    await make.take(world, programme_id, (two, first.code), delivery=PhoneDelivery(phone=PHONE))
    assert await make.states(world, first.code) == ("refunded", ["refunded"] * 2)
    assert [await make.purse(world, seq) for seq in (one, two)] == [(1_000, 1_000)] * 2
    await sound(world)


async def test_points_are_bought_with_cash_and_never_with_points_of_their_kind(world, clock, till):
    async with world.begin() as tx:
        sku_id = await make_catalogue.points(tx, 500)
    async with world.begin(world.operator) as tx:
        with pytest.raises(ProgrammeUnfit) as refused:
            await group_buy.propose(tx, world.operator, make.terms(world, name="积分", sku_id=sku_id))
        assert refused.value.pointer == "/points"
    programme_id = await make.live(world, name="积分", size=2, sku_id=sku_id, points=0, cash_fen=500)
    one, two = world.seqs[47:49]
    first = await make.sit(world, programme_id, one)
    second = await make.sit(world, programme_id, two, first.code)
    await make.pays(world, till, first.payment_id, second.payment_id)
    await till.wait(clock, 60)
    await make.hear(world)
    assert await make.states(world, first.code) == ("complete", ["delivered"] * 2)
    assert [await make.purse(world, seq) for seq in (one, two)] == [(1_500, 1_500)] * 2
    await sound(world)


async def test_nothing_financial_is_bought_in_groups(world):
    """Rules B1 and B4: kinds of benefit, and names of products in either language."""
    async with world.begin() as tx:
        sku = await catalogue.sku(tx, world.sku_id)
    require_groupable(sku)
    told = [
        ("name", "稳健理财体验券"), ("name", "三年期存款加息"), ("name_en", "Fund starter"), ("brand_name", "安心保险"),
        ("category", "loan"), ("kind", catalogue.SkuKind.FINANCIAL),
    ]  # fmt: skip
    for field, value in told:
        with pytest.raises(NotGroupable):
            require_groupable(msgspec.structs.replace(sku, **{field: value}))


async def test_terms_that_cannot_be_name_their_field(world):
    for changes, pointer in [
        ({"size": 1}, "/size"), ({"points": 0}, "/points"), ({"stock": 2}, "/stock"),
        ({"pay_minutes": 1}, "/pay_minutes"), ({"title": " "}, "/title"),
    ]:  # fmt: skip
        async with world.begin(world.operator) as tx:
            with pytest.raises(ProgrammeUnfit) as refused:
                await group_buy.propose(tx, world.operator, make.terms(world, **changes))
        assert refused.value.pointer == pointer


async def test_who_asked_cannot_approve(world):
    async with world.begin(world.operator) as tx:
        programme_id = await group_buy.propose(tx, world.operator, make.terms(world, name="自批"))
        change_id = (await group_buy.get(tx, programme_id)).change_id
        change = await approvals.find_change(tx, change_id)
        with pytest.raises(approvals.OwnChange):
            await approvals.decide(tx, change_id, approvals.Verdict.APPROVE, "", change.diff_hash)


def test_no_member_is_made_up():
    """Seats come from one statement, fed by a signed-in customer's own call; groups complete by counting paid seats."""
    sources = {path.name: path.read_text() for path in Path(group_buy.__file__).parent.glob("*.py")}
    assert [name for name, text in sources.items() if re.search(r"INSERT INTO group_buy\.seat", text)] == ["store.py"]
    assert [name for name, text in sources.items() if "store.insert_seats" in text] == ["seat.py"]

    everywhere = Path(group_buy.__file__).parents[2].rglob("*.py")
    writes = [path for path in everywhere if re.search(r"(INTO|UPDATE|DELETE FROM) group_buy\.seat", path.read_text())]
    assert {path.parent.name for path in writes} == {"group_buy"}


async def test_paid_seats_alone_make_a_group_complete(world, clock, programme_id):
    """The negative control: a group that is told complete with a seat unpaid stays open."""
    from huoke.reward.group_buy import store

    first = await make.sit(world, programme_id, world.seqs[40])
    async with world.begin() as tx:
        [party] = await store.parties(tx, codes=[first.code], lock=True)
        assert await store.complete(tx, party["id"]) is False
    assert (await make.states(world, first.code))[0] == "open"
