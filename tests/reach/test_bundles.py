"""Campaigns of a bundle: one offer for each SKU, chosen by the customer; all of them move together or not at all."""

import pytest

from huoke.govern import approvals
from huoke.kernel.batch import Call
from huoke.kernel.ids import new_id
from huoke.kernel.tx import SYSTEM
from huoke.reach import campaigns
from huoke.reach.campaigns import (
    AmendmentUnfit,
    CampaignMode,
    CampaignState,
    DraftUnfit,
    Line,
    NewAmendment,
    ReleasePlan,
    Share,
    UseTemplate,
)
from huoke.reward import catalogue, grants, ledger
from tests.make import campaigns as make
from tests.make import catalogue as make_catalogue

COSTS = (1_980, 500, 3_000)


@pytest.fixture(scope="module")
async def bundle(world):
    """Two of three benefits, as published."""
    async with world.begin() as tx:
        skus = [
            await make_catalogue.voucher(tx, supplier_id=world.supplier_id, name=f"券{cost}", cost_fen=cost)
            for cost in COSTS
        ]
        terms = catalogue.BundleTerms(name="周末生活包", name_en="Weekend bundle", choose=2, sku_ids=skus)
        bundle_id = await catalogue.add_bundle(tx, catalogue.NewBundle(code=new_id().hex[:12], terms=terms))
        await catalogue.publish_bundle(tx, bundle_id)
        return await catalogue.bundle(tx, bundle_id)


def draft_of(bundle, *, stock=20, **changes):
    lines = [Line(sku_id=sku_id, stock=stock) for sku_id in bundle.sku_ids]
    return {
        "sku_id": None,
        "stock": 0,
        "bundle_id": bundle.id,
        "lines": lines,
        "mode": CampaignMode.PULL,
        "budget_fen": 200_000,
        **changes,
    }


async def choose(world, campaign_id, seq, *lines):
    """One answer for each choice, by line, in the order chosen."""
    answers = []
    for line in lines:
        async with world.begin() as tx:
            offers = await grants.find_offers(tx, "campaign", campaign_id)
            own = grants.OwnClaim(request_no=new_id().hex, offer_id=offers[line].id, seq=seq)
            answers += await grants.claim_own(tx, [Call(own, SYSTEM, tx.now)])
    return [type(answer).__name__ for answer in answers]


async def get(world, campaign_id):
    async with world.begin() as tx:
        return await campaigns.get(tx, world.operator, campaign_id)


async def states(world, campaign_id):
    async with world.begin() as tx:
        return [offer.state.value for offer in await grants.find_offers(tx, "campaign", campaign_id)]


async def sound(world):
    async with world.begin() as tx:
        assert await ledger.verify(tx) == []
        assert await grants.verify(tx) == []


async def test_each_customer_chooses_so_many_of_the_bundle_and_the_money_agrees(world, bundle, clock):
    campaign_id = await make.live(world, **draft_of(bundle))
    async with world.begin() as tx:
        offers = await grants.find_offers(tx, "campaign", campaign_id)
    assert [(offer.line, offer.sku_id, offer.choose, offer.cost_fen) for offer in offers] == [
        (line, sku_id, 2, cost) for line, (sku_id, cost) in enumerate(zip(bundle.sku_ids, COSTS, strict=True))
    ]
    one, two = world.seqs[:2]
    assert await choose(world, campaign_id, one, 0, 2, 1) == ["Claimed", "Claimed", "AlreadyChosen"]
    assert await choose(world, campaign_id, two, 1, 1) == ["Claimed", "LimitReached"]
    async with world.begin() as tx:
        found = await campaigns.report(tx, world.operator, campaign_id)
    assert (found.granted, found.claimed) == (3, 3)
    assert (found.stock, found.stock_reserved, found.stock_available) == (60, 3, 57)
    assert (found.reserved_fen, found.available_fen) == (1_980 + 3_000 + 500, 200_000 - 5_480)
    await sound(world)


