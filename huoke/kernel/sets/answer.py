"""What the set server answers, wherever it runs: in its own process, or in place of one."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import Outage
from huoke.kernel.sets import blocks
from huoke.kernel.sets.blocks import Blocks
from huoke.kernel.sets.cache import Absent, Held, SetCache
from huoke.kernel.sets.codecs import Payload, unwrap_group
from huoke.kernel.sets.wire import Drop, Evaluate, Fetch, Missing, Put, Reply, Request, Source

if TYPE_CHECKING:
    from huoke.kernel.engines import ClickHouse

HANDS = 2
"""So many threads make blocks of what was fetched."""
_decoder = msgspec.msgpack.Decoder(Request)


class Answerer:
    """Answers request frames out of a cache; opens the ClickHouse at `clickhouse_url` when it is first to fetch."""

    def __init__(self, cache: SetCache, clickhouse_url: str = "") -> None:
        self._cache = cache
        self._clickhouse_url = clickhouse_url
        self._clickhouse: ClickHouse | None = None

    def borrow(self, clickhouse: "ClickHouse") -> None:
        """Fetch through this port unless an address was given."""
        if not self._clickhouse_url:
            self._clickhouse = clickhouse

    async def answer(self, frame: bytes) -> Reply:
        """The reply to one frame; a bad request is told so and harms no other."""
        try:
            return await self._answer(_decoder.decode(frame))
        except Absent as absent:
            return Reply(absent=absent.keys)
        except Outage as outage:
            return Reply(outage=outage.detail)
        except (AssertionError, ValueError, TypeError, msgspec.MsgspecError) as error:
            return Reply(error=f"{type(error).__name__}: {error}")

    async def _answer(self, request: Request) -> Reply:
        tenant = TenantId(request.tenant)
        match request:
            case Missing(keys=wanted):
                return Reply(absent=tuple(self._cache.missing(tenant, wanted)))
            case Put(sets=sets):
                self._cache.put(tenant, sets)
            case Drop(keys=dropped):
                self._cache.drop(tenant, dropped)
            case Fetch():
                await self._fetch(tenant, request)
            case Evaluate(plan=plan, want=want):
                found = self._cache.evaluate(tenant, plan, want)
                members = found.members.to_bytes() if found.members is not None else None
                return Reply(total=found.total, counts=found.counts, members=members, sample=found.sample)
        return Reply()

    async def _fetch(self, tenant: TenantId, request: Fetch) -> None:
        erased = self._cache.get(tenant, request.erased).blocks if request.erased else blocks.NOBODY
        clickhouse = await self._open()
        found = await asyncio.gather(*(_read(clickhouse, tenant, source) for source in request.sources))
        sets: dict[str, list[Payload]] = {key: [] for source in request.sources for key in source.keys.values()}
        for key, payload in (row for rows in found for row in rows):
            sets[key].append(unwrap_group(payload))
        shares = [list(sets.items())[hand::HANDS] for hand in range(HANDS)]
        for share in await asyncio.gather(*(asyncio.to_thread(_read_all, one, erased) for one in shares if one)):
            for key, read in share:
                self._cache.hold(tenant, key, Held(read, request.as_of))

    async def _open(self) -> "ClickHouse":
        if self._clickhouse is None:
            from huoke.kernel.engines import ClickHouse  # noqa: PLC0415 - a process that never fetches never loads it

            if not self._clickhouse_url:
                raise Outage("The set server was told of no ClickHouse and cannot fetch sets.")
            self._clickhouse = await ClickHouse.connect(self._clickhouse_url)
        return self._clickhouse


def _read_all(sets: Sequence[tuple[str, list[Payload]]], erased: Blocks) -> list[tuple[str, Blocks]]:
    """The blocks of some sets; most of it holds no lock of the interpreter."""
    return [(key, blocks.read(payloads, erased)) for key, payloads in sets]


async def _read(clickhouse: "ClickHouse", tenant: TenantId, source: Source) -> list[tuple[str, memoryview]]:
    """The rows of one source: the key each is held under, and the bytes of its bitmap."""
    rows = await clickhouse.get_bitmaps(tenant, source.sql, source.params, versioned=bool(source.versions))
    return [(source.keys[key // (source.versions or 1)], payload) for key, payload in rows]
