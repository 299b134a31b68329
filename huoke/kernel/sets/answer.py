"""What the set server answers, wherever it runs: in its own process, or in place of one."""

import asyncio
from typing import TYPE_CHECKING

import msgspec

from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import Outage
from huoke.kernel.sets.cache import Absent, Held, SetCache
from huoke.kernel.sets.codecs import GROUP_BITS, decode_group
from huoke.kernel.sets.customer_set import split
from huoke.kernel.sets.evaluate import Groups
from huoke.kernel.sets.wire import Drop, Evaluate, Fetch, Missing, Put, Reply, Request, Source

if TYPE_CHECKING:
    from huoke.kernel.engines import ClickHouse

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
        erased = self._cache.get(tenant, request.erased).groups if request.erased else {}
        clickhouse = await self._open()
        found = await asyncio.gather(*(_read(clickhouse, tenant, source) for source in request.sources))
        sets: dict[str, tuple[Groups, int]] = {}
        for read in found:
            for key, (groups, size_bytes) in read.items():
                known, known_bytes = sets.get(key, ({}, 0))
                sets[key] = _unite(known, groups), known_bytes + size_bytes
        for key, (groups, size_bytes) in sets.items():
            for group in groups.keys() & erased.keys():
                groups[group] -= erased[group]
            self._cache.hold(tenant, key, Held(groups, request.as_of, size_bytes))

    async def _open(self) -> "ClickHouse":
        if self._clickhouse is None:
            from huoke.kernel.engines import ClickHouse  # noqa: PLC0415 - a process that never fetches never loads it

            if not self._clickhouse_url:
                raise Outage("The set server was told of no ClickHouse and cannot fetch sets.")
            self._clickhouse = await ClickHouse.connect(self._clickhouse_url)
        return self._clickhouse


async def _read(clickhouse: "ClickHouse", tenant: TenantId, source: Source) -> dict[str, tuple[Groups, int]]:
    """The sets of one source, decoded as soon as they are there, and how many bytes they took."""
    sets: dict[str, tuple[Groups, int]] = {key: ({}, 0) for key in source.keys.values()}
    for key, payload in await clickhouse.get_bitmaps(tenant, source.sql, source.params):
        groups, size_bytes = sets[source.keys[key]]
        sets[source.keys[key]] = _unite(groups, _decode(payload)), size_bytes + len(payload)
    return sets


def _decode(payload: memoryview) -> Groups:
    """One row by group: it lies in a single one, as a rule, but need not."""
    bitmap = decode_group(payload)
    if not bitmap:
        return {}
    first, last = bitmap.min() >> GROUP_BITS, bitmap.max() >> GROUP_BITS
    return {first: bitmap} if first == last else dict(split(bitmap, GROUP_BITS))


def _unite(known: Groups, more: Groups) -> Groups:
    """Add bitmaps of our own to a set of our own."""
    for group, bitmap in more.items():
        known[group] = known[group] | bitmap if group in known else bitmap
    return known