async def test_it_costs_at_most_the_dearest_choices_of_everybody_reached(world, bundle, clock):
    campaign_id = await make.create(world, **draft_of(bundle, stock=1_000, budget_fen=1_000_000))
    async with world.begin() as tx:
        found = await campaigns.preview(tx, world.operator, world.analytics, campaign_id)
    persons = found.waterfall.persons
    assert persons == 59
    assert (found.cost.unit_cost_fen, found.cost.most_fen) == (1_980 + 3_000, 59 * (1_980 + 3_000))
    scarce = await make.create(world, **draft_of(bundle, stock=10))
    async with world.begin() as tx:
        found = await campaigns.preview(tx, world.operator, world.analytics, scarce)
    assert found.cost.most_fen == 10 * sum(COSTS), "stock runs out before the choices do"


async def test_the_approval_shows_every_benefit_and_keeps_the_version_it_was_submitted_with(world, clock):
    async with world.begin() as tx:
        skus = [await make_catalogue.voucher(tx, supplier_id=world.supplier_id) for _ in range(3)]
        terms = catalogue.BundleTerms(name="节日包", choose=1, sku_ids=skus[:2])
        bundle_id = await catalogue.add_bundle(tx, catalogue.NewBundle(code=new_id().hex[:12], terms=terms))
        await catalogue.publish_bundle(tx, bundle_id)
        first = await catalogue.bundle(tx, bundle_id)
    campaign_id = await make.create(world, **draft_of(first))
    change_id = await make.submit(world, campaign_id)
    async with world.begin() as tx:
        later = catalogue.BundleTerms(name="节日包", choose=2, sku_ids=skus)
        await catalogue.change_bundle(tx, catalogue.BundleChange(id=bundle_id, terms=later))
        await catalogue.publish_bundle(tx, bundle_id)
        diff = {field.path: field.after for field in (await approvals.find_change(tx, change_id)).diff}
    assert (diff["bundle_version"], diff["choose"], diff["stock"]) == (1, 1, 40)
    assert [diff[f"lines/{sku_id}/stock"] for sku_id in skus[:2]] == [20, 20]
    await make.approve(world, change_id)
    found = await get(world, campaign_id)
    assert (found.bundle.version, found.bundle.choose, len(found.offers)) == (1, 1, 2)
    stale = await make.create(world, **draft_of(first))
    with pytest.raises(approvals.CheckFailed) as refused:
        await make.submit(world, stale)
    assert refused.value.data["rules"] == ["SKU"]
    assert (await get(world, stale)).state is CampaignState.DRAFT


async def test_pause_resume_and_stop_move_all_benefits(world, bundle, clock):
    async with world.begin() as tx:
        [before] = await ledger.get_budgets(tx, [world.budget_id])
    campaign_id = await make.live(world, **draft_of(bundle))
    await choose(world, campaign_id, world.seqs[0], 0)
    for act, state in ((campaigns.pause, "paused"), (campaigns.resume, "open"), (campaigns.stop, "stopped")):
        async with world.begin(world.operator) as tx:
            await act(tx, world.operator, campaign_id, "供应商补货中")
        assert await states(world, campaign_id) == [state] * 3
    async with world.begin() as tx:
        assert await campaigns.wind_up(tx, campaign_id)
        [after] = await ledger.get_budgets(tx, [world.budget_id])
    assert before.available_fen - after.available_fen == 1_980
    await sound(world)


async def test_a_pause_that_fails_on_one_benefit_pauses_none(world, bundle, clock):
    campaign_id = await make.live(world, **draft_of(bundle))
    async with world.begin() as tx:
        offers = await grants.find_offers(tx, "campaign", campaign_id)
        await grants.update_offer_state(tx, offers[2].id, grants.OfferState.ENDED)
    with pytest.raises(Exception, match="cannot become paused"):
        async with world.begin(world.operator) as tx:
            await campaigns.pause(tx, world.operator, campaign_id, "供应商补货中")
    assert await states(world, campaign_id) == ["open", "open", "ended"]
    assert (await get(world, campaign_id)).state is CampaignState.RUNNING


async def test_branches_have_stock_of_each_benefit_and_pay_their_own(world, bundle, clock):
    south = world.units.south
    shares = [Share(unit_id=south, amount_fen=10_000, stocks={bundle.sku_ids[1]: 2})]
    campaign_id = await make.live(world, **draft_of(bundle, shares=shares))
    mine = world.seqs[1::3]
    kinds = [await choose(world, campaign_id, seq, 1) for seq in mine[:3]]
    assert kinds == [["Claimed"], ["Claimed"], ["SoldOut"]]
    assert await choose(world, campaign_id, mine[0], 0) == ["SoldOut"], "the branch has none of this one"
    assert await choose(world, campaign_id, world.seqs[0], 0) == ["Claimed"]
    async with world.begin() as tx:
        found = await campaigns.report(tx, world.operator, campaign_id)
    assert (found.stock, found.stock_reserved, found.reserved_fen) == (60, 3, 2 * 500 + 1_980)
    await sound(world)


