"""Bundles that differ by tier, segment or cell: counted as sets, asked one by one, and the same by both ways."""

import msgspec
import pytest

from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.kernel import files
from huoke.kernel.batch import Call
from huoke.kernel.ids import new_id
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import SYSTEM
from huoke.know import customers, grid, language, segments
from huoke.know.customers import NotEligible
from huoke.know.grid import AskedAxis, AxisName, Band, NewAxis
from huoke.reach import campaigns
from huoke.reach.campaigns import CampaignMode, Line
from huoke.reward import catalogue, grants, ledger, tiers, variants
from huoke.reward.catalogue import BundleTerms, CatalogueUnfit, CellBands, NewBundle, Split, SplitBy, Variant
from huoke.reward.grants import AlreadyChosen, Claimed
from tests.make import campaigns as make
from tests.make import catalogue as make_catalogue
from tests.make import customers as make_customers
from tests.make import people as make_people
from tests.make import tags as make_tags
from tests.make import tiers as make_tiers

AGED = {age: {"kind": "attr", "name": "age", "op": ">=", "value": age} for age in (35, 50)}
LIVING = ("330203", "310101", "")
RICH = {"kind": "attr", "name": "balance", "op": ">=", "value": "1000"}


@pytest.fixture(scope="module")
async def world(world):
    """Of every three customers one lives in Ningbo, one in Shanghai, and of one it is not known."""
    rows = [
        {"customer_no": f"C{n:06}", "unit_code": ("N", "S", "N1")[n % 3], "region": LIVING[n % 3]} for n in range(60)
    ]
    await make_customers.import_rows(world.database, world.tenant, rows, {"region": "text"})
    await make.ship(world.feed, world.analytics.clickhouse)
    return world


@pytest.fixture(scope="module")
async def skus(world):
    async with world.begin() as tx:
        return [await make_catalogue.voucher(tx, supplier_id=world.supplier_id, name=f"券{n}") for n in range(5)]


@pytest.fixture(scope="module")
async def by_age(world):
    """Segments of those from 50 and from 35 on: the second holds the first."""
    async with world.begin() as tx:
        return [
            await segments.save(tx, segments.NewSegment(name=f"{age} 岁以上", expression=expression))
            for age, expression in sorted(AGED.items(), reverse=True)
        ]


def aged(skus, by_age, *, rest=True):
    """Two of three for those from 50 on, one of two from 35 on, one of one for the rest."""
    fifty, thirty_five = by_age
    return BundleTerms(
        name="分龄生活包",
        choose=1 if rest else 0,
        sku_ids=skus[:1] if rest else [],
        split=Split(
            by=SplitBy.SEGMENT,
            variants=[
                Variant(name="颐享", segment_id=fifty, choose=2, sku_ids=skus[1:4]),
                Variant(name="乐活", segment_id=thirty_five, choose=1, sku_ids=[skus[1], skus[4]]),
            ],
        ),
    )


async def published(world, terms):
    async with world.begin() as tx:
        bundle_id = await catalogue.add_bundle(tx, NewBundle(code=new_id().hex[:12], terms=terms))
        await catalogue.publish_bundle(tx, bundle_id)
        return await catalogue.bundle(tx, bundle_id)


def draft_of(bundle, **changes):
    lines = [Line(sku_id=sku_id, stock=100) for sku_id in bundle.every_sku]
    told = {"sku_id": None, "stock": 0, "bundle_id": bundle.id, "lines": lines, "mode": CampaignMode.PULL}
    return told | {"budget_fen": 5_000_000, **changes}


async def claim(world, campaign_id, seq, sku_id):
    async with world.begin() as tx:
        offers = {offer.sku_id: offer.id for offer in await grants.find_offers(tx, "campaign", campaign_id)}
        own = grants.OwnClaim(request_no=new_id().hex, offer_id=offers[sku_id], seq=seq)
        [answer] = await grants.claim_own(tx, [Call(own, SYSTEM, tx.now)])
    return type(answer)


async def agree(world, campaign_id, bundle):
    """Everybody's variant by sets and one by one; returns it by customer."""
    async with world.begin() as tx:
        universe = CustomerSet.of(world.tenant, world.seqs)
        parts = await variants.members(tx, campaign_id, bundle.split, universe)
        found = await variants.of(tx, campaign_id, bundle, world.seqs)
    one_by_one = {seq: one.place if one else None for seq, one in zip(world.seqs, found, strict=True)}
    by_sets = dict.fromkeys(world.seqs) | {seq: place for place, part in enumerate(parts) for seq in part}
    assert one_by_one == by_sets
    assert sum(map(len, parts)) == len(CustomerSet.of(world.tenant, [s for part in parts for s in part]))
    return by_sets


