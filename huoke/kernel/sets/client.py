"""Asking the set server; without one, the same answers from this process."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import Outage
from huoke.kernel.sets.answer import Answerer
from huoke.kernel.sets.cache import BYTES_MAX, Absent, SetCache
from huoke.kernel.sets.customer_set import EPOCH, CustomerSet
from huoke.kernel.sets.plan import Evaluation, Plan, Want, keys
from huoke.kernel.sets.wire import (
    BUFFER_BYTES,
    Drop,
    Evaluate,
    Fetch,
    Missing,
    Put,
    Reply,
    Request,
    Source,
    read_frame,
    write_frame,
)

if TYPE_CHECKING:
    from huoke.kernel.engines import ClickHouse

Load = Callable[[Sequence[str]], Awaitable[Mapping[str, bytes]]]
"""Fetches stored sets by key: bytes of `CustomerSet.to_bytes`, one for every key asked for."""
_reply = msgspec.msgpack.Decoder(Reply)
_ROUNDS_MAX = 3


class SetServer:
    """The async client of the set server at a Unix socket; an empty path keeps the sets in the calling process.

    One connection, requests in turn; a lost connection is opened again by the next request. Every method raises
    `Outage` when the server is away, and `Absent` where said.
    """

    def __init__(self, path: str = "", *, bytes_max: int = BYTES_MAX, clickhouse_url: str = "") -> None:
        """`bytes_max` and `clickhouse_url` are for sets kept in place; a server has its own."""
        self._path = path
        self._local = None if path else Answerer(SetCache(bytes_max), clickhouse_url)
        self._turn = asyncio.Lock()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    def borrow(self, clickhouse: "ClickHouse") -> None:
        """Let sets kept in the calling process be fetched through its own port; a server has one of its own."""
        if self._local is not None:
            self._local.borrow(clickhouse)

    async def missing(self, tenant: TenantId, wanted: Iterable[str]) -> list[str]:
        """Those of the keys whose sets are not in memory, sorted."""
        return list((await self._ask(Missing(tenant, tuple(wanted)))).absent)

    async def put(self, tenant: TenantId, sets: Mapping[str, bytes]) -> None:
        """Put sets (bytes of `CustomerSet.to_bytes`) of one bank into memory under their keys."""
        await self._ask(Put(tenant, dict(sets)))

    async def fetch(
        self, tenant: TenantId, sources: Sequence[Source], *, as_of: datetime = EPOCH, erased: str = ""
    ) -> None:
        """Have the server fetch sets from ClickHouse itself, all sources at once: the way for large ones.

        A source for each half of the groups is read twice as fast where `tag_bitmap` has a small `index_granularity`.

        Members of the set held under the key `erased` are left out; `Absent` when it is not held.
        """
        reply = await self._ask(Fetch(tenant, tuple(sources), as_of, erased))
        if reply.absent:
            raise Absent(reply.absent)

    async def drop(self, tenant: TenantId, dropped: Iterable[str]) -> None:
        """Forget sets; keys not in memory are passed over."""
        await self._ask(Drop(tenant, tuple(dropped)))

    async def evaluate(self, tenant: TenantId, plan: Plan, want: Want = Want()) -> Evaluation:  # noqa: B008 - frozen
        """What `plan` comes to; `Absent` names the sets to put first."""
        reply = await self._ask(Evaluate(tenant, plan, want))
        if reply.absent:
            raise Absent(reply.absent)
        members = CustomerSet.from_bytes(reply.members) if reply.members is not None else None
        return Evaluation(total=reply.total, counts=reply.counts, members=members, sample=reply.sample)

    async def resolve(self, tenant: TenantId, plan: Plan, load: Load, want: Want = Want()) -> Evaluation:  # noqa: B008
        """`evaluate`, fetching the sets that are not in memory with `load`.

        Raises `Outage` when other work pushes the plan's sets out again and again: the cap is too small for it.
        """
        for _ in range(_ROUNDS_MAX):
            if absent := await self.missing(tenant, keys(plan)):
                await self.put(tenant, await load(absent))
            try:
                return await self.evaluate(tenant, plan, want)
            except Absent:
                continue
        raise Outage("The set server cannot hold all sets of this segment at once; raise its memory cap.")

    async def close(self) -> None:
        """Close the connection."""
        if self._streams:
            self._streams[1].close()
            self._streams = None

    async def _ask(self, request: Request) -> Reply:
        if self._local is not None:
            reply = await self._local.answer(msgspec.msgpack.encode(request))
        else:
            async with self._turn:
                reply = await self._send(request)
        assert not reply.error, reply.error
        if reply.outage:
            raise Outage(reply.outage)
        return reply

    async def _send(self, request: Request) -> Reply:
        try:
            if self._streams is None:
                self._streams = await asyncio.open_unix_connection(self._path, limit=BUFFER_BYTES)
            await write_frame(self._streams[1], request)
            frame = await read_frame(self._streams[0])
        except BaseException as error:
            await self.close()
            if isinstance(error, OSError):
                raise Outage(f"The set server does not answer: {error}") from error
            raise
        if frame is None:
            await self.close()
            raise Outage("The set server went away in the middle of an answer.")
        return _reply.decode(frame)
