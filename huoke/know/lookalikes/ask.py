"""Asking for customers like those of a seed, and reading what came of it."""

from collections.abc import Collection
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern import audit
from huoke.kernel.ids import UnitId, new_id
from huoke.kernel.tx import Tx
from huoke.know import language, segments
from huoke.know.lookalikes import store
from huoke.know.lookalikes.model import NewSearch, Search, SearchAsked, SearchUnknown, SeedUnfit


async def ask(tx: Tx, new: NewSearch, *, units: Collection[UnitId] | None = None) -> UUID:
    """Keep what is wanted; a job finds it among the customers of `units` (None: the whole bank).

    Raises `SeedUnfit`, `segments.SegmentUnknown`, `segments.UploadUnknown`.
    """
    if (new.segment_id is None) == (new.upload_id is None):
        raise SeedUnfit("Name a segment or an uploaded list, one of them.", pointer="/segment_id")
    version = None
    if new.upload_id is not None:
        await segments.get_upload(tx, new.upload_id)
    if new.segment_id is not None:
        segment = await segments.get(tx, new.segment_id)
        version = segment.version
        facts = [use.name for use in await segments.uses(tx, language.parse(segment.expression)) if use.deposit_path]
        if facts:
            raise SeedUnfit(
                "Its rule looks at deposit facts; a list of look-alikes would carry them on unseen (rule B1).",
                pointer="/segment_id",
                rule="B1",
                facts=facts,
            )
    search_id = new_id()
    fields = {
        "name": new.name.strip(),
        "segment_id": new.segment_id,
        "segment_version": version,
        "seed_upload_id": new.upload_id,
        "wanted": new.wanted,
        "units": None if units is None else sorted(units),
    }
    await store.insert(tx, search_id, fields)
    after = {"name": fields["name"], "wanted": new.wanted, "segment_id": new.segment_id and str(new.segment_id)}
    entry = audit.AuditEntry(action="lookalikes.ask", subject_kind="lookalike", subject_id=str(search_id), after=after)
    await audit.record(tx, entry)
    tx.emit(SearchAsked(search_id=search_id))
    return search_id


async def get(tx: Tx, search_id: UUID) -> Search:
    """One search; `SearchUnknown`."""
    row = await store.get(tx, search_id)
    if row is None:
        raise SearchUnknown("There is no such search.")
    return _told(row)


async def find(tx: Tx, *, limit: int = 50) -> list[Search]:
    """Searches, latest first."""
    return [_told(row) for row in await store.find(tx, limit)]


def _told(row: Record) -> Search:
    return msgspec.convert({name: value for name, value in dict(row).items() if name != "units"}, Search)
