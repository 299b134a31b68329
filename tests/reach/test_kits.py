"""Kits: set up in one go as drafts, approved part by part, stopped as a whole, and never a reward for deposits."""

from datetime import time, timedelta
from uuid import UUID

import pytest

from huoke.govern.audit.model import ReasonMissing
from huoke.know import language, segments
from huoke.know.language import Serves
from huoke.reach import campaigns, kits
from huoke.reach.campaigns import CampaignMode, CampaignState
from huoke.reach.kits import KITS, Chosen, NewSetup, PartKind, Stage, VisitPlan
from huoke.reward import grants, plays
from huoke.reward.plays import PlayState
from tests.make import campaigns as make
from tests.make import catalogue as make_catalogue
from tests.make import customers as make_customers

YUAN = {"type": "decimal", "deposit_derived": True, "data_class": "C2", "bands": ["50000", "200000", "500000"]}
TYPES = {
    "paid_here": "boolean", "has_card": "boolean", "has_app": "boolean", "joined_on": "date", "matures_on": "date",
    "logins_30d": "integer", "wealth_balance": YUAN, "job": "text",
}  # fmt: skip
STOCK = 40


@pytest.fixture(scope="module")
async def world(world):
    """The sixty customers, with the facts that kits ask for; two published benefits with pools of forty."""
    today = world.database.clock.now().date()
    rows = [
        {
            "customer_no": f"C{n:06}",
            "unit_code": ("N", "S", "N1")[n % 3],
            "paid_here": "true" if n % 2 else "false",
            "has_card": "true",
            "has_app": "true" if n % 3 else "false",
            "joined_on": (today - timedelta(days=10 * n)).isoformat(),
            "matures_on": (today + timedelta(days=n)).isoformat(),
            "logins_30d": n % 10,
            "wealth_balance": 10_000 * n,
            "job": "教师" if n % 4 else "",
        }
        for n in range(60)
    ]
    await make_customers.import_rows(world.database, world.tenant, rows, TYPES)
    await make.ship(world.feed, world.analytics.clickhouse)
    return world


@pytest.fixture(scope="module")
async def chosen(world):
    found = []
    async with world.begin() as tx:
        for name in ("一", "二"):
            sku_id = await make_catalogue.voucher(tx, supplier_id=world.supplier_id)
            new = grants.NewPool(sku_id=sku_id, unit_id=world.units.head, name=f"场景{name}", quantity=1_000)
            found.append(Chosen(sku_id=sku_id, pool_id=await grants.open_pool(tx, new), stock=STOCK))
    return found


def wanted(world, chosen, key, **changes):
    now = world.database.clock.now()
    told = {
        "key": key, "name": f"试点{key}", "benefits": chosen, "budget_id": world.budget_id, "budget_fen": 1_000_000,
        "opens_at": now, "closes_at": now + timedelta(days=30), "basis_confirmed": True, "control_percent": 0,
        "visit": VisitPlan(unit_ids=[world.units.north], times=[time(9)]) if KITS[key].visit else None,
    }  # fmt: skip
    return NewSetup(**{**told, **changes})


async def set_up(world, chosen, key, **changes):
    async with world.begin(world.operator) as tx:
        setup_id = await kits.set_up(tx, world.operator, wanted(world, chosen, key, **changes))
        return await kits.get(tx, world.operator, setup_id)


def only(setup, kind):
    return [part for part in setup.parts if part.kind is kind]


async def _promised(tx, world, part):
    """Units that a part of a kit may give: a campaign's own; a play takes from the pools themselves."""
    if part.kind is not PartKind.CAMPAIGN:
        return 0
    draft = (await campaigns.get(tx, world.operator, part.id)).draft
    return sum(line.stock for line in draft.lines) or draft.stock


@pytest.mark.parametrize("key", KITS)
async def test_every_kit_is_set_up_as_drafts_and_goes_to_approval_as_it_is(world, chosen, key):
    kit = KITS[key]
    made = await set_up(world, chosen, key)
    assert made.stage is Stage.DRAFT
    assert len(only(made, PartKind.SEGMENT)) == len(kit.circles) + (kit.act is not None)
    assert len(only(made, PartKind.CAMPAIGN)) == len(kit.offers)
    assert len(only(made, PartKind.PLAY)) == (kit.game is not None)
    assert len(only(made, PartKind.SERVICE)) == (kit.visit is not None)
    assert len(only(made, PartKind.BUNDLE)) == sum(offer.choose > 0 for offer in kit.offers)
    async with world.begin(world.operator) as tx:
        changes = await kits.submit(tx, world.database, world.operator, world.analytics, made.id)
        sent = await kits.get(tx, world.operator, made.id)
    assert len(changes) == len(kit.offers) + (kit.game is not None)
    assert sent.stage is Stage.SUBMITTED
    async with world.begin(world.operator) as tx:
        assert await kits.submit(tx, world.database, world.operator, world.analytics, made.id) == []
        for part in only(made, PartKind.CAMPAIGN):
            campaign = await campaigns.get(tx, world.operator, part.id)
            assert campaign.draft.metric is not None
            first = campaign.draft.name.endswith(kit.offers[0].draft.name)
            assert campaign.draft.message is not None or not first
        promised = [await _promised(tx, world, part) for part in made.parts]
    assert sum(promised) <= STOCK * len(chosen), "each benefit's stock is divided, never promised by several parts"


