"""A start of the demo that is cut off, after whichever transaction, is gone on with by the next."""

from contextlib import contextmanager
from types import SimpleNamespace

import msgspec
import pytest
from rich.console import Console
from rich.progress import Progress

from huoke.app.demo import orders, stages
from huoke.app.demo.banks import BANKS
from huoke.app.demo.making import Journal, Making, Stopwatch
from huoke.app.demo.notes import read_notes
from huoke.app.demo.telling import Story
from huoke.app.ports import register_ports
from huoke.app.runtime import Runtime
from huoke.govern.people import Role
from huoke.kernel import tx as transactions
from huoke.kernel.batch import Batchers
from huoke.kernel.sets import SetServer
from huoke.kernel.settings import Settings
from huoke.reward import catalogue, mall, plays, points, referral
from tests.conftest import START
from tests.make import customers as make_customers

CUSTOMERS = 60
PLAN = msgspec.structs.replace(BANKS[1], code="cutoff")
BEFORE = ("organisation", "staff", "benefits", "customers", "segments")
AFTER = ("tags", "orders", "plays", "tiers", "mall", "points", "referral", "kits", "statements")
"""Stages that wait for no other process."""


class CutOff(Exception):
    """As if the process had been killed."""


@pytest.fixture
def knife(monkeypatch):
    """Cuts off after so many transactions that wrote something."""
    real = transactions._commit
    state = SimpleNamespace(left=0, written=0)

    async def commit(connection):
        wrote = await connection.fetchval("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
        await real(connection)
        state.written += wrote
        if wrote and state.left:
            state.left -= 1
            if not state.left:
                raise CutOff

    monkeypatch.setattr(transactions, "_commit", commit)
    return state


@pytest.fixture(scope="module")
async def runtime(cluster, database, owner, feed, clickhouse, schema, tmp_path_factory):
    """One process of a demo instance, on the test engines."""
    home = tmp_path_factory.mktemp("cut off")
    addresses = {
        "database_url": cluster.database_url,
        "database_owner_url": cluster.database_owner_url,
        "database_feed_url": cluster.database_feed_url,
        "clickhouse_url": cluster.clickhouse_url,
    }
    settings = Settings(home=home, instance="cut", web_port=0, **addresses)
    settings.key_path.write_bytes((cluster.home / "master.key").read_bytes())
    settings.key_path.chmod(0o600)
    register_ports(settings, clickhouse)
    return Runtime(
        settings=settings, clock=database.clock, database=database, owner=owner, feed=feed, clickhouse=clickhouse,
        sets=SetServer(), batchers=Batchers(database),
    )  # fmt: skip


@pytest.fixture(scope="module")
def start(runtime):
    """A start of the demo: it knows what the notes of the home say, and no more."""
    story = Story(plan=PLAN, customers=CUSTOMERS, today=START.date())

    @contextmanager
    def begun():
        with Progress(console=Console(quiet=True)) as progress:
            yield Making(runtime, story, Journal(runtime.settings.home, read_notes(runtime.settings.home)),
                         Stopwatch(), progress)  # fmt: skip

    return begun


def named(*keys):
    return [stage for stage in (*stages.OPENING, *stages.GOING_ON) if stage.key in keys]


async def finish(knife, start, *keys):
    """Start again and again, each cut off a little later than the one before, until one comes to its end."""
    starts = 0
    while True:
        starts += 1
        knife.left = starts * (starts + 1) // 2
        with start() as making:
            try:
                await making.go_through(named(*keys), first=0, of=1)
            except CutOff:
                continue
        knife.left = 0
        return making


async def test_cut_off_after_any_transaction_the_next_start_goes_on(runtime, start, knife, feed, clickhouse, clock):
    opened = await finish(knife, start, *BEFORE)
    await orders.connect(runtime, [opened.bank])
    await make_customers.ship(feed, clickhouse)
    making = await finish(knife, start, *BEFORE, *AFTER)
    async with runtime.database.begin(making.tenant) as tx:
        codes = [row.code for row in await catalogue.find_skus(tx, limit=1_000)]
        assert len(codes) == len(set(codes))
        assert {"TOPUP-10", "GIFT-MUG"} < set(codes)
        kinds = [one.draft.kind for one in await plays.live(tx)]
        assert sorted(kinds) == sorted({*kinds}), "each play is there once"
        assert len({one.rule.name for one in await points.rules(tx)}) == len(await points.rules(tx)) == 6
        shelf = [one.sku_id for one in await mall.find_items(tx)]
        assert len(shelf) == len(set(shelf)) > 0
        assert len(await referral.rows(tx, making.actors[Role.OPERATOR])) == 2
    knife.written = 0
    with start() as again:
        await again.go_through(named(*BEFORE, *AFTER), first=0, of=1)
    assert knife.written < 20, "what is done is passed over"


async def test_a_stage_that_forgot_what_is_there_would_be_seen(start, knife, monkeypatch, runtime):
    with start() as making:
        await making.go_through(named(*BEFORE), first=0, of=1)
        monkeypatch.setattr(orders, "FOUND_MAX", 1)
        with pytest.raises(catalogue.CodeTaken):
            await orders.order(runtime, making.bank, making.seqs)
