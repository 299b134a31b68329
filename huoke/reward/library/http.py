"""Routes of the library: search, taking into the catalogue, and suppliers' catalogues."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, post, put
from litestar.params import Parameter

from huoke.kernel import files
from huoke.kernel.engines import ClickHouse
from huoke.kernel.files.model import File
from huoke.kernel.http import Page, Result, decode_cursor, each, each_once, encode_cursor, page_limit
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Database, Tx
from huoke.reward import library, supply
from huoke.reward.catalogue import SkuKind
from huoke.reward.library import (
    COMPARED_MAX,
    Asked,
    CatalogueImport,
    Difference,
    Facet,
    FacetCount,
    ImportState,
    Listing,
    NewCatalogue,
    Ordering,
    PriceState,
    SearchUnfit,
    Sort,
    Taking,
    Which,
)

TAGS = ["library"]
READ = {"permission": "benefit.read"}
WRITE = {"permission": "benefit.write"}
KEPT = timedelta(days=7)


class ListingView(Listing, frozen=True, kw_only=True):
    """A listing with its supplier's name and what may be done with it."""

    supplier: str
    supplier_en: str
    can: list[str]


class FacetView(FacetCount, frozen=True, kw_only=True):
    """A value hits are counted by; of a supplier with its name, else names are empty."""

    name: str = ""
    name_en: str = ""


class LibraryPage(msgspec.Struct, frozen=True, kw_only=True):
    """Hits, how many there are in all, and how they divide; `next_cursor` is None on the last page."""

    items: list[ListingView]
    total: int
    facets: list[FacetView]
    next_cursor: str | None = None


@get(
    "/v1/library",
    operation_id="search_library",
    tags=TAGS,
    summary="Listings by name, brand, code or pinyin, with facets",
    opt=READ,
)
async def search_library(
    tx: Tx,
    principal: Principal,
    clickhouse: ClickHouse,
    q: str = "",
    brand: str | None = None,
    category: str | None = None,
    kind: SkuKind | None = None,
    supplier_id: UUID | None = None,
    region: str | None = None,
    price_min: Annotated[int | None, Parameter(ge=0)] = None,
    price_max: Annotated[int | None, Parameter(ge=0)] = None,
    valid_on: date | None = None,
    in_stock: bool = False,
    taken: bool | None = None,
    gone: bool = False,
    sort: Sort = Sort.BEST,
    cursor: str | None = None,
    limit: int | None = None,
) -> LibraryPage:
    """What is typed is found wherever it stands; `region` finds what holds there. Prices in fen, of the face value."""
    size = page_limit(limit)
    place: tuple[int] | None = decode_cursor(cursor, tuple[int])
    asked = Asked(
        q=q,
        brand=brand,
        category=category,
        kind=kind,
        supplier_id=supplier_id,
        region=region,
        price_min=price_min,
        price_max=price_max,
        valid_on=valid_on,
        in_stock=in_stock,
        taken=taken,
        gone=gone,
        sort=sort,
        after=place[0] if place else 0,
        limit=size,
    )
    found = await library.search(tx, clickhouse, asked)
    names = await supply.names(
        tx,
        {one.supplier_id for one in found.listings if one.supplier_id}
        | {UUID(one.value) for one in found.facets if one.facet is Facet.SUPPLIER and one.value},
    )
    shown = asked.after + size
    return LibraryPage(
        items=[_view(one, names, principal) for one in found.listings],
        total=found.total,
        facets=[_facet(one, names) for one in found.facets],
        next_cursor=encode_cursor(shown) if shown < min(found.total, library.REACH_MAX) else None,
    )


@get(
    "/v1/library/listings",
    operation_id="get_listings",
    tags=TAGS,
    summary="Listings by number, beside each other",
    opt=READ,
)
async def get_listings(
    tx: Tx, principal: Principal, number: Annotated[list[int], Parameter(min_items=1, max_items=COMPARED_MAX)]
) -> list[ListingView]:
    """At most six; a number nobody has is left out."""
    if any(not 0 <= one <= library.NUMBER_MAX for one in number):
        raise SearchUnfit("A number of the library is 0 or more.", pointer="/number")
    found = await library.get(tx, number)
    names = await supply.names(tx, {one.supplier_id for one in found if one.supplier_id})
    return [_view(one, names, principal) for one in found]


