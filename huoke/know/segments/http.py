"""Segments over HTTP: the builder's live count, explanations, samples, uploads, audiences."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import get, post, put
from litestar.params import Parameter

from huoke.govern.people import staff
from huoke.kernel.engines import ClickHouse
from huoke.kernel.http import Page, Result, decode_cursor, each_once, encode_cursor, page_limit
from huoke.kernel.ids import Seq
from huoke.kernel.principal import Principal
from huoke.kernel.sets import SetServer
from huoke.kernel.tx import Database, Tx
from huoke.know import consent, customers, segments
from huoke.know.segments.count import Analytics, Scope
from huoke.know.segments.model import (
    AttributeUse,
    Audience,
    Count,
    Explanation,
    NewAudience,
    NewSegment,
    NewUpload,
    Segment,
    SegmentChange,
    SegmentVersion,
    Serves,
    UploadReport,
)

TAGS = ["segments"]
READ = {"permission": "segment.read"}
WRITE = {"permission": "segment.write"}
SAMPLE_MAX = 50


class SegmentPage(msgspec.Struct, frozen=True, kw_only=True):
    """A segment with its versions, the attributes it uses and what the caller may do here."""

    segment: Segment
    versions: list[SegmentVersion]
    uses: list[AttributeUse]
    can: list[str]


class CountQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """An expression to count, as it would be saved."""

    expression: dict[str, Any]
    purpose: str = consent.MARKETING
    serves: Serves = Serves.SELECTION
    basis: str | None = None


class SampleQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """An expression to draw a fair sample of; another `salt` draws another one."""

    expression: dict[str, Any]
    n: Annotated[int, msgspec.Meta(ge=1, le=SAMPLE_MAX)] = 6
    salt: str = ""
    purpose: str = consent.MARKETING
    serves: Serves = Serves.SELECTION
    basis: str | None = None


class ExplainQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A customer to explain."""

    seq: Seq


@get(
    "/v1/expression-schema", operation_id="get_expression_schema", opt=READ, tags=TAGS, summary="The language's schema"
)
async def get_expression_schema() -> dict[str, Any]:
    """JSON Schema 2020-12."""
    return segments.json_schema()


@get("/v1/segments", operation_id="list_segments", opt=READ, tags=TAGS, summary="Segments, latest change first")
async def list_segments(
    tx: Tx,
    principal: Principal,
    q: Annotated[str, Parameter(max_length=100)] = "",
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Segment]:
    """Those of the head office and of the caller's units."""
    size = page_limit(limit)
    after = decode_cursor(cursor, tuple[datetime, UUID])
    found, total = await segments.find(tx, q=q, units=principal.units, after=after, limit=size + 1)
    more = encode_cursor(found[size - 1].changed_at, found[size - 1].id) if len(found) > size else None
    return Page(items=await _named(tx, found[:size]), next_cursor=more, total=total)


@post("/v1/segments", operation_id="create_segments", opt=WRITE, tags=TAGS, summary="Save new segments")
async def create_segments(tx: Tx, principal: Principal, data: list[NewSegment]) -> list[Result]:
    """A caller with a scope of units saves for their own unit."""
    unit_id = None if principal.units is None else principal.unit_id

    async def write(part: Tx, new: NewSegment) -> UUID:
        return await segments.save(part, new, unit_id=unit_id)

    return await each_once(tx, "segments.create", data, write)


@get("/v1/segments/{segment_id:uuid}", operation_id="get_segment", opt=READ, tags=TAGS, summary="One segment")
async def get_segment(tx: Tx, principal: Principal, segment_id: UUID) -> SegmentPage:
    """At its latest version."""
    segment = await segments.get(tx, segment_id, units=principal.units)
    (named,) = await _named(tx, [segment])
    return SegmentPage(
        segment=named,
        versions=await segments.versions(tx, segment_id),
        uses=await segments.uses(tx, segment.expression),
        can=[
            word
            for word, needed in (("change", "segment.write"), ("freeze", "audience.freeze"))
            if principal.may(needed)
        ],
    )


@put(
    "/v1/segments/{segment_id:uuid}", operation_id="change_segment", opt=WRITE, tags=TAGS, summary="Save a new version"
)
async def change_segment(tx: Tx, principal: Principal, segment_id: UUID, data: SegmentChange) -> Segment:
    """Refused when somebody saved another version meanwhile."""
    return await segments.change(tx, segment_id, data, units=principal.units)


@post(
    "/v1/segments/count",
    operation_id="count_segment",
    opt=READ,
    tags=TAGS,
    summary="Count an expression live, node by node",
    status_code=200,
)
async def count_segment(
    tx: Tx, principal: Principal, clickhouse: ClickHouse, sets: SetServer, data: CountQuestion
) -> Count:
    """Within the caller's units and the purpose."""
    scope = Scope(units=principal.units, purpose=data.purpose, serves=data.serves, basis=data.basis)
    live = Analytics(clickhouse, sets, lag=segments.LIVE_LAG)
    return await segments.count(tx, live, segments.parse(data.expression), scope)


