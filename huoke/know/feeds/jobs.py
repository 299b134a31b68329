"""What feeds do by themselves: look for files every minute, take days in turn, note how they ended."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel import jobs
from huoke.kernel.jobs import JobContext, Sweep, every, job
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.settings import Settings
from huoke.kernel.tx import Tx
from huoke.know.feeds import store
from huoke.know.feeds.take import draw_day, look, note_end, note_undo, take_next

LOOK_SECONDS = 60


class _Waits(msgspec.Struct, frozen=True):
    feed_id: UUID
    business_on: date


class _Draws(msgspec.Struct, frozen=True):
    feed_id: UUID
    business_on: date
    extract_id: UUID


class _Asked(msgspec.Struct, frozen=True):
    feed_id: UUID


class _Ended(msgspec.Struct, frozen=True):
    import_id: UUID


@every("feeds.look", seconds=LOOK_SECONDS)
async def look_all(sweep: Sweep) -> None:
    """Look into every folder of a bank, and note what is missing."""
    await look(sweep.database, sweep.tenant, sweep.part(Settings))


@subscriber("feeds.enqueue_look", events={"feeds.look_asked"})
async def enqueue_look(tx: Tx, event: LoggedEvent) -> None:
    """Somebody asked for a look."""
    await _enqueue(tx, "feeds.look", event.decode(_Asked).feed_id, "检查文件 · ", event)


@subscriber("feeds.enqueue_take", events={"feeds.day_waits"})
async def enqueue_take(tx: Tx, event: LoggedEvent) -> None:
    """A day waits for its turn."""
    waits = event.decode(_Waits)
    await _enqueue(tx, "feeds.take", waits.feed_id, f"每日数据 {waits.business_on} · ", event)


@subscriber("feeds.enqueue_draw", events={"feeds.day_draws"})
async def enqueue_draw(tx: Tx, event: LoggedEvent) -> None:
    """A day is drawn from its database."""
    draws = event.decode(_Draws)
    for feed in await store.feeds(tx, feed_id=draws.feed_id):
        await jobs.enqueue(
            tx,
            "feeds.draw",
            {"extract_id": str(draws.extract_id)},
            title=f"每日数据 {draws.business_on} · {feed['name']}",
            unique_key=f"feeds.draw/{event.id}",
        )


@subscriber("feeds.note_end", events={"customers.import_ended"})
async def on_import_ended(tx: Tx, event: LoggedEvent) -> None:
    """The import of a day ended: note how, and let the next day have its turn."""
    feed_id = await note_end(tx, event.decode(_Ended).import_id)
    if feed_id is not None and await store.next_waiting(tx, feed_id) is not None:
        await _enqueue(tx, "feeds.take", feed_id, "每日数据 · ", event)


@subscriber("feeds.note_undo", events={"customers.import_undone"})
async def on_import_undone(tx: Tx, event: LoggedEvent) -> None:
    """What a day brought was taken back."""
    await note_undo(tx, event.decode(_Ended).import_id)


@job("feeds.look")
async def run_look(context: JobContext, payload: dict[str, Any]) -> None:
    """Look into one feed's folder."""
    await look(context.database, context.tenant, context.part(Settings), UUID(payload["feed_id"]))


@job("feeds.take")
async def run_take(context: JobContext, payload: dict[str, Any]) -> None:
    """Begin the earliest day that waits."""
    await take_next(context.database, context.tenant, context.part(Settings), UUID(payload["feed_id"]))


@job("feeds.draw", at_once_max=2)
async def run_draw(context: JobContext, payload: dict[str, Any]) -> None:
    """Draw a day from its database; begun again after a crash it draws from the top."""
    await draw_day(
        context.database,
        context.tenant,
        context.part(Settings),
        UUID(payload["extract_id"]),
        progress=context.progress,
    )


async def _enqueue(tx: Tx, name: str, feed_id: UUID, title: str, event: LoggedEvent) -> None:
    for feed in await store.feeds(tx, feed_id=feed_id):
        await jobs.enqueue(
            tx, name, {"feed_id": str(feed_id)}, title=title + feed["name"], unique_key=f"{name}/{event.id}"
        )
