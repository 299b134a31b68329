"""Feeds from a database of the bank: a day is drawn when its count says it is there, and behaves as a file does."""

from datetime import UTC, date, datetime, timedelta

import pytest

from huoke.kernel.settings import Settings
from huoke.kernel.tx import SYSTEM
from huoke.know import customers, feeds
from huoke.know.feeds import FeedUnfit, NewFeed

MAPPING = {
    "columns": [
        {"column": "no", "to": "customer_no"},
        {"column": "unit", "to": "unit_code"},
        {"column": "level", "to": "attribute", "type": "integer"},
    ]
}
MON, TUE, WED = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)
QUERY = "SELECT no, 'N' AS unit, level FROM public.core_rows WHERE business_on = date '{date-}' ORDER BY no"
COUNT = "SELECT count(*), max(level) FROM public.core_rows WHERE business_on = '{date-}'"


@pytest.fixture(scope="module")
async def core(owner, cluster):
    async with owner.begin_shared() as tx:
        await tx.execute("CREATE TABLE public.core_rows (business_on date, no text, level int)")
    yield
    async with owner.begin_shared() as tx:
        await tx.execute("DROP TABLE public.core_rows")


@pytest.fixture
def settings(tmp_path, port):
    made = dict.fromkeys(("instance", "database_url", "database_owner_url", "database_feed_url", "clickhouse_url"), "")
    return Settings(home=tmp_path, web_port=0, import_addresses=f"127.0.0.1:{port}", **made)


class Drawing:
    """A feed of one bank, and the core system's table it reads."""

    def __init__(self, database, owner, tenant, settings, feed_id, prefix):
        self.database, self.owner, self.tenant, self.settings = database, owner, tenant, settings
        self.id, self.prefix = feed_id, prefix

    async def book(self, day, levels):
        """The core system closes a day with these customers."""
        async with self.owner.begin_shared() as tx:
            await tx.execute("DELETE FROM public.core_rows WHERE business_on = $1", day)
            for no, level in levels.items():
                await tx.execute("INSERT INTO public.core_rows VALUES ($1, $2, $3)", day, self.prefix + no, level)

    async def look(self):
        await feeds.look(self.database, self.tenant, self.settings, self.id)

    async def go(self):
        """Look, and bring every day that waits to its end, as the worker does."""
        await self.look()
        while True:
            await feeds.take_next(self.database, self.tenant, self.settings, self.id)
            begun = None
            for extract_id in await self.drawing():
                begun = await feeds.draw_day(self.database, self.tenant, self.settings, extract_id)
            if begun is None:
                return await self.days()
            await customers.run_import(self.database, self.tenant, begun.id, actor=SYSTEM)
            async with self.database.begin(self.tenant) as tx:
                await feeds.note_end(tx, begun.id)

    async def drawing(self):
        async with self.database.begin(self.tenant) as tx:
            rows = await tx.fetch(
                "SELECT extract_id FROM feeds.day WHERE feed_id = $1 AND status = 'running' AND import_id IS NULL",
                self.id,
            )
        return [row["extract_id"] for row in rows]

    async def days(self):
        async with self.database.begin(self.tenant) as tx:
            return {day.business_on: day for day in (await feeds.get(tx, self.id)).days}

    async def feed(self):
        async with self.database.begin(self.tenant) as tx:
            return await feeds.get(tx, self.id)

    async def levels(self):
        async with self.database.begin(self.tenant) as tx:
            rows = await tx.fetch(
                "SELECT customer_no, attributes FROM customers.customer WHERE customer_no LIKE $1", self.prefix + "%"
            )
        return {row["customer_no"].removeprefix(self.prefix): row["attributes"].get("level") for row in rows}

    async def do(self, verb, *args):
        async with self.database.begin(self.tenant) as tx:
            return await verb(tx, self.id, *args)


@pytest.fixture
async def drawn(database, owner, bank, units, core, settings, port, clock, request):
    clock.set(datetime(2026, 3, 4, 12, tzinfo=UTC))
    allowed = customers.allowed_of(settings.import_addresses)
    new = customers.NewDatabase(
        name="核心", address=f"127.0.0.1:{port}/huoke", login="huoke_owner", password="x", encrypted=False
    )
    async with owner.begin_shared() as tx:
        await tx.execute("DELETE FROM public.core_rows")
    async with database.begin(bank) as tx:
        database_id = await customers.put_database(tx, new, allowed)
        feed_id = await feeds.declare(tx, declared(request.node.name[-60:], database_id))
    yield Drawing(database, owner, bank, settings, feed_id, f"{len(request.node.name)}-")
    async with database.begin(bank) as tx:
        await feeds.move(tx, feed_id, "end")