async def test_each_customer_chooses_from_the_first_variant_that_fits(world, skus, by_age, clock):
    bundle = await published(world, aged(skus, by_age))
    campaign_id = await make.create(world, **draft_of(bundle))
    async with world.begin() as tx:
        seen = await campaigns.preview(tx, world.operator, world.analytics, campaign_id)
    [line] = [one for one in seen.checks if one.data["code"] == "variants"]
    assert line.data["variants"] == [{"name": "颐享", "customers": 20}, {"name": "乐活", "customers": 15}]
    assert line.data["rest"] == 25
    assert seen.cost.unit_cost_fen == 2 * 1_980
    change_id = await make.submit(world, campaign_id)
    async with world.begin(world.reviewer) as tx:
        change = await approvals.find_change(tx, change_id)
    assert {one.path: one.after for one in change.diff}["variants/0"] == "2/3"
    assert "分版" in " ".join(one.detail for one in change.checks)
    await make.approve(world, change_id)
    places = await agree(world, campaign_id, bundle)
    old, young, rest = (next(seq for seq in world.seqs if places[seq] == place) for place in (0, 1, None))
    assert [await claim(world, campaign_id, old, sku) for sku in (skus[1], skus[4], skus[2], skus[3])] == [
        Claimed, NotEligible, Claimed, AlreadyChosen,
    ]  # fmt: skip
    assert [await claim(world, campaign_id, young, sku) for sku in (skus[4], skus[1], skus[2])] == [
        Claimed, AlreadyChosen, NotEligible,
    ]  # fmt: skip
    assert [await claim(world, campaign_id, rest, sku) for sku in (skus[1], skus[0])] == [NotEligible, Claimed]
    async with world.begin() as tx:
        mine = await grants.choices(tx, "campaign", campaign_id, young)
        assert (mine.choose, mine.chosen, [one.offer.sku_id for one in mine.items]) == (1, 1, [skus[1], skus[4]])
        assert len(await grants.find_grants(tx, source_id=campaign_id, limit=50)) == 4
        assert await ledger.verify(tx) == []
        assert await grants.verify(tx) == []


async def test_what_was_frozen_holds_when_the_segment_changes_and_another_bank_sees_nothing(
    world, skus, by_age, other_bank, clock
):
    async with world.begin() as tx:
        moving = await segments.save(tx, segments.NewSegment(name="将要改变", expression=AGED[50]))
    bundle = await published(world, aged(skus, [moving, by_age[1]], rest=False))
    campaign_id = await make.live(world, **draft_of(bundle))
    before = await agree(world, campaign_id, bundle)
    nothing = next(seq for seq in world.seqs if before[seq] is None)
    async with world.begin() as tx:
        wanted = segments.SegmentChange(name="将要改变", expression=make.ADULTS, expected_version=1)
        await segments.change(tx, moving, wanted)
    assert await agree(world, campaign_id, bundle) == before
    assert await claim(world, campaign_id, nothing, skus[1]) is NotEligible
    async with world.begin() as tx:
        assert (await grants.choices(tx, "campaign", campaign_id, nothing)).items == []
    async with world.database.begin(other_bank) as tx:
        assert await variants.of(tx, campaign_id, bundle, world.seqs[:1]) == [None]
        with pytest.raises(catalogue.Unknown):
            await catalogue.bundle(tx, bundle.id)


async def test_a_public_offer_has_something_for_everybody(world, skus, by_age, clock):
    bundle = await published(world, aged(skus, by_age, rest=False))
    campaign_id = await make.create(world, **draft_of(bundle, published=True))
    with pytest.raises(approvals.CheckFailed, match="E1"):
        await make.submit(world, campaign_id)
    async with world.begin() as tx:
        assert (await campaigns.get(tx, world.operator, campaign_id)).state == "draft"


