"""Jobs: enqueued once, shown, tried again, cancelled, picked up after a crash."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest

from huoke.kernel import jobs
from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.jobs import (
    Job,
    JobContext,
    JobFinished,
    JobKind,
    JobMissing,
    JobState,
    Scheduler,
    Sweep,
    Worker,
    schedule,
)
from huoke.kernel.refusals import NotFound
from huoke.kernel.tx import Actor, ActorKind, Database
from tests.conftest import Engines

LI = Actor(ActorKind.STAFF, "li")


def kind(run: Callable[[JobContext, Any], Any], **options: Any) -> JobKind:
    return jobs.job(f"probe.{new_id().hex}", **options)(run)


async def enqueue(database: Database, bank: TenantId, of: JobKind, payload: Any = None, **options: Any) -> UUID:
    async with database.begin(bank, LI) as tx:
        return await jobs.enqueue(tx, of.name, payload or {}, title=options.pop("title", "Probe"), **options)


async def get(database: Database, bank: TenantId, job_id: UUID) -> Job:
    async with database.begin(bank) as tx:
        return await jobs.get(tx, job_id)


async def reach(database: Database, bank: TenantId, job_id: UUID, state: JobState) -> Job:
    async with asyncio.timeout(30):
        while (job := await get(database, bank, job_id)).state is not state:
            await asyncio.sleep(0.02)
    return job


@asynccontextmanager
async def working(cluster: Engines, database: Database, *kinds: JobKind, **options: Any) -> AsyncIterator[None]:
    stop = asyncio.Event()
    running = asyncio.create_task(Worker(database, cluster.database_url, kinds, **options).run(stop))
    try:
        yield
    finally:
        stop.set()
        await running


async def test_a_job_runs_in_its_bank_for_its_actor_and_is_done(cluster, database, bank, clock):
    seen = []

    async def run(context: JobContext, payload: Any) -> None:
        async with context.database.begin(context.tenant) as tx:
            seen.append((tx.tenant, context.actor, payload, context.attempt, context.clock.now(), context.part(str)))
        await context.progress(3, 3)

    probe = kind(run)
    job_id = await enqueue(database, bank, probe, {"campaign_id": 7}, title="Run 秋日")
    assert (await get(database, bank, job_id)).state is JobState.QUEUED
    async with working(cluster, database, probe, parts={str: "a part"}):
        done = await reach(database, bank, job_id, JobState.DONE)
    assert seen == [(bank, LI, {"campaign_id": 7}, 1, clock.now(), "a part")]
    assert (done.title, done.done, done.total, done.error, done.attempts) == ("Run 秋日", 3, 3, "", 1)
    assert (done.actor_id, done.can, done.started_at, done.finished_at) == ("li", [], clock.now(), clock.now())


async def test_the_same_key_enqueues_once(cluster, database, bank, other_bank):
    ran = []

    async def run(context: JobContext, payload: Any) -> None:
        ran.append((context.tenant, payload["n"]))

    probe = kind(run)
    first = await enqueue(database, bank, probe, {"n": 1}, unique_key="event 1")
    assert await enqueue(database, bank, probe, {"n": 1}, unique_key="event 1") == first
    theirs = await enqueue(database, other_bank, probe, {"n": 9}, unique_key="event 1")
    assert theirs != first
    async with working(cluster, database, probe):
        await reach(database, bank, first, JobState.DONE)
        await reach(database, other_bank, theirs, JobState.DONE)
        assert await enqueue(database, bank, probe, {"n": 1}, unique_key="event 1") == first, "also once it is done"
        last = await enqueue(database, bank, probe, {"n": 2}, unique_key="event 2")
        await reach(database, bank, last, JobState.DONE)
    assert sorted(ran) == sorted([(bank, 1), (bank, 2), (other_bank, 9)])


async def test_a_rolled_back_enqueue_never_runs(cluster, database, bank):
    ran = []

    async def run(_context: JobContext, payload: Any) -> None:
        ran.append(payload["n"])

    probe = kind(run)
    with pytest.raises(ZeroDivisionError):
        async with database.begin(bank) as tx:
            await jobs.enqueue(tx, probe.name, {"n": 1}, title="never")
            raise ZeroDivisionError
    kept = await enqueue(database, bank, probe, {"n": 2})
    async with working(cluster, database, probe):
        await reach(database, bank, kept, JobState.DONE)
    assert ran == [2]


async def test_a_failure_is_tried_again_and_then_shown(cluster, database, bank):
    attempts = []

    async def run(context: JobContext, _payload: Any) -> None:
        attempts.append(context.attempt)
        raise ZeroDivisionError("no luck")

    probe = kind(run, attempts_max=3, back_off_seconds=0.05)
    job_id = await enqueue(database, bank, probe)
    async with working(cluster, database, probe):
        failed = await reach(database, bank, job_id, JobState.FAILED)
    assert attempts == [1, 2, 3]
    assert (failed.error, failed.attempts) == ("ZeroDivisionError: no luck", 3)


async def test_a_failure_that_heals_ends_well(cluster, database, bank):
    async def run(context: JobContext, _payload: Any) -> None:
        if context.attempt == 1:
            raise OSError("away")

    probe = kind(run, back_off_seconds=0.05)
    job_id = await enqueue(database, bank, probe)
    async with working(cluster, database, probe):
        done = await reach(database, bank, job_id, JobState.DONE)
    assert (done.attempts, done.error) == (2, "")


async def test_a_refusal_is_final_at_once(cluster, database, bank):
    async def run(_context: JobContext, _payload: Any) -> None:
        raise NotFound("There is no such campaign.")

    probe = kind(run)
    job_id = await enqueue(database, bank, probe)
    async with working(cluster, database, probe):
        failed = await reach(database, bank, job_id, JobState.FAILED)
    assert (failed.error, failed.attempts) == ("There is no such campaign.", 1)


def test_pauses_double_up_to_five_minutes():
    probe = kind(_nothing, back_off_seconds=2.0)
    assert [probe.delay_seconds(attempt) for attempt in (1, 2, 3, 20)] == [2.0, 4.0, 8.0, 300.0]


async def test_a_queued_job_is_cancelled_at_once_and_never_runs(cluster, database, bank):
    ran = []

    async def run(_context: JobContext, payload: Any) -> None:
        ran.append(payload["n"])

    probe = kind(run)
    job_id = await enqueue(database, bank, probe, {"n": 1})
    other = await enqueue(database, bank, probe, {"n": 2})
    async with database.begin(bank) as tx:
        assert (await jobs.cancel(tx, job_id)).state is JobState.CANCELLED
    async with working(cluster, database, probe):
        await reach(database, bank, other, JobState.DONE)
    assert ran == [2]
    with pytest.raises(JobFinished):
        async with database.begin(bank) as tx:
            await jobs.cancel(tx, job_id)


async def test_a_running_job_stops_at_its_next_step(cluster, database, bank):
    async def run(context: JobContext, _payload: Any) -> None:
        step = 0
        while await context.progress(step, 1_000_000):
            step += 1
            await asyncio.sleep(0.01)

    probe = kind(run)
    job_id = await enqueue(database, bank, probe)
    async with working(cluster, database, probe):
        running = await reach(database, bank, job_id, JobState.RUNNING)
        assert running.can == ["cancel"]
        async with database.begin(bank) as tx:
            asked = await jobs.cancel(tx, job_id)
        assert (asked.state, asked.cancelling, asked.can) == (JobState.RUNNING, True, [])
        stopped = await reach(database, bank, job_id, JobState.CANCELLED)
    assert 0 <= stopped.done < 1_000_000


async def test_a_cancel_between_two_attempts_prevents_the_second(cluster, database, bank):
    async def run(context: JobContext, _payload: Any) -> None:
        async with context.database.begin(context.tenant) as tx:
            await jobs.cancel(tx, context.job_id)
        raise ZeroDivisionError

    probe = kind(run, back_off_seconds=0.01)
    job_id = await enqueue(database, bank, probe)
    async with working(cluster, database, probe):
        stopped = await reach(database, bank, job_id, JobState.CANCELLED)
    assert stopped.attempts == 1


async def test_another_banks_job_is_not_there(database, bank, other_bank):
    job_id = await enqueue(database, bank, kind(_nothing))
    for ask in (jobs.get, jobs.cancel):
        with pytest.raises(JobMissing):
            async with database.begin(other_bank) as tx:
                await ask(tx, job_id)
    async with database.begin(other_bank) as tx:
        assert job_id not in [job.id for job in await jobs.find(tx)]
    assert (await get(database, bank, job_id)).state is JobState.QUEUED


async def test_jobs_are_listed_newest_first_page_by_page(database, bank, clock):
    ids = [await enqueue(database, bank, kind(_nothing), title=f"Listing {n}") for n in range(5)]
    async with database.begin(bank) as tx:
        first = await jobs.find(tx, q="LISTING", limit=2)
        rest = await jobs.find(tx, q="listing", before=(first[-1].created_at, first[-1].id), limit=10)
        assert sorted(job.id for job in first + rest) == sorted(ids)
        assert (await jobs.count(tx))["queued"] >= 5
        assert await jobs.find(tx, states=[JobState.FAILED], q="listing") == []


async def test_changes_follow_in_order_from_any_place(cluster, database, bank):
    async def run(context: JobContext, _payload: Any) -> None:
        await context.progress(1, 1)

    probe = kind(run)
    async with database.begin(bank) as tx:
        nothing, place = await jobs.changes(tx, None)
    assert nothing == []
    job_id = await enqueue(database, bank, probe)
    seen = []
    async with working(cluster, database, probe), asyncio.timeout(30):
        while JobState.DONE not in seen:
            async with database.begin(bank) as tx:
                changed, place = await jobs.changes(tx, place)
            seen += [change.job.state for change in changed if change.job.id == job_id]
            await asyncio.sleep(0.005)
    assert seen == sorted(seen, key=[JobState.QUEUED, JobState.RUNNING, JobState.DONE].index)
    async with database.begin(bank) as tx:
        assert (await jobs.changes(tx, place))[0] == []


@pytest.mark.faults
async def test_a_killed_workers_job_is_picked_up_by_another(cluster: Engines, database, bank):
    program = f"""