async def test_one_benefit_is_topped_up_and_all_of_them_close_later(world, bundle, clock):
    from datetime import timedelta

    campaign_id = await make.live(world, **draft_of(bundle, stock=1))
    assert await choose(world, campaign_id, world.seqs[0], 1) == ["Claimed"]
    assert await choose(world, campaign_id, world.seqs[1], 1) == ["SoldOut"]
    before = await get(world, campaign_id)
    later = before.draft.closes_at + timedelta(days=3)
    async with world.begin(world.operator) as tx:
        with pytest.raises(AmendmentUnfit):
            await campaigns.amend(tx, world.operator, campaign_id, NewAmendment(add_stock=5, reason="领取超出预期"))
        new = NewAmendment(add_stocks={bundle.sku_ids[1]: 5}, closes_at=later, reason="领取超出预期")
        change_id = await campaigns.amend(tx, world.operator, campaign_id, new)
        shown = {field.path: (field.before, field.after) for field in (await approvals.find_change(tx, change_id)).diff}
    assert shown["stock"] == (3, 8)
    assert shown[f"lines/{bundle.sku_ids[1]}/stock"] == (1, 6)
    await make.approve(world, change_id)
    assert [line.stock for line in (await get(world, campaign_id)).draft.lines] == [1, 6, 1]
    async with world.begin() as tx:
        assert {offer.closes_at for offer in await grants.find_offers(tx, "campaign", campaign_id)} == {later}
    assert await choose(world, campaign_id, world.seqs[1], 1) == ["Claimed"]
    await sound(world)


async def test_only_customers_of_an_open_release_choose(world, bundle, clock):
    steps = [ReleasePlan(percent=50), ReleasePlan(percent=100)]
    campaign_id = await make.live(world, **draft_of(bundle, stock=100, releases=steps))
    kinds = [(await choose(world, campaign_id, seq, 1))[0] for seq in world.seqs[:20]]
    assert set(kinds) == {"Claimed", "NotEligible"}
    async with world.begin(world.operator) as tx:
        await campaigns.open_next(tx, world.operator, campaign_id, "第一步一切正常")
    again = [(await choose(world, campaign_id, seq, 0))[0] for seq in world.seqs[:20]]
    assert set(again) == {"Claimed"}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"pool_id": new_id()}, "/bundle_id"),
        ({"lines": [], "shares": [Share(unit_id=2, amount_fen=0, stocks={new_id(): 1})]}, "/shares/0/stocks"),
    ],
)
async def test_a_draft_never_holds_a_bundle_and_a_benefit(world, bundle, clock, changes, pointer):
    with pytest.raises(DraftUnfit) as refused:
        await make.create(world, **draft_of(bundle, **changes))
    assert refused.value.pointer == pointer


async def test_what_a_bundle_still_lacks_is_named(world, bundle, clock):
    campaign_id = await make.create(world, **draft_of(bundle, lines=[]))
    assert "/lines" in [problem.pointer for problem in (await get(world, campaign_id)).problems]
    with pytest.raises(DraftUnfit):
        await make.submit(world, campaign_id)


async def test_a_copy_and_a_template_keep_the_bundle(world, bundle, clock):
    shares = [Share(unit_id=world.units.south, amount_fen=10_000, stocks={bundle.sku_ids[1]: 2})]
    campaign_id = await make.create(world, **draft_of(bundle, shares=shares))
    async with world.begin(world.operator) as tx:
        copied = await campaigns.copy(tx, world.operator, campaign_id, UseTemplate())
        kept = await campaigns.keep_template(
            tx, world.operator, campaigns.NewTemplate(campaign_id=campaign_id, name="周末模板", summary="")
        )
        drafted = await campaigns.use_template(tx, world.operator, str(kept), UseTemplate())
    assert [line.stock for line in (await get(world, copied)).draft.lines] == [20, 20, 20]
    found = (await get(world, drafted)).draft
    assert (found.bundle_id, [line.stock for line in found.lines], found.shares) == (bundle.id, [0, 0, 0], [])