async def test_a_higher_tier_chooses_more_as_soon_as_it_is_reached(world, skus, cluster, clock):
    files.register_keys(files.MasterKeys.load(cluster.home / "master.key"))
    await make_tiers.in_force(world.database, world.tenant, make_tiers.scheme())
    split = Split(
        by=SplitBy.TIER,
        variants=[
            Variant(name="金卡", tiers=["gold"], choose=2, sku_ids=skus[:3]),
            Variant(name="基础", tiers=["basic", "silver"], choose=1, sku_ids=skus[:2]),
        ],
    )
    bundle = await published(world, BundleTerms(name="等级包", choose=0, sku_ids=[], split=split))
    campaign_id = await make.live(world, **draft_of(bundle))
    seq = world.seqs[0]
    assert set((await agree(world, campaign_id, bundle)).values()) == {1}
    assert [await claim(world, campaign_id, seq, sku) for sku in (skus[0], skus[1], skus[2])] == [
        Claimed, AlreadyChosen, NotEligible,
    ]  # fmt: skip
    async with world.begin() as tx:
        await tiers.credit_growth(tx, [make_tiers.gain(seq, 9_000, tx.now)])
    assert (await agree(world, campaign_id, bundle))[seq] == 0
    assert [await claim(world, campaign_id, seq, sku) for sku in (skus[2], skus[1])] == [Claimed, AlreadyChosen]
    strange = msgspec.structs.replace(split, variants=[Variant(name="无", tiers=["none"], choose=1, sku_ids=skus[:1])])
    async with world.begin() as tx:
        with pytest.raises(variants.TierUnknown) as refused:
            await variants.live(tx, None, strange, CustomerSet.of(world.tenant, world.seqs))
        assert refused.value.pointer == "/terms/split/variants/0/tiers"
        assert await grants.verify(tx) == []


async def axes(world, clickhouse):
    """Wealth by balance, a deposit fact; life by age."""
    approvals.register(grid.AxisApproval(world.analytics))
    wealth = [("rich", RICH), ("mass", {"kind": "not", "of": RICH})]
    life = [("late", AGED[50]), ("early", {"kind": "not", "of": AGED[50]})]
    work = [("one", AGED[35]), ("two", {"kind": "not", "of": AGED[35]})]
    for name, bands in ((AxisName.WEALTH, wealth), (AxisName.LIFE, life), (AxisName.OCCUPATION, work)):
        new = NewAxis(
            axis=name, label=name.value, label_en=name.value,
            bands=tuple(Band(name=key, label=key, label_en=key, expression=rule) for key, rule in bands),
        )  # fmt: skip
        async with world.begin() as tx:
            asks, decides = [make_people.actor(await make_people.staff(tx, role)) for role in _TWO]
        async with world.database.begin(world.tenant, asks) as tx:
            request_id = await grid.request_axis(tx, AskedAxis(axis=new, reason="测试"))
        async with world.database.begin(world.tenant, decides) as tx:
            [asked] = [one for one in await grid.requests(tx) if one.id == request_id]
            change = await approvals.find_change(tx, asked.change_id)
            await approvals.decide(tx, change.id, approvals.Verdict.APPROVE, "", change.diff_hash)
    await make_tags.refresh(world.database, clickhouse, world.tenant)


_TWO = (Role.OPERATOR, Role.APPROVER)


async def test_cells_select_on_deposits_only_with_a_registered_basis(world, skus, clickhouse, clock):
    await axes(world, clickhouse)
    rich = Variant(name="富裕", bands=CellBands(wealth=["rich"], life=["late"]), choose=2, sku_ids=skus[:3])
    late = Variant(name="银发", bands=CellBands(life=["late"]), choose=1, sku_ids=skus[:2])
    split = Split(by=SplitBy.CELL, variants=[rich, late])
    terms = BundleTerms(name="宫格包", choose=0, sku_ids=[], split=split)
    async with world.begin() as tx:
        before = await catalogue.count_bundles(tx)
        with pytest.raises(language.DepositSelection):
            await catalogue.add_bundle(tx, NewBundle(code="CELLS", terms=terms))
        with pytest.raises(CatalogueUnfit) as refused:
            strange = msgspec.structs.replace(late, bands=CellBands(life=["never"]))
            odd = msgspec.structs.replace(terms, split=Split(by=SplitBy.CELL, variants=[strange]))
            await catalogue.add_bundle(tx, NewBundle(code="CELLS", terms=odd))
        assert refused.value.pointer == "/terms/split/variants/0/bands/life"
        assert await catalogue.count_bundles(tx) == before
    based = msgspec.structs.replace(
        terms, split=msgspec.structs.replace(split, basis="存量客户服务，法律合规 2026-018")
    )
    bundle = await published(world, based)
    campaign_id = await make.create(world, **draft_of(bundle))
    async with world.begin() as tx:
        seen = await campaigns.preview(tx, world.operator, world.analytics, campaign_id)
    [line] = [one for one in seen.checks if one.data["code"] == "selection_basis"]
    assert line.data["basis"] == "存量客户服务，法律合规 2026-018"
    await make.approve(world, await make.submit(world, campaign_id))
    places = await agree(world, campaign_id, bundle)
    ages = {seq: 20 + n % 50 for n, seq in enumerate(world.seqs)}
    balances = {seq: n * 100 for n, seq in enumerate(world.seqs)}
    assert places == {
        seq: 0 if age >= 50 and balances[seq] >= 1_000 else 1 if age >= 50 else None for seq, age in ages.items()
    }


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"choose": 4}, "/terms/split/variants/0/choose"),
        ({"sku_ids": []}, "/terms/split/variants/0/sku_ids"),
        ({"name": ""}, "/terms/split/variants/0/name"),
        ({"segment_id": None}, "/terms/split/variants/0/segment_id"),
        ({"tiers": ["gold"]}, "/terms/split/variants/0"),
    ],
)
async def test_a_variant_that_cannot_be_is_refused_at_its_field(world, skus, by_age, changes, pointer):
    terms = aged(skus, by_age)
    first, second = terms.split.variants
    wrong = msgspec.structs.replace(terms.split, variants=[msgspec.structs.replace(first, **changes), second])
    async with world.begin() as tx:
        with pytest.raises(CatalogueUnfit) as refused:
            await catalogue.add_bundle(tx, NewBundle(code="WRONG", terms=msgspec.structs.replace(terms, split=wrong)))
        assert refused.value.pointer == pointer
        assert await catalogue.find_bundles(tx, q="wrong") == []


