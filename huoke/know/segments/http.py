"""Segments over HTTP: the builder's live count, explanations, samples, uploads, audiences."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import get, post, put
from litestar.params import Parameter

from huoke.govern.people import staff
from huoke.kernel.engines import ClickHouse
from huoke.kernel.http import (
    Page,
    Result,
    decode_cursor,
    each_once,
    encode_cursor,
    page_limit,
    place_of,
    sorted_page,
)
from huoke.kernel.principal import Principal
from huoke.kernel.sets import SetServer
from huoke.kernel.tx import Database, Tx
from huoke.know import customers, language, segments, tags
from huoke.know.language import Analytics
from huoke.know.segments.asked import (
    Archiving,
    CountQuestion,
    ExplainExpression,
    ExplainQuestion,
    NewCopy,
    NewSharing,
    ProfileQuestion,
    Reversion,
    SampleQuestion,
    SegmentList,
    SegmentPage,
    Tab,
    asked_of,
    named,
    told,
    verbs_of,
    within,
)
from huoke.know.segments.count import Scope
from huoke.know.segments.model import (
    Audience,
    AudienceUnknown,
    Count,
    Explanation,
    NewAudience,
    NewSegment,
    NewUpload,
    Portrait,
    Segment,
    SegmentChange,
    UploadReport,
)
from huoke.know.segments.offer import SegmentVocabulary
from huoke.know.segments.using import AudienceOverlap

TAGS = ["segments"]
READ = {"permission": "segment.read"}
WRITE = {"permission": "segment.write"}


@get(
    "/v1/expression-schema", operation_id="get_expression_schema", opt=READ, tags=TAGS, summary="The language's schema"
)
async def get_expression_schema() -> dict[str, Any]:
    """JSON Schema 2020-12."""
    return language.json_schema()


@get(
    "/v1/segment-vocabulary",
    operation_id="get_segment_vocabulary",
    opt=READ,
    tags=TAGS,
    summary="What conditions may name: attributes and events with operators and values",
)
async def get_segment_vocabulary(tx: Tx, clickhouse: ClickHouse) -> SegmentVocabulary:
    """With the schema, all a visual builder is generated from."""
    return await segments.offer(tx, clickhouse)


@get("/v1/segments", operation_id="list_segments", opt=READ, tags=TAGS, summary="Segments, latest change first")
async def list_segments(
    tx: Tx,
    principal: Principal,
    q: Annotated[str, Parameter(max_length=100)] = "",
    status: Tab | None = None,
    sort: str = segments.LATEST,
    cursor: str | None = None,
    limit: int | None = None,
) -> SegmentList:
    """Those of the caller's units, of the units above them, and those shared with the whole bank.

    `sort` by name, serves, size, used, shared or changed.
    """
    size, order = page_limit(limit), segments.order_of(sort)
    used = await segments.counts_of_uses(tx)
    viewer = await segments.viewer_of(tx, principal)
    tab = status.value if status else ""
    found = await segments.listed(
        tx, q=q, tab=tab, viewer=viewer, used=used, sort=sort, after=place_of(cursor, order), limit=size + 1
    )
    page = sorted_page(found, size, order, status=tab or "all")
    rows = await segments.with_lives(tx, page.items, used)
    return SegmentList(
        items=await named(tx, told(principal, rows)),
        next_cursor=page.next_cursor,
        total=page.total,
        counts={name: count for name, count in page.counts.items() if name != "all"},
    )


@post("/v1/segments", operation_id="create_segments", opt=WRITE, tags=TAGS, summary="Save new segments")
async def create_segments(tx: Tx, principal: Principal, data: list[NewSegment]) -> list[Result]:
    """A caller with a scope of units saves for their own unit."""
    unit_id = None if principal.units is None else principal.unit_id

    async def write(part: Tx, new: NewSegment) -> UUID:
        await segments.check_references(part, principal, new.expression)
        return await segments.save(part, new, unit_id=unit_id)

    return await each_once(tx, "segments.create", data, write)


@get("/v1/segments/{segment_id:uuid}", operation_id="get_segment", opt=READ, tags=TAGS, summary="One segment")
async def get_segment(tx: Tx, principal: Principal, segment_id: UUID) -> SegmentPage:
    """At its latest version."""
    segment = await segments.see(tx, segment_id, await segments.viewer_of(tx, principal))
    used_by = await segments.uses_of(tx, segment_id)
    (lived,) = await segments.with_lives(tx, [segment], {segment_id: len(used_by)})
    (shown,) = await named(tx, told(principal, [lived]))
    versions = await segments.versions(tx, segment_id)
    names = await staff.names(tx, {version.saved_by for version in versions})
    return SegmentPage(
        segment=shown,
        versions=[
            msgspec.structs.replace(version, saved_by=names.get(version.saved_by, version.saved_by))
            for version in versions
        ],
        uses=await segments.uses(tx, segment.expression),
        used_by=used_by,
        can=verbs_of(principal, segment),
    )


@put(
    "/v1/segments/{segment_id:uuid}", operation_id="change_segment", opt=WRITE, tags=TAGS, summary="Save a new version"
)
async def change_segment(tx: Tx, principal: Principal, segment_id: UUID, data: SegmentChange) -> Segment:
    """Refused when somebody saved another version meanwhile."""
    await segments.check_references(tx, principal, data.expression, segment_id)
    return await segments.change(tx, segment_id, data, units=principal.units)


@post(
    "/v1/segments/{segment_id:uuid}/reversion",
    operation_id="revert_segment",
    opt=WRITE,
    tags=TAGS,
    summary="Save an earlier version's rule as the next one",
    status_code=200,
)
async def revert_segment(tx: Tx, principal: Principal, segment_id: UUID, data: Reversion) -> Segment:
    """The versions between stay in the history."""
    return await segments.revert(tx, segment_id, data.version, data.expected_version, units=principal.units)


@post(
    "/v1/segments/{segment_id:uuid}/copies",
    operation_id="copy_segments",
    opt=WRITE,
    tags=TAGS,
    summary="Copy a segment under other names",
)
async def copy_segments(tx: Tx, principal: Principal, segment_id: UUID, data: list[NewCopy]) -> list[Result]:
    """The copies belong to the caller's unit."""
    viewer = await segments.viewer_of(tx, principal)
    unit_id = None if principal.units is None else principal.unit_id

    async def write(part: Tx, new: NewCopy) -> UUID:
        return await segments.copy(part, segment_id, new.name, viewer=viewer, unit_id=unit_id)

    return await each_once(tx, "segments.copy", data, write)


