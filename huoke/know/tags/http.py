"""Tags over HTTP: the catalogue, one tag, saving and approval, refreshes, one customer's tags, tags as code."""

from datetime import datetime
from typing import Annotated
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
from huoke.kernel.ids import Seq
from huoke.kernel.principal import Principal
from huoke.kernel.sets import SetServer
from huoke.kernel.sorting import sort_of
from huoke.kernel.tx import Tx
from huoke.know import customers, tags
from huoke.know.language import Analytics
from huoke.know.tags.as_code import Applied, Plan
from huoke.know.tags.asked import (
    Marked,
    Marking,
    NewState,
    NewTag,
    Refreshing,
    Submission,
    Submitted,
    TagChange,
    TagChanged,
    TagFile,
    TagText,
    WhyTag,
    verbs_of,
)
from huoke.know.tags.customer import Held, Why
from huoke.know.tags.model import Definition, Kind, Tag, TagRun, TagState
from huoke.know.tags.preview import Preview
from huoke.know.tags.read import SORTS, Category, TagPage
from huoke.know.tags.store import Wanted

TAGS = ["tags"]
READ = {"permission": "tag.read"}
WRITE = {"permission": "tag.write"}
OF_CUSTOMERS = {"permission": "customer.read"}


@get("/v1/tags", operation_id="list_tags", opt=READ, tags=TAGS, summary="The catalogue of tags")
async def list_tags(
    tx: Tx,
    principal: Principal,
    q: Annotated[str, Parameter(max_length=100)] = "",
    category: Annotated[str, Parameter(max_length=140)] = "",
    kind: Kind | None = None,
    status: TagState | None = None,
    owner: Annotated[str, Parameter(max_length=80)] = "",
    fresh: bool | None = None,
    unused: bool = False,
    sort: str = "name",
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Tag]:
    """A category means it and all below it; `fresh=false` finds what is older than it promises."""
    size = page_limit(limit)
    order = sort_of(SORTS, sort, row_id="t.id")
    wanted = Wanted(
        q=q, category=category, kind=kind.value if kind else "", state=status.value if status else "", owner=owner,
        fresh=fresh, unused=unused,
    )  # fmt: skip
    found = await tags.find(tx, wanted, sort, place_of(cursor, order), size + 1)
    if principal.units is not None:
        found = msgspec.structs.replace(found, rows=[_untold(tag) for tag in found.rows])
    return sorted_page(found, size, order, status=status.value if status else None)


@get("/v1/tag-categories", operation_id="list_tag_categories", opt=READ, tags=TAGS, summary="The catalogue's tree")
async def list_tag_categories(tx: Tx) -> Page[Category]:
    """Every category that has tags, by path."""
    return Page(items=await tags.categories(tx))


@post("/v1/tags", operation_id="create_tags", opt=WRITE, tags=TAGS, summary="Save new tags as drafts")
async def create_tags(tx: Tx, data: list[NewTag]) -> list[Result]:
    """They count once another person approved them."""

    async def write(part: Tx, new: NewTag) -> UUID:
        return await tags.create(part, new.definition)

    return await each_once(tx, "tags.create", data, write)


@get("/v1/tags/{tag_id:uuid}", operation_id="get_tag", opt=READ, tags=TAGS, summary="One tag")
async def get_tag(tx: Tx, principal: Principal, tag_id: UUID) -> TagPage:
    """With versions, lineage, distribution, uses and refreshes."""
    page = await tags.page(tx, tag_id)
    names = await staff.names(tx, {version.saved_by for version in page.versions})
    versions = [
        msgspec.structs.replace(version, saved_by=names.get(version.saved_by, version.saved_by))
        for version in page.versions
    ]
    page = msgspec.structs.replace(page, versions=versions, can=verbs_of(principal, page.tag))
    if principal.units is None:
        return page
    return msgspec.structs.replace(page, tag=_untold(page.tag), figures=[], runs=[_untouched(run) for run in page.runs])


@put("/v1/tags/{tag_id:uuid}", operation_id="change_tag", opt=WRITE, tags=TAGS, summary="Save a new version")
async def change_tag(tx: Tx, tag_id: UUID, data: TagChange) -> TagChanged:
    """A draft, until it is approved; the version that counts goes on."""
    return TagChanged(version=await tags.change(tx, tag_id, data.definition, data.expected_version))


@put(
    "/v1/tags/{tag_id:uuid}/state",
    operation_id="set_tag_state",
    opt=WRITE,
    tags=TAGS,
    summary="Freeze a tag, take it up again, or put it away",
)
async def set_tag_state(tx: Tx, principal: Principal, tag_id: UUID, data: NewState) -> Tag:
    """What something still uses is not put away."""
    del principal
    await tags.set_state(tx, tag_id, data.state)
    return await tags.get(tx, tag_id)


@post(
    "/v1/tags/{tag_id:uuid}/marks",
    operation_id="mark_customers",
    opt=WRITE,
    tags=TAGS,
    summary="Give customers of a list a value of a tag that people put, or take it from them",
    status_code=200,
)
async def mark_customers(tx: Tx, principal: Principal, tag_id: UUID, data: Marking) -> Marked:
    """Those of the caller's units; the others are named as unmatched."""
    return await tags.mark_listed(tx, tag_id, data, scope=principal.units)