import asyncio
from huoke.kernel.jobs import Worker, job
from huoke.kernel.tx import Database
@job("probe.crash")
async def crash(context, payload):
    await context.progress(1, 2)
    print("begun", flush=True)
    await asyncio.sleep(600)
async def main():
    database = await Database.connect({cluster.database_url!r})
    await Worker(database, {cluster.database_url!r}, [crash], heartbeat_seconds=1).run(asyncio.Event())
asyncio.run(main())
"""
    attempts = []

    async def run(context: JobContext, _payload: Any) -> None:
        attempts.append(context.attempt)

    job_id = await enqueue(database, bank, jobs.job("probe.crash")(run))
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    try:
        assert await asyncio.to_thread(process.stdout.readline) == b"begun\n"
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert (await get(database, bank, job_id)).state is JobState.RUNNING
    async with working(cluster, database, jobs.job("probe.crash")(run), heartbeat_seconds=1):
        done = await reach(database, bank, job_id, JobState.DONE)
    assert attempts == [2]
    assert done.attempts == 2


async def test_the_queue_keeps_out_of_the_public_schema(owner: Database):
    async with owner.pool.acquire() as connection:
        assert (
            await connection.fetchval("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == 0
        )
        assert await connection.fetchval("SELECT to_regclass('queue.pgqueuer') IS NOT NULL")


async def _nothing(_context: JobContext, _payload: Any) -> None:
    return


@asynccontextmanager
async def sweeping(
    database: Database, banks: list[TenantId], run: Callable[[Sweep], Any]
) -> AsyncIterator[asyncio.Event]:
    """A worker that sweeps all the time, and has a schedule that is not due within the test; the block may stop it."""

    async def every_bank() -> list[TenantId]:
        return banks

    stop = asyncio.Event()
    schedules = [jobs.every("probe.often", seconds=0.02)(run), jobs.every("probe.seldom", seconds=3_600)(run)]
    running = asyncio.create_task(Scheduler(database, schedules, every_bank, {}).run(stop))
    try:
        yield stop
    finally:
        stop.set()
        await running


async def grow(swept: list[TenantId], to: int = 4) -> None:
    """Wait for so many sweeps from now on."""
    swept.clear()
    async with asyncio.timeout(30):
        while len(swept) < to:
            await asyncio.sleep(0.02)


async def test_one_worker_sweeps_all_banks_and_another_goes_on_when_it_is_gone(
    database, bank, other_bank, clock, monkeypatch
):
    monkeypatch.setattr(schedule, "TURN_SECONDS", 0.05)
    by_first: list[TenantId] = []
    by_second: list[TenantId] = []

    async def first(sweep: Sweep) -> None:
        by_first.append(sweep.tenant)
        assert sweep.tenant != bank, "a bank that fails does not hold up the next"

    async def second(sweep: Sweep) -> None:
        by_second.append(sweep.tenant)

    async with sweeping(database, [bank, other_bank], first) as stop:
        await grow(by_first)
        assert set(by_first) == {bank, other_bank}
        async with sweeping(database, [other_bank], second):
            await grow(by_first)
            assert by_second == []
            stop.set()
            await grow(by_second)
            assert set(by_second) == {other_bank}


async def test_a_worker_that_lost_its_turn_takes_it_again(database, other_bank, clock, monkeypatch):
    monkeypatch.setattr(schedule, "TURN_SECONDS", 0.05)
    swept: list[TenantId] = []

    async def note(sweep: Sweep) -> None:
        swept.append(sweep.tenant)

    async with sweeping(database, [other_bank], note):
        await grow(swept)
        async with database.begin_shared() as tx:
            await tx.fetch(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = $1",
                schedule._LOCK,
            )
        await grow(swept, 8)
        async with database.begin_shared() as tx:
            held = await tx.fetch_value(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND granted", schedule._LOCK
            )
        assert held == 1
