"""The live board equals SQL over grants, says how fresh it is, and streams only what changed."""

from datetime import timedelta

import msgspec
import pytest

from huoke.kernel import log
from huoke.kernel.ids import new_id
from huoke.measure import figures
from huoke.measure.figures import Board, store
from huoke.measure.figures.watch import update_of
from huoke.reach import campaigns
from huoke.reward import grants
from tests.make import campaigns as make


@pytest.fixture(scope="module")
async def tables(world, feed, clickhouse):
    """The bank's tables in ClickHouse, as they are made when a bank is opened."""
    await log.Shipper(feed, clickhouse, [figures.STEPS]).prepare(world.tenant)


async def see(world, campaign_id) -> Board:
    async with world.begin() as tx:
        return await figures.board(tx, world.analytics.clickhouse, campaign_id)


async def truth(world, campaign_id):
    """Granted, claimed and redeemed by branch, counted in PostgreSQL over the grants themselves."""
    async with world.begin() as tx:
        [offer] = await grants.find_offers(tx, "campaign", campaign_id)
        rows = await grants.progress(tx, [offer.id])
    of = {world.units.harbour: world.units.north}
    found = {}
    for row in rows:
        branch = of.get(row.unit_id, row.unit_id)
        granted, claimed, redeemed = found.get(branch, (0, 0, 0))
        used = row.count if row.state is grants.State.USED else 0
        found[branch] = (granted + row.count, claimed + row.claimed, redeemed + used)
    return found


async def lively(world, clock):
    """A campaign with grants, claims, redemptions and one undone; returns it."""
    campaign_id = await make.live(world, control_percent=10)
    await make.run(world, campaign_id)
    async with world.begin() as tx:
        items = await grants.find_grants(tx, source_id=campaign_id, limit=200)
    claimed = await make.claim(world, campaign_id, *(item.seq for item in items[:20]))
    clock.advance(timedelta(hours=1))
    done = await make.redeem(world, *(answer.grant_id for answer in claimed[:12]))
    async with world.begin(world.teller) as tx:
        teller = world.teller.actor.id
        await grants.undo_redeem(tx, done[0].redemption_id, teller=teller, units=frozenset(), reason="柜员点错")
    return campaign_id


async def test_the_board_equals_sql_over_grants(world, tables, clock, feed, clickhouse):
    campaign_id = await lively(world, clock)
    await make.ship(feed, clickhouse)
    found = await see(world, campaign_id)
    assert {row.unit_id: (row.granted, row.claimed, row.redeemed) for row in found.by_branch} == await truth(
        world, campaign_id
    )
    async with world.begin() as tx:
        books = await campaigns.report(tx, world.operator, campaign_id)
    assert (found.funnel.granted, found.funnel.claimed, found.funnel.redeemed) == (books.granted, 20, 11)
    assert (found.funnel.audience, found.funnel.control) == (60, books.progress.control)
    assert found.funnel.reachable == 60 - books.progress.control
    money = found.budget
    assert (money.limit_fen, money.reserved_fen, money.committed_fen, money.available_fen) == (
        books.limit_fen,
        books.reserved_fen,
        books.committed_fen,
        books.available_fen,
    )
    assert money.committed_fen == 11 * 1_980 == sum(row.redeemed_fen for row in found.by_branch)
    stock = found.stock
    assert (stock.total, stock.reserved, stock.used) == (1_000, books.stock_reserved, 11)
    assert stock.available == 1_000 - stock.reserved - 11
    assert [(hour.granted, hour.claimed, hour.redeemed) for hour in found.by_hour] == [
        (books.granted, 20, 0),
        (0, 0, 11),
    ]


async def test_data_at_is_when_the_first_step_still_on_its_way_happened(world, tables, clock, feed, clickhouse):
    await make.ship(feed, clickhouse)
    campaign_id = await make.live(world, published=True, stock=10, budget_fen=19_800)
    assert (await see(world, campaign_id)).data_at == clock.now()
    claimed_at = clock.now()
    await make.claim(world, campaign_id, world.seqs[0])
    clock.advance(timedelta(minutes=5))
    behind = await see(world, campaign_id)
    assert (behind.data_at, behind.funnel.claimed, behind.stock.reserved) == (claimed_at, 0, 1)
    await make.ship(feed, clickhouse)
    caught_up = await see(world, campaign_id)
    assert (caught_up.data_at, caught_up.funnel.claimed) == (clock.now(), 1)


async def test_shipping_again_counts_nothing_twice(world, tables, clock, feed, clickhouse):
    campaign_id = await lively(world, clock)
    await make.ship(feed, clickhouse)
    before = await see(world, campaign_id)
    await log.Shipper(feed, clickhouse, [figures.STEPS]).rebuild(figures.STEPS)
    await make.ship(feed, clickhouse)
    assert await see(world, campaign_id) == before


