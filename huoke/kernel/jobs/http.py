"""Jobs over HTTP, and the stream of their changes."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, delete, get
from litestar.params import HeaderParameter
from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage

from huoke.kernel import jobs
from huoke.kernel.http import Page, decode_cursor, encode_cursor, page_limit
from huoke.kernel.jobs.model import Job, JobState
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Database, Tx

STREAM_POLL_SECONDS = 0.5
STREAM_SECONDS_MAX = 600
"""A stream ends after so long; the browser comes back with Last-Event-ID, and its session is checked anew."""
KEEP_ALIVE_POLLS = 30


@get(
    "/v1/jobs",
    operation_id="list_jobs",
    opt={"permission": "job.read"},
    tags=["jobs"],
    summary="List background work, newest first",
)
async def list_jobs(
    tx: Tx, status: list[JobState] | None = None, q: str = "", cursor: str | None = None, limit: int | None = None
) -> Page[Job]:
    """Jobs in the given states whose title or name contains `q`."""
    size = page_limit(limit)
    before = decode_cursor(cursor, tuple[datetime, UUID])
    found = await jobs.find(tx, states=status, q=q, before=before, limit=size + 1)
    shown = found[:size]
    more = len(found) > size
    counts = await jobs.count(tx)
    return Page(
        items=shown, next_cursor=encode_cursor(shown[-1].created_at, shown[-1].id) if more else None, counts=counts
    )


@get(
    "/v1/jobs/{job_id:uuid}",
    operation_id="get_job",
    opt={"permission": "job.read"},
    tags=["jobs"],
    summary="One job with its progress",
)
async def get_job(tx: Tx, job_id: UUID) -> Job:
    """One job."""
    return await jobs.get(tx, job_id)


@delete(
    "/v1/jobs/{job_id:uuid}",
    operation_id="cancel_job",
    opt={"permission": "job.cancel"},
    tags=["jobs"],
    summary="Cancel a job",
    status_code=200,
)
async def cancel_job(tx: Tx, job_id: UUID) -> Job:
    """Cancel a queued job at once; a running one stops at its next step."""
    return await jobs.cancel(tx, job_id)


@get(
    "/v1/jobs/stream",
    operation_id="stream_jobs",
    opt={"permission": "job.read"},
    tags=["jobs"],
    summary="Follow changes of jobs (server-sent events, resumable by Last-Event-ID)",
)
async def stream_jobs(
    request: Request[Any, Any, Any],
    principal: Principal,
    last_event_id: Annotated[int | None, HeaderParameter(name="Last-Event-ID")] = None,
) -> ServerSentEvent:
    """Events `job` with the job as JSON; their id is the place to resume from."""
    return ServerSentEvent(follow(request.app.state.edge.database, principal, last_event_id))


async def follow(
    database: Database, principal: Principal, after: int | None
) -> AsyncGenerator[ServerSentEventMessage, None]:
    """Changes of a bank's jobs after a place (from now on, when None), until the stream's time is over."""
    for poll in range(int(STREAM_SECONDS_MAX / STREAM_POLL_SECONDS)):
        async with database.begin(principal.tenant, principal.actor) as tx:
            changed, reached = await jobs.changes(tx, after)
        for change in changed:
            yield ServerSentEventMessage(data=msgspec.json.encode(change.job).decode(), event="job", id=str(change.xid))
        if after is None:
            yield ServerSentEventMessage(event="ready", data="{}", id=str(reached))
        elif not changed and poll % KEEP_ALIVE_POLLS == 0:
            yield ServerSentEventMessage(comment="still here")
        after = reached
        await asyncio.sleep(STREAM_POLL_SECONDS)


routes = [list_jobs, stream_jobs, get_job, cancel_job]
