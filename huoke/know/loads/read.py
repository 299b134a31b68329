"""Loads as people look at them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel import files
from huoke.kernel.files import FileId, FileMissing
from huoke.kernel.tx import Tx
from huoke.know import events
from huoke.know.loads import store
from huoke.know.loads.model import EventLoad, LoadStatus, LoadUnknown, NoRejects


async def get(tx: Tx, load_id: UUID) -> EventLoad:
    """One load, with how many of its rows wait to this day; `LoadUnknown`."""
    row = await store.get(tx, load_id)
    if row is None:
        raise LoadUnknown("There is no such load.")
    [found] = await _told(tx, [row])
    return msgspec.structs.replace(found, still_waiting=await events.waiting_of(tx, load_id) if found.waiting else 0)


async def find(
    tx: Tx,
    *,
    q: str = "",
    source_id: UUID | None = None,
    status: LoadStatus | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> tuple[list[EventLoad], dict[str, int]]:
    """Loads, latest first, `q` a part of the file's name; and how many there are in each status."""
    rows = await store.find(tx, q=q, source_id=source_id, status=status and status.value, before=before, limit=limit)
    return await _told(tx, rows), await store.count_by_status(tx, q, source_id)


async def rejects_file(tx: Tx, load_id: UUID) -> FileId:
    """The file with the refused rows; `NoRejects`."""
    found = await get(tx, load_id)
    if found.rejects_file_id is None:
        raise NoRejects("This load refused no row.")
    return FileId(found.rejects_file_id)


async def _told(tx: Tx, rows: Sequence[Record]) -> list[EventLoad]:
    names = {one.id: one.name for one in await events.sources.find(tx)}
    kept = {row["file_id"]: await _is_there(tx, row["file_id"]) for row in rows}
    return [
        msgspec.convert(
            {
                **dict(row),
                "source": names.get(row["source_id"], ""),
                "file_kept": kept[row["file_id"]],
                "can": _can(row, kept=kept[row["file_id"]]),
            },
            EventLoad,
        )
        for row in rows
    ]


async def _is_there(tx: Tx, file_id: UUID) -> bool:
    try:
        await files.get(tx, file_id)
    except FileMissing:
        return False
    return True


def _can(row: Record, *, kept: bool) -> list[str]:
    if row["status"] in (LoadStatus.QUEUED, LoadStatus.RUNNING):
        return ["cancel"]
    can = ["withdraw"] if row["status"] == LoadStatus.DONE and row["loaded"] + row["waiting"] else []
    return [*can, "again"] if kept and row["status"] != LoadStatus.WITHDRAWING else can