async def test_a_planted_double_row_shows(world, tables, clock, feed, clickhouse):
    """The negative control: a step that is there twice makes the board differ from the truth."""
    campaign_id = await lively(world, clock)
    await make.ship(feed, clickhouse)
    async with world.begin() as tx:
        [offer] = await grants.find_offers(tx, "campaign", campaign_id)
    await clickhouse.command(
        world.tenant,
        f"INSERT INTO grant_step SELECT * FROM grant_step WHERE offer_id = '{offer.id}' AND previous = '' LIMIT 1",
    )
    found = await see(world, campaign_id)
    assert found.funnel.granted == sum(granted for granted, _, _ in (await truth(world, campaign_id)).values()) + 1
    await log.Shipper(feed, clickhouse, [figures.STEPS]).rebuild(figures.STEPS)
    await make.ship(feed, clickhouse)


async def test_watchers_share_one_computation_and_hear_of_changes_only(world, tables, clock, feed, clickhouse):
    campaign_id = await make.live(world, published=True, stock=10, budget_fen=19_800)

    def watch(seen=""):
        return figures.watch(world.database, clickhouse, world.tenant, campaign_id, seen=seen, heartbeat_seconds=1.2)

    one, two = watch(), watch()
    first, same = await anext(one), await anext(two)
    assert first == same
    assert msgspec.json.decode(first.body, type=Board).stock.reserved == 0
    quiet = await anext(one)
    assert (quiet.changed, quiet.id) == (False, first.id)
    await make.claim(world, campaign_id, world.seqs[0])
    await make.ship(feed, clickhouse)
    update = await anext(one)
    while not update.changed:
        update = await anext(one)
    assert msgspec.json.decode(update.body, type=Board).stock.reserved == 1
    resumed = watch(seen=first.id)
    assert (await anext(resumed)).id not in (first.id, "")
    for stream in (one, two, resumed):
        await stream.aclose()


async def test_the_id_of_an_update_does_not_move_with_the_clock(world, tables, clock):
    campaign_id = await make.live(world, published=True, stock=10, budget_fen=19_800)
    before = update_of(await see(world, campaign_id))
    clock.advance(timedelta(minutes=1))
    after = update_of(await see(world, campaign_id))
    assert before.id == after.id
    assert before.data_at != after.data_at


async def test_home_shows_what_runs_and_what_waits(world, tables, clock, feed, clickhouse):
    campaign_id = await lively(world, clock)
    waiting = await make.create(world, name="待审批活动")
    await make.submit(world, waiting)
    await make.ship(feed, clickhouse)
    async with world.begin(world.operator) as tx:
        found = await figures.home(tx, clickhouse, world.operator)
    shown = {one.id: one for one in found.running}[campaign_id]
    assert (shown.claimed, shown.redeemed) == (20, 11)
    assert shown.budget.committed_fen == 11 * 1_980
    assert found.totals.redeemed_today >= 11
    assert found.recent[0].id == waiting
    async with world.begin(world.reviewer) as tx:
        todos = {todo.kind: todo.count for todo in (await figures.home(tx, clickhouse, world.reviewer)).todos}
    assert todos["approvals"] == 1
    async with world.begin(world.branch_operator) as tx:
        assert (await figures.home(tx, clickhouse, world.branch_operator)).running == []


async def test_a_branch_does_not_see_the_board_of_others(world, tables, clock):
    campaign_id = await make.create(world)
    async with world.begin() as tx:
        await figures.require(tx, world.operator, campaign_id)
        with pytest.raises(figures.CampaignUnknown):
            await figures.require(tx, world.branch_operator, campaign_id)


async def test_a_benefit_a_supplier_delivers_is_claimed_when_its_order_goes_out(world, tables, clickhouse):
    campaign_id, tenant = new_id(), world.tenant
    ways = [("", "reserved"), ("reserved", "fulfilling"), ("fulfilling", "used")]
    rows = ", ".join(
        f"('{grant}', {step}, '{campaign_id}', 1, {seq}, '{state}', '{previous}', 500, now64(6), 0, 0)"
        for seq, grant in enumerate([new_id(), new_id()], start=1)
        for step, (previous, state) in enumerate(ways[: seq + 1])
    )
    columns = "grant_id, step, source_id, unit_id, seq, state, previous, amount_fen, at, xid, ordinal"
    await clickhouse.command(tenant, f"INSERT INTO {figures.STEPS.name} ({columns}) VALUES {rows}")
    [counted] = await store.by_campaign(clickhouse, tenant, [campaign_id])
    assert (counted["granted"], counted["claimed"], counted["redeemed"]) == (2, 2, 1)
