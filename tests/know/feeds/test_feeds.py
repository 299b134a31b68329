"""Feeds on the real engines: days come, come late, come again, come wrong, and never undo what a later day said."""

import hashlib
from datetime import UTC, date, datetime

import msgspec
import pytest

from huoke.kernel.settings import Settings
from huoke.kernel.tx import SYSTEM
from huoke.know import customers, feeds
from huoke.know.feeds import Control, DayStatus, FeedAtWork, FeedNameTaken, FeedUnknown, NewFeed, Upload
from tests.make import customers as make

MAPPING = {
    "columns": [
        {"column": "no", "to": "customer_no"},
        {"column": "unit", "to": "unit_code"},
        {"column": "level", "to": "attribute", "type": "integer"},
    ]
}
MON, TUE, WED = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)


@pytest.fixture
def settings(tmp_path):
    made = dict.fromkeys(("instance", "database_url", "database_owner_url", "database_feed_url", "clickhouse_url"), "")
    return Settings(home=tmp_path, web_port=0, **made)


@pytest.fixture
async def feed(database, bank, units, settings, clock, request):
    clock.set(datetime(2026, 3, 4, 12, tzinfo=UTC))
    name = request.node.name[-60:]
    new = NewFeed(name=name, mapping=MAPPING, folder="core", pattern="c_{date}.csv", control_pattern="c_{date}.ctl",
                  weekdays=(1, 2, 3, 4, 5), begins_on=MON)  # fmt: skip
    async with database.begin(bank) as tx:
        feed_id = await feeds.declare(tx, new)
        code = (await feeds.find(tx))[0] and await bank_code(tx)
    folder = feeds.place_of(settings, code, "core")
    folder.mkdir(parents=True)

    class Here:
        id = feed_id
        prefix = hashlib.sha256(name.encode()).hexdigest()[:8] + "-"

        def leave(self, day, levels, *, rows=None, wrong=False):
            body = "no,unit,level\n" + "".join(f"{self.prefix}{no},N,{level}\n" for no, level in levels.items())
            (folder / f"c_{day:%Y%m%d}.csv").write_text(body)
            digest = hashlib.sha256(body.encode() + (b"!" if wrong else b"")).hexdigest()
            (folder / f"c_{day:%Y%m%d}.ctl").write_text(
                f"rows={len(levels) if rows is None else rows}\nsha256={digest}\n"
            )

        async def go(self):
            """Look, and run every day that waits to its end, as the worker does."""
            await feeds.look(database, bank, settings, feed_id)
            while (begun := await feeds.take_next(database, bank, settings, feed_id)) is not None:
                await customers.run_import(database, bank, begun.id, actor=SYSTEM)
                async with database.begin(bank) as tx:
                    await feeds.note_end(tx, begun.id)
            return await self.days()

        async def days(self):
            async with database.begin(bank) as tx:
                return {day.business_on: day for day in (await feeds.get(tx, feed_id)).days}

        async def levels(self):
            async with database.begin(bank) as tx:
                rows = await tx.fetch(
                    "SELECT customer_no, attributes FROM customers.customer WHERE customer_no LIKE $1",
                    self.prefix + "%",
                )
            return {row["customer_no"].removeprefix(self.prefix): row["attributes"].get("level") for row in rows}

        async def do(self, verb, *args):
            async with database.begin(bank) as tx:
                return await verb(tx, feed_id, *args)

    yield Here()
    async with database.begin(bank) as tx:
        await feeds.move(tx, feed_id, "end")


async def bank_code(tx):
    return await tx.fetch_value("SELECT code FROM tenants.tenant WHERE id = $1", tx.tenant)


def states(days):
    return {day: one.status.value for day, one in sorted(days.items())}