@post(
    "/v1/segments/sample",
    operation_id="sample_segment",
    opt={"permission": "customer.read"},
    tags=TAGS,
    summary="A fair sample of the customers an expression gives, masked",
    status_code=200,
)
async def sample_segment(
    tx: Tx, principal: Principal, clickhouse: ClickHouse, sets: SetServer, data: SampleQuestion
) -> Page[customers.CustomerRow]:
    """By salted hash of the seq: the same salt gives the same customers."""
    scope = Scope(units=principal.units, purpose=data.purpose, serves=data.serves, basis=data.basis)
    seqs = await segments.sample(
        tx, Analytics(clickhouse, sets), segments.parse(data.expression), scope, data.n, data.salt
    )
    return Page(items=await customers.masked_rows(tx, seqs))


@post(
    "/v1/segments/{segment_id:uuid}/explanations",
    operation_id="explain_segment",
    opt={"permission": "customer.read"},
    tags=TAGS,
    summary="Why a customer is in a segment, or not",
    status_code=200,
)
async def explain_segment(
    tx: Tx, principal: Principal, clickhouse: ClickHouse, segment_id: UUID, data: ExplainQuestion
) -> Explanation:
    """Node by node; for a no, the smallest change that would make it a yes."""
    segment = await segments.get(tx, segment_id, units=principal.units)
    scope = Scope(units=principal.units, purpose=segment.purpose, serves=segment.serves, basis=segment.basis)
    return await segments.explain(tx, segments.parse(segment.expression), scope, data.seq, clickhouse=clickhouse)


@post("/v1/uploads", operation_id="create_uploads", opt=WRITE, tags=TAGS, summary="Upload lists of customer numbers")
async def create_uploads(tx: Tx, data: list[NewUpload]) -> list[Result]:
    """Each is matched once and never changes."""
    return await each_once(tx, "segments.upload", data, segments.upload)


@get("/v1/uploads", operation_id="list_uploads", opt=READ, tags=TAGS, summary="Uploaded lists, latest first")
async def list_uploads(tx: Tx, cursor: str | None = None, limit: int | None = None) -> Page[UploadReport]:
    """With their match reports."""
    size = page_limit(limit)
    after = decode_cursor(cursor, tuple[UUID])
    found = await segments.find_uploads(tx, after=after[0] if after else None, limit=size + 1)
    return Page(items=found[:size], next_cursor=encode_cursor(found[size - 1].id) if len(found) > size else None)


@get("/v1/uploads/{upload_id:uuid}", operation_id="get_upload", opt=READ, tags=TAGS, summary="How a list matched")
async def get_upload(tx: Tx, upload_id: UUID) -> UploadReport:
    """Its match report."""
    return await segments.get_upload(tx, upload_id)


@post(
    "/v1/audiences",
    operation_id="freeze_audiences",
    opt={"permission": "audience.freeze"},
    tags=TAGS,
    summary="Freeze segments as audiences",
)
async def freeze_audiences(
    tx: Tx,
    database: Database,
    principal: Principal,
    clickhouse: ClickHouse,
    sets: SetServer,
    data: list[NewAudience],
) -> list[Result]:
    """Waits until the latest customers are in the analytic store."""
    analytics = Analytics(clickhouse, sets)
    await segments.wait_for_data(database, analytics, principal.tenant)

    async def write(part: Tx, new: NewAudience) -> UUID:
        return await segments.freeze_now(part, analytics, new.segment_id, units=principal.units)

    return await each_once(tx, "segments.freeze", data, write)


@get("/v1/audiences", operation_id="list_audiences", opt=READ, tags=TAGS, summary="Audiences, latest first")
async def list_audiences(
    tx: Tx, segment_id: UUID | None = None, cursor: str | None = None, limit: int | None = None
) -> Page[Audience]:
    """All, or those of one segment."""
    size = page_limit(limit)
    after = decode_cursor(cursor, tuple[UUID])
    found = await segments.audiences(tx, segment_id=segment_id, after=after[0] if after else None, limit=size + 1)
    return Page(items=found[:size], next_cursor=encode_cursor(found[size - 1].id) if len(found) > size else None)


@get("/v1/audiences/{audience_id:uuid}", operation_id="get_audience", opt=READ, tags=TAGS, summary="One audience")
async def get_audience(tx: Tx, audience_id: UUID) -> Audience:
    """Without its members."""
    return await segments.audience(tx, audience_id)


async def _named(tx: Tx, found: list[Segment]) -> list[Segment]:
    """With their makers by name; who is no member of staff keeps the id."""
    names = await staff.names(tx, {segment.created_by for segment in found})
    return [
        msgspec.structs.replace(segment, created_by=names.get(segment.created_by, segment.created_by))
        for segment in found
    ]


routes = [
    get_expression_schema,
    list_segments,
    create_segments,
    get_segment,
    change_segment,
    count_segment,
    sample_segment,
    explain_segment,
    create_uploads,
    list_uploads,
    get_upload,
    freeze_audiences,
    list_audiences,
    get_audience,
]
