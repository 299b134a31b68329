"""Whole bundles pushed: everybody reached gets all that is given at once, or nothing; the rest is theirs to choose."""

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoke.govern import approvals
from huoke.kernel.batch import Call
from huoke.kernel.ids import new_id
from huoke.kernel.tx import SYSTEM
from huoke.know import segments
from huoke.reach import campaigns
from huoke.reach.campaigns import CampaignMode, Line
from huoke.reward import catalogue, grants, ledger
from huoke.reward.catalogue import BundleTerms, CatalogueUnfit, NewBundle, Split, SplitBy, Variant
from huoke.reward.grants.whole import NOWHERE, Verdict, Wanted, verdicts
from tests.make import campaigns as make
from tests.make import catalogue as make_catalogue

COSTS = (1_980, 500, 3_000)


@pytest.fixture(scope="module")
async def skus(world):
    async with world.begin() as tx:
        return [
            await make_catalogue.voucher(tx, supplier_id=world.supplier_id, name=f"礼{cost}", cost_fen=cost)
            for cost in COSTS
        ]


async def published(world, **terms):
    async with world.begin() as tx:
        new = NewBundle(code=new_id().hex[:12], terms=BundleTerms(name="迎新礼包", name_en="Welcome", **terms))
        bundle_id = await catalogue.add_bundle(tx, new)
        await catalogue.publish_bundle(tx, bundle_id)
        return await catalogue.bundle(tx, bundle_id)


def draft_of(bundle, *, stock=200, **changes):
    stocks = stock if isinstance(stock, list) else [stock] * len(bundle.every_sku)
    lines = [Line(sku_id=sku_id, stock=n) for sku_id, n in zip(bundle.every_sku, stocks, strict=True)]
    told = {"sku_id": None, "stock": 0, "bundle_id": bundle.id, "lines": lines, "mode": CampaignMode.PUSH}
    return told | {"budget_fen": 900_000, **changes}


async def run(world, campaign_id, rows_max=10_000):
    more = True
    while more:
        async with world.begin() as tx:
            more = await campaigns.run_chunk(tx, campaign_id, rows_max=rows_max)
    async with world.begin() as tx:
        return (await campaigns.get(tx, world.operator, campaign_id)).progress


async def held(world, campaign_id):
    """Seq → the SKUs they hold of a campaign, in the order of its offers."""
    async with world.begin() as tx:
        found: dict[int, list] = {}
        for item in await grants.find_grants(tx, source_id=campaign_id, limit=10_000):
            found.setdefault(item.seq, []).append(item.sku_id)
        return {seq: sorted(ids) for seq, ids in found.items()}


async def claim(world, campaign_id, seq, sku_id, mode):
    async with world.begin() as tx:
        offers = await grants.find_offers(tx, "campaign", campaign_id)
        [offer] = [one for one in offers if one.sku_id == sku_id and one.mode is mode]
        own = grants.OwnClaim(request_no=new_id().hex, offer_id=offer.id, seq=seq)
        [answer] = await grants.claim_own(tx, [Call(own, SYSTEM, tx.now)])
        return getattr(answer, "code", "claimed")


async def sound(world):
    async with world.begin() as tx:
        assert await ledger.verify(tx) == []
        assert await grants.verify(tx) == []


async def test_a_whole_bundle_reaches_everybody_in_one_batch_and_the_money_agrees(world, skus, clock):
    bundle = await published(world, choose=3, sku_ids=skus)
    campaign_id = await make.live(world, **draft_of(bundle))
    progress = await run(world, campaign_id, rows_max=7)
    found = await held(world, campaign_id)
    assert (progress.granted, progress.limit_reached, progress.total) == (59, 1, 60), "one person is two customers"
    assert len(found) == 59
    assert set(map(tuple, found.values())) == {tuple(sorted(skus))}
    async with world.begin() as tx:
        report = await campaigns.report(tx, world.operator, campaign_id)
    assert (report.granted, report.reserved_fen) == (3 * len(found), sum(COSTS) * len(found))
    seq = next(iter(found))
    assert await claim(world, campaign_id, seq, skus[0], grants.Mode.PUSH) == "claimed"
    assert await held(world, campaign_id) == found
    await sound(world)


@pytest.mark.parametrize(("short", "told"), [("stock", "sold_out"), ("money", "budget_exhausted")])
async def test_nobody_is_given_half_a_bundle(world, skus, clock, short, told):
    bundle = await published(world, choose=3, sku_ids=skus)
    changes = {"stock": [200, 9, 200]} if short == "stock" else {"budget_fen": 9 * sum(COSTS) + 2_500}
    campaign_id = await make.live(world, **draft_of(bundle, **changes))
    progress = await run(world, campaign_id, rows_max=6)
    found = await held(world, campaign_id)
    assert (progress.granted, getattr(progress, told)) == (9, progress.total - 9)
    assert len(found) == 9
    assert set(map(tuple, found.values())) == {tuple(sorted(skus))}
    async with world.begin() as tx:
        report = await campaigns.report(tx, world.operator, campaign_id)
    assert (report.granted, report.reserved_fen) == (27, 9 * sum(COSTS))
    await sound(world)


