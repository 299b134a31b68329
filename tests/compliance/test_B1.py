"""Rule B1: no condition on a deposit, however deep; selection on one needs a registered basis and shows it.

Nor does a benefit reward a deposit by its own terms: a rate coupon on one is no draft of the catalogue.
"""

import pytest

from huoke.govern import approvals
from huoke.know import customers, segments
from huoke.know.language import DepositCondition, DepositSelection, Serves
from huoke.know.segments import NewSegment
from huoke.reach import campaigns
from huoke.reach.campaigns import CampaignMode
from huoke.reward import catalogue
from huoke.reward.catalogue import Instrument, NewSku, ProductType, RewardForbidden, SkuKind
from tests.make import campaigns as make
from tests.make import catalogue as make_catalogue

RICH = {"kind": "attr", "name": "balance", "op": ">=", "value": 1000}
BASIS = "法务意见 LG-2026-041"


@pytest.fixture(scope="module")
async def world(database, feed, clickhouse, bank, ports, analytics):
    return await make.world(database, feed, clickhouse, analytics, bank, count=30)


async def save(world, **fields):
    async with world.begin(world.operator) as tx:
        return await segments.save(tx, NewSegment(**{"name": "存款客户", "expression": RICH, **fields}))


async def checks_of(world, campaign_id):
    async with world.begin() as tx:
        found = await campaigns.preview(tx, world.operator, world.analytics, campaign_id)
    return {check.data["code"]: check.verdict for check in found.checks if check.rule == "B1"}


async def test_a_condition_on_a_deposit_cannot_be_saved_even_with_a_basis(world, clock):
    with pytest.raises(DepositCondition):
        await save(world, serves=Serves.CONDITION, basis=BASIS)


async def test_a_selection_on_a_deposit_needs_a_basis(world, clock):
    with pytest.raises(DepositSelection):
        await save(world)


async def test_a_campaign_shows_the_basis_of_its_selection_to_the_checker(world, clock):
    campaign_id = await make.create(world, segment_id=await save(world, basis=BASIS))
    assert await checks_of(world, campaign_id) == {"selection_basis": "warn", "condition": "pass"}
    change_id = await make.submit(world, campaign_id)
    async with world.begin(world.approver) as tx:
        change = await approvals.get(tx, world.approver, change_id)
    [check] = [check for check in change.checks if check.data["code"] == "selection_basis"]
    assert BASIS in check.detail


async def test_a_fact_reclassified_after_saving_stops_the_campaign(world, clock):
    """The segment was harmless when it was saved; what counts is the lineage on the day of the campaign."""
    from huoke.know.customers import Attribute, AttributeType

    async with world.begin() as tx:
        plain = Attribute(name="activity", label="活跃度", label_en="Activity", type=AttributeType.INTEGER)
        await customers.define_attributes(tx, [plain])
    rule = {"kind": "attr", "name": "activity", "op": "is_unknown"}
    segment_id = await save(world, expression=rule)
    condition_id = await save(world, expression=rule, serves=Serves.CONDITION)
    pull = {"mode": CampaignMode.PULL, "condition_segment_id": condition_id, "segment_id": world.segment_id}
    selecting = await make.create(world, segment_id=segment_id)
    asking = await make.create(world, **pull)
    assert (await checks_of(world, asking))["condition"] == "pass"
    async with world.begin() as tx:
        derived = Attribute(
            name="activity", label="活跃度", label_en="Activity", type=AttributeType.INTEGER, lineage=("balance",)
        )
        await customers.define_attributes(tx, [derived])
    assert (await checks_of(world, asking))["condition_deposit"] == "fail"
    with pytest.raises(approvals.CheckFailed) as refused:
        await make.submit(world, asking)
    assert refused.value.data["rules"] == ["B1"]
    with pytest.raises(DepositSelection):
        await make.submit(world, selecting)


async def test_a_condition_is_no_selection_and_a_selection_no_condition(world, clock):
    asks = await save(world, expression=make.ADULTS, serves=Serves.CONDITION)
    misused = await make.create(world, mode=CampaignMode.PULL, condition_segment_id=world.segment_id)
    assert (await checks_of(world, misused))["segment_misused"] == "fail"
    swapped = await make.create(world, segment_id=asks)
    assert (await checks_of(world, swapped))["segment_misused"] == "fail"


async def test_a_condition_is_asked_when_claiming(world, clock):
    """Nobody but the oldest fulfils it."""
    old = {"kind": "attr", "name": "age", "op": ">=", "value": 45}
    condition_id = await save(world, name="45 岁以上", expression=old, serves=Serves.CONDITION)
    campaign_id = await make.live(world, mode=CampaignMode.PULL, condition_segment_id=condition_id)
    answers = await make.claim(world, campaign_id, world.seqs[0], world.seqs[26])
    assert [type(answer).__name__ for answer in answers] == ["NotEligible", "Claimed"]


@pytest.mark.parametrize("instrument", list(Instrument))
async def test_no_benefit_of_the_catalogue_rewards_a_deposit(database, bank, instrument):
    async with database.begin(bank) as tx:
        item_id = await make_catalogue.item(tx)
        terms = make_catalogue.financial_terms(instrument, product_type=ProductType.DEPOSIT)
        with pytest.raises(RewardForbidden) as refused:
            await catalogue.add_sku(tx, NewSku(item_id=item_id, code="RATE", kind=SkuKind.FINANCIAL, terms=terms))
        assert (refused.value.data["rule"], refused.value.pointer) == ("B1", "/terms/details/product_type")
        assert await catalogue.find_skus(tx, item_id=item_id) == []
        loan = make_catalogue.financial_terms(instrument, product_type=ProductType.LOAN)
        await catalogue.add_sku(
            tx, NewSku(item_id=item_id, code=make_catalogue.next_code(), kind=SkuKind.FINANCIAL, terms=loan)
        )
