"""Rule P5: the same thing costs the same; what differs has a registered reason, and what has none is found."""

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.kernel import files
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import new_id
from huoke.kernel.sets import CustomerSet
from huoke.know import customers, segments
from huoke.measure import prices
from huoke.measure.prices import Asked, By, Kind, PeriodUnfit, Status, Why
from huoke.measure.prices.model import Paid, reasons
from huoke.reward import exchange, mall, tiers
from tests.conftest import START
from tests.make import customers as make_customers
from tests.make import exchange as make_exchange
from tests.make import ledger as make_ledger
from tests.make import mall as make_mall
from tests.make import people
from tests.make import tiers as make_tiers

PEOPLE = 6
REASON = "金卡客户登记权益"


@pytest.fixture(scope="module")
async def seqs(database, bank, cluster, schema):
    """Customers with points and beans set aside; the first is on gold, by a scheme that two people put in force."""
    files.register_keys(files.MasterKeys.load(cluster.home / "master.key"))
    await make_tiers.in_force(database, bank, make_tiers.scheme())
    rows = [{"customer_no": f"P{n}", "unit_code": "N1"} for n in range(PEOPLE)]
    await make_customers.import_rows(database, bank, rows, {})
    async with database.begin(bank) as tx:
        numbers = await customers.find_by_no(tx, [row["customer_no"] for row in rows])
        found = [numbers[f"P{n}"] for n in range(PEOPLE)]
        await tiers.credit_growth(tx, [make_tiers.gain(found[0], 6_000, tx.now)])
        await make_exchange.set_aside(tx, 100_000)
        for seq in found:
            await make_ledger.points(tx, seq, 20_000)
    return found


@pytest.fixture
async def shelf(database, bank, seqs, clock):
    """Ten vouchers at 1,200 points, two of them sold."""
    shelf = await make_mall.on_shelf(database, bank)
    await sold(shelf, seqs[0], seqs[1])
    return shelf


async def sold(shelf, *seqs, points=1_200):
    for outcome in await make_mall.order(shelf, *(make_mall.wish(shelf, one, expected_points=points) for one in seqs)):
        assert not isinstance(outcome, Exception)


async def report(database, bank, analytics, **changes):
    """Lines of the last days, by thing and group."""
    async with database.begin(bank) as tx:
        today = tx.now.astimezone(CHINA).date()
        asked = Asked(**{"since_on": today - timedelta(days=30), "until_on": today, **changes})
        lines = await prices.spreads(tx, analytics, asked)
    return {(one.thing_id, one.group): one for one in lines}


async def plant(database, bank, statement, *values):
    async with database.begin(bank) as tx:
        assert await tx.execute(statement, *values) == 1


async def test_one_price_for_everybody_is_even_whoever_asks(database, bank, other_bank, analytics, shelf):
    found = await report(database, bank, analytics)
    whole, gold, basic = (found[shelf.sku_id, group] for group in ("", "gold", "basic"))
    assert (whole.count, whole.low, whole.median, whole.high, whole.unit) == (2, 1_200, 1_200, 1_200, "POINTS")
    assert (whole.status, whole.why, whole.unexplained, whole.spread) == (Status.EVEN, [Why.OPEN], 0, 0)
    assert (gold.count, gold.group_name, basic.count, basic.group_name_en) == (1, "金卡", 1, "Basic")
    assert await report(database, other_bank, analytics) == {}


async def test_a_price_that_its_shelf_does_not_say_is_unexplained(database, bank, analytics, shelf, seqs):
    """The planted bug: somebody paid another price than the one approved, which stands on the shelf."""
    await plant(
        database,
        bank,
        "UPDATE mall.item_order SET points = 1500 WHERE shelf_item_id = $1 AND seq = $2",
        shelf.item_id,
        seqs[1],
    )
    whole = (await report(database, bank, analytics, kind=Kind.MALL))[shelf.sku_id, ""]
    assert (whole.low, whole.high, whole.spread, whole.unexplained) == (1_200, 1_500, 300, 1)
    assert (whole.status, whole.why) == (Status.UNEXPLAINED, [Why.OPEN, Why.NONE])