async def test_what_is_not_given_at_once_stays_to_be_chosen(world, skus, clock):
    bundle = await published(world, choose=2, sku_ids=skus, given=skus[:1])
    campaign_id = await make.live(world, **draft_of(bundle))
    progress = await run(world, campaign_id)
    found = await held(world, campaign_id)
    assert progress.granted == len(found)
    assert set(map(tuple, found.values())) == {(skus[0],)}
    seq = next(iter(found))
    async with world.begin() as tx:
        choices = await grants.choices(tx, "campaign", campaign_id, seq)
    assert (choices.choose, [one.offer.sku_id for one in choices.items]) == (1, skus[1:])
    pull = grants.Mode.PULL
    assert await claim(world, campaign_id, seq, skus[2], pull) == "claimed"
    assert await claim(world, campaign_id, seq, skus[1], pull) == "grants.already_chosen"
    assert (await held(world, campaign_id))[seq] == sorted([skus[0], skus[2]])
    await sound(world)


async def test_each_is_given_what_their_variant_gives(world, skus, clock):
    older = {"kind": "attr", "name": "age", "op": ">=", "value": 35}
    async with world.begin() as tx:
        segment_id = await segments.save(tx, segments.NewSegment(name="35 岁以上整包", expression=older))
    split = Split(
        by=SplitBy.SEGMENT, variants=[Variant(name="乐活", segment_id=segment_id, choose=2, sku_ids=skus[:2])]
    )
    bundle = await published(world, choose=2, sku_ids=skus, given=skus[2:], split=split)
    campaign_id = await make.live(world, **draft_of(bundle))
    await run(world, campaign_id)
    found = await held(world, campaign_id)
    async with world.begin() as tx:
        by_kind = {
            tuple(ids): await grants.choices(tx, "campaign", campaign_id, seq) for seq, ids in sorted(found.items())
        }
    assert set(by_kind) == {tuple(sorted(skus[:2])), (skus[2],)}
    assert by_kind[tuple(sorted(skus[:2]))].items == [], "the variant gives everything; nothing is left to choose"
    left = by_kind[skus[2],]
    assert (left.choose, [one.offer.sku_id for one in left.items]) == (1, skus[:2])
    await sound(world)


async def test_a_bundle_that_gives_nothing_at_once_is_not_pushed(world, skus, clock):
    bundle = await published(world, choose=1, sku_ids=skus)
    campaign_id = await make.create(world, **draft_of(bundle))
    with pytest.raises(approvals.CheckFailed) as refused:
        await make.submit(world, campaign_id)
    assert refused.value.data["rules"] == ["SKU"]
    async with world.begin() as tx:
        assert await grants.find_offers(tx, "campaign", campaign_id) == []


@pytest.mark.parametrize("which", ["stranger", "twice", "too_many"])
async def test_what_is_given_is_part_of_the_choice(world, skus, which):
    wrong = {"stranger": [new_id()], "twice": skus[:1] * 2, "too_many": skus[:2]}[which]
    async with world.begin() as tx:
        with pytest.raises(CatalogueUnfit) as refused:
            terms = BundleTerms(name="包", choose=1, sku_ids=skus, given=wrong)
            await catalogue.add_bundle(tx, NewBundle(code=new_id().hex[:12], terms=terms))
    assert refused.value.pointer == "/terms/given"


@st.composite
def wanted(draw):
    lines, customers = draw(st.integers(1, 3)), draw(st.integers(1, 8))
    pools, budgets = draw(st.integers(1, 3)), draw(st.integers(1, 2))

    def table(values):
        return np.array(
            draw(st.lists(st.lists(values, min_size=customers, max_size=customers), min_size=lines, max_size=lines))
        )

    return Wanted(
        meant=table(st.booleans()).astype(np.bool_),
        pools=table(st.integers(NOWHERE, pools - 1)),
        budgets=table(st.integers(NOWHERE, budgets - 1)),
        units=np.array(draw(st.lists(st.integers(0, 6), min_size=pools, max_size=pools))),
        rooms_fen=np.array(draw(st.lists(st.integers(0, 20), min_size=budgets, max_size=budgets))),
        costs_fen=np.array(draw(st.lists(st.integers(0, 5), min_size=lines, max_size=lines))),
    )


@given(wanted())
def test_whoever_fits_is_served_whole_from_what_is_left_and_the_first_who_can_be_is(asked):
    out = verdicts(asked)
    units, rooms = asked.units.copy(), asked.rooms_fen.copy()
    for customer in np.flatnonzero(out == Verdict.FITS):
        for line in np.flatnonzero(asked.meant[:, customer]):
            units[asked.pools[line, customer]] -= 1
            rooms[asked.budgets[line, customer]] -= asked.costs_fen[line]
    assert (units >= 0).all()
    assert (rooms >= 0).all()
    alone = [
        verdicts(msgspec.structs.replace(asked, meant=asked.meant & (np.arange(len(out)) == customer)))[customer]
        for customer in range(len(out))
    ]
    servable = [customer for customer, verdict in enumerate(alone) if verdict == Verdict.FITS]
    assert not servable or out[servable[0]] == Verdict.FITS