def declared(name, database_id, **more):
    wanted = {"query": QUERY, "control_query": COUNT, **more}
    return NewFeed(
        name=name, mapping=MAPPING, database_id=database_id, weekdays=(1, 2, 3, 4, 5), begins_on=MON, **wanted
    )


def states(days):
    return {day: one.status.value for day, one in sorted(days.items())}


async def test_days_are_drawn_in_order_late_ones_overwrite_nothing_and_missing_ones_are_told(drawn):
    await drawn.book(TUE, {"1": 20, "2": 20})
    days = await drawn.go()
    assert states(days) == {MON: "missing", TUE: "done"}
    assert (days[TUE].counts.added, days[TUE].rows_expected, days[TUE].late) == (2, 2, True)
    await drawn.book(MON, {"1": 10, "3": 10})
    days = await drawn.go()
    assert states(days) == {MON: "done", TUE: "done"}
    assert (days[MON].counts.added, days[MON].counts.older) == (1, 1)
    assert await drawn.levels() == {"1": 20, "2": 20, "3": 10}


async def test_a_day_that_the_bank_corrects_is_drawn_again_and_the_same_day_changes_nothing(drawn):
    await drawn.book(TUE, {"1": 20})
    assert (await drawn.go())[TUE].attempt == 1
    assert (await drawn.go())[TUE].attempt == 1, "nothing is other than it was"
    await drawn.book(TUE, {"1": 21})
    days = await drawn.go()
    assert (days[TUE].attempt, days[TUE].counts.changed) == (2, 1)
    await drawn.do(feeds.rerun, TUE)
    assert (await drawn.go())[TUE].counts.same == 1
    assert await drawn.levels() == {"1": 21}


async def test_a_day_whose_answer_is_not_what_its_count_says_is_refused_whole(drawn):
    feed = await drawn.feed()
    lying = declared(feed.name, feed.database_id, control_query=COUNT.replace("count(*)", "count(*) + 1"))
    await drawn.do(feeds.change, lying)
    await drawn.book(TUE, {"1": 20})
    days = await drawn.go()
    assert states(days)[TUE] == "failed"
    assert days[TUE].refusal["code"] == "customers.count"
    assert await drawn.levels() == {}


async def test_a_database_that_does_not_answer_is_told_and_the_day_is_missing(drawn, settings):
    feed = await drawn.feed()
    await drawn.do(feeds.change, declared(feed.name, feed.database_id, control_query="SELECT '{date}' || 'rows'"))
    assert states(await drawn.go()) == {MON: "missing", TUE: "missing"}
    assert (await drawn.feed()).trouble["code"] == "feeds.control"
    await drawn.do(feeds.change, declared(feed.name, feed.database_id, control_query="SELECT 1 / 0 AS n, '{date}'"))
    await drawn.look()
    assert (await drawn.feed()).trouble["code"] == "customers.query"
    await drawn.do(feeds.change, declared(feed.name, feed.database_id))
    await drawn.look()
    assert (await drawn.feed()).trouble is None


async def test_the_minute_asks_no_more_often_than_every_five(drawn, database, bank, settings, clock):
    await feeds.look(database, bank, settings)
    asked = (await drawn.feed()).asked_at
    await drawn.book(TUE, {"1": 20})
    clock.advance(timedelta(minutes=4))
    await feeds.look(database, bank, settings)
    assert ((await drawn.feed()).asked_at, states(await drawn.days())[TUE]) == (asked, "missing")
    clock.advance(timedelta(minutes=2))
    await feeds.look(database, bank, settings)
    assert states(await drawn.days())[TUE] == "waiting"


async def test_a_day_being_drawn_is_cancelled_and_may_be_drawn_again(drawn):
    await drawn.book(TUE, {"1": 20})
    await drawn.look()
    await feeds.take_next(drawn.database, drawn.tenant, drawn.settings, drawn.id)
    [extract_id] = await drawn.drawing()
    await drawn.do(feeds.cancel_day, TUE)
    assert await feeds.draw_day(drawn.database, drawn.tenant, drawn.settings, extract_id) is None
    assert states(await drawn.days())[TUE] == "cancelled"
    assert await drawn.levels() == {}
    await drawn.do(feeds.rerun, TUE)
    assert states(await drawn.go())[TUE] == "done"


async def test_a_feed_that_contradicts_itself_is_refused(database, bank, other_bank, drawn):
    database_id = (await drawn.feed()).database_id
    for more in ({"folder": "core"}, {"query": "SELECT 1 AS a"}, {"control_query": ""}, {"query": " "}):
        async with database.begin(bank) as tx:
            with pytest.raises(FeedUnfit):
                await feeds.declare(tx, declared("坏", database_id, **more))
    async with database.begin(other_bank) as tx:
        with pytest.raises(customers.DatabaseUnknown):
            await feeds.declare(tx, declared("别家", database_id))