async def test_days_are_taken_in_order_and_missing_ones_are_told(feed):
    feed.leave(TUE, {"1": 2, "2": 2})
    days = await feed.go()
    assert states(days) == {MON: "missing", TUE: "done"}
    assert (days[MON].late, days[TUE].late) == (True, True)
    assert (days[TUE].counts.read, days[TUE].counts.added, days[TUE].rows_expected) == (2, 2, 2)
    assert await feed.levels() == {"1": 2, "2": 2}


async def test_an_older_day_after_a_newer_one_adds_and_overwrites_nothing(feed):
    feed.leave(TUE, {"1": 20, "2": 20})
    await feed.go()
    feed.leave(MON, {"1": 10, "3": 10})
    days = await feed.go()
    assert states(days) == {MON: "done", TUE: "done"}
    assert (days[MON].counts.added, days[MON].counts.older, days[MON].counts.changed) == (1, 1, 0)
    assert await feed.levels() == {"1": 20, "2": 20, "3": 10}
    feed.leave(WED, {"3": 30})
    await feed.go()
    assert (await feed.levels())["3"] == 30


async def test_two_days_that_wait_are_taken_the_earlier_first(feed):
    feed.leave(TUE, {"1": 2})
    feed.leave(MON, {"1": 1})
    days = await feed.go()
    assert (days[MON].counts.added, days[TUE].counts.changed) == (1, 1)
    assert await feed.levels() == {"1": 2}


async def test_the_same_day_again_changes_nothing_and_a_corrected_one_does(feed):
    feed.leave(MON, {"1": 1, "2": 1})
    await feed.go()
    again = await feed.go()
    assert again[MON].attempt == 1, "files that lie there unchanged are not taken twice"
    await feed.do(feeds.rerun, MON)
    days = await feed.go()
    assert (days[MON].attempt, days[MON].counts.same, days[MON].counts.changed) == (2, 2, 0)
    feed.leave(MON, {"1": 1, "2": 5})
    days = await feed.go()
    assert (days[MON].attempt, days[MON].counts.changed) == (3, 1)
    assert await feed.levels() == {"1": 1, "2": 5}


@pytest.mark.parametrize("how", [{"rows": 3}, {"wrong": True}])
async def test_a_wrong_count_or_sum_is_refused_whole_then_repaired(feed, database, bank, how):
    feed.leave(MON, {"1": 1, "2": 1}, **how)
    days = await feed.go()
    assert days[MON].status is DayStatus.FAILED
    assert days[MON].refusal["code"] == ("customers.count" if "rows" in how else "feeds.control")
    assert await feed.levels() == {}
    async with database.begin(bank) as tx:
        (alarm,) = [one for one in await feeds.alarms(tx) if one.feed_id == feed.id]
        assert (alarm.failed, alarm.missing, alarm.latest_on) == (1, 1, TUE)
        assert await tx.fetch_value("SELECT count(*) FROM files.file WHERE name LIKE 'c_%'") == 0, "no copy stays"
    feed.leave(MON, {"1": 1, "2": 1})
    days = await feed.go()
    assert (days[MON].status, days[MON].counts.added, days[MON].refusal) == (DayStatus.DONE, 2, None)


async def test_a_file_without_its_control_file_waits(feed, settings):
    (settings.home / "feeds").mkdir(exist_ok=True)
    feed.leave(MON, {"1": 1})
    for control in (settings.home / "feeds").rglob("*.ctl"):
        control.unlink()
    assert states(await feed.go()) == {MON: "missing", TUE: "missing"}
    assert await feed.levels() == {}


async def test_a_link_that_leads_elsewhere_is_not_a_file(feed, settings, tmp_path):
    feed.leave(MON, {"1": 1})
    (file,) = (settings.home / "feeds").rglob("*.csv")
    file.rename(tmp_path / "elsewhere.csv")
    file.symlink_to(tmp_path / "elsewhere.csv")
    assert (await feed.go())[MON].status is DayStatus.MISSING