async def again(database, bank, shelf, points):
    """The same benefit on the shelf once more, approved by a second person."""
    async with database.begin(bank) as tx:
        maker, checker = [people.actor(await people.staff(tx, role)) for role in (Role.BUYER, Role.APPROVER)]
    async with database.begin(bank, maker) as tx:
        new = mall.NewShelfItem(
            sku_id=shelf.sku_id, points=points, person_limit=2, stock=5, budget_id=shelf.budget_id,
            pool_id=shelf.pool_id, opens_at=tx.now - timedelta(hours=1), closes_at=tx.now + timedelta(days=30),
        )  # fmt: skip
        item_id = await mall.propose(tx, new)
        [found] = [one for one in await mall.find_items(tx) if one.id == item_id]
    async with database.begin(bank, checker) as tx:
        change = await approvals.find_change(tx, found.change_id)
        await approvals.decide(tx, found.change_id, approvals.Verdict.APPROVE, "", change.diff_hash)
    return make_mall.World(database, bank, item_id, shelf.sku_id, shelf.budget_id, shelf.pool_id)


async def test_a_new_price_is_explained_by_time_and_two_at_a_time_by_nothing(
    database, bank, analytics, shelf, seqs, clock
):
    clock.advance(timedelta(hours=1))
    dearer = await again(database, bank, shelf, 1_300)
    await sold(dearer, seqs[2], points=1_300)
    whole = (await report(database, bank, analytics))[shelf.sku_id, ""]
    assert (whole.status, whole.why) == (Status.EXPLAINED, [Why.OPEN, Why.TIME])
    clock.advance(timedelta(hours=1))
    await sold(shelf, seqs[3])
    whole = (await report(database, bank, analytics))[shelf.sku_id, ""]
    assert (whole.status, whole.why, whole.unexplained) == (Status.UNEXPLAINED, [Why.NONE], 4)


async def test_a_tier_s_rate_is_explained_by_its_reason_and_only_for_who_is_on_it(
    database, bank, analytics, seqs, clock
):
    better = exchange.TierRate(tier="gold", takes=1, gives=1, reason=REASON)
    async with database.begin(bank) as tx:
        rate = {"fee_rate": 0, "tiers": (better,)}
        card_id = await make_exchange.open_card(tx, **rate)
        of = make_exchange.card(**rate)
        wanted = exchange.WantedCard(id=card_id, card=of)
        await tx.execute(
            "INSERT INTO exchange.card_request (id, card_id, body, reason, state, requested_by, requested_at, ended_at)"
            " VALUES ($1, $2, $3, '年度汇率', 'in_force', 'tests', $4, $4)",
            new_id(),
            card_id,
            msgspec.to_builtins(wanted),
            tx.now - timedelta(days=1),
        )
        wishes = [make_exchange.wish(card_id, seqs[0], 300, expected=300)]
        wishes += [make_exchange.wish(card_id, seq, 300, of) for seq in seqs[1:3]]
        made = await exchange.exchange(tx, make_exchange.calls(tx, *wishes))
        await tx.execute("UPDATE exchange.card SET body = jsonb_set(body, '{takes}', '9') WHERE id = $1", card_id)
    found = await report(database, bank, analytics, kind=Kind.EXCHANGE)
    whole, gold, basic = (found[card_id, group] for group in ("", "gold", "basic"))
    assert (whole.low, whole.median, whole.high, whole.unit) == (1_000, 1_500, 1_500, "per_1000")
    assert (whole.status, whole.why, whole.notes) == (Status.EXPLAINED, [Why.OPEN, Why.TIER], [REASON])
    assert (gold.count, gold.high, basic.count, basic.low) == (1, 1_000, 2, 1_500)
    await plant(
        database, bank, "UPDATE exchange.trade SET takes = 1, gives = 1, gained = 300 WHERE id = $1", made[1].id
    )
    whole = (await report(database, bank, analytics))[card_id, ""]
    assert (whole.status, whole.unexplained) == (Status.UNEXPLAINED, 1)


