"""Loading history: columns of events straight into archives and ClickHouse, past the log."""

import asyncio
from collections.abc import Mapping, Sequence
from uuid import UUID
from zlib import crc32

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huoke.govern import privacy
from huoke.kernel import archives
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database
from huoke.know.events import columns
from huoke.know.events.columns import NOBODY, PREFIX
from huoke.know.events.fit import Registry
from huoke.know.events.model import SchemaUnfit
from huoke.know.events.registry import registry
from huoke.know.events.streams import EVENT, TIMELINE

KEYS_AT_ONCE = 10_000
FED = (EVENT, TIMELINE)


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows lie in how many archives, those that were there before included."""

    archives: int
    rows: int


async def load_archive(
    database: Database,
    clickhouse: ClickHouse,
    tenant: TenantId,
    table: pa.Table,
    *,
    source: str = "history",
    source_id: UUID = NOBODY,
) -> Loaded:
    """Keep rows of history for good and show them at once; the same rows again are nothing new.

    Columns: `seq`, `name`, `at` (timestamp with tz), and where wanted `amount_fen`, `entry_code`, `kind`, `id` (UUID as
    text), and `p_<property>` for each property, null where absent. Some 500,000 rows a call keep memory low.
    Raises `SchemaUnfit` before anything is written when a name, a property or a value does not fit.
    """
    async with database.begin(tenant) as tx:
        known = await registry(tx)
    columns.check_columns(table, known)
    loaded = Loaded(archives=0, rows=0)
    for start in range(0, table.num_rows, archives.ROWS_MAX):
        part = table.slice(start, archives.ROWS_MAX).combine_chunks()
        formed = await _formed(database, tenant, part, known, source_id, crc32(f"{source}/{start}".encode()))
        await keep(database, clickhouse, tenant, formed, source)
        loaded = Loaded(archives=loaded.archives + 1, rows=loaded.rows + part.num_rows)
    return loaded


async def keep(
    database: Database,
    clickhouse: ClickHouse,
    tenant: TenantId,
    formed: pa.Table,
    source: str,
    load_id: UUID | None = None,
) -> archives.Archive:
    """Put formed rows into an archive and into ClickHouse."""
    archive = await archives.put(database, tenant, EVENT.source, source, formed, at="at", load_id=load_id)
    await archives.ship_one(database, clickhouse, archive, FED, formed)
    return archive


async def _formed(
    database: Database, tenant: TenantId, part: pa.Table, known: Registry, source_id: UUID, salt: int
) -> pa.Table:
    names = [str(name) for name in pc.unique(part.column("name").combine_chunks()).to_pylist()]
    shown: dict[str, pa.Array] = {}
    private: dict[str, pa.Array] = {}
    for column in columns.property_columns(part):
        one = columns.property_of(column, names, known)
        if one is None:
            continue
        texts = columns.as_texts(part.column(PREFIX + column))
        if columns.unfit(texts, one.type).any():
            raise SchemaUnfit(f"'{column}' is {one.type} here, and a value is not.", pointer=f"/{PREFIX}{column}")
        if columns.is_private(one):
            private[column] = texts
            texts = columns.withheld(texts)
        shown[column] = texts
    sealed = await seal_columns(database, tenant, part.column("seq"), private)
    return await asyncio.to_thread(columns.to_form, part, shown, sealed, source_id=source_id, ids=_ids(part, salt))


def _ids(part: pa.Table, salt: int) -> pa.Array:
    if "id" in part.column_names:
        return part.column("id")
    seqs = pc.cast(part.column("seq"), pa.uint32()).to_numpy()
    at = pc.cast(pc.cast(part.column("at"), columns.INSTANT), pa.int64()).to_numpy()
    names = part.column("name").combine_chunks().dictionary_encode()
    salts = np.array([crc32(str(name).encode()) for name in names.dictionary.to_pylist()], np.int64)
    return columns.make_ids(seqs, at ^ salts[names.indices.to_numpy()] << 20, salt)


async def seal_columns(
    database: Database, tenant: TenantId, seqs: pa.ChunkedArray, private: Mapping[str, pa.Array]
) -> pa.Array:
    """The private columns of each row as hex under its customer's own key; empty where a row has none."""
    if not private:
        return pa.repeat("", len(seqs))
    owners: Sequence[int] = seqs.to_pylist()
    rows = zip(*(column.to_pylist() for column in private.values()), strict=True)
    said = [{name: value for name, value in zip(private, row, strict=True) if value is not None} for row in rows]
    sealed: list[str] = []
    for start in range(0, len(owners), KEYS_AT_ONCE):
        theirs, part = owners[start : start + KEYS_AT_ONCE], said[start : start + KEYS_AT_ONCE]
        texts = [msgspec.json.encode(one).decode() if one else None for one in part]
        async with database.begin(tenant) as tx:
            wanted = [seq for seq, text in zip(theirs, texts, strict=True) if text is not None]
            keys = await privacy.customer_keys(tx, wanted, make=True)
        sealed += [one.hex() if one else "" for one in keys.seal(theirs, texts)]
    return pa.array(sealed, pa.string())
