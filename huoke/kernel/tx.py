"""One request or job = one transaction of one bank; only the shell commits.

A `Database` hands out transactions: `async with database.begin(tenant, actor) as tx: ...` commits when the block ends
and rolls back when it raises. Everything inside takes `tx` as its first argument and never commits.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Self
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect
from sqlalchemy.sql import ClauseElement

from huoke.kernel.clock import Clock, SystemClock
from huoke.kernel.events import Event
from huoke.kernel.ids import TenantId
from huoke.kernel.log.append import Connection, Entry, append
from huoke.kernel.refusals import Outage

Query = str | ClauseElement
"""SQL text with $1 … placeholders, or a SQLAlchemy Core statement that carries its own parameters."""


class ActorKind(StrEnum):
    """Every kind of principal that can act."""

    STAFF = "staff"
    CUSTOMER = "customer"
    SYSTEM = "system"
    PARTNER = "partner"


class Actor(msgspec.Struct, frozen=True):
    """Who acts: a staff id, a customer's seq as text, or the name of a system process."""

    kind: ActorKind
    id: str
    own_customers: bool = False
    """A member of staff for whom only the customers they look after are there (`kernel.schema`, "portfolio")."""


SYSTEM = Actor(ActorKind.SYSTEM, "huoke")


class Tx:
    """A transaction of one bank. Statements see that bank's rows only (row-level security)."""

    def __init__(self, connection: Connection, tenant: TenantId, actor: Actor, now: datetime) -> None:
        self.connection = connection
        self.tenant = tenant
        self.actor = actor
        self.now = now
        self._entries: list[Entry] = []
        self._savepoints = 0
        self._appended = 0
        self._ordinals: dict[str, int] = {}
        self._posted: asyncio.Task[Any] | None = None

    async def post(self, query: Query, *arguments: Any) -> None:
        """Send a statement whose answer nobody reads, and go on while the server works on it.

        What it raises, the next statement raises, or the end of the savepoint or of the transaction.
        """
        await self.settle()
        self._posted = asyncio.create_task(self.connection.execute(*_prepare(query, arguments)))
        await asyncio.sleep(0)  # or it would leave only when its caller next waits for something

    async def settle(self) -> None:
        """Wait for the statement that was posted last."""
        posted, self._posted = self._posted, None
        if posted is not None:
            await posted

    async def forget(self) -> None:
        """Let what was posted end, whatever becomes of it: what it did is about to be undone."""
        posted, self._posted = self._posted, None
        if posted is not None:
            await asyncio.wait([posted])
            if not posted.cancelled():
                posted.exception()  # read, so that nobody hears of it as of one that was never read

    async def fetch(self, query: Query, *arguments: Any) -> list[asyncpg.Record]:
        """All rows of a query."""
        await self.settle()
        return await self.connection.fetch(*_prepare(query, arguments))

    async def fetch_row(self, query: Query, *arguments: Any) -> asyncpg.Record | None:
        """The first row, or None."""
        await self.settle()
        return await self.connection.fetchrow(*_prepare(query, arguments))

    async def fetch_value(self, query: Query, *arguments: Any) -> Any:
        """The first column of the first row, or None."""
        await self.settle()
        return await self.connection.fetchval(*_prepare(query, arguments))

    async def execute(self, query: Query, *arguments: Any) -> int:
        """Run a statement and say how many rows it touched."""
        await self.settle()
        status = await self.connection.execute(*_prepare(query, arguments))
        count = status.rpartition(" ")[2]
        return int(count) if count.isdigit() else 0

    async def copy(self, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Write rows into a table of this session, the fastest way there is."""
        await self.settle()
        await self.connection.copy_records_to_table(table, records=rows, columns=list(columns))

    def emit(self, event: Event, *, seq: int | None = None, members: bytes | None = None) -> UUID:
        """Append an event to the log when this transaction commits; returns its id.

        `seq` is the customer it is about; `members` is a roaring bitmap (portable format) when it is about a set.
        """
        entry = Entry(event=event, seq=seq, members=members, actor=(self.actor.kind.value, self.actor.id), at=self.now)
        self._entries.append(entry)
        return entry.id

    def take_ordinals(self, stream: str, count: int) -> int:
        """Take `count` ordinals of this transaction for rows of a shipped table (`schema.name`); returns the first."""
        first = self._ordinals.get(stream, 0)
        self._ordinals[stream] = first + count
        return first

    async def flush(self) -> None:
        """Write the emitted events; the shell calls it before it commits."""
        await self.settle()
        if self._entries:
            entries, self._entries = self._entries, []
            await append(self.connection, self.tenant, entries, first_ordinal=self._appended)
            self._appended += len(entries)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """A part that can fail alone: an exception inside undoes this part, and its events, and goes on upward."""
        self._savepoints += 1
        name = f"part_{self._savepoints}"
        kept = len(self._entries)
        await self.execute(f"SAVEPOINT {name}")
        try:
            yield
            await self.settle()
        except BaseException:
            await self.forget()
            del self._entries[kept:]
            await self.connection.execute(f"ROLLBACK TO SAVEPOINT {name}; RELEASE SAVEPOINT {name}")
            raise
        await self.connection.execute(f"RELEASE SAVEPOINT {name}")


class Database:
    """A pool of connections of one role. `begin` is the only way to write."""

    def __init__(self, pool: asyncpg.Pool, clock: Clock) -> None:
        self.pool = pool
        self.clock = clock

    @classmethod
    async def connect(
        cls, url: str, *, clock: Clock | None = None, size_max: int = 10, role: str | None = None
    ) -> Self:
        """Open a pool at a libpq URL; `role` is taken on by SET ROLE on every connection."""

        async def prepare(connection: asyncpg.Connection) -> None:
            await _set_codecs(connection)
            if role:
                await connection.execute(f"SET ROLE {role}")

        try:
            pool = await asyncpg.create_pool(
                url,
                min_size=0,
                max_size=size_max,
                init=prepare,
                reset=_keep,
                command_timeout=60,
                server_settings={"timezone": "UTC", "idle_in_transaction_session_timeout": "30s"},
            )
        except (OSError, asyncpg.PostgresError) as error:
            raise Outage(f"PostgreSQL does not answer: {error}") from error
        return cls(pool, clock or SystemClock())

    async def close(self) -> None:
        """Close every connection."""
        await self.pool.close()

    @asynccontextmanager
    async def begin(self, tenant: TenantId, actor: Actor = SYSTEM) -> AsyncIterator[Tx]:
        """A transaction of `tenant`; commits at the end of the block, rolls back when it raises.

        Raises `Outage` when the server or the connection is gone: nothing was done. `Outage(unknown=True)` when it goes
        while committing: the work may or may not be done.
        """
        async with self._transaction(_opening(tenant, actor)) as connection:
            tx = Tx(connection, tenant, actor, self.clock.now())
            try:
                yield tx
                await tx.flush()
            finally:
                await tx.forget()

    @asynccontextmanager
    async def begin_shared(self, actor: Actor = SYSTEM) -> AsyncIterator[Tx]:
        """A transaction of no bank: sees shared tables only, and no row of any bank's."""
        async with self._transaction("BEGIN") as connection:
            tx = Tx(connection, TenantId(0), actor, self.clock.now())
            try:
                yield tx
                await tx.settle()
            finally:
                await tx.forget()
            assert not tx._entries, "an event belongs to a bank"  # noqa: SLF001

    @asynccontextmanager
    async def _transaction(self, opening: str) -> AsyncIterator[Connection]:
        try:
            connection = await self.pool.acquire()
        except (OSError, TimeoutError, asyncpg.PostgresError) as error:
            raise Outage("PostgreSQL does not answer; nothing was done.") from error
        try:
            await connection.execute(opening)
            yield connection
        except BaseException as error:
            await _roll_back(connection)
            if is_lost(error):
                raise Outage("PostgreSQL went away; nothing was done.") from error
            raise
        else:
            await _commit(connection)
        finally:
            await self.pool.release(connection)


def _opening(tenant: TenantId, actor: Actor) -> str:
    """What row-level security asks for: the bank, and whose customers where that is not all of them."""
    opening = f"BEGIN; SELECT set_config('app.tenant', '{int(tenant)}', true)"
    return f"{opening}, set_config('app.portfolio', '{UUID(actor.id)}', true)" if actor.own_customers else opening


class Feed(Database):
    """The database as role huoke_feed sees it: the log and the facts of all banks, read only."""


_GONE = (
    ConnectionError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
)
_CLOSED = re.compile(r"clos(?:ed|ing)|released back|operation is (?:cancelling|in progress)")
"""What asyncpg says of a connection that is of no use any more; the rest of its `InterfaceError` is about a call."""
_UNTYPED = re.compile(r"codec|encoder|decoder|could not resolve")
"""What its `InternalClientError` says of a type; the rest is a server's farewell that lay unread in a connection."""


def is_lost(error: BaseException) -> bool:
    """Whether `error` says that the server or the connection is gone, and so nothing about the statement."""
    if isinstance(error, asyncpg.InterfaceError):
        return _CLOSED.search(str(error)) is not None  # a call with too few values, or that fit no parameter, is a bug
    if isinstance(error, asyncpg.InternalClientError):
        return _UNTYPED.search(str(error)) is None
    return isinstance(error, _GONE)


async def _commit(connection: Connection) -> None:
    try:
        ended = await connection.execute("COMMIT")
    except Exception as error:
        if is_lost(error):
            raise Outage("The connection was lost while committing; ask by request number.", unknown=True) from error
        raise
    assert ended == "COMMIT", "a statement failed and its error was swallowed: PostgreSQL rolled all of it back"


async def _roll_back(connection: Connection) -> None:
    # A lost connection has rolled back by itself; one that its pool has let go of cannot even say that it is closed.
    with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
        if not connection.is_closed():
            await connection.execute("ROLLBACK")


async def _keep(_connection: asyncpg.Connection) -> None:
    """Keep the session as it is: every transaction here ends itself, and a reset would cost a round trip."""


async def _set_codecs(connection: asyncpg.Connection) -> None:
    for type_name in ("json", "jsonb"):
        await connection.set_type_codec(
            type_name, schema="pg_catalog", encoder=_encode_json, decoder=msgspec.json.decode, format="text"
        )


def _encode_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _prepare(query: Query, arguments: Sequence[Any]) -> tuple[Any, ...]:
    if isinstance(query, str):
        return query, *arguments
    assert not arguments, "a Core statement carries its own parameters"
    compiled: Any = query.compile(dialect=_dialect(), compile_kwargs={"render_postcompile": True})
    parameters = compiled.params
    return str(compiled), *[parameters[name] for name in compiled.positiontup or ()]


@lru_cache(maxsize=1)
def _dialect() -> Any:
    return asyncpg_dialect.dialect()  # type: ignore[no-untyped-call]