@put(
    "/v1/segments/{segment_id:uuid}/sharing",
    operation_id="share_segment",
    opt=WRITE,
    tags=TAGS,
    summary="Show a segment to its unit and those below, or to the whole bank",
)
async def share_segment(tx: Tx, principal: Principal, segment_id: UUID, data: NewSharing) -> Segment:
    """Whoever sees it may use and copy it; only its own unit and those above change it."""
    return await segments.share(tx, segment_id, data.shared_with, units=principal.units)


@put(
    "/v1/segments/{segment_id:uuid}/archiving",
    operation_id="archive_segment",
    opt=WRITE,
    tags=TAGS,
    summary="Put a segment away, or take it back",
    status_code=204,
)
async def archive_segment(tx: Tx, principal: Principal, segment_id: UUID, data: Archiving) -> None:
    """What uses it goes on."""
    await segments.archive(tx, segment_id, away=data.away, units=principal.units)


@post(
    "/v1/segments/overlaps",
    operation_id="overlap_segment",
    opt=READ,
    tags=TAGS,
    summary="How an expression overlaps with the audiences of running campaigns",
    status_code=200,
)
async def overlap_segment(tx: Tx, principal: Principal, live: Analytics, data: CountQuestion) -> Page[AudienceOverlap]:
    """Within the caller's units, most shared first."""
    expression, scope = await asked_of(tx, principal, data)
    return Page(items=await segments.overlaps(tx, live, expression, scope, units=principal.units))


@post(
    "/v1/segments/portraits",
    operation_id="portrait_segment",
    opt=READ,
    tags=TAGS,
    summary="What the customers of an expression are like beside all in scope",
    status_code=200,
)
async def portrait_segment(tx: Tx, principal: Principal, live: Analytics, data: CountQuestion) -> Portrait:
    """By attribute; none is told of fewer than ten customers."""
    expression, scope = await asked_of(tx, principal, data)
    return await segments.portrait(tx, live, expression, scope)


@post(
    "/v1/segments/profiles",
    operation_id="profile_segment",
    opt=READ,
    tags=TAGS,
    summary="Which tags set the customers of an expression apart",
    status_code=200,
)
async def profile_segment(tx: Tx, principal: Principal, live: Analytics, data: ProfileQuestion) -> tags.TagProfile:
    """Beside all others in scope, most telling first; none is told of fewer than ten customers."""
    expression, scope = await asked_of(tx, principal, data)
    return await segments.profile(tx, live, expression, scope, from_sample=data.sampled)


