"""Suggestions through the front door: who paid, what the library has of it, where they live, what they hold already."""

from datetime import timedelta

import pytest

from huoke.app.ports import register_ports
from huoke.decide import preference
from huoke.kernel import files
from huoke.kernel.sets import CustomerSet, SetServer
from huoke.kernel.settings import Settings
from huoke.know import customers, events
from huoke.know.language import Analytics
from tests.conftest import START
from tests.make import customers as make_customers
from tests.make import events as make_events
from tests.make import library as make
from tests.make import people
from tests.make import reductions as make_reductions

COUNT = 60
LOVERS = 32
"""The first so many all dine out; of the others one does."""


def region(n):
    """Of the segment twelve live in one district, five far away, of the rest it is not known."""
    return "330203" if n < 12 else "310101" if n < 17 else "" if n < LOVERS else "440100"


@pytest.fixture(scope="module")
async def seqs(cluster, schema, database, bank, feed, clickhouse):
    """Sixty customers, thirty-two of whom dine out."""
    register_ports(
        Settings(
            home=cluster.home, instance="test", database_url=cluster.database_url,
            database_owner_url=cluster.database_owner_url, database_feed_url=cluster.database_feed_url,
            clickhouse_url=cluster.clickhouse_url, web_port=0,
        )
    )  # fmt: skip
    files.register_keys(files.MasterKeys.load(cluster.home / "master.key"))
    async with database.begin(bank) as tx:
        await people.units(tx)
    rows = [{"customer_no": f"S{n}", "unit_code": "N1", "region": region(n)} for n in range(COUNT)]
    await make_customers.import_rows(database, bank, rows, {"region": "text"})
    made = await make_events.source(database, bank)
    paid = [
        make_events.track(
            f"p{n}", f"S{n}", "payment.made", timestamp=START - timedelta(days=3),
            properties={"category": "餐饮", "amount_fen": 5_000},
        )
        for n in range(LOVERS + 1)
    ]  # fmt: skip
    assert {one.status for one in await make_events.take(database, bank, made, *paid)} == {events.Status.ACCEPTED}
    await make_customers.ship(feed, clickhouse)
    await make_events.ship(feed, clickhouse)
    async with database.begin(bank) as tx:
        found = await customers.find_by_no(tx, [row["customer_no"] for row in rows])
    return [found[row["customer_no"]] for row in rows]


@pytest.fixture(scope="module")
async def skus(database, bank, other_bank, feed, clickhouse, seqs):
    """Dinners that hold everywhere, in the province, far away and in another district; one that many hold; no film."""
    regions = {"处处餐券": [], "本省餐券": ["330000"], "远方餐券": ["310000"], "邻区餐券": ["330204"], "已领餐券": []}
    async with database.begin(bank) as tx:
        found = {name: await make.sku(tx, name, regions=codes) for name, codes in regions.items()}
        await make.sku(tx, "电影票", category="entertainment")
        await make_reductions.give(tx, found["已领餐券"], seqs[:17])
    async with database.begin(other_bank) as tx:
        await make.sku(tx, "他行餐券")
    await make.ship(feed, clickhouse)
    return found


async def suggested(database, clickhouse, bank, chosen, everybody, **more):
    async with database.begin(bank) as tx:
        members, universe = (CustomerSet.of(bank, some, tx.now) for some in (chosen, everybody))
        return await preference.suggest(tx, Analytics(clickhouse, SetServer()), members, universe, **more)


async def test_what_a_segment_pays_for_is_answered_by_what_it_can_use_where_it_lives(
    database, clickhouse, bank, seqs, skus
):
    found = await suggested(database, clickhouse, bank, seqs[:LOVERS], seqs)
    [lean] = found.leans
    assert (lean.category, lean.customers, lean.share, lean.usual) == ("dining", 32, 1.0, 33 / 60)
    assert (found.total, found.universe, found.placed) == (32, 60, 17)
    assert [(one.name, one.near, one.holding) for one in lean.listings] == [
        ("处处餐券", None, 0),
        ("本省餐券", 12, 0),
    ], "those far away are usable by a minority; what most hold is left out"


async def test_a_region_asked_for_counts_alone(database, clickhouse, bank, seqs, skus):
    found = await suggested(database, clickhouse, bank, seqs[:LOVERS], seqs, region="310115")
    [lean] = found.leans
    assert {(one.name, one.near) for one in lean.listings} == {("处处餐券", None), ("远方餐券", None)}


async def test_where_nobody_s_region_is_known_nothing_is_left_out_for_it(database, clickhouse, bank, seqs, skus):
    found = await suggested(database, clickhouse, bank, seqs[17:LOVERS], seqs)
    assert (found.placed, {one.near for one in found.leans[0].listings}) == (0, {None})
    assert {one.name for one in found.leans[0].listings} == set(skus)
    assert (await suggested(database, clickhouse, bank, seqs[:9], seqs)).leans == [], "too few to be told"


async def test_who_pays_as_everybody_does_leans_to_nothing(database, clickhouse, bank, seqs, skus):
    assert (await suggested(database, clickhouse, bank, seqs, seqs)).leans == []
