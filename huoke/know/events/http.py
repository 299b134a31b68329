"""Events over HTTP: intake as the Segment HTTP spec says, sources, schemas and quarantine."""

from collections import Counter
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.params import Parameter

from huoke.kernel.engines import ClickHouse
from huoke.kernel.http import Batchers, Page, Result, decode_cursor, each, encode_cursor, page_limit, results
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Database, Tx
from huoke.know.events import activity, fill, quarantine, registry, sources, using
from huoke.know.events.activity import EventActivity, LatestEvent
from huoke.know.events.deliver import deliver
from huoke.know.events.model import (
    BATCH_BYTES_MAX,
    EventSchema,
    EventSource,
    Kind,
    MadeSource,
    NewSchema,
    NewSource,
    NewTrait,
    Outcome,
    SchemaOrigin,
    SourceState,
    Trait,
)
from huoke.know.events.quarantine_model import (
    Clearance,
    Cleared,
    Discard,
    QuarantineCause,
    Quarantined,
    Reason,
    Replay,
    Replayed,
)
from huoke.know.events.receive import receive
from huoke.know.events.using import EventUse

TAGS = ["events"]
READ = {"permission": "event.read"}
WRITE = {"permission": "event.write"}
OPEN = {"public": True}


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """The spec promises `success`; `results` tells, in order, what became of each message."""

    success: bool
    results: list[Outcome]


def _intake(path: str, kind: Kind | None, summary: str) -> Any:
    @post(
        f"/v1/{path}",
        operation_id=f"take_{path}",
        opt=OPEN,
        tags=TAGS,
        summary=summary,
        status_code=200,
        request_max_body_size=2 * BATCH_BYTES_MAX,
    )
    async def take(request: Request[Any, Any, Any], database: Database, batchers: Batchers) -> Response[Taken]:
        received = receive(
            await request.body(),
            kind,
            encoding=request.headers.get("content-encoding", ""),
            authorization=request.headers.get("authorization", ""),
        )
        outcomes = await deliver(database, batchers, received)
        # A page of the bank's own site may send without asking first, as the spec's own libraries do.
        return Response(Taken(success=True, results=outcomes), headers={"Access-Control-Allow-Origin": "*"})

    return take


@get(
    "/v1/event-sources",
    operation_id="list_event_sources",
    opt=READ,
    tags=TAGS,
    summary="Who may send events",
)
async def list_sources(tx: Tx, q: str = "", status: SourceState | None = None) -> Page[EventSource]:
    """Newest first; of a key only its last four characters. `q` is a part of the name."""
    named = [one for one in await sources.find(tx) if q.strip().casefold() in one.name.casefold()]
    found = [one for one in named if status in (None, one.state)]
    return Page(items=found, total=len(found), counts=dict(Counter(one.state.value for one in named)))


@post(
    "/v1/event-sources",
    operation_id="add_event_source",
    opt={"permission": "setting.write"},
    tags=TAGS,
    summary="Open a source; its write key is shown this once",
)
async def add_source(tx: Tx, data: NewSource) -> MadeSource:
    """The new write key."""
    return await sources.add(tx, data)


@post(
    "/v1/event-sources/{source_id:uuid}/rotate",
    operation_id="rotate_event_source",
    opt={"permission": "setting.write"},
    tags=TAGS,
    summary="Give a source a new write key; the one before is good for 24 hours more",
)
async def rotate_source(tx: Tx, source_id: UUID) -> MadeSource:
    """The new write key."""
    return await sources.rotate(tx, source_id)


@delete(
    "/v1/event-sources/{source_id:uuid}",
    operation_id="revoke_event_source",
    opt={"permission": "setting.write"},
    tags=TAGS,
    summary="End a source at once",
)
async def revoke_source(tx: Tx, source_id: UUID) -> None:
    """Every key it had ends."""
    await sources.revoke(tx, source_id)


@get(
    "/v1/event-schemas",
    operation_id="list_event_schemas",
    opt={"permission": "segment.read"},
    tags=TAGS,
    summary="Registered event names and their properties",
)
async def list_schemas(tx: Tx, q: str = "", status: SchemaOrigin | None = None) -> Page[EventSchema]:
    """By name, the standard ones and the bank's own. `q` is a part of a name, title or alias."""
    named = [one for one in await registry.schemas(tx) if one.matches(q)]
    found = [one for one in named if status in (None, one.origin)]
    return Page(items=found, total=len(found), counts=dict(Counter(one.origin.value for one in named)))


@put(
    "/v1/event-schemas", operation_id="put_event_schemas", opt=WRITE, tags=TAGS, summary="Register or amend event names"
)
async def put_schemas(tx: Tx, data: list[NewSchema]) -> list[Result]:
    """Each by its name; properties of a standard name are added to the standard ones."""

    async def define(part: Tx, one: NewSchema) -> str:
        await registry.define(part, [one])
        return one.name

    return await each(tx, data, define)


@get(
    "/v1/event-traits",
    operation_id="list_event_traits",
    opt={"permission": "segment.read"},
    tags=TAGS,
    summary="Which trait of identify fills which attribute of the customer",
)
async def list_traits(tx: Tx) -> Page[Trait]:
    """By trait."""
    return Page(items=await fill.traits(tx))


