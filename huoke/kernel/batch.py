"""The micro-batcher: while one batch commits, callers queue; when it returns they go together as the next.

One lane per bank. A lane never sleeps: an idle lane runs a lone call at once as a batch of one. One batch is one
transaction, and every call gets its own outcome. An item that has a length (several rows in one call) weighs as much.
An exception that is no refusal bisects the batch under savepoints, so one bad item fails alone. A lost COMMIT is
*unknown* for all: the batch is run again, which is right because every use-case knows its request numbers; when that
fails too the callers get `Outage(unknown=True)`.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence, Sized
from datetime import datetime
from typing import Any, Generic, TypeVar, cast

import msgspec

from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import Outage, Refusal
from huoke.kernel.tx import Actor, ActorKind, Database, Tx, is_lost

I = TypeVar("I")  # noqa: E741 - an item
O = TypeVar("O")  # noqa: E741 - its outcome

BATCHER = Actor(ActorKind.SYSTEM, "batcher")
QUEUE_MAX = 20_000
"""Calls that may wait in one lane; more are told to come back."""
UNKNOWN_PAUSES_SECONDS = (0.05, 0.2, 0.5, 1.0, 2.0, 0.0)
"""After each try whose outcome nobody knows: long enough for a killed server to be back."""


class Call(msgspec.Struct, Generic[I], frozen=True):
    """One caller's item, with who asks and when: a batch mixes callers."""

    value: I
    actor: Actor
    at: datetime


Run = Callable[[Tx, Sequence[Call[I]]], Awaitable[Sequence[O | Refusal]]]
"""A use-case over a batch: one outcome or refusal per call, in order."""


class _Waiting(msgspec.Struct, Generic[I, O]):
    call: Call[I]
    future: "asyncio.Future[O]"


class Batcher(Generic[I, O]):
    """Runs one use-case in batches, a lane per bank."""

    def __init__(self, database: Database, run: Run[I, O], *, size_max: int = 1_000) -> None:
        self._database = database
        self._run = run
        self._size_max = size_max
        self._lanes: dict[TenantId, deque[_Waiting[I, O]]] = {}
        self._busy: dict[TenantId, asyncio.Task[None]] = {}

    async def submit(self, tenant: TenantId, actor: Actor, value: I) -> O:
        """Queue one item and wait for its own outcome; raises its refusal, or `Outage` when nobody can say."""
        lane = self._lanes.setdefault(tenant, deque())
        if len(lane) >= QUEUE_MAX:
            raise Outage("Too many requests are waiting; try again in a moment.")
        future: asyncio.Future[O] = asyncio.get_running_loop().create_future()
        lane.append(_Waiting(Call(value, actor, self._database.clock.now()), future))
        if tenant not in self._busy:
            self._busy[tenant] = asyncio.create_task(self._drain(tenant, lane))
        return await future

    async def close(self) -> None:
        """Wait until every lane is empty."""
        while self._busy:
            await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def _drain(self, tenant: TenantId, lane: "deque[_Waiting[I, O]]") -> None:
        try:
            while lane:
                await self._run_batch(tenant, self._next_batch(lane))
        finally:
            del self._busy[tenant]

    def _next_batch(self, lane: "deque[_Waiting[I, O]]") -> "list[_Waiting[I, O]]":
        """The first of the lane, and those after it while all together weigh no more than `size_max`."""
        batch = [lane.popleft()]
        room = self._size_max - _weight(batch[0].call.value)
        while lane and (weight := _weight(lane[0].call.value)) <= room:
            room -= weight
            batch.append(lane.popleft())
        return batch

    async def _run_batch(self, tenant: TenantId, batch: "list[_Waiting[I, O]]") -> None:
        try:
            outcomes = await self._resolve(tenant, [waiting.call for waiting in batch])
        except BaseException as error:  # noqa: BLE001 - whatever it is, the callers must hear it
            outcomes = [error] * len(batch)
        for waiting, outcome in zip(batch, outcomes, strict=True):
            if waiting.future.cancelled():
                continue
            if isinstance(outcome, BaseException):
                waiting.future.set_exception(outcome)
            else:
                waiting.future.set_result(outcome)

    async def _resolve(self, tenant: TenantId, calls: Sequence[Call[I]]) -> "Sequence[O | BaseException]":
        """Run the batch; after a lost commit run it again, for a retry finds its request number."""
        unknown = False
        for pause_seconds in UNKNOWN_PAUSES_SECONDS:
            try:
                return await self._commit(tenant, calls)
            except Outage as outage:
                unknown = unknown or outage.unknown
                if not unknown:
                    raise
                await asyncio.sleep(pause_seconds)
        raise Outage("The connection was lost while committing; ask again by request number.", unknown=True)

    async def _commit(self, tenant: TenantId, calls: Sequence[Call[I]]) -> "Sequence[O | BaseException]":
        try:
            async with self._database.begin(tenant, BATCHER) as tx:
                return list(await self._run(tx, calls))
        except Outage:
            raise
        except Exception:  # noqa: BLE001 - found again, alone, by bisection
            async with self._database.begin(tenant, BATCHER) as tx:
                return await self._bisect(tx, calls)

    async def _bisect(self, tx: Tx, calls: Sequence[Call[I]]) -> "list[O | BaseException]":
        try:
            async with tx.savepoint():
                return list(await self._run(tx, calls))
        except Exception as error:
            if is_lost(error):
                raise
            if len(calls) == 1:
                return [error]  # it is that one caller's answer
        middle = len(calls) // 2
        return await self._bisect(tx, calls[:middle]) + await self._bisect(tx, calls[middle:])


def _weight(value: object) -> int:
    return len(value) if isinstance(value, Sized) else 1


class Batchers:
    """All batchers of one process, one per use-case, made when first asked for."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._batchers: dict[Any, Batcher[Any, Any]] = {}

    async def submit(self, run: Run[I, O], tenant: TenantId, actor: Actor, value: I) -> O:
        """Queue one item for `run`, a module's batch use-case such as `grants.claim`; see `Batcher.submit`."""
        batcher = self._batchers.get(run)
        if batcher is None:
            batcher = self._batchers[run] = Batcher(self._database, run)
        return cast(O, await batcher.submit(tenant, actor, value))

    async def close(self) -> None:
        """Wait until every lane of every batcher is empty."""
        for batcher in self._batchers.values():
            await batcher.close()
