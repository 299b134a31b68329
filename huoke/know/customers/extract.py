"""Putting a query to a database of the bank: its answer is kept once, sealed, as the Parquet file an import reads.

So trying and importing see the same rows, and an import that was cut short finds its place again. The query is declared
as a cursor in a read-only transaction: what is no SELECT is refused by the database itself, before it does anything.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from huoke.govern import audit
from huoke.kernel import files
from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.refusals import Conflict, Invalid, NotFound, Refusal
from huoke.kernel.tx import Actor, Database, Tx
from huoke.know.customers import databases, store_extract
from huoke.know.customers.import_model import ImportStatus, Refused
from huoke.know.customers.model import ExtractQueued
from huoke.know.customers.reading import plain
from huoke.know.customers.running import Progress

QUERY_CHARACTERS_MAX = 20_000
ROWS_AT_ONCE = 5_000
ROWS_MAX = 20_000_000
SECONDS_MAX = 3_600
FILE_KEPT = timedelta(days=7)


class NewExtract(msgspec.Struct, frozen=True, kw_only=True):
    """A query, one SELECT, to put to a database."""

    database_id: UUID
    query: str
    name: str = ""
    request_no: str | None = None


class Extract(msgspec.Struct, frozen=True, kw_only=True):
    """A query and what became of it; its answer, once done, is the file to import."""

    id: UUID
    database_id: UUID
    name: str
    query: str
    status: ImportStatus
    rows: int
    file_id: UUID | None
    refusal: Refused | None
    created_at: datetime
    created_by: str
    ended_at: datetime | None


class ExtractUnknown(NotFound):
    """No such query in this bank."""

    code = "customers.extract_unknown"


class ExtractEnded(Conflict):
    """The query has ended; there is nothing to cancel."""

    code = "customers.extract_ended"


class QueryUnfit(Invalid):
    """What was asked is no query, not one alone, or the database refused it."""

    code = "customers.query"


class _Cancelled(Exception):  # noqa: N818 - named for what happened
    """Somebody cancelled the query."""


async def ask(tx: Tx, new: NewExtract, *, announce: bool = True) -> UUID:
    """Queue a query; returns its id. `announce=False` leaves running it to the caller.

    `databases.DatabaseUnknown`, `QueryUnfit`.
    """
    query = as_one_query(new.query)
    row = await store_extract.database(tx, database_id=new.database_id)
    if row is None:
        raise databases.DatabaseUnknown("There is no such database.", pointer="/database_id")
    extract_id = new_id()
    await store_extract.insert(tx, extract_id, new.database_id, new.name.strip() or row["name"], query)
    entry = audit.AuditEntry(
        action="customers.extract", subject_kind="database", subject_id=str(new.database_id), after={"query": query}
    )
    await audit.record(tx, entry)
    if announce:
        tx.emit(ExtractQueued(extract_id=extract_id))
    return extract_id


def as_one_query(text: str) -> str:
    """A query without the semicolon at its end; `QueryUnfit` where there is none. What it says, its database judges."""
    query = text.strip().rstrip(";").strip()
    if not query or len(query) > QUERY_CHARACTERS_MAX:
        raise QueryUnfit(f"Write one SELECT of at most {QUERY_CHARACTERS_MAX:,} characters.", pointer="/query")
    return query


async def get_extract(tx: Tx, extract_id: UUID) -> Extract:
    """A query with what became of it; `ExtractUnknown`."""
    row = await store_extract.get(tx, extract_id)
    if row is None:
        raise ExtractUnknown("There is no such query.")
    known = {name: row[name] for name in Extract.__struct_fields__}
    return msgspec.convert(known, Extract, builtin_types=(UUID, datetime))


async def cancel_extract(tx: Tx, extract_id: UUID) -> None:
    """Stop a query; nothing of its answer is kept. `ExtractUnknown`, `ExtractEnded`."""
    await get_extract(tx, extract_id)
    if not await store_extract.end(tx, extract_id, ImportStatus.CANCELLED.value):
        raise ExtractEnded("The query has ended already.")


async def run_extract(
    database: Database,
    tenant: TenantId,
    extract_id: UUID,
    allowed: frozenset[str],
    *,
    actor: Actor,
    progress: Progress | None = None,
) -> Extract:
    """Put a query and keep its answer; a run that was cut short begins again from the top."""
    async with database.begin(tenant, actor) as tx:
        begun = await store_extract.begin(tx, extract_id)
        found = await get_extract(tx, extract_id)
    if begun:
        try:
            await _run(database, tenant, found, allowed, actor, progress)
        except _Cancelled:
            async with database.begin(tenant, actor) as tx:
                await store_extract.end(tx, extract_id, ImportStatus.CANCELLED.value)
        except Refusal as refusal:
            told = Refused(code=refusal.code, detail=refusal.detail, data=refusal.data)
            async with database.begin(tenant, actor) as tx:
                refused = ImportStatus.REFUSED.value
                await store_extract.end(tx, extract_id, refused, refusal=msgspec.to_builtins(told))
    async with database.begin(tenant, actor) as tx:
        return await get_extract(tx, extract_id)


async def _run(
    database: Database,
    tenant: TenantId,
    found: Extract,
    allowed: frozenset[str],
    actor: Actor,
    progress: Progress | None,
) -> None:
    async with database.begin(tenant, actor) as tx:
        connection = await databases.connect(tx, found.database_id, allowed)
    counted = 0

    async def count(rows: int) -> None:
        nonlocal counted
        counted = rows
        async with database.begin(tenant, actor) as tx:
            going = await store_extract.count(tx, found.id, rows)
        if not going or (progress is not None and not await progress(rows, 0)):
            raise _Cancelled

    kept_until = database.clock.now() + FILE_KEPT
    name, kind = f"{found.name[:80].replace('/', '-')}.parquet", "application/vnd.apache.parquet"
    try:
        async with asyncio.timeout(SECONDS_MAX), aclosing(_answer(connection, found.query, count)) as pieces:
            file_id = await files.upload(database, tenant, actor, name, kind, pieces, kept_until)
    except TimeoutError:
        raise QueryUnfit(f"The query took longer than {SECONDS_MAX // 60} minutes; ask for less.") from None
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        raise QueryUnfit(f"The database says: {str(error)[:300]}.", pointer="/query") from None
    finally:
        connection.terminate()
    async with database.begin(tenant, actor) as tx:
        if not await store_extract.end(tx, found.id, ImportStatus.DONE.value, rows=counted, file_id=file_id):
            await files.remove(tx, file_id)


async def _answer(connection: Any, query: str, count: Any) -> AsyncGenerator[bytes, None]:
    """The answer as a Parquet file of texts, piece by piece as its rows come."""
    async with connection.transaction(readonly=True):
        # Prepared, so that the database itself takes one statement only; a cursor, so that it takes a query only.
        declared = await connection.prepare(f"DECLARE answer NO SCROLL CURSOR FOR {query}")
        await declared.fetch()
        fetched = await connection.prepare(f"FETCH {ROWS_AT_ONCE} FROM answer")
        names = [attribute.name for attribute in fetched.get_attributes()]
        if len(set(names)) < len(names) or not all(name.strip() for name in names) or "?column?" in names:
            raise QueryUnfit("Name every column of the answer, each differently: SELECT … AS name.", pointer="/query")
        schema = pa.schema([(name, pa.string()) for name in names])
        pipe = _Pipe()
        writer = pq.ParquetWriter(pa.PythonFile(pipe, mode="w"), schema)
        total = 0
        while rows := await fetched.fetch():
            total += len(rows)
            if total > ROWS_MAX:
                raise QueryUnfit(f"The answer has more than {ROWS_MAX:,} rows; ask for less.", pointer="/query")
            await asyncio.to_thread(_write, writer, schema, rows)
            yield pipe.taken()
            await count(total)
        writer.close()
        yield pipe.taken()
        await count(total)


def _write(writer: Any, schema: pa.Schema, rows: list[Any]) -> None:
    columns = [
        pa.array([None if value is None else plain(value) for value in column], pa.string())
        for column in zip(*rows, strict=True)
    ]
    writer.write_table(pa.table(columns, schema=schema))


class _Pipe:
    """Where the writer puts its bytes and the reader takes them."""

    closed = False

    def __init__(self) -> None:
        self._held = bytearray()
        self._at = 0

    def write(self, body: Any) -> int:
        self._held += body
        self._at += len(body)
        return len(body)

    def tell(self) -> int:
        return self._at

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass

    def writable(self) -> bool:
        return True

    def taken(self) -> bytes:
        """What was written since."""
        body, self._held = bytes(self._held), bytearray()
        return body
