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
        for sets in found:
            for key, payloads in sets.items():
                groups = _decode(payloads)
                for group in groups.keys() & erased.keys():
                    groups[group] -= erased[group]
                self._cache.hold(tenant, key, Held(groups, request.as_of, sum(map(len, payloads))))

    async def _open(self) -> "ClickHouse":
        if self._clickhouse is None:
            from huoke.kernel.engines import ClickHouse  # noqa: PLC0415 - a process that never fetches never loads it

            if not self._clickhouse_url:
                raise Outage("The set server was told of no ClickHouse and cannot fetch sets.")
            self._clickhouse = await ClickHouse.connect(self._clickhouse_url)
        return self._clickhouse


async def _read(clickhouse: "ClickHouse", tenant: TenantId, source: Source) -> dict[str, list[memoryview]]:
    groups: dict[str, list[memoryview]] = {key: [] for key in source.keys.values()}
    for key, payload in await clickhouse.get_bitmaps(tenant, source.sql, source.params):
        groups[source.keys[key]].append(payload)
    return groups


def _decode(payloads: list[memoryview]) -> Groups:
    """The rows of one set: each lies in one group, as a rule, but need not."""
    groups: Groups = {}
    for payload in payloads:
        bitmap = decode_group(payload)
        if not bitmap:
            continue
        if bitmap.min() >> GROUP_BITS == bitmap.max() >> GROUP_BITS:
            parts = [(bitmap.min() >> GROUP_BITS, bitmap)]
        else:
            parts = list(split(bitmap, GROUP_BITS))
        for group, part in parts:
            groups[group] = groups[group] | part if group in groups else part
    return groups