@pytest.fixture(scope="module")
async def local(world):
    """Benefits that hold in a city, in one of its districts, and in Shanghai or another province."""
    english = {"市": "City", "区": "District", "沪": ""}
    held = {"市": ["330200"], "区": ["330203"], "沪": ["310000", "320000"]}
    async with world.begin() as tx:
        return [
            await make_catalogue.voucher(
                tx, supplier_id=world.supplier_id, name=name, name_en=english[name], regions=codes
            )
            for name, codes in held.items()
        ]


async def regions_of(world, campaign_id):
    async with world.begin() as tx:
        seen = await campaigns.preview(tx, world.operator, world.analytics, campaign_id)
    return next((one for one in seen.checks if one.data["code"] == "regions"), None)


def counts(line):
    return {one["name"]: (one["elsewhere"], one["unknown"]) for one in line.data["regional"]}


async def test_the_check_says_of_each_part_how_many_it_is_offered_to_cannot_use_it_where_they_live(
    world, skus, by_age, local, clock, monkeypatch
):
    fifty, thirty_five = by_age
    city, district, shanghai = local
    split = Split(
        by=SplitBy.SEGMENT,
        variants=[
            Variant(name="颐享", segment_id=fifty, choose=2, sku_ids=[skus[0], city, district]),
            Variant(name="乐活", segment_id=thirty_five, choose=1, sku_ids=[district, shanghai]),
        ],
    )
    bundle = await published(world, BundleTerms(name="本地包", choose=1, sku_ids=[city], split=split))
    campaign_id = await make.create(world, **draft_of(bundle))
    line = await regions_of(world, campaign_id)
    groups = {"fifty": range(30, 50), "thirty_five": range(15, 30), "rest": [*range(15), *range(50, 60)]}
    living = {name: [LIVING[n % 3] for n in group] for name, group in groups.items()}

    def cannot(codes, *names):
        found = [one for name in names for one in living[name]]
        return sum(bool(one) and not one.startswith(codes) for one in found), found.count("")

    assert counts(line) == {
        "市": cannot("3302", "fifty", "rest"),
        "区": cannot("330203", "fifty", "thirty_five"),
        "沪": cannot(("31", "32"), "thirty_five"),
    }
    assert counts(line)["市"] == (15, 15)
    assert line.data["short"] == 7 + 8, "two of three where one is left, and the only one of the rest"
    assert "City (330200)" in line.detail_en
    assert (line.verdict, "15 户住在别处" in line.detail, "15 live elsewhere" in line.detail_en) == ("warn", True, True)
    with monkeypatch.context() as patch:
        patch.setattr(customers, "REGION", "nowhere")
        assert counts(await regions_of(world, campaign_id))["市"] == (0, 45), "a bank that does not know says so"
    change_id = await make.submit(world, campaign_id)
    async with world.begin(world.reviewer) as tx:
        change = await approvals.find_change(tx, change_id)
    assert [one.detail for one in change.checks if one.data["code"] == "regions"] == [line.detail]
    await make.approve(world, change_id)


async def test_one_benefit_for_few_or_for_all_says_so_too_and_one_that_holds_everywhere_says_nothing(
    world, skus, local, other_bank, clock
):
    async with world.database.begin(other_bank) as tx:
        assert await customers.find_by_no(tx, ["C000000"]) == {}
    for changes in ({}, {"published": True}):
        one = await make.create(world, sku_id=local[1], **changes)
        line = await regions_of(world, one)
        assert (counts(line), line.verdict) == ({"区": (20, 20)}, "warn")
        assert "选" not in line.detail, "there is nothing to choose"
    assert await regions_of(world, await make.create(world, sku_id=skus[0])) is None
