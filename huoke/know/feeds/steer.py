"""Declaring feeds, pausing and resuming them, and what people do to one of their days."""

from datetime import date
from uuid import UUID

import msgspec

from huoke.kernel import files
from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.feeds import store
from huoke.know.feeds.model import (
    DayStatus,
    DayWaits,
    FeedAtWork,
    FeedNameTaken,
    FeedStatus,
    FeedUnfit,
    FeedUnknown,
    LookAsked,
    NewFeed,
    Upload,
    check_control,
    check_feed,
)

MOVES = {
    "pause": (FeedStatus.ACTIVE, FeedStatus.PAUSED),
    "resume": (FeedStatus.PAUSED, FeedStatus.ACTIVE),
}


async def declare(tx: Tx, new: NewFeed) -> UUID:
    """Declare a feed; returns its id.

    `FeedUnfit`, `FeedNameTaken`, `customers.MappingUnfit`, `customers.DatabaseUnknown`.
    """
    wanted = await _checked(tx, new)
    feed_id = new_id()
    if not await store.insert(tx, feed_id, wanted):
        raise FeedNameTaken(f"There is a feed '{new.name}'; give this one another name.", pointer="/name")
    return feed_id


async def change(tx: Tx, feed_id: UUID, new: NewFeed) -> None:
    """Declare a feed anew; what its days brought stays. What `declare` raises, and `FeedUnknown`."""
    wanted = await _checked(tx, new)
    await _locked(tx, feed_id)
    if any(row["name"] == wanted.name.strip() and row["id"] != feed_id for row in await store.feeds(tx)):
        raise FeedNameTaken(f"There is a feed '{new.name}'; give this one another name.", pointer="/name")
    await store.change(tx, feed_id, wanted)


async def move(tx: Tx, feed_id: UUID, verb: str) -> None:
    """Pause, resume or end a feed; `FeedUnknown`, `FeedAtWork`."""
    status = await _locked(tx, feed_id)
    if verb == "end" and status is not FeedStatus.ENDED:
        await store.set_status(tx, feed_id, FeedStatus.ENDED.value)
        return
    before, after = MOVES.get(verb, (None, FeedStatus.ENDED))
    if status is not before:
        raise FeedAtWork(f"The feed is {status}; it cannot {verb}.")
    await store.set_status(tx, feed_id, after.value)
    if verb == "resume":
        tx.emit(LookAsked(feed_id=feed_id))


async def look_now(tx: Tx, feed_id: UUID) -> None:
    """Have the folder of a feed looked into now; `FeedUnknown`, `FeedAtWork` unless it is active."""
    if await _locked(tx, feed_id) is not FeedStatus.ACTIVE:
        raise FeedAtWork("The feed does not run; resume it first.")
    tx.emit(LookAsked(feed_id=feed_id))


async def upload_day(tx: Tx, feed_id: UUID, upload: Upload) -> date:
    """Give a feed the file of one day, uploaded before; a day that was done is corrected by it.

    `FeedUnknown`, `FeedAtWork`, `ControlUnfit`, `files.FileMissing`.
    """
    if await _locked(tx, feed_id) is not FeedStatus.ACTIVE:
        raise FeedAtWork("The feed does not run; resume it first.")
    if upload.business_on > tx.now.date():
        raise FeedUnfit("A business day lies in the past.", pointer="/business_on")
    file = await files.get(tx, upload.file_id)
    attempt = await store.arrive(
        tx,
        feed_id,
        upload.business_on,
        file_name=file.name,
        fingerprint=file.sha256,
        file_id=file.id,
        control=check_control(upload.control),
    )
    if not attempt:
        raise FeedAtWork(f"{upload.business_on} is being imported; wait for its end, or cancel it.")
    tx.emit(DayWaits(feed_id=feed_id, business_on=upload.business_on, attempt=attempt))
    return upload.business_on


async def rerun(tx: Tx, feed_id: UUID, business_on: date) -> None:
    """Take one day again, from its file as it lies there now; the same file changes nothing. `FeedAtWork`."""
    status = await _day(tx, feed_id, business_on)
    if status in (DayStatus.RUNNING, DayStatus.WAITING):
        raise FeedAtWork(f"{business_on} is {status}.")
    attempt = await store.wait_again(tx, feed_id, business_on)
    tx.emit(DayWaits(feed_id=feed_id, business_on=business_on, attempt=attempt))


async def cancel_day(tx: Tx, feed_id: UUID, business_on: date) -> None:
    """Stop a day that waits, or its import after the present chunk; `FeedAtWork` when it is neither."""
    status = await _day(tx, feed_id, business_on)
    row = await store.day(tx, feed_id, business_on)
    assert row is not None
    if status is DayStatus.WAITING:
        await store.end(tx, feed_id, business_on, DayStatus.CANCELLED.value)
    elif status is DayStatus.RUNNING and row["import_id"]:
        await customers.cancel_import(tx, row["import_id"])
        await store.end(tx, feed_id, business_on, DayStatus.CANCELLED.value)
    elif status is DayStatus.RUNNING and row["extract_id"]:
        await customers.cancel_extract(tx, row["extract_id"])
        await store.end(tx, feed_id, business_on, DayStatus.CANCELLED.value)
    else:
        raise FeedAtWork(f"{business_on} is {status}; there is nothing to cancel.")


async def excuse(tx: Tx, feed_id: UUID, business_on: date) -> None:
    """Say that a missing day has no file, as on a holiday: its alarm ends. A file that comes is taken all the same."""
    if (status := await _day(tx, feed_id, business_on)) is not DayStatus.MISSING:
        raise FeedAtWork(f"{business_on} is {status}, not missing.")
    await store.end(tx, feed_id, business_on, DayStatus.EXCUSED.value)


async def _checked(tx: Tx, new: NewFeed) -> NewFeed:
    check_feed(new)
    if new.database_id is not None:
        known = {one.id for one in await customers.list_databases(tx) if one.in_force}
        if new.database_id not in known:
            raise customers.DatabaseUnknown("There is no such database.", pointer="/database_id")
    mapping = customers.read_mapping(new.mapping)
    return msgspec.structs.replace(new, mapping=msgspec.to_builtins(mapping))


async def _locked(tx: Tx, feed_id: UUID) -> FeedStatus:
    rows = await store.feeds(tx, feed_id=feed_id, lock=True)
    if not rows:
        raise FeedUnknown("There is no such feed.")
    return FeedStatus(rows[0]["status"])


async def _day(tx: Tx, feed_id: UUID, business_on: date) -> DayStatus:
    await _locked(tx, feed_id)
    row = await store.day(tx, feed_id, business_on, lock=True)
    if row is None:
        raise FeedUnknown(f"The feed has no day {business_on}.")
    return DayStatus(row["status"])