async def test_groups_are_a_segment_as_well_as_a_tier(database, bank, feed, clickhouse, analytics, shelf, seqs):
    await make_customers.ship(feed, clickhouse)
    async with database.begin(bank) as tx:
        listed = await segments.keep_list(tx, "一位", CustomerSet.of(bank, [seqs[1]], tx.now))
        rule = {"kind": "upload", "upload_id": str(listed)}
        segment_id = await segments.save(tx, segments.NewSegment(name="一位", expression=rule))
        today = tx.now.astimezone(CHINA).date()
        asked = Asked(since_on=today, until_on=today, by=By.SEGMENT)
        lines = await prices.spreads(tx, analytics, asked, await segments.get(tx, segment_id))
        unplaced = await prices.spreads(tx, analytics, msgspec.structs.replace(asked, by=By.WEALTH))
    assert [one.group_name for one in unplaced if one.thing_id == shelf.sku_id] == ["全部客户", "未知"], "no grid yet"
    found = {one.group: (one.count, one.group_name) for one in lines if one.thing_id == shelf.sku_id}
    assert found == {"": (2, "全部客户"), "in": (1, "一位"), "-": (1, "其他客户")}


def counted(kind, why, low, high, source, *, hours=0, count=1):
    """Prices by one source, observed from so many hours on, an hour long."""
    first = START + timedelta(hours=hours)
    return Paid(
        kind=kind, thing_id=UUID(int=1), unit="fen", source=source, why=why, note="", count=count, low=low, median=low,
        high=high, first_at=first, last_at=first + timedelta(hours=1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ([counted(Kind.MALL, Why.OPEN, 5, 5, "a"), counted(Kind.MALL, Why.REDUCTION, 2, 4, "a", count=3)],
         {Why.OPEN: 1, Why.REDUCTION: 3, Why.AMOUNT: 3}),
        ([counted(Kind.BUNDLE, Why.VARIANT, 5, 9, "1"), counted(Kind.BUNDLE, Why.OPEN, 3, 3, "")],
         {Why.VARIANT: 1, Why.CHOICE: 1, Why.OPEN: 1}),
        ([counted(Kind.EXCHANGE, Why.OPEN, 15, 16, "1"), counted(Kind.EXCHANGE, Why.OPEN, 14, 14, "2", hours=2)],
         {Why.OPEN: 2, Why.TIME: 2, Why.AMOUNT: 1}),
        ([counted(Kind.GROUP_BUY, Why.OPEN, 5, 5, "a"), counted(Kind.GROUP_BUY, Why.OPEN, 6, 6, "b")], {Why.NONE: 2}),
        ([counted(Kind.GROUP_BUY, Why.OPEN, 5, 6, "a")], {Why.OPEN: 1, Why.NONE: 1}),
    ],
)  # fmt: skip
def test_a_reason_stands_for_what_it_explains_and_no_more(sources, said):
    assert reasons(sources) == said


async def test_a_period_is_some_days_and_not_too_many(database, bank, analytics, clock):
    for days in (-1, 366):
        with pytest.raises(PeriodUnfit):
            await report(database, bank, analytics, since_on=clock.now().date() - timedelta(days=days))


@pytest.mark.parametrize("by", [By.TIER, By.WEALTH])
async def test_one_kind_alone_can_be_asked_for(database, bank, analytics, shelf, by):
    found = {kind: await report(database, bank, analytics, kind=kind, by=by) for kind in Kind}
    assert (shelf.sku_id, "") in found.pop(Kind.MALL)
    assert all((shelf.sku_id, "") not in lines for lines in found.values())
