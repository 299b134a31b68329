"""Looking into feeds' folders, and taking a day: its control file first, its sum next, its import last.

Days of a feed are taken one after the other, the earliest first. A file that is not as its control file says is refused
whole before any row of it is written.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern import tenants
from huoke.kernel import files
from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import Refusal
from huoke.kernel.settings import Settings
from huoke.kernel.tx import SYSTEM, Database, Tx
from huoke.know import customers
from huoke.know.customers import Arrived, Import, ImportStatus, NewImport, Progress
from huoke.know.feeds import draw, store
from huoke.know.feeds.model import (
    Control,
    ControlUnfit,
    Counts,
    DayEnded,
    DayMissing,
    DayStatus,
    DayWaits,
    FeedStatus,
    TakenBack,
    check_control,
    day_in,
    days_due,
    name_on,
    read_control,
    weekdays_of,
)

FILE_KEPT = timedelta(days=7)
CONTROL_BYTES_MAX = 64 * 1024
PIECE_BYTES = 1 << 20


def place_of(settings: Settings, bank: str, folder: str) -> Path:
    """The folder a feed's files belong into."""
    return settings.home / "feeds" / bank / folder


async def look(database: Database, tenant: TenantId, settings: Settings, feed_id: UUID | None = None) -> None:
    """Note which days' files are there and which are missing, for one active feed of a bank or for all of them."""
    async with database.begin(tenant, SYSTEM) as tx:
        declared = await store.feeds(tx, feed_id=feed_id, status=FeedStatus.ACTIVE.value)
        bank = (await tenants.get(tx)).code if declared else ""
    for feed in declared:
        found: dict[date, tuple[str, str]] = {}
        if feed["database_id"]:
            found = await draw.there(database, tenant, settings, feed, now_asked=feed_id is not None)
        elif feed["folder"]:
            found = await asyncio.to_thread(_there, place_of(settings, bank, feed["folder"]), feed)
        async with database.begin(tenant, SYSTEM) as tx:
            await _note(tx, feed, found)


async def _note(tx: Tx, feed: Record, found: dict[date, tuple[str, str]]) -> None:
    """Write down what came, and what has not come by its hour."""
    known = {row["business_on"]: row for row in await store.days(tx, [feed["id"]], since=date.min)}
    for day, (name, fingerprint) in sorted(found.items()):
        if day in known and known[day]["fingerprint"] == fingerprint:
            continue
        if attempt := await store.arrive(tx, feed["id"], day, file_name=name, fingerprint=fingerprint):
            tx.emit(DayWaits(feed_id=feed["id"], business_on=day, attempt=attempt))
    due = days_due(feed["begins_on"], weekdays_of(feed["weekdays"]), feed["due_hour"], tx.now)
    for day in await store.miss(tx, feed["id"], [day for day in due if day not in known and day not in found]):
        tx.emit(DayMissing(feed_id=feed["id"], business_on=day))


def _there(folder: Path, feed: Record) -> dict[date, tuple[str, str]]:
    """Days whose file and control file both lie in the folder: the file's name and a mark of what lies there."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for entry in folder.iterdir():
        day = day_in(feed["control_pattern"], entry.name)
        file = folder / name_on(feed["pattern"], day) if day else None
        if day is None or file is None or not _is_plain(file) or not _is_plain(entry):
            continue
        marks = [f"{part.stat().st_size}.{part.stat().st_mtime_ns}" for part in (file, entry)]
        found[day] = (file.name, " ".join(marks))
    return found


def _is_plain(path: Path) -> bool:
    """A file and no link that leads elsewhere."""
    return path.is_file() and not path.is_symlink()


async def take_next(database: Database, tenant: TenantId, settings: Settings, feed_id: UUID) -> Import | None:
    """Begin the earliest day that waits, unless one is running; a day that is unfit has failed.

    Returns the import of a file's day; a day of a database is drawn first, by `draw_day`.
    """
    while True:
        async with database.begin(tenant, SYSTEM) as tx:
            feeds = await store.feeds(tx, feed_id=feed_id, status=FeedStatus.ACTIVE.value, lock=True)
            day = await store.next_waiting(tx, feed_id) if feeds else None
            bank = (await tenants.get(tx)).code
            if day is not None and feeds[0]["database_id"] and not day["control"]:
                await draw.begin(tx, feeds[0], day)
                return None
        if day is None:
            return None
        try:
            return await _take(database, tenant, place_of(settings, bank, feeds[0]["folder"]), feeds[0], day)
        except Refusal as refusal:
            await _fail(database, tenant, day, refusal)


async def draw_day(
    database: Database, tenant: TenantId, settings: Settings, extract_id: UUID, *, progress: Progress | None = None
) -> Import | None:
    """Draw a day from its database and begin its import; a day that cannot be drawn has failed, and the next begins."""
    try:
        return await draw.draw(database, tenant, settings, extract_id, progress=progress)
    except Refusal as refusal:
        async with database.begin(tenant, SYSTEM) as tx:
            day = await store.day_of_extract(tx, extract_id)
        assert day is not None, "a day that draws has its query"
        await _fail(database, tenant, day, refusal)
        return await take_next(database, tenant, settings, day["feed_id"])


async def _take(database: Database, tenant: TenantId, folder: Path, feed: Record, day: Record) -> Import | None:
    file_id: files.FileId | None = day["file_id"] if day["control"] else None
    if file_id is not None:
        control = msgspec.convert(day["control"], Control)
        pieces = files.stream(database, tenant, file_id)
        sha256, md5 = await _sums(pieces)
    else:
        control = await asyncio.to_thread(_control, folder / name_on(feed["control_pattern"], day["business_on"]))
        file_id, sha256, md5 = await _store(database, tenant, folder / name_on(feed["pattern"], day["business_on"]))
    try:
        _compare(control, sha256, md5)
    except ControlUnfit:
        if not day["control"]:
            async with database.begin(tenant, SYSTEM) as tx:
                await files.remove(tx, file_id)
        raise
    return await _start(database, tenant, feed, day, file_id, sha256, control)


async def _start(
    database: Database,
    tenant: TenantId,
    feed: Record,
    day: Record,
    file_id: files.FileId,
    sha256: str,
    control: Control,
) -> Import | None:
    arrived = Arrived(series=feed["id"], as_of=day["business_on"], attempt=day["attempt"], rows_expected=control.rows)
    new = NewImport(file_id=file_id, mapping=feed["mapping"], name=f"{feed['name']} {day['business_on']}")
    async with database.begin(tenant, SYSTEM) as tx:
        await store.feeds(tx, feed_id=feed["id"], lock=True)
        still = await store.next_waiting(tx, feed["id"])
        if still is None or (still["business_on"], still["attempt"]) != (day["business_on"], day["attempt"]):
            return None
        import_id = await customers.start(tx, new, day=arrived)
        await store.run(
            tx,
            feed["id"],
            day["business_on"],
            import_id,
            sha256=sha256,
            rows_expected=control.rows,
            file_id=file_id,
        )
        return await customers.get_import(tx, import_id)


async def note_end(tx: Tx, import_id: UUID) -> UUID | None:
    """Note how the import of a day ended; returns the feed, None when the import is no day's."""
    day = await store.day_of_import(tx, import_id)
    if day is None or day["status"] not in (DayStatus.RUNNING, DayStatus.CANCELLED):
        return None
    found = await customers.get_import(tx, import_id)
    status = _ENDED.get(found.status)
    if status is None:
        return None
    counts = Counts(
        read=found.rows_read,
        added=found.rows_added,
        changed=found.rows_changed,
        same=found.rows_same,
        older=found.rows_older,
        refused=found.rows_refused,
    )
    refusal = msgspec.to_builtins(found.refusal) if found.refusal else None
    told = msgspec.to_builtins(counts)
    await store.end(tx, day["feed_id"], day["business_on"], status.value, counts=told, refusal=refusal)
    tx.emit(DayEnded(feed_id=day["feed_id"], business_on=day["business_on"], status=status.value))
    feed_id: UUID = day["feed_id"]
    return feed_id