@post(
    "/v1/library/takings",
    operation_id="take_listings",
    tags=TAGS,
    summary="Take listings into the catalogue, as SKUs or as further suppliers of one",
    opt=WRITE,
)
async def take_listings(tx: Tx, data: list[Taking]) -> list[Result]:
    return await each_once(tx, "library.take", data, library.take)


@put(
    "/v1/library/orderings",
    operation_id="order_listings",
    tags=TAGS,
    summary="Say in which order the suppliers of SKUs are asked",
    opt=WRITE,
)
async def order_listings(tx: Tx, data: list[Ordering]) -> list[Result]:
    return await each(tx, data, library.order)


def _view(one: Listing, names: dict[UUID, tuple[str, str]], principal: Principal) -> ListingView:
    name, name_en = names.get(one.supplier_id, ("", "")) if one.supplier_id else ("", "")
    takes = principal.may("benefit.write") and one.sku_id is None and one.status is library.ListingStatus.LISTED
    return ListingView(**msgspec.structs.asdict(one), supplier=name, supplier_en=name_en, can=["take"] if takes else [])


def _facet(one: FacetCount, names: dict[UUID, tuple[str, str]]) -> FacetView:
    known = names.get(UUID(one.value), ("", "")) if one.facet is Facet.SUPPLIER and one.value else ("", "")
    return FacetView(**msgspec.structs.asdict(one), name=known[0], name_en=known[1])


class ImportView(CatalogueImport, frozen=True, kw_only=True):
    """An import with its supplier's name and what may be done with it."""

    supplier: str
    supplier_en: str
    can: list[str]


class Applying(msgspec.Struct, frozen=True, kw_only=True):
    """Which catalogue to apply; `gone` lets go what is taken out beyond the bounds."""

    gone: bool = False


class PricesAsked(msgspec.Struct, frozen=True, kw_only=True):
    """New prices to ask for; a reason lets go those beyond the bounds."""

    held_reason: str = ""


class ChangeAsked(msgspec.Struct, frozen=True, kw_only=True):
    """The change another person decides."""

    change_id: UUID


@post(
    "/v1/catalogue-files",
    operation_id="upload_catalogue_file",
    tags=TAGS,
    summary="Upload a supplier's catalogue: its bytes are the body, its name is in the query",
    opt=WRITE,
    request_max_body_size=None,
)
async def upload_catalogue_file(
    request: Request[Any, Any, Any],
    principal: Principal,
    database: Database,
    name: Annotated[str, Parameter(min_length=1, max_length=200)],
) -> File:
    """Kept for seven days, sealed."""
    kind = request.headers.get("content-type", "application/octet-stream")
    until = database.clock.now() + KEPT
    file_id = await files.upload(database, principal.tenant, principal.actor, name, kind, _body(request), until)
    async with database.begin(principal.tenant, principal.actor) as tx:
        return await files.get(tx, file_id)


@get(
    "/v1/catalogue-imports", operation_id="list_catalogue_imports", tags=TAGS, summary="Imports, latest first", opt=READ
)
async def list_catalogue_imports(
    tx: Tx, principal: Principal, supplier_id: UUID | None = None, cursor: str | None = None, limit: int | None = None
) -> Page[ImportView]:
    size = page_limit(limit)
    before = decode_cursor(cursor, tuple[datetime, UUID])
    found = await library.find_imports(tx, supplier_id=supplier_id, before=before, limit=size + 1)
    return Page(
        items=await _import_views(tx, principal, found[:size]),
        next_cursor=encode_cursor(found[size - 1].created_at, found[size - 1].id) if len(found) > size else None,
    )


@get(
    "/v1/catalogue-imports/{catalogue_id:uuid}",
    operation_id="get_catalogue_import",
    tags=TAGS,
    summary="An import",
    opt=READ,
)
async def get_catalogue_import(tx: Tx, principal: Principal, catalogue_id: UUID) -> ImportView:
    return (await _import_views(tx, principal, [await library.get_import(tx, catalogue_id)]))[0]


