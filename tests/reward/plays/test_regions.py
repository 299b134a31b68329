"""Prizes that hold in some regions only: whoever decides is told how many of those who may play live elsewhere."""

import pytest

from huoke.govern import approvals
from huoke.kernel.refusals import Outage
from huoke.kernel.sets import CustomerSet
from huoke.know import consent, customers, language, segments
from huoke.know.consent import SuppressionReason, SuppressionStatement, Verdict
from huoke.reward import plays
from huoke.reward.plays import eligible
from tests.make import campaigns as make_campaigns
from tests.make import catalogue as make_catalogue
from tests.make import customers as make_customers
from tests.make import plays as make

LIVING = ("330203", "310101", "")


@pytest.fixture(scope="module")
async def world(world):
    """Of every three customers one lives in Ningbo, one in Shanghai, and of one it is not known; two are suppressed."""
    rows = [
        {"customer_no": f"C{n:06}", "unit_code": ("N", "S", "N1")[n % 3], "region": LIVING[n % 3]} for n in range(60)
    ]
    await make_customers.import_rows(world.database, world.tenant, rows, {"region": "text"})
    await make_campaigns.ship(world.feed, world.analytics.clickhouse)
    async with world.begin() as tx:
        members = CustomerSet.of(tx.tenant, [world.seqs[1], world.seqs[2]], tx.now)
        told = SuppressionStatement(reason=SuppressionReason.COMPLAINT, verdict=Verdict.GIVEN, members=members)
        await consent.suppress(tx, [told])
    return world


@pytest.fixture(scope="module")
async def local(world):
    """A benefit of the city, and one of Shanghai."""
    async with world.begin() as tx:
        return [
            await make_catalogue.voucher(
                tx, supplier_id=world.supplier_id, name=name, name_en=english, regions=[region]
            )
            for name, english, region in (("市", "City", "330200"), ("沪", "", "310000"))
        ]


async def table(world, *skus):
    """Prizes of the SKUs, and nothing."""
    prizes = [await make.prize(world, 100_000, sku_id=sku_id, fallback=len(skus)) for sku_id in skus]
    return [*prizes, make.nothing(1_000_000 - 100_000 * len(prizes))]


async def checked(world, play_id):
    async with world.begin() as tx:
        found = await plays.rules(tx, await plays.seen(tx, play_id, world.operator))
    return [one for one in found if one.data["code"] == "regions"]


def counts(line):
    return {one["name"]: (one["elsewhere"], one["unknown"]) for one in line.data["regional"]}


async def test_it_is_said_of_each_prize_and_to_whoever_approves(world, local, clock, other_bank):
    play_id = await make.create(world, await table(world, *local, local[0]))
    [line] = await checked(world, play_id)
    assert counts(line) == {"市": (19, 19), "沪": (20, 19)}, "of sixty, less two whom nobody may draw for"
    assert (line.verdict, "City (330200): 19 live elsewhere" in line.detail_en) == ("warn", True)
    assert "市（330200）19 户住在别处、19 户常住地未登记" in line.detail
    change_id = await make.submit(world, play_id)
    async with world.begin(world.reviewer) as tx:
        change = await approvals.find_change(tx, change_id)
    assert [one.detail for one in change.checks if one.data["code"] == "regions"] == [line.detail]


async def test_only_those_who_fulfil_the_condition_count(world, local, clock):
    rule = {"kind": "attr", "name": "region", "op": "begins", "value": "33"}
    async with world.begin() as tx:
        new = segments.NewSegment(name="本省客户", expression=rule, serves=language.Serves.CONDITION)
        segment_id = await segments.save(tx, new)
    prizes = await table(world, *local)
    [line] = await checked(world, await make.create(world, prizes, segment_id=segment_id))
    assert counts(line) == {"市": (0, 0), "沪": (20, 0)}
    [line] = await checked(world, await make.create(world, await table(world, local[0]), segment_id=segment_id))
    assert line.verdict == "pass"


async def test_nothing_is_said_where_every_prize_holds_everywhere(world, clock):
    assert await checked(world, await make.create(world, await table(world, world.sku_id))) == []


async def test_a_bank_that_does_not_know_says_so_and_one_that_cannot_count_now_too(world, local, clock, monkeypatch):
    play_id = await make.create(world, await table(world, local[0]))
    with monkeypatch.context() as patch:
        patch.setattr(customers, "REGION", "nowhere")
        [line] = await checked(world, play_id)
        assert counts(line) == {"市": (0, 58)}

    async def away(*_):
        raise Outage("ClickHouse does not answer.")

    monkeypatch.setattr(eligible.segments, "members_of", away)
    [line] = await checked(world, play_id)
    assert (line.verdict, "数不出" in line.detail) == ("warn", True)
