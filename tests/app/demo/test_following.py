"""The demo's followed segment has a past: each of its days is worked out as of that day."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pyarrow as pa
import pytest

from huoke.app.demo.following import DAYS, NAME, follow_payers
from huoke.govern.people import Role
from huoke.kernel import files
from huoke.kernel.clock import CHINA
from huoke.kernel.sets import SetServer
from huoke.kernel.tx import SYSTEM
from huoke.know import events, membership, segments
from huoke.know.language import day_of
from tests.conftest import START
from tests.make import customers as make_customers
from tests.make import events as make_events
from tests.make import people

TODAY = START.date()


@pytest.fixture(scope="module")
async def runtime(database, bank, feed, clickhouse, cluster, schema):
    """Ten customers: the first three pay every day, the fourth every day until ten days ago, the fifth from then on."""
    files.register_keys(files.MasterKeys.load(cluster.home / "master.key"))
    async with database.begin(bank) as tx:
        await people.units(tx)
    known = await make_events.people(database, bank, *(f"F{n}" for n in range(10)))
    await make_customers.ship(feed, clickhouse)
    seqs = [known[f"F{n}"] for n in range(10)]
    paid = [(seq, ago) for ago in range(1, DAYS + 10) for seq in (*seqs[:3], *(seqs[3:4] if ago > 10 else seqs[4:5]))]
    noon = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=CHINA)
    at = pa.array([noon - timedelta(days=ago) for _, ago in paid], pa.timestamp("ms", tz="UTC"))
    table = pa.table({"seq": pa.array([seq for seq, _ in paid], pa.uint32()), "at": at,
                      "name": ["payment.made"] * len(paid), "amount_fen": [100] * len(paid)})  # fmt: skip
    await events.load_archive(database, clickhouse, bank, table)
    return SimpleNamespace(database=database, clickhouse=clickhouse, sets=SetServer(), seqs=seqs)


async def test_the_curve_of_the_followed_segment_is_there_at_once(runtime, database, bank):
    there = SimpleNamespace(tenant=bank, actors={Role.OPERATOR: SimpleNamespace(actor=SYSTEM)})
    await follow_payers(runtime, there, TODAY)
    async with database.begin(bank) as tx:
        [segment] = [row for row in (await segments.find(tx, limit=200))[0] if row.name == NAME]
        days = await membership.growth(tx, segment.id)
        assert [one.day for one in days] == [TODAY - timedelta(days=ago) for ago in range(DAYS, 0, -1)]
        assert (days[0].members, days[0].entered, days[0].left) == (4, 0, 0)
        moved = {(TODAY - one.day).days: (one.entered, one.left) for one in days if one.entered or one.left}
        assert moved == {8: (1, 0), 6: (0, 1)}, "the third payment lets in, the third last one that is too old out"
        since = await membership.since(tx, segment.id, runtime.seqs[4])
        assert (since.member, since.day) == (True, TODAY - timedelta(days=8))
        assert (await membership.following(tx, segment.id)).day == day_of(START) - timedelta(days=1)
    await follow_payers(runtime, there, TODAY)
    async with database.begin(bank) as tx:
        assert len(await membership.growth(tx, segment.id)) == DAYS, "a second start works nothing out again"