@get(
    "/v1/catalogue-imports/{catalogue_id:uuid}/differences",
    operation_id="list_catalogue_differences",
    tags=TAGS,
    summary="What an import changes, in the order of its lines",
    opt=READ,
)
async def list_catalogue_differences(
    tx: Tx, catalogue_id: UUID, which: Which = "", cursor: str | None = None, limit: int | None = None
) -> Page[Difference]:
    """`which` is new, changed, gone, price or held; what is gone has lines below 0 and comes first."""
    size = page_limit(limit)
    place: tuple[int] | None = decode_cursor(cursor, tuple[int])
    after = place[0] if place else None
    found = await library.differences(tx, catalogue_id, which=which, after=after, limit=size + 1)
    return Page(items=found[:size], next_cursor=encode_cursor(found[size - 1].line) if len(found) > size else None)


@post("/v1/catalogue-imports", operation_id="import_catalogue", tags=TAGS, summary="Have a catalogue read", opt=WRITE)
async def import_catalogue(tx: Tx, principal: Principal, data: NewCatalogue) -> ImportView:
    """It is read and compared in the background; nothing changes before it is applied."""
    import_id = await library.start(tx, data)
    return (await _import_views(tx, principal, [await library.get_import(tx, import_id)]))[0]


@post(
    "/v1/catalogue-imports/{catalogue_id:uuid}/application",
    operation_id="apply_catalogue",
    tags=TAGS,
    summary="Carry a catalogue into the library, but for prices of known listings",
    status_code=200,
    opt=WRITE,
)
async def apply_catalogue(tx: Tx, catalogue_id: UUID, data: Applying) -> Result:
    return Result(index=0, status="done", id=str(await library.apply(tx, catalogue_id, gone=data.gone)))


@post(
    "/v1/catalogue-imports/{catalogue_id:uuid}/cancellation",
    operation_id="cancel_catalogue",
    tags=TAGS,
    summary="Stop a catalogue before it is applied",
    status_code=200,
    opt=WRITE,
)
async def cancel_catalogue(tx: Tx, catalogue_id: UUID) -> Result:
    return Result(index=0, status="done", id=str(await library.cancel(tx, catalogue_id)))


@post(
    "/v1/catalogue-imports/{catalogue_id:uuid}/undoing",
    operation_id="undo_catalogue",
    tags=TAGS,
    summary="Take the latest catalogue of a supplier back",
    status_code=200,
    opt=WRITE,
)
async def undo_catalogue(tx: Tx, catalogue_id: UUID) -> Result:
    return Result(index=0, status="done", id=str(await library.undo(tx, catalogue_id)))


@post(
    "/v1/catalogue-imports/{catalogue_id:uuid}/prices",
    operation_id="submit_catalogue_prices",
    tags=TAGS,
    summary="Ask for the new prices of an applied catalogue; another person decides",
    status_code=200,
    opt=WRITE,
)
async def submit_catalogue_prices(tx: Tx, principal: Principal, catalogue_id: UUID, data: PricesAsked) -> ChangeAsked:
    unit_id = int(principal.unit_id or 0)
    return ChangeAsked(change_id=await library.submit_prices(tx, catalogue_id, unit_id, held_reason=data.held_reason))


async def _import_views(tx: Tx, principal: Principal, found: list[CatalogueImport]) -> list[ImportView]:
    names = await supply.names(tx, {one.supplier_id for one in found})
    views = []
    for one in found:
        name, name_en = names.get(one.supplier_id, ("", ""))
        can = _steps(one) if principal.may("benefit.write") else []
        views.append(ImportView(**msgspec.structs.asdict(one), supplier=name, supplier_en=name_en, can=can))
    return views


def _steps(one: CatalogueImport) -> list[str]:
    match one.state:
        case ImportState.READY:
            return ["apply", "cancel"]
        case ImportState.QUEUED | ImportState.READING:
            return ["cancel"]
        case ImportState.DONE:
            waits = one.price_state in (PriceState.SUBMITTED, PriceState.APPROVED)
            return [*(["prices"] if one.price_state is PriceState.OPEN else []), *([] if waits else ["undo"])]
        case _:
            return []


async def _body(request: Request[Any, Any, Any]) -> AsyncIterator[bytes]:
    async for piece in request.stream():
        if piece:
            yield piece


routes = [
    search_library,
    get_listings,
    take_listings,
    order_listings,
    upload_catalogue_file,
    list_catalogue_imports,
    get_catalogue_import,
    list_catalogue_differences,
    import_catalogue,
    apply_catalogue,
    cancel_catalogue,
    undo_catalogue,
    submit_catalogue_prices,
]
