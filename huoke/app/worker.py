"""The worker process: subscribers, jobs, schedules, the shipper to ClickHouse, the sealer and the log's own care."""

import asyncio
import importlib
import importlib.util
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from types import ModuleType

import structlog
import uvloop

from huoke.app.runtime import Runtime, open_runtime, settle
from huoke.govern import tenants
from huoke.kernel import archives, jobs, log
from huoke.kernel import settings as instance
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.sets import SetServer
from huoke.kernel.settings import Settings
from huoke.kernel.tx import Feed

MODULES = (
    "huoke.kernel.log",
    "huoke.kernel.files",
    "huoke.govern.tenants",
    "huoke.govern.people",
    "huoke.govern.identity",
    "huoke.govern.approvals",
    "huoke.govern.privacy",
    "huoke.govern.audit",
    "huoke.govern.views",
    "huoke.know.customers",
    "huoke.know.feeds",
    "huoke.know.consent",
    "huoke.know.events",
    "huoke.know.loads",
    "huoke.know.tags",
    "huoke.know.models",
    "huoke.know.segments",
    "huoke.know.membership",
    "huoke.know.lookalikes",
    "huoke.know.temperature",
    "huoke.know.grid",
    "huoke.know.identities",
    "huoke.know.relations",
    "huoke.know.lists",
    "huoke.know.entry_points",
    "huoke.reward.catalogue",
    "huoke.reward.supply",
    "huoke.reward.card_codes",
    "huoke.reward.ledger",
    "huoke.reward.outlets",
    "huoke.reward.merchants",
    "huoke.reward.grants",
    "huoke.reward.bookings",
    "huoke.reward.plays",
    "huoke.reward.library",
    "huoke.reward.tiers",
    "huoke.reward.mall",
    "huoke.reward.payments",
    "huoke.reward.tills",
    "huoke.reward.points",
    "huoke.reward.exchange",
    "huoke.reward.referral",
    "huoke.reward.group_buy",
    "huoke.decide.experiments",
    "huoke.reach.channels",
    "huoke.reach.campaigns",
    "huoke.reach.kits",
    "huoke.settle.fulfilment",
    "huoke.settle.consignments",
    "huoke.settle.reconciliation",
    "huoke.settle.statements",
    "huoke.settle.tax",
    "huoke.settle.invoices",
    "huoke.measure.figures",
    "huoke.measure.reports",
)
"""Modules whose `jobs.py` and `streams.py`, where they have one, are carried by the worker."""

SEAL_SECONDS = 2.0
CARE_SECONDS = 5.0
PARTITION_SECONDS = 3_600.0
ARCHIVE_SECONDS = 5.0
CLOSE_SECONDS = 3_600.0
RESTART_SECONDS = 2.0

_log = structlog.get_logger(__name__)
Work = Callable[[asyncio.Event], Awaitable[None]]


def rooms(name: str) -> list[ModuleType]:
    """The `name`.py (jobs, streams) of every module that has one."""
    found = (importlib.util.find_spec(f"{module}.{name}") for module in MODULES)
    return [importlib.import_module(spec.name) for spec in found if spec is not None]


def streams() -> Sequence[log.Stream]:
    """Every stream that is shipped to ClickHouse."""
    return log.streams_of(rooms("streams"))


def closing_of(runtime: Runtime) -> archives.Closing:
    """What closing a month works with."""
    assert runtime.owner is not None
    assert runtime.feed is not None
    return archives.Closing(
        owner=runtime.owner,
        database=runtime.database,
        feed=runtime.feed,
        clickhouse=runtime.clickhouse,
        streams=streams(),
        subscribers=log.subscribers_of(rooms("jobs")),
        months_kept=runtime.settings.log_months,
    )


def parts_of(runtime: Runtime) -> dict[type, object]:
    """What jobs and schedules may ask for by class."""
    assert runtime.feed is not None
    return {
        ClickHouse: runtime.clickhouse,
        SetServer: runtime.sets,
        Settings: runtime.settings,
        Feed: runtime.feed,
    }


async def work(runtime: Runtime, stop: asyncio.Event) -> None:
    """Carry on until `stop` is set; whatever fails is begun again, the others go on."""
    assert runtime.feed is not None
    assert runtime.owner is not None
    declared = rooms("jobs")
    parts = parts_of(runtime)

    async def banks() -> Sequence[TenantId]:
        return [tenant.id for tenant in await tenants.every(runtime.database)]

    works: dict[str, Work] = {
        "subscribers": log.Dispatcher(runtime.database, runtime.feed, log.subscribers_of(declared)).run,
        "jobs": jobs.Worker(runtime.database, runtime.settings.database_url, jobs.jobs_of(declared), parts=parts).run,
        "schedules": jobs.Scheduler(runtime.database, jobs.schedules_of(declared), banks, parts).run,
        "shipper": log.Shipper(runtime.feed, runtime.clickhouse, streams()).run,
        "sealer": _again(SEAL_SECONDS, lambda: _seal(runtime)),
        "partitions": _again(PARTITION_SECONDS, lambda: _partitions(runtime)),
        "archives": _again(ARCHIVE_SECONDS, lambda: _ship_archives(runtime)),
        "closing": _again(CLOSE_SECONDS, lambda: _close_months(runtime)),
        "lag": _again(CARE_SECONDS, lambda: _lag(runtime)),
    }
    async with asyncio.TaskGroup() as group:
        for name, run in works.items():
            group.create_task(_carry_on(name, run, stop))


async def _carry_on(name: str, run: Work, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await run(stop)
        except Exception:  # noqa: BLE001 - begun again after a pause
            _log.exception("work_failed", work=name)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), RESTART_SECONDS)


def _again(seconds: float, once: Callable[[], Awaitable[object]]) -> Work:
    async def run(stop: asyncio.Event) -> None:
        while not stop.is_set():
            await once()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), seconds)

    return run


async def _seal(runtime: Runtime) -> None:
    assert runtime.feed is not None
    await log.seal_once(runtime.database, runtime.feed)


async def _partitions(runtime: Runtime) -> None:
    assert runtime.owner is not None
    await log.partitions.ensure(runtime.owner)
    if strays := await log.partitions.strays(runtime.owner):
        _log.warning("rows_in_default_partition", tables=strays)


async def _ship_archives(runtime: Runtime) -> None:
    for bank in await tenants.every(runtime.database):
        await archives.ship(runtime.database, runtime.clickhouse, bank.id, streams())


async def _close_months(runtime: Runtime) -> None:
    closed = await archives.close_due(closing_of(runtime))
    for waits in closed.waiting:
        _log.info("month_waits", why=waits.detail)
    if closed.archives:
        _log.info("months_closed", archives=len(closed.archives), rows=sum(one.rows for one in closed.archives))


async def _lag(runtime: Runtime) -> None:
    assert runtime.feed is not None
    async with runtime.feed.pool.acquire() as connection:
        await log.alarm(connection, now=runtime.clock.now())


async def serve() -> None:
    """Connect to the instance and work until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with open_runtime(instance.load(), maintenance=True, connections_max=16) as runtime:
        assert runtime.owner is not None
        await log.ensure_epoch(runtime.owner)
        settle()
        await work(runtime, stop)


def main() -> None:
    """Run the worker."""
    structlog.configure(processors=[structlog.processors.TimeStamper(fmt="iso"), structlog.processors.JSONRenderer()])
    uvloop.run(serve())


if __name__ == "__main__":
    main()