async def test_a_holiday_is_excused_and_a_paused_feed_misses_nothing(feed):
    await feed.go()
    await feed.do(feeds.excuse, MON)
    with pytest.raises(FeedAtWork):
        await feed.do(feeds.excuse, MON)
    assert states(await feed.days()) == {MON: "excused", TUE: "missing"}
    await feed.do(feeds.move, "pause")
    feed.leave(TUE, {"1": 1})
    assert states(await feed.go()) == {MON: "excused", TUE: "missing"}
    await feed.do(feeds.move, "resume")
    assert states(await feed.go()) == {MON: "excused", TUE: "done"}


async def test_a_day_is_uploaded_with_what_its_control_says(feed, database, bank):
    body = f"no,unit,level\n{feed.prefix}7,N,7\n".encode()
    file_id = await make.file(database, bank, body)
    sums = {"sha256": hashlib.sha256(body).hexdigest()}
    wrong = Upload(business_on=MON, file_id=file_id, control=Control(rows=2, **sums))
    await feed.do(feeds.upload_day, wrong)
    assert (await feed.go())[MON].status is DayStatus.FAILED
    file_id = await make.file(database, bank, body)
    await feed.do(feeds.upload_day, msgspec.structs.replace(wrong, file_id=file_id, control=Control(rows=1, **sums)))
    assert (await feed.go())[MON].status is DayStatus.DONE
    assert await feed.levels() == {"7": 7}


async def test_a_waiting_day_is_cancelled(feed, database, bank, settings):
    feed.leave(MON, {"1": 1})
    await feeds.look(database, bank, settings, feed.id)
    await feed.do(feeds.cancel_day, MON)
    assert (await feed.go())[MON].status is DayStatus.CANCELLED
    assert await feed.levels() == {}


async def test_a_running_day_is_cancelled_with_its_import(feed, database, bank, settings):
    feed.leave(MON, {"1": 1})
    await feeds.look(database, bank, settings, feed.id)
    begun = await feeds.take_next(database, bank, settings, feed.id)
    assert await feeds.take_next(database, bank, settings, feed.id) is None, "one day at a time"
    with pytest.raises(FeedAtWork):
        await feed.do(feeds.rerun, MON)
    await feed.do(feeds.cancel_day, MON)
    ended = await customers.run_import(database, bank, begun.id, actor=SYSTEM)
    assert (ended.status, (await feed.days())[MON].status) == ("cancelled", DayStatus.CANCELLED)
    assert await feed.levels() == {}


async def test_a_day_that_was_taken_back_says_so_and_is_taken_again(feed, database, bank):
    feed.leave(MON, {"1": 1})
    done = (await feed.go())[MON]
    async with database.begin(bank) as tx:
        await customers.undo(tx, done.import_id)
    await customers.run_undo(database, bank, done.import_id, actor=SYSTEM)
    async with database.begin(bank) as tx:
        await feeds.note_undo(tx, done.import_id)
    back = (await feed.days())[MON]
    assert (back.status, back.refusal["code"], back.counts.added) == (DayStatus.CANCELLED, "feeds.taken_back", 1)
    assert await feed.levels() == {"1": None}, "the number stays, what was said of it is gone"
    await feed.do(feeds.rerun, MON)
    again = (await feed.go())[MON]
    assert (again.status, again.refusal) == (DayStatus.DONE, None)
    assert await feed.levels() == {"1": 1}


async def test_the_other_bank_knows_nothing_of_it(feed, database, other_bank):
    async with database.begin(other_bank) as tx:
        assert await feeds.find(tx) == []
        with pytest.raises(FeedUnknown):
            await feeds.get(tx, feed.id)
        with pytest.raises(FeedUnknown):
            await feeds.look_now(tx, feed.id)


async def test_two_feeds_cannot_have_one_name(feed, database, bank):
    async with database.begin(bank) as tx:
        known = await feeds.get(tx, feed.id)
        with pytest.raises(FeedNameTaken):
            await feeds.declare(tx, NewFeed(name=known.name, mapping=MAPPING, begins_on=MON))