@pytest.mark.parametrize("key", [key for key, kit in KITS.items() if any(circle.basis for circle in kit.circles)])
async def test_a_kit_that_looks_at_deposits_registers_its_basis_and_rewards_another_act(world, chosen, key):
    made = await set_up(world, chosen, key)
    selection, condition = only(made, PartKind.SEGMENT)
    [part] = only(made, PartKind.CAMPAIGN)
    async with world.begin(world.operator) as tx:
        looked, asked = [await segments.get(tx, one.id) for one in (selection, condition)]
        draft = (await campaigns.get(tx, world.operator, part.id)).draft
    assert looked.serves is Serves.SELECTION
    assert looked.basis == KITS[key].circles[0].basis.zh
    assert asked.serves is Serves.CONDITION
    assert asked.basis is None
    assert draft.mode is CampaignMode.PULL
    assert (draft.segment_id, draft.condition_segment_id) == (looked.id, asked.id)


async def test_a_condition_on_a_deposit_is_refused_by_the_compiler(world):
    rule = KITS["wealth_upgrade"].circles[0].expression(world.database.clock.now().date(), 200_000)
    async with world.begin(world.operator) as tx:
        new = segments.NewSegment(name="加存领礼", expression=rule, serves=Serves.CONDITION, basis="不成立的依据")
        with pytest.raises(language.DepositCondition):
            await segments.save(tx, new)
        with pytest.raises(language.DepositSelection):
            await segments.save(tx, segments.NewSegment(name="无依据", expression=rule))


async def test_the_basis_has_to_be_confirmed_and_nothing_is_made_before(world, chosen):
    async with world.begin(world.operator) as tx:
        before = await segments.find(tx, limit=200)
        with pytest.raises(kits.KitUnfit) as refused:
            await kits.set_up(
                tx, world.operator, wanted(world, chosen, "wealth_upgrade", name="未确认", basis_confirmed=False)
            )
        assert refused.value.pointer == "/basis_confirmed"
        assert await segments.find(tx, limit=200) == before
        assert await kits.find(tx, world.operator, q="未确认") == []


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"name": " "}, "/name", "name"),
        ({"threshold": 1}, "/threshold", "threshold"),
        ({"budget_fen": 1}, "/budget_fen", "budget_small"),
        ({"budget_fen": 10**12}, "/budget_fen", "budget_short"),
        ({"benefits": []}, "/benefits", "too_few"),
    ],
)
async def test_the_form_is_refused_field_by_field(world, chosen, changes, pointer, code):
    async with world.begin(world.operator) as tx:
        with pytest.raises(kits.KitUnfit) as refused:
            await kits.set_up(tx, world.operator, wanted(world, chosen, "tiered_operation", **changes))
    assert [(one["pointer"], one["code"]) for one in refused.value.data["problems"]] == [(pointer, code)]


async def test_stock_is_not_promised_twice_over(world, chosen):
    greedy = [Chosen(sku_id=chosen[0].sku_id, pool_id=chosen[0].pool_id, stock=1_001)]
    foreign = [Chosen(sku_id=chosen[0].sku_id, pool_id=chosen[1].pool_id, stock=1)]
    async with world.begin(world.operator) as tx:
        codes = []
        for benefits in (greedy, foreign, [chosen[0], chosen[0]]):
            new = wanted(world, benefits, "payroll", budget_fen=100_000_000)
            codes.append([gap.code for gap in (await kits.preview(tx, world.operator, world.analytics, new)).problems])
    assert codes == [["stock"], ["pool_unknown"], ["twice"]]


async def test_the_preview_says_whom_it_reaches_and_what_it_costs_at_most(world, chosen):
    async with world.begin(world.operator) as tx:
        found = await kits.preview(tx, world.operator, world.analytics, wanted(world, chosen, "payroll", threshold=95))
    assert [one.customers for one in found.reach] == [5]  # paid here: 1, 3, 5, 7, 9 of those who came in 95 days
    assert found.most_fen == 2 * STOCK * 1_980
    assert found.problems == []