@post(
    "/v1/segments/explanations",
    operation_id="explain_expression",
    opt={"permission": "customer.explain"},
    tags=TAGS,
    summary="Why a customer is meant by an expression, or not",
    status_code=200,
)
async def explain_expression(
    tx: Tx, principal: Principal, clickhouse: ClickHouse, data: ExplainExpression
) -> Explanation:
    """By customer number; node by node, with the smallest change that would turn it around."""
    expression, scope = await asked_of(tx, principal, data)
    found = await customers.find_by_no(tx, [data.customer_no.strip()])
    if not found:
        raise customers.CustomerUnknown("There is no customer of this number.", pointer="/customer_no")
    (seq,) = found.values()
    explained = await segments.explain(tx, expression, scope, seq, clickhouse=clickhouse)
    await segments.keep(tx, expression, explained, data.segment_id)
    return explained


@post(
    "/v1/segments/count",
    operation_id="count_segment",
    opt=READ,
    tags=TAGS,
    summary="Count an expression live, node by node",
    status_code=200,
)
async def count_segment(tx: Tx, principal: Principal, live: Analytics, data: CountQuestion) -> Count:
    """Within the caller's units and the purpose."""
    expression, scope = await asked_of(tx, principal, data)
    return await segments.count(tx, live, expression, scope)


@post(
    "/v1/segments/sample",
    operation_id="sample_segment",
    opt={"permission": "customer.explain"},
    tags=TAGS,
    summary="A fair sample of the customers an expression gives, masked",
    status_code=200,
)
async def sample_segment(
    tx: Tx, principal: Principal, live: Analytics, data: SampleQuestion
) -> Page[customers.CustomerRow]:
    """By salted hash of the seq: the same salt gives the same customers."""
    expression, scope = await asked_of(tx, principal, data)
    seqs = await segments.sample(tx, live, expression, scope, data.n, data.salt)
    return Page(items=await customers.masked_rows(tx, seqs))


@post(
    "/v1/segments/{segment_id:uuid}/explanations",
    operation_id="explain_segment",
    opt={"permission": "customer.explain"},
    tags=TAGS,
    summary="Why a customer is in a segment, or not",
    status_code=200,
)
async def explain_segment(
    tx: Tx, principal: Principal, clickhouse: ClickHouse, segment_id: UUID, data: ExplainQuestion
) -> Explanation:
    """Node by node, with the smallest change that would turn it around."""
    segment = await segments.see(tx, segment_id, await segments.viewer_of(tx, principal))
    scope = Scope(units=principal.units, purpose=segment.purpose, serves=segment.serves, basis=segment.basis)
    expression = language.parse(segment.expression)
    explained = await segments.explain(tx, expression, scope, data.seq, clickhouse=clickhouse)
    await segments.keep(tx, expression, explained, segment_id)
    return explained


@post("/v1/uploads", operation_id="create_uploads", opt=WRITE, tags=TAGS, summary="Upload lists of customer numbers")
async def create_uploads(tx: Tx, principal: Principal, data: list[NewUpload]) -> list[Result]:
    """Each is matched once, among the customers of the caller's units, and never changes."""
    return await each_once(tx, "segments.upload", data, partial(segments.upload, scope=principal.units))


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
    tx: Tx, principal: Principal, segment_id: UUID | None = None, cursor: str | None = None, limit: int | None = None
) -> Page[Audience]:
    """All, or those of one segment; a caller with a scope of units sees those of these units, a page may be shorter."""
    size = page_limit(limit)
    after = decode_cursor(cursor, tuple[UUID])
    found = await segments.audiences(tx, segment_id=segment_id, after=after[0] if after else None, limit=size + 1)
    more = encode_cursor(found[size - 1].id) if len(found) > size else None
    return Page(items=[one for one in found[:size] if within(principal, one)], next_cursor=more)


@get("/v1/audiences/{audience_id:uuid}", operation_id="get_audience", opt=READ, tags=TAGS, summary="One audience")
async def get_audience(tx: Tx, principal: Principal, audience_id: UUID) -> Audience:
    """Without its members; `AudienceUnknown`, also where it holds customers beyond the caller's units."""
    audience = await segments.audience(tx, audience_id)
    if not within(principal, audience):
        raise AudienceUnknown("There is no such audience.")
    return audience


routes = [
    get_expression_schema,
    get_segment_vocabulary,
    revert_segment,
    copy_segments,
    share_segment,
    archive_segment,
    overlap_segment,
    portrait_segment,
    profile_segment,
    explain_expression,
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