async def note_undo(tx: Tx, import_id: UUID) -> None:
    """What a day brought was taken back: it says so, and can be taken again."""
    day = await store.day_of_import(tx, import_id)
    if day is not None and day["status"] == DayStatus.DONE:
        told = {"code": TakenBack.code, "detail": "What this day brought was taken back.", "data": {}}
        cancelled = DayStatus.CANCELLED.value
        await store.end(tx, day["feed_id"], day["business_on"], cancelled, counts=day["counts"], refusal=told)
        tx.emit(DayEnded(feed_id=day["feed_id"], business_on=day["business_on"], status=cancelled))


_ENDED = {
    ImportStatus.DONE: DayStatus.DONE,
    ImportStatus.REFUSED: DayStatus.FAILED,
    ImportStatus.CANCELLED: DayStatus.CANCELLED,
}


async def _fail(database: Database, tenant: TenantId, day: Record, refusal: Refusal) -> None:
    told = {"code": refusal.code, "detail": refusal.detail, "data": refusal.data}
    async with database.begin(tenant, SYSTEM) as tx:
        await store.end(tx, day["feed_id"], day["business_on"], DayStatus.FAILED.value, refusal=told)
        tx.emit(DayEnded(feed_id=day["feed_id"], business_on=day["business_on"], status=DayStatus.FAILED.value))


def _control(path: Path) -> Control:
    try:
        with path.open("rb") as file:
            body = file.read(CONTROL_BYTES_MAX + 1)
        if len(body) > CONTROL_BYTES_MAX:
            raise ControlUnfit(f"{path.name} is too large for a control file.")
        return read_control(body.decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        raise ControlUnfit(f"{path.name} is no longer there, or cannot be read.") from None


async def _store(database: Database, tenant: TenantId, path: Path) -> tuple[files.FileId, str, str]:
    """Seal a file of the folder into the store; its id and sums."""
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)

    async def pieces() -> AsyncIterator[bytes]:
        with await asyncio.to_thread(path.open, "rb") as file:
            while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
                sha256.update(piece)
                md5.update(piece)
                yield piece

    kept_until = database.clock.now() + FILE_KEPT
    try:
        file_id = await files.upload(
            database, tenant, SYSTEM, path.name, "application/octet-stream", pieces(), kept_until
        )
    except OSError:
        raise ControlUnfit(f"{path.name} is no longer there, or cannot be read.") from None
    return file_id, sha256.hexdigest(), md5.hexdigest()


async def _sums(pieces: AsyncIterator[bytes]) -> tuple[str, str]:
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    async for piece in pieces:
        sha256.update(piece)
        md5.update(piece)
    return sha256.hexdigest(), md5.hexdigest()


def _compare(control: Control, sha256: str, md5: str) -> None:
    """Raise `ControlUnfit` when a file's sum is not the one its control file says."""
    check_control(control)
    for kind, said, found in (("SHA-256", control.sha256, sha256), ("MD5", control.md5, md5)):
        if said and said != found:
            raise ControlUnfit(
                f"The {kind} of the file begins {found[:12]}, its control file says {said[:12]}: it is damaged or not"
                " whole; send both again.",
                expected=said,
                found=found,
            )