@put(
    "/v1/event-traits",
    operation_id="put_event_traits",
    opt=WRITE,
    tags=TAGS,
    summary="Let traits of identify fill attributes from now on",
)
async def put_traits(tx: Tx, data: list[NewTrait]) -> list[Result]:
    """Each by the trait; without an attribute it fills nothing any more."""

    async def declare(part: Tx, one: NewTrait) -> str:
        await fill.declare(part, one)
        return one.property

    return await each(tx, data, declare)


@get(
    "/v1/event-uses",
    operation_id="list_event_uses",
    opt={"permission": "segment.read"},
    tags=TAGS,
    summary="What reads events of a name: segments and metrics",
)
async def list_uses(tx: Tx, name: Annotated[str, Parameter(max_length=200)]) -> Page[EventUse]:
    """By kind and title."""
    return Page(items=await using.uses_of(tx, name))


@get(
    "/v1/event-figures",
    operation_id="get_event_figures",
    opt=READ,
    tags=TAGS,
    summary="How many events came in of late, by source and by name",
)
async def get_activity(tx: Tx, clickhouse: ClickHouse) -> EventActivity:
    """By hour for the last day, in all for 30 days."""
    return await activity.activity(tx, clickhouse)


@get(
    "/v1/events",
    operation_id="list_events",
    opt=READ,
    tags=TAGS,
    summary="Messages taken within 24 hours, the latest first",
)
async def list_events(
    tx: Tx,
    principal: Principal,
    source_id: UUID | None = None,
    name: Annotated[str, Parameter(max_length=200)] = "",
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[LatestEvent]:
    """As they stand in the log; properties of class C2 read ****."""
    size, before = page_limit(limit), decode_cursor(cursor, tuple[datetime, UUID])
    rows = await activity.latest(tx, principal, source_id=source_id, name=name, before=before, limit=size + 1)
    more = encode_cursor(rows[size - 1].recorded_at, rows[size - 1].id) if len(rows) > size else None
    return Page(items=rows[:size], next_cursor=more)


@get(
    "/v1/event-quarantine",
    operation_id="list_event_quarantine",
    opt=READ,
    tags=TAGS,
    summary="Messages that no schema fits",
)
async def list_quarantine(
    tx: Tx,
    name: Annotated[str, Parameter(max_length=200)] = "",
    status: Reason | None = None,
    property: Annotated[str | None, Parameter(max_length=200)] = None,  # noqa: A002 - the field's own name
    source_id: UUID | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Quarantined]:
    """Latest first, values sealed; `status` is the reason, `counts` are by reason."""
    size = page_limit(limit)
    before = decode_cursor(cursor, tuple[datetime, UUID])
    asked: dict[str, Any] = {"name": name, "reason": status, "property_": property, "source_id": source_id}
    rows = await quarantine.find(tx, **asked, before=before, limit=size + 1)
    more = encode_cursor(rows[size - 1].recorded_at, rows[size - 1].id) if len(rows) > size else None
    return Page(items=rows[:size], next_cursor=more, counts=await quarantine.counts(tx, name=name, source_id=source_id))


@get(
    "/v1/event-quarantine/causes",
    operation_id="list_quarantine_causes",
    opt=READ,
    tags=TAGS,
    summary="What there is to mend: messages in quarantine by name, reason and property",
)
async def list_causes(tx: Tx) -> Page[QuarantineCause]:
    """The most messages first, at most 200 causes."""
    return Page(items=await quarantine.causes(tx))


@post(
    "/v1/event-quarantine/replay",
    operation_id="replay_event_quarantine",
    opt=WRITE,
    tags=TAGS,
    summary="Try messages again, up to 2,000 at once, after a schema was amended",
    status_code=200,
)
async def replay_quarantine(tx: Tx, data: Replay) -> Replayed:
    """What became of them; call again while `accepted` is not 0."""
    return (await quarantine.replay(tx, data))[0]


@post(
    "/v1/event-quarantine/discard",
    operation_id="discard_event_quarantine",
    opt=WRITE,
    tags=TAGS,
    summary="Throw messages away, with a reason",
    status_code=200,
)
async def discard_quarantine(tx: Tx, data: Discard) -> list[Result]:
    """One result for each id."""
    return results(await quarantine.discard(tx, data.ids, data.reason))


@post(
    "/v1/event-quarantine/clearance",
    operation_id="clear_event_quarantine",
    opt=WRITE,
    tags=TAGS,
    summary="Throw away all messages of one cause, up to 10,000 at once, with a reason",
    status_code=200,
)
async def clear_quarantine(tx: Tx, data: Clearance) -> Cleared:
    """How many; call again while there are `more`."""
    return await quarantine.clear(tx, data)


routes = [
    _intake("track", Kind.TRACK, "Something a customer did (Segment HTTP spec)"),
    _intake("page", Kind.PAGE, "A page somebody viewed (Segment HTTP spec)"),
    _intake("screen", Kind.SCREEN, "A screen somebody viewed (Segment HTTP spec)"),
    _intake("identify", Kind.IDENTIFY, "Who somebody is (Segment HTTP spec)"),
    _intake("group", Kind.GROUP, "What somebody belongs to (Segment HTTP spec)"),
    _intake("alias", Kind.ALIAS, "Two identities are one (Segment HTTP spec)"),
    _intake("batch", None, "Many messages at once (Segment HTTP spec)"),
    list_sources,
    add_source,
    rotate_source,
    revoke_source,
    list_schemas,
    put_schemas,
    list_traits,
    put_traits,
    list_uses,
    get_activity,
    list_events,
    list_quarantine,
    list_causes,
    replay_quarantine,
    discard_quarantine,
    clear_quarantine,
]