async def test_a_kit_that_runs_is_stopped_as_a_whole_and_gives_back_what_nobody_took(world, chosen):
    async with world.begin() as tx:
        before = {pool.id: pool.available for pool in await grants.get_pools(tx, [one.pool_id for one in chosen])}
    made = await set_up(world, chosen, "game_month", name="停的月")
    async with world.begin(world.operator) as tx:
        changes = await kits.submit(tx, world.database, world.operator, world.analytics, made.id)
    for change_id in changes:
        await make.approve(world, change_id)
    async with world.begin(world.operator) as tx:
        running = await kits.get(tx, world.operator, made.id)
        assert (running.stage, running.can) == (Stage.RUNNING, ["stop"])
        with pytest.raises(ReasonMissing):
            await kits.stop(tx, world.operator, made.id, " ")
    async with world.begin(world.operator) as tx:
        assert await kits.stop(tx, world.operator, made.id, "预算调整") == 2
        [campaign], [play] = (only(made, kind) for kind in (PartKind.CAMPAIGN, PartKind.PLAY))
        assert (await campaigns.get(tx, world.operator, campaign.id)).state is CampaignState.STOPPED
        assert (await plays.seen(tx, play.id, world.operator)).state is PlayState.ENDED
        assert (await kits.get(tx, world.operator, made.id)).stage is Stage.ENDED
        with pytest.raises(kits.WrongStage):
            await kits.stop(tx, world.operator, made.id, "再停一次")
        after = {pool.id: pool.available for pool in await grants.get_pools(tx, [one.pool_id for one in chosen])}
    assert after == before


class Counted:
    """A transaction that counts what it is asked."""

    def __init__(self, tx):
        self._tx, self.asked = tx, 0

    def __getattr__(self, name):
        found = getattr(self._tx, name)
        if name not in ("fetch", "fetch_row", "fetch_value"):
            return found

        async def counted(*arguments):
            self.asked += 1
            return await found(*arguments)

        return counted


async def test_a_board_reads_its_parts_as_sets_however_many_there_are(world, chosen):
    one = await set_up(world, chosen, "payroll", name="板一")
    more = await set_up(world, chosen, "tiered_operation", name="板二")
    counts = []
    for made in (one, more):
        async with world.begin(world.operator) as tx:
            counted = Counted(tx)
            parts = (await kits.get(counted, world.operator, made.id)).parts
            segments_of = sum(part.kind is PartKind.SEGMENT for part in parts)
        counts.append((counted.asked, segments_of))
    (few, first), (many, second) = counts
    assert second > first, "the second kit has more segments"
    assert many - few <= 1, "more segments are read with the same statement; the bundle brings its own"


async def test_a_draft_kit_is_taken_back_with_all_it_made(world, chosen):
    made = await set_up(world, chosen, "mall_opening", name="不做了")
    async with world.begin(world.operator) as tx:
        await kits.remove(tx, world.operator, made.id)
        assert await campaigns.states(tx, [part.id for part in made.parts]) == {}
        assert await plays.states(tx, [part.id for part in made.parts]) == {}
        for part in only(made, PartKind.SEGMENT):
            assert (await segments.get(tx, part.id)).archived_at is not None
        with pytest.raises(kits.KitUnknown):
            await kits.get(tx, world.operator, made.id)


async def test_a_kit_that_was_submitted_is_not_taken_back(world, chosen):
    made = await set_up(world, chosen, "dormant_card", name="已送审")
    async with world.begin(world.operator) as tx:
        await kits.submit(tx, world.database, world.operator, world.analytics, made.id)
    async with world.begin(world.operator) as tx:
        with pytest.raises(kits.WrongStage):
            await kits.remove(tx, world.operator, made.id)
        assert (await kits.get(tx, world.operator, made.id)).stage is Stage.SUBMITTED


async def test_a_branch_sees_its_own_kits_alone(world, chosen):
    made = await set_up(world, chosen, "payroll", name="总行的")
    async with world.begin(world.branch_operator) as tx:
        with pytest.raises(kits.KitUnknown):
            await kits.get(tx, world.branch_operator, made.id)
        assert await kits.find(tx, world.branch_operator, q="总行的") == []


async def test_the_same_request_sets_a_kit_up_once(world, chosen):
    new = wanted(world, chosen, "payroll", name="一次", request_no="kit-once")
    ids: list[UUID] = []
    for _ in range(2):
        async with world.begin(world.operator) as tx:
            ids.append(await kits.set_up(tx, world.operator, new))
    assert ids[0] == ids[1]
    async with world.begin(world.operator) as tx:
        assert [row.id for row in await kits.find(tx, world.operator, q="一次")] == [ids[0]]