@post(
    "/v1/tags/submissions",
    operation_id="submit_tags",
    opt=WRITE,
    tags=TAGS,
    summary="Hand in the latest versions of tags for approval",
)
async def submit_tags(tx: Tx, data: Submission) -> Submitted:
    """One change for all of them."""
    return Submitted(change_id=await tags.submit(tx, data.names, data.note))


@post(
    "/v1/tags/previews",
    operation_id="preview_tag",
    opt=WRITE,
    tags=TAGS,
    summary="What a definition would give, before it is saved",
    status_code=200,
)
async def preview_tag(
    tx: Tx, principal: Principal, clickhouse: ClickHouse, sets: SetServer, data: Definition
) -> Preview:
    """Counts by value over the whole bank, for whoever sees it, and what it looks at."""
    found = await tags.preview(tx, Analytics(clickhouse, sets), data)
    return found if principal.units is None else msgspec.structs.replace(found, values=None, known=None, universe=None)


@post(
    "/v1/tags/refreshes",
    operation_id="refresh_tags",
    opt=WRITE,
    tags=TAGS,
    summary="Have tags filled again in the background",
    status_code=202,
)
async def refresh_tags(tx: Tx, data: Refreshing) -> None:
    """The job shows under jobs, its outcome under the refreshes."""
    await tags.ask_refresh(tx, data.names, whole=data.whole)


@get("/v1/tag-refreshes", operation_id="list_tag_refreshes", opt=READ, tags=TAGS, summary="Refreshes, latest first")
async def list_tag_refreshes(
    tx: Tx, principal: Principal, cursor: str | None = None, limit: int | None = None
) -> Page[TagRun]:
    """How many tags each filled, and which it could not."""
    size = page_limit(limit)
    after = decode_cursor(cursor, tuple[datetime])
    found = await tags.runs(tx, before=after[0] if after else None, limit=size + 1)
    shown = found[:size] if principal.units is None else [_untouched(run) for run in found[:size]]
    return Page(items=shown, next_cursor=encode_cursor(found[size - 1].began_at) if len(found) > size else None)


@get(
    "/v1/customers/{seq:int}/tags",
    operation_id="list_customer_tags",
    opt=OF_CUSTOMERS,
    tags=TAGS,
    summary="The tags of one customer",
)
async def list_customer_tags(tx: Tx, principal: Principal, clickhouse: ClickHouse, seq: int) -> Page[Held]:
    """Those that can say something; of others nothing is known."""
    await customers.get(tx, Seq(seq), scope=principal.units)
    return Page(items=await tags.of_customer(tx, clickhouse, Seq(seq)))


@post(
    "/v1/tags/explanations",
    operation_id="explain_tag",
    opt=OF_CUSTOMERS,
    tags=TAGS,
    summary="Since when and why a customer has a value of a tag",
    status_code=200,
)
async def explain_tag(tx: Tx, principal: Principal, clickhouse: ClickHouse, data: WhyTag) -> Why:
    """What was asked and what is, for every value."""
    await customers.get(tx, data.seq, scope=principal.units)
    return await tags.why(tx, clickhouse, data.seq, data.name)


@get("/v1/tag-definitions", operation_id="export_tags", opt=READ, tags=TAGS, summary="Definitions as YAML")
async def export_tags(tx: Tx, category: Annotated[str, Parameter(max_length=140)] = "") -> TagText:
    """All that are not put away, or those of a category."""
    found = await tags.definitions(tx, category)
    return TagText(text=tags.to_yaml(found), tags=len(found))


@post(
    "/v1/tag-definitions/plans",
    operation_id="plan_tags",
    opt=WRITE,
    tags=TAGS,
    summary="What applying a YAML of definitions would do",
    status_code=200,
)
async def plan_tags(tx: Tx, data: TagFile) -> Plan:
    """Nothing is saved."""
    return await tags.plan(tx, tags.from_yaml(data.text))


@post(
    "/v1/tag-definitions",
    operation_id="apply_tags",
    opt=WRITE,
    tags=TAGS,
    summary="Save a YAML of definitions and hand in what changed",
)
async def apply_tags(tx: Tx, data: TagFile) -> Applied:
    """All or nothing: a definition that does not fit refuses them all."""
    return await tags.apply(tx, tags.from_yaml(data.text))


def _untold(tag: Tag) -> Tag:
    return msgspec.structs.replace(tag, known=None, universe=None, counts=None)


def _untouched(run: TagRun) -> TagRun:
    return msgspec.structs.replace(run, touched=None)


routes = [
    list_tags,
    list_tag_categories,
    create_tags,
    submit_tags,
    preview_tag,
    refresh_tags,
    list_tag_refreshes,
    explain_tag,
    export_tags,
    plan_tags,
    apply_tags,
    list_customer_tags,
    get_tag,
    change_tag,
    set_tag_state,
    mark_customers,
]
