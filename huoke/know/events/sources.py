"""Event sources: who may send events, each with a write key of its own."""

from datetime import timedelta
from uuid import UUID

import msgspec

from huoke.govern import audit
from huoke.govern.identity import tokens
from huoke.govern.people import staff
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Invalid
from huoke.kernel.tx import Tx
from huoke.know.events import store_sources as store
from huoke.know.events.model import (
    EventSource,
    MadeSource,
    NewSource,
    SourceNameTaken,
    SourceOpened,
    SourceRevoked,
    SourceRotated,
    SourceUnknown,
)

OVERLAP = timedelta(hours=24)
"""How long a rotated key stays good, so that senders change over without losing anything."""
_HINT = 4


async def add(tx: Tx, new: NewSource) -> MadeSource:
    """Open a source; its write key is shown this once. `SourceNameTaken`, `Invalid`."""
    name = new.name.strip()
    if not 1 <= len(name) <= 60:
        raise Invalid("A source has a name of 1 to 60 characters.", pointer="/name")
    source_id, key = new_id(), tokens.make(tx.tenant)
    if not await store.add(tx, source_id, name, tokens.digest(key), key[-_HINT:]):
        raise SourceNameTaken(f"There is a source called '{name}'; choose another name.", pointer="/name")
    tx.emit(SourceOpened(source_id=source_id))
    await _record(tx, "events.add_source", source_id, {"name": name})
    return MadeSource(id=source_id, write_key=key)


async def find(tx: Tx) -> list[EventSource]:
    """Every source of the bank, newest first, revoked ones too; `made_by` is a name where somebody of the staff did."""
    found = await store.find(tx)
    names = await staff.names(tx, {one.made_by for one in found})
    return [msgspec.structs.replace(one, made_by=names.get(one.made_by, one.made_by)) for one in found]


async def by_name(tx: Tx, name: str) -> UUID:
    """The open source of a name; `SourceUnknown`."""
    source_id = await store.id_of_name(tx, name)
    if source_id is None:
        raise SourceUnknown(f"There is no open source called '{name[:60]}'.")
    return source_id


async def rotate(tx: Tx, source_id: UUID) -> MadeSource:
    """Give a source a new write key; the one before is good for 24 hours more. `SourceUnknown`."""
    key = tokens.make(tx.tenant)
    if not await store.rotate(tx, source_id, tokens.digest(key), key[-_HINT:], tx.now + OVERLAP):
        raise SourceUnknown("There is no such source, or it was revoked.")
    tx.emit(SourceRotated(source_id=source_id))
    await _record(tx, "events.rotate_source", source_id, {})
    return MadeSource(id=source_id, write_key=key)


async def revoke(tx: Tx, source_id: UUID) -> None:
    """End a source at once, with every key it had. `SourceUnknown`."""
    if not await store.revoke(tx, source_id):
        raise SourceUnknown("There is no such source, or it was revoked.")
    tx.emit(SourceRevoked(source_id=source_id))
    await _record(tx, "events.revoke_source", source_id, {})


async def _record(tx: Tx, action: str, source_id: UUID, after: dict[str, object]) -> None:
    await audit.record(
        tx, audit.AuditEntry(action=action, subject_kind="event_source", subject_id=str(source_id), after=after)
    )
