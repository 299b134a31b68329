"""Days that a database of the bank has: asked for by a count, drawn by a query, then imported as a file is.

The first column of the count's answer is how many rows a day has; whatever stands beside it is a mark, such as the
latest change: a day whose count or mark is another than it was is drawn again.
"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.kernel import files
from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import Refusal
from huoke.kernel.settings import Settings
from huoke.kernel.tx import SYSTEM, Database, Tx
from huoke.know import customers
from huoke.know.customers import Arrived, Import, ImportStatus, NewExtract, NewImport, Progress
from huoke.know.feeds import store
from huoke.know.feeds.model import ControlUnfit, DayDraws, DayStatus, days_over, name_on, weekdays_of

ASKED_EVERY = timedelta(minutes=5)
ASKED_AGAIN_DAYS = 3
"""So many days that were drawn are asked for again, in case the bank corrected them."""
_ASKED_AGAIN = frozenset({DayStatus.DONE, DayStatus.FAILED})


async def there(
    database: Database, tenant: TenantId, settings: Settings, feed: Record, *, now_asked: bool
) -> dict[date, tuple[str, str]]:
    """Days the feed's database has: a name for each and a mark of what it holds; at most every five minutes.

    What the database refuses is kept with the feed, and no day has come.
    """
    async with database.begin(tenant, SYSTEM) as tx:
        if not now_asked and feed["asked_at"] is not None and feed["asked_at"] > tx.now - ASKED_EVERY:
            return {}
        days = await _days_to_ask(tx, feed)
    trouble, marks = None, {}
    try:
        marks = await _marks(database, tenant, settings, feed, days) if days else {}
    except Refusal as refusal:
        trouble = {"code": refusal.code, "detail": refusal.detail, "data": refusal.data}
    async with database.begin(tenant, SYSTEM) as tx:
        await store.asked(tx, feed["id"], trouble)
    return {day: (f"{feed['name']} {day}", mark) for day, (_, mark) in marks.items()}


async def _days_to_ask(tx: Tx, feed: Record) -> list[date]:
    over = days_over(feed["begins_on"], weekdays_of(feed["weekdays"]), tx.now)
    known = {row["business_on"]: row["status"] for row in await store.days(tx, [feed["id"]], since=date.min)}
    again = set(over[-ASKED_AGAIN_DAYS:])
    return [
        day
        for day in over
        if known.get(day, DayStatus.MISSING) == DayStatus.MISSING or (day in again and known[day] in _ASKED_AGAIN)
    ]


async def _marks(
    database: Database, tenant: TenantId, settings: Settings, feed: Record, days: list[date]
) -> dict[date, tuple[int, str]]:
    """How many rows each day has, and its mark; days with none are left out. `ControlUnfit` and what asking raises."""
    allowed = customers.allowed_of(settings.import_addresses)
    queries = [name_on(feed["control_query"], day) for day in days]
    rows = await customers.first_rows(database, tenant, feed["database_id"], queries, allowed)
    counted = {day: (_count(row[0]), " ".join(map(str, row))) for day, row in zip(days, rows, strict=True) if row}
    return {day: found for day, found in counted.items() if found[0]}


def _count(value: Any) -> int:
    try:
        return 0 if value is None else int(value)
    except (TypeError, ValueError):
        raise ControlUnfit(
            "The first column of the count must be a number, as count(*) is; a mark may stand beside it.",
            pointer="/control_query",
        ) from None


async def begin(tx: Tx, feed: Record, day: Record) -> None:
    """Have a day drawn: it runs from now on, as a job of its own."""
    query = name_on(feed["query"], day["business_on"])
    new = NewExtract(database_id=feed["database_id"], query=query, name=f"{feed['name']} {day['business_on']}")
    extract_id = await customers.ask(tx, new, announce=False)
    await store.draw(tx, feed["id"], day["business_on"], extract_id)
    tx.emit(DayDraws(feed_id=feed["id"], business_on=day["business_on"], extract_id=extract_id))


async def draw(
    database: Database,
    tenant: TenantId,
    settings: Settings,
    extract_id: UUID,
    *,
    progress: Progress | None = None,
) -> Import | None:
    """Draw a day and begin its import; None where it was cancelled meanwhile, or has failed.

    Safe to begin again: a query cut short is put anew, and a day that is being imported already is left alone.
    """
    async with database.begin(tenant, SYSTEM) as tx:
        day = await store.day_of_extract(tx, extract_id)
        feeds = await store.feeds(tx, feed_id=day["feed_id"]) if day is not None else []
    if day is None or day["status"] != DayStatus.RUNNING or day["import_id"] is not None:
        return None
    allowed = customers.allowed_of(settings.import_addresses)
    marks = await _marks(database, tenant, settings, feeds[0], [day["business_on"]])
    rows_expected = marks[day["business_on"]][0] if marks else 0
    found = await customers.run_extract(database, tenant, extract_id, allowed, actor=SYSTEM, progress=progress)
    if found.status is ImportStatus.CANCELLED:
        async with database.begin(tenant, SYSTEM) as tx:
            await store.end(tx, day["feed_id"], day["business_on"], DayStatus.CANCELLED.value)
        return None
    if found.refusal is not None or found.file_id is None:
        raise ControlUnfit(found.refusal.detail if found.refusal else "The query brought nothing.", pointer="/query")
    arrived = Arrived(
        series=day["feed_id"], as_of=day["business_on"], attempt=day["attempt"], rows_expected=rows_expected
    )
    new = NewImport(file_id=found.file_id, mapping=feeds[0]["mapping"], name=found.name)
    async with database.begin(tenant, SYSTEM) as tx:
        still = await store.day(tx, day["feed_id"], day["business_on"], lock=True)
        if still is None or still["extract_id"] != extract_id or still["status"] != DayStatus.RUNNING:
            return None
        file = await files.get(tx, files.FileId(found.file_id))
        import_id = await customers.start(tx, new, day=arrived)
        await store.run(
            tx, day["feed_id"], day["business_on"], import_id, sha256=file.sha256, rows_expected=rows_expected,
            file_id=file.id,
        )  # fmt: skip
        return await customers.get_import(tx, import_id)
