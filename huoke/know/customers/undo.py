"""What an import brought, row by row; and undoing it as a whole.

Undoing gives each row back what it held before the import, as one more change in its history. Rows that something
changed since stay as they are. A customer whom the import brought keeps nothing but the number, and is taken up again
by the next file that names it. A legal basis that the import declared counts as never said where nothing was said
since. Other rows go back by their entity: what an import wrote last is as it was before, or is gone.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
from pyroaring import BitMap

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId, UnitId
from huoke.kernel.refusals import Conflict
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Actor, Database, Tx
from huoke.know import consent
from huoke.know.customers import read, store, store_undo
from huoke.know.customers.entities import Place, entity
from huoke.know.customers.import_model import Import, ImportStatus, declared_by
from huoke.know.customers.importing import get_import
from huoke.know.customers.mapping import CUSTOMERS
from huoke.know.customers.model import CustomerRow, ImportUndoAsked, ImportUndone
from huoke.know.customers.running import Progress

CHUNKS_AT_ONCE = 4


class NotUndone(Conflict):
    """The import is not in a state to be undone: it runs, was only tried, brought nothing, or is undone already."""

    code = "customers.not_undone"


class Brought(StrEnum):
    """What an import did to a customer."""

    ADDED = "added"
    CHANGED = "changed"


class BroughtRow(msgspec.Struct, frozen=True, kw_only=True):
    """A customer an import brought or changed, masked; `before` are the fields it changed, with what they held."""

    chunk: int
    customer: CustomerRow
    before: dict[str, Any]


async def undo(tx: Tx, import_id: UUID) -> None:
    """Have everything an import brought go back; raises `ImportUnknown`, `NotUndone`."""
    found = await get_import(tx, import_id)
    if "undo" not in found.can or not await store_undo.begin(tx, import_id):
        raise NotUndone(f"This import is {found.status} and has nothing to undo.")
    tx.emit(ImportUndoAsked(import_id=import_id))


async def run_undo(
    database: Database,
    tenant: TenantId,
    import_id: UUID,
    *,
    actor: Actor,
    progress: Progress | None = None,
    clickhouse: ClickHouse | None = None,
) -> Import:
    """Undo an import to its end, from wherever an earlier run left it.

    `clickhouse` is for entities whose rows lie in archives.
    """
    async with database.begin(tenant, actor) as tx:
        found = await get_import(tx, import_id)
    if found.entity != CUSTOMERS and found.status is ImportStatus.UNDOING:
        place = Place(database=database, clickhouse=clickhouse, tenant=tenant, actor=actor, import_id=import_id)

        async def count(tx: Tx, rows: int) -> None:
            await store_undo.count_rows(tx, import_id, rows)

        await entity(found.entity).take_back(place, count)
    while await _undo_chunk(database, tenant, import_id, actor):
        if progress is not None:
            async with database.begin(tenant, actor) as tx:
                found = await get_import(tx, import_id)
            await progress(found.rows_undone, found.rows_added + found.rows_changed)
    async with database.begin(tenant, actor) as tx:
        return await get_import(tx, import_id)


async def _undo_chunk(database: Database, tenant: TenantId, import_id: UUID, actor: Actor) -> bool:
    """Undo the next chunk of customers; False when none is left, and the import is undone."""
    async with database.begin(tenant, actor) as tx:
        number = await store_undo.lock(tx, import_id)
        if number is None:
            return False
        ahead = await store_undo.chunks(tx, import_id, since=number, limit=1)
        if not ahead:
            await store_undo.end(tx, import_id)
            tx.emit(ImportUndone(import_id=import_id))
            return False
        added, changed, seen = (BitMap.deserialize(ahead[0][whom]) for whom in ("added", "changed", "seen"))
        undone = await store_undo.put_back(tx, import_id, added, changed)
        taken = await consent.take_back(tx, declared_by(import_id), CustomerSet(tenant, seen))
        await store_undo.count(tx, import_id, ahead[0]["number"], len(undone), taken)
        return True


async def brought(
    tx: Tx,
    import_id: UUID,
    what: Brought,
    *,
    scope: Iterable[UnitId] | None = None,
    after: tuple[int, int] = (0, -1),
    limit: int = 50,
) -> list[BroughtRow]:
    """Customers an import brought or changed, in its order, from chunk and seq `after` on; masked, within `scope`."""
    await get_import(tx, import_id)
    within = None if scope is None else frozenset(scope)
    withheld = {attribute.name for attribute in await store.attributes(tx) if attribute.data_class == "C2"}
    found: list[BroughtRow] = []
    chunk, last = after
    while len(found) < limit:
        chunks = await store_undo.chunks(tx, import_id, since=chunk, limit=CHUNKS_AT_ONCE)
        if not chunks:
            break
        for row in chunks:
            seqs = [seq for seq in BitMap.deserialize(row[what.value]) if row["number"] > after[0] or seq > last]
            for start in range(0, len(seqs), 500):
                rows = await read.masked_rows(tx, seqs[start : start + 500])
                shown = [one for one in rows if within is None or one.unit_id in within][: limit - len(found)]
                held = await store_undo.before(tx, import_id, [one.seq for one in shown])
                found += [
                    BroughtRow(chunk=row["number"], customer=one, before=_masked(held.get(one.seq, {}), withheld))
                    for one in shown
                ]
                if len(found) == limit:
                    return found
        chunk = chunks[-1]["number"] + 1
    return found


def _masked(before: dict[str, Any], withheld: set[str]) -> dict[str, Any]:
    return {name: "****" if name in withheld else value for name, value in before.items()}
